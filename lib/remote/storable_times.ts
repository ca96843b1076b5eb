/** Times as the service can keep them. No I/O. */
import { LocalError } from "../errors.ts";
import { isJfsTime } from "../jfs/time.ts";

/** The service writes times with four digits for the year. Throws `LocalError` for others. */
export function requireStorableTimes(
  action: string,
  times: { readonly modifiedAtMs: number; readonly createdAtMs: number },
): void {
  for (const timeMs of [times.modifiedAtMs, times.createdAtMs]) {
    if (isJfsTime(timeMs)) continue;
    throw new LocalError(`Cannot ${action}: its time is outside the years 0 to 9999`, {
      hint: 'Give it another time with "touch"',
    });
  }
}
