/** This machine takes over a session that was copied from another one. */
import { adoptSession, inspectSession } from "../auth/session_status.ts";
import type { CommandContext } from "../cli/context.ts";
import { asConfigFailure } from "../cli/remote_config.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { problemOf } from "./session_problem.ts";

/** `own`: there was nothing to take over. Throws `AuthError` when nobody is signed in. */
export async function adopt(
  context: CommandContext,
  profile: RemoteProfile,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<"own" | "adopted"> {
  const session = await context.accounts.sessionContext(profile);
  const status = await inspectSession(session, profile);
  if (!status.isCopied) {
    if (!status.isSignedIn) throw problemOf(status, { nowMs: context.clock.now() });
    return "own";
  }
  if (!isDryRun) await asConfigFailure(() => adoptSession(session, profile), "The session cannot be saved");
  return "adopted";
}
