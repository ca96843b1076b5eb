/** What the disk in memory says of what it cannot do. */
import { ConflictError, FileNotFoundError, type JottashError, LocalError } from "../../lib/errors.ts";

export function missing(verb: string, path: string): FileNotFoundError {
  return new FileNotFoundError(`Cannot ${verb} "${path}": it does not exist`, {
    data: { path, osCode: "ENOENT" },
  });
}

export function conflict(verb: string, path: string, state: string): JottashError {
  return new ConflictError(`Cannot ${verb} "${path}": ${state}`, { data: { path } });
}

/** What a disk says with `osCode`, as in ENOSPC, EACCES, EBUSY. */
export function localFailure(osCode: string, path: string): LocalError {
  return new LocalError(`Cannot write "${path}": ${osCode}`, { data: { path, osCode } });
}
