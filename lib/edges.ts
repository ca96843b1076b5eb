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
  /** Names of all variables, in no particular order. */
  names(): readonly string[];
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
  /** Longest silence: no head, no byte of a body, no progress of an upload. Infinity: any. Default: 5 minutes. */
  readonly timeoutMs?: number;
  /** Longest wait for a connection. Default: 1 minute. */
  readonly connectTimeoutMs?: number;
  /** Address of this machine that connections come from, or a name that has one; any by default. */
  readonly localAddress?: string | undefined;
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
  /** The same to the nanosecond; only where it was asked for. */
  readonly modifiedAtNs?: bigint | undefined;
  /**
   * When anything about it was changed last, which no program can set; in nanoseconds since 1970 UTC. Only where it was
   * asked for, and the disk is of a kind that tells every change.
   */
  readonly changedAtNs?: bigint | undefined;
  readonly createdAtMs: number | undefined;
  readonly mode: number | undefined;
  /** Identity of the file on its disk, as "device:inode"; undefined where the platform has none. */
  readonly identity: string | undefined;
}

export interface DirectoryItem {
  readonly name: string;
  readonly kind: FileInfo["kind"];
}

export interface LookOptions {
  /** Fills in `modifiedAtNs`: a second look at each name. */
  readonly nanoseconds?: boolean | undefined;
}

export interface StatOptions extends LookOptions {
  /** Fills in `modifiedAtNs` and `changedAtNs`. */
  readonly changeTime?: boolean | undefined;
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
  /** Takes an exclusive lock, held until the file is closed or the process ends; false when somebody else has it. */
  tryLock(): Promise<boolean>;
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

/** Bytes. What is free may be less than what is not used: some is kept for the system. */
export interface DiskSpace {
  readonly totalBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
}

/**
 * The local disk. Every failure names the path: `FileNotFoundError` where nothing is there, `ConflictError` where
 * something of the other kind (or anything at all) is in the way, `LocalError` for the rest. `data.path` is the
 * path and `data.osCode` the system's name for the failure, as in `ENOSPC`. Paths are in the platform's own form.
 */
export interface FileSystem {
  open(path: string, mode: OpenMode): Promise<OpenFile>;
  /** Follows symbolic links. */
  stat(path: string, options?: StatOptions): Promise<FileInfo>;
  lstat(path: string): Promise<FileInfo>;
  /** One level, in no particular order. */
  readDirectory(path: string): Promise<DirectoryItem[]>;
  /** The same in batches of bounded size, each name with its `lstat`: several times faster than asking one by one. */
  listDirectory(path: string, options?: LookOptions): AsyncIterable<readonly ListedItem[]>;
  /** With parents; an existing directory is fine. */
  makeDirectory(path: string, options?: { readonly mode?: number }): Promise<void>;
  readText(path: string): Promise<string>;
  /** Where a symbolic link leads, as it is written; what is not UTF-8 in it comes as U+FFFD. */
  readLink(path: string): Promise<string>;
  /** Makes a symbolic link, which may lead to nothing. */
  makeLink(path: string, target: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string, options?: { readonly recursive?: boolean }): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  /** Gives `path` the owner of the file `example`, where this process may (as root alone); never fails. */
  copyOwner(example: string, path: string): Promise<void>;
  setTimes(path: string, modifiedAtMs: number): Promise<void>;
  /** Of a symbolic link itself. */
  setLinkTimes(path: string, modifiedAtMs: number): Promise<void>;
  realPath(path: string): Promise<string>;
  /** Of the disk that the path is on. */
  space(path: string): Promise<DiskSpace>;
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
  /** Whether somebody gave a pipe or a file as standard input: not a terminal, not the null device, not nothing. */
  hasStdin(): boolean;
  /** All of standard input, as bytes arrive. */
  readStdin(): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** Ctrl-C, the polite end, the closed terminal. */
export type StopSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

export interface Signals {
  /** Calls back on each of these signals until disposed. */
  on(names: readonly StopSignal[], callback: (name: StopSignal) => void): Disposable;
}

export interface ProgramRequest {
  /** The program and its arguments, handed over as they are: no shell in between. */
  readonly words: readonly [program: string, ...rest: string[]];
  /** All of standard input; closed at once without it. */
  readonly stdin?: string | undefined;
  /** The program is ended when it takes longer. */
  readonly timeoutMs: number;
  /**
   * Out of reach of Ctrl-C and of the terminal's end, for work that has to come to its own end. Such a program cannot
   * ask anything at the terminal.
   */
  readonly isApart?: boolean;
  /** Names of variables that are empty for the program. */
  readonly hiddenVariables?: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export interface ProgramResult {
  readonly status: number;
  /** Decoded leniently; at most one megabyte of each is kept. */
  readonly stdout: string;
  readonly stderr: string;
}

/** Other programs of this machine. */
export interface Launcher {
  /**
   * Runs a program to its end; standard error of the program is not shown. Throws `LocalError` when it cannot be
   * started or takes too long.
   */
  run(request: ProgramRequest): Promise<ProgramResult>;
  /** Opens a page in the user's browser; false where there is none to open. Never throws, never waits for it. */
  openBrowser(url: string): Promise<boolean>;
}

/** A request of a browser on this machine. */
export interface PageRequest {
  readonly method: string;
  /** Path and query, as in `/?code=...`. */
  readonly target: string;
}

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface LoopbackServer extends AsyncDisposable {
  /** The port it listens on. Disposing stops it after the answers that are under way. */
  readonly port: number;
}

/** A server for one browser on this machine: listens on 127.0.0.1 only. */
export interface Loopback {
  /** Port 0 is any free one. Throws `LocalError` (`data.osCode` EADDRINUSE) when the port is taken. */
  serve(port: number, answer: (request: PageRequest) => Page | Promise<Page>): Promise<LoopbackServer>;
}

export interface Platform {
  readonly os: "linux" | "darwin" | "windows";
  readonly architecture: string;
  readonly runtime: string;
  readonly hostname: string;
  /** Of this process, as the system numbers it. */
  readonly processId: number;
  /** What tells this machine from others and stays when it starts anew; undefined where the system has no such thing. */
  machineId(): Promise<string | undefined>;
  /** Absolute path, in the platform's own form. */
  currentDirectory(): string;
  /** Relative paths start at `path` from now on. Throws `DirectoryNotFoundError` when no directory is there. */
  changeDirectory(path: string): void;
}

/** All edges together, as `main.ts` hands them in. */
export interface Edges {
  readonly clock: Clock;
  readonly random: Random;
  readonly env: Env;
  /**
   * A transport of its own for each call; whoever asked for it closes it. Throws `ConfigError` for a certificate that
   * cannot be read and for an address that this machine does not have.
   */
  readonly transport: (settings?: TransportSettings) => Transport;
  readonly fileSystem: FileSystem;
  readonly terminal: Terminal;
  readonly signals: Signals;
  readonly launcher: Launcher;
  readonly loopback: Loopback;
  readonly platform: Platform;
}
