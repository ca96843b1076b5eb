/** What only a place in the cloud can do. Engines see this interface, never the wire. */
import type { CallOptions, FileEntry, Tree } from "../tree/tree.ts";

/** Bytes of the whole account; undefined where the service sets no limit. */
export interface SpaceUsage {
  readonly totalBytes: number | undefined;
  readonly usedBytes: number;
  readonly freeBytes: number | undefined;
}

export interface UploadRequest {
  readonly path: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
  readonly modifiedAtMs: number;
  readonly createdAtMs: number;
}

/**
 * What the service wants of an upload. `complete`: it has the content already, and the file is in place.
 * `wanted`: it waits for the bytes from `resumeAt` to the end.
 */
export type UploadSlot =
  | { readonly state: "complete" }
  | {
    readonly state: "wanted";
    readonly resumeAt: number;
    /**
     * Sends the rest of the content, exactly `size - resumeAt` bytes. Throws `NetworkError` or `ServiceError`
     * with `retry: "now"` when asking for a new slot and going on from there may help.
     */
    readonly send: (stream: ReadableStream<Uint8Array<ArrayBuffer>>, options?: CallOptions) => Promise<void>;
  };

export interface Remote extends Tree {
  readonly side: "remote";

  /** Asks for an upload slot; parents are made by the service. Replaces the content of an existing file. */
  allocate(request: UploadRequest, options?: CallOptions): Promise<UploadSlot>;

  /** Why the service would refuse this path, as in `it is longer than 255 characters`; undefined when it is fine. */
  refusedReason(path: string): string | undefined;

  /** Sets the times of a file whose content stays. */
  setTimes(
    file: FileEntry,
    times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
    options?: CallOptions,
  ): Promise<void>;

  about(options?: CallOptions): Promise<SpaceUsage>;
}
