/** A run that goes on with what failed alone. */
import type { Resumption } from "./invocation.ts";
import type { SyncPlaces, SyncRequest } from "./sync_places.ts";

/**
 * The request for the entries that failed; as it is where all is to be looked at again: a single file, a failure of the
 * whole, more failures than are known. What was never looked at is no reason to delete anything.
 */
export function chooseFailed(
  request: SyncRequest,
  { source }: SyncPlaces,
  resumption: Resumption | undefined,
): SyncRequest {
  if (resumption?.scope !== "failed" || source.file !== undefined) return request;
  const paths = resumption.held.job.failures.map(({ path }) => path);
  return {
    ...request,
    filter: request.filter.narrowedTo(paths),
    choices: { ...request.choices, deleteExcluded: false },
  };
}
