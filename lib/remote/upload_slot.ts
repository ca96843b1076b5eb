/**
 * The way of content into the account: a slot that is asked for, and the bytes that the service does not have yet.
 *
 * Where the service waits for bytes is its own decision: a start elsewhere is refused, or spoils the upload (API reference
 * 5.14, 6.7). What an earlier run left of a small file is sent anew all the same where that harms nothing: the broken
 * upload is all that has the name, and is destroyed first.
 */
import type { Allocation } from "../api/client.ts";
import { FileNotFoundError, JottashError } from "../errors.ts";
import { formatRfc3339 } from "../jfs/time.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import type { UploadRequest, UploadSlot } from "./remote.ts";
import { requireStorableTimes } from "./storable_times.ts";

/** Revisions that hold no content that anybody could want back (API reference 4.6). */
const BROKEN_STATES: ReadonlySet<string> = new Set(["INCOMPLETE", "CORRUPT"]);

export interface SlotOptions extends CallOptions {
  /** What messages say is tried; the upload of the request's path by default. */
  readonly action?: string;
  /** Bytes: up to this size, what an earlier run left is not gone on with. */
  readonly resumeLimit: number;
}

export async function allocate(
  calls: JottaCalls,
  request: UploadRequest,
  options: SlotOptions,
): Promise<UploadSlot> {
  const { api } = calls.account;
  const { action = `upload ${calls.quote(request.path)}`, signal, resumeLimit } = options;
  requireStorableTimes(action, request);
  const ask = () =>
    api.allocate({
      path: ["/jfs", ...calls.paths.segments(request.path)].join("/"),
      bytes: request.size,
      md5: request.md5,
      created: formatRfc3339(request.createdAtMs),
      modified: formatRfc3339(request.modifiedAtMs),
    }, { action, signal });
  let allocation = await ask();
  const isLeftover = allocation.resumePosition > 0 && request.isContinued !== true;
  if (!allocation.isComplete && isLeftover && request.size <= resumeLimit) {
    if (await isDestroyed(calls, request, { action, signal })) allocation = await ask();
  }
  if (allocation.isComplete) return { state: "complete" };
  return slotOf(calls, allocation, { request, action });
}

function slotOf(
  calls: JottaCalls,
  allocation: Allocation,
  { request, action }: { readonly request: UploadRequest; readonly action: string },
): UploadSlot {
  return {
    state: "wanted",
    resumeAt: allocation.resumePosition,
    send: async (stream, { signal } = {}) => {
      const body = { length: request.size - allocation.resumePosition, stream };
      await calls.account.api.upload(allocation, { size: request.size, md5: request.md5, body }, {
        action,
        signal,
      });
    },
  };
}

/** Whether a broken upload is gone now; it stays where anything else has its name, a file in the trash included. */
async function isDestroyed(
  calls: JottaCalls,
  { path }: UploadRequest,
  { action, signal }: { readonly action: string; readonly signal: AbortSignal | undefined },
): Promise<boolean> {
  const at = calls.request(path, action, { signal });
  const found = await calls.find(at);
  if (found?.kind !== "file" || found.isDeleted) return false;
  const { current, revisions } = found.file;
  if (current !== undefined || revisions.some(({ state }) => !BROKEN_STATES.has(state))) return false;
  try {
    await calls.command(at, "rm");
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    // A repeated try finds nothing any more; where the service does not destroy it, the upload simply goes on.
    if (error instanceof FileNotFoundError) return true;
    if (error instanceof JottashError) return false;
    throw error;
  }
}
