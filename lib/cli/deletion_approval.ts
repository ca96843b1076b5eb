/** `--interactive` of commands that only delete. */
import { createApprove } from "./approval.ts";
import type { CommandContext } from "./context.ts";
import { SAFETY_OPTIONS } from "./safety_options.ts";
import { requirePossibleMix } from "./sync_mixes.ts";

export const ASK_OPTIONS = { interactive: SAFETY_OPTIONS.interactive } as const;

interface Doomed {
  readonly path: string;
  readonly size?: number;
}

/**
 * Resolves with the question whether something may be deleted; what is refused is told. Without `--interactive` all may
 * be. Throws `UsageError` where nobody can be asked.
 */
export async function createDeletionApproval(
  context: CommandContext,
  { interactive }: { readonly interactive: boolean },
): Promise<(doomed: Doomed) => Promise<boolean>> {
  if (!interactive) return () => Promise.resolve(true);
  requirePossibleMix({ ...context.settings, interactive });
  const approve = await createApprove(context);
  return async ({ path, size }) => {
    if (await approve(size === undefined ? { verb: "delete", path } : { verb: "delete", path, size })) {
      return true;
    }
    await context.report({ action: "skipped", path, reason: "you said no", isExpected: true });
    return false;
  };
}
