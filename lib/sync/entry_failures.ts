/** Why one entry of the source cannot go to the target, as the failure that it is. */
import { ConflictError, JottashError, LocalError } from "../errors.ts";
import { isFatal } from "./run.ts";
import type { Entry, FileEntry } from "../tree/tree.ts";
import type { Run } from "./run.ts";

/** What stands at the target in the place of `source`, as the failure that it is. */
export function inTheWay(source: Entry, target: Entry | undefined, run: Run): JottashError {
  if (target?.kind === "unreadable") return target.error;
  const kind = target?.kind === "special" ? target.reason.replace(/^it is /, "") : `a ${target?.kind}`;
  return new ConflictError(
    `Cannot ${verbOf(run)} "${source.path}": in "${run.target.label}" ${kind} of that name is in the way`,
  );
}

/** As in "Cannot copy". */
export function verbOf({ options }: Run): "copy" | "move" {
  return options.move === undefined ? "copy" : "move";
}

export function nameRefused(file: FileEntry, reason: string): JottashError {
  return new LocalError(`Cannot upload "${file.path}": the service refuses the name: ${reason}`, {
    code: "name-refused",
    hint: "Rename it",
  });
}

/** It differs from the file at the target, which may not be changed. */
export function notChangeable({ path }: FileEntry, run: Run): JottashError {
  return new ConflictError(
    `Cannot ${verbOf(run)} "${path}": the file at the target is another one, and is not to be changed`,
    { hint: "With --immutable no file at the target is ever replaced" },
  );
}

/** Says where the file is that had to make way for one that did not come. */
export function withKeptPlace(error: unknown, keptAt: string): unknown {
  if (!(error instanceof JottashError) || isFatal(error)) return error;
  const { message, code, data, retry } = error;
  const place = `The file that was at the target before is whole, at "${keptAt}"`;
  const hint = error.hint === undefined ? place : `${error.hint}; ${place.replace(/^T/, "t")}`;
  return new JottashError(message, { code, data, retry, cause: error, hint });
}
