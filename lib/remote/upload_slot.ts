/** The way of content into the account: a slot that is asked for, and the bytes that the service does not have yet. */
import { formatRfc3339 } from "../jfs/time.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import type { UploadRequest, UploadSlot } from "./remote.ts";
import { requireStorableTimes } from "./storable_times.ts";

export async function allocate(
  calls: JottaCalls,
  request: UploadRequest,
  options: CallOptions,
): Promise<UploadSlot> {
  const { api } = calls.account;
  const action = `upload ${calls.quote(request.path)}`;
  requireStorableTimes(action, request);
  const context = { action, signal: options.signal };
  const allocation = await api.allocate({
    path: ["/jfs", ...calls.paths.segments(request.path)].join("/"),
    bytes: request.size,
    md5: request.md5,
    created: formatRfc3339(request.createdAtMs),
    modified: formatRfc3339(request.modifiedAtMs),
  }, context);
  if (allocation.isComplete) return { state: "complete" };
  return {
    state: "wanted",
    resumeAt: allocation.resumePosition,
    send: async (stream, sendOptions = {}) => {
      const body = { length: request.size - allocation.resumePosition, stream };
      await api.upload(allocation, { size: request.size, md5: request.md5, body }, {
        action,
        signal: sendOptions.signal,
      });
    },
  };
}
