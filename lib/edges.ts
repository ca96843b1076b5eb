/**
 * The outer world as small interfaces: everything unpredictable enters through one of these, so that tests can
 * bring a clock that moves when told, a disk in memory and a terminal that is typed at. Types only; the real
 * ones live in `lib/sys/`.
 */
import type { JottashError } from "./errors.ts";

export interface Clock {
  /** Milliseconds since 1970 UTC. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
}

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
}

export interface Env {
  get(name: string): string | undefined;
}

/** A body of known length whose bytes are produced while they are sent. */
export interface StreamBody {
  readonly length: number;
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A stream body is always sent with Content-Length, never chunked (API reference 5.14). */
  readonly body?: string | StreamBody | undefined;
  /**
   * Leaves this machine at most once, whatever becomes of the connection: for requests whose repetition does harm,
   * such as one that spends a refresh token.
   */
  readonly once?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Read to the end or cancelled by whoever got the response. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface TransportSettings {
  /** Longest silence: no head, no byte of a body, no progress of an upload. Default: 5 minutes. */
  readonly timeoutMs?: number;
  /** PEM texts of CAs to be trusted besides the usual ones. */
  readonly caCertificates?: readonly string[];
}

/** Sends one request. Rejects with `NetworkError` when there is no whole response head. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): void;
}

export interface FileInfo {
  readonly kind: "file" | "directory" | "symlink" | "other";
  readonly size: number;
  /** Milliseconds since 1970 UTC; may have a fraction of a second. */
  readonly modifiedAtMs: number;
  readonly createdAtMs: number | undefined;
  readonly mode: number | undefined;
  /** Identity of the file on its disk, as "device:inode"; undefined where the platform has none. */
  readonly identity: string | undefined;
}

export interface DirectoryItem {
  readonly name: string;
  readonly kind: FileInfo["kind"];
}

/** One name of a directory with what `lstat` says about it, or why it cannot say anything. */
export interface ListedItem {
  readonly name: string;
  readonly info: FileInfo | JottashError;
}

/** An open local file. The opener closes it. */
export interface OpenFile extends Disposable {
  /** Fills part of `buffer` from the current position; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes all of `bytes` at the current position. */
  write(bytes: Uint8Array): Promise<void>;
  seek(offset: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Content (and size) are on the disk when this resolves. */
  sync(): Promise<void>;
  stat(): Promise<FileInfo>;
  setTimes(modifiedAtMs: number): Promise<void>;
  close(): void;
}

export interface OpenMode {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly create?: boolean;
  /** Fails when the file exists. */
  readonly createNew?: boolean;
  readonly truncate?: boolean;
  readonly append?: boolean;
  /** Permission bits for a new file. */
  readonly mode?: number;
  /** The path that messages name, where the file itself has a temporary name. */
  readonly shownPath?: string;
}

/**
 * The local disk. Every failure names the path: `FileNotFoundError` where nothing is there, `ConflictError` where
 * something of the other kind (or anything at all) is in the way, `LocalError` for the rest. `data.path` is the
 * path and `data.osCode` the system's name for the failure, as in `ENOSPC`. Paths are in the platform's own form.
 */
export interface FileSystem {
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Follows symbolic links. */
  stat(path: string): Promise<FileInfo>;
  lstat(path: string): Promise<FileInfo>;
  /** One level, in no particular order. */
  readDirectory(path: string): Promise<DirectoryItem[]>;
  /** The same in batches of bounded size, each name with its `lstat`: several times faster than asking one by one. */
  listDirectory(path: string): AsyncIterable<readonly ListedItem[]>;
  /** With parents; an existing directory is fine. */
  makeDirectory(path: string, options?: { readonly mode?: number }): Promise<void>;
  readText(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string, options?: { readonly recursive?: boolean }): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  setTimes(path: string, modifiedAtMs: number): Promise<void>;
  realPath(path: string): Promise<string>;
  /** Directory entries (a rename, a new file) are on the disk when this resolves; a no-op where impossible. */
  syncDirectory(path: string): Promise<void>;
  /** Takes an exclusive lock on the file, created if missing; undefined when another process holds it. */
  tryLock(path: string): Promise<Disposable | undefined>;
}

/** Where text goes to and keys come from. */
export interface Terminal {
  readonly isInteractive: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  columns(): number;
  rows(): number;
  writeStdout(bytes: Uint8Array): Promise<void>;
  writeStderr(text: string): void;
  /** All of standard input, as bytes arrive. */
  readStdin(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface Signals {
  /** Calls back on each of these signals until disposed. */
  on(names: readonly ("SIGINT" | "SIGTERM")[], callback: (name: "SIGINT" | "SIGTERM") => void): Disposable;
}

export interface Platform {
  readonly os: "linux" | "darwin" | "windows";
  readonly architecture: string;
  readonly runtime: string;
  readonly hostname: string;
  /** Absolute path, in the platform's own form. */
  currentDirectory(): string;
}

/** All edges together, as `main.ts` hands them in. */
export interface Edges {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Env;
  /** A transport of its own for each call; whoever asked for it closes it. */
  readonly transport: (settings?: TransportSettings) => Transport;
  readonly fileSystem: FileSystem;
  readonly terminal: Terminal;
  readonly signals: Signals;
  readonly platform: Platform;
}
