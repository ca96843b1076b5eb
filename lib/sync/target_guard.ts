/** What a run must not touch at the target, although its options would let it. */
import { ConflictError } from "../errors.ts";
import { verbOf } from "./entry_failures.ts";
import type { Run } from "./run.ts";

/**
 * Throws `ConflictError` where a link that is followed leads from the target back into the source: what would be
 * overwritten or deleted there is a file of the source.
 */
export async function requireOutsideSource({ source, target }: Run, path: string): Promise<void> {
  if (target.side === "remote" || !await target.leadsInto(path, source)) return;
  throw new ConflictError(
    `Cannot change "${path}" in "${target.label}": a symbolic link leads from there into the source`,
    { hint: "Remove the link, or leave out --copy-links" },
  );
}

/** Throws `ConflictError` where the file would be kept under a name that a file of the source has at the target. */
export function requireOwnKeptName(run: Run, path: string): void {
  const kept = run.options.keepAside?.pathInTarget(path);
  if (kept === undefined || !run.isClaimed(kept)) return;
  throw new ConflictError(
    `Cannot ${
      verbOf(run)
    } over "${path}": it would be kept as "${kept}", which is a name that the source has too`,
    { hint: "Choose another --suffix" },
  );
}
