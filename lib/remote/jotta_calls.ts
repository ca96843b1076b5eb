/**
 * What all verbs of a remote have in common: requests in the words of the user, tries that are repeated, and a look at
 * what really is at a path, the trash included.
 */
import { retry, type RetryContext, type RetryPolicy } from "../async/retry.ts";
import { FileNotFoundError } from "../errors.ts";
import type { JfsClient, JfsCommand, JfsDocument, JfsRequest, JfsTransferCommand } from "../jfs/client.ts";
import type { JfsFile } from "../jfs/types.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { JottaAccount } from "./jotta_account.ts";
import { RemotePaths, type RemotePlace } from "./remote_paths.ts";

export interface JottaPlace extends RemotePlace {
  readonly account: JottaAccount;
  readonly retryPolicy: RetryPolicy;
  readonly retryContext: Omit<RetryContext, "signal">;
}

/** What the service has at a path; a tombstone still takes the name. */
export type Found =
  | { readonly kind: "folder"; readonly name: string | undefined; readonly isDeleted: boolean }
  | { readonly kind: "file"; readonly name: string; readonly isDeleted: boolean; readonly file: JfsFile };

export class JottaCalls {
  readonly account: JottaAccount;
  readonly paths: RemotePaths;
  readonly #place: JottaPlace;

  constructor(place: JottaPlace) {
    this.#place = place;
    this.account = place.account;
    this.paths = new RemotePaths(place);
  }

  jfs(options: CallOptions): Promise<JfsClient> {
    return this.account.jfs(options.signal);
  }

  /** `action` is what messages say is tried. */
  request(path: string, action: string, options: CallOptions): JfsRequest {
    return { segments: this.paths.segments(path), action, signal: options.signal };
  }

  /** The path in double quotes, as the user would write it. */
  quote(path: string): string {
    return this.paths.quote(path);
  }

  /** Tries as often as the policy has it, or `maxTries` times if that is less. */
  retrying<T>(work: () => Promise<T>, options: CallOptions & { readonly maxTries?: number }): Promise<T> {
    const { retryPolicy, retryContext } = this.#place;
    const maxAttempts = Math.min(retryPolicy.maxAttempts, options.maxTries ?? Infinity);
    return retry(work, { ...retryPolicy, maxAttempts }, { ...retryContext, signal: options.signal });
  }

  /** Milliseconds since 1970 UTC. */
  now(): number {
    return this.#place.retryContext.clock.now();
  }

  /** Letters that nobody else has thought of, for a temporary name. */
  randomLetters(): string {
    const bytes = this.#place.retryContext.random.bytes(6);
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** Each of these can be repeated when its answer breaks off (API reference 5.0). */
  command(request: JfsRequest, command: JfsCommand): Promise<void> {
    return this.retrying(async () => (await this.jfs(request)).command(request, command), request);
  }

  /** `mv`, `mvDir` or `cp` to a path of the same account, in stored names. */
  transfer(request: JfsRequest, command: JfsTransferCommand, target: readonly string[]): Promise<void> {
    return this.retrying(async () => (await this.jfs(request)).transfer(request, command, target), request);
  }

  /** Undefined when nothing is there, not even in the trash. */
  async open(request: JfsRequest): Promise<JfsDocument | undefined> {
    try {
      return await (await this.jfs(request)).open(request);
    } catch (error) {
      if (error instanceof FileNotFoundError) return undefined;
      throw error;
    }
  }

  /** What is at the path of the request. */
  find(request: JfsRequest): Promise<Found | undefined> {
    return this.retrying(() => this.#findOnce(request), request);
  }

  async #findOnce(request: JfsRequest): Promise<Found | undefined> {
    const document = await this.open(request);
    if (document === undefined) return undefined;
    const { root } = document;
    if (root.kind === "folder") {
      await document.close(); // the entries of a folder are not asked for
      return { kind: "folder", name: root.name, isDeleted: root.isDeleted };
    }
    for await (const _item of document.items) {
      /* a file has none, and only the end tells of a mountpoint */
    }
    const isDeleted = document.isDeleted();
    if (root.kind !== "file") return { kind: "folder", name: root.name, isDeleted };
    const file = document.file();
    return { kind: "file", name: file.name, isDeleted, file };
  }
}

/** The same request for what has to be known or mended also when the user has stopped the run. */
export function afterStop(request: JfsRequest): JfsRequest {
  return { ...request, signal: undefined };
}
