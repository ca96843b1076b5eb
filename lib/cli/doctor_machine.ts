/** What `doctor` looks at besides the folders: the session of the remote, and where state is kept on this machine. */
import { CancelledError, FileNotFoundError, JottashError } from "../errors.ts";
import type { RemoteReference } from "../path/connection_string.ts";
import { problemOf } from "../setup/session_problem.ts";
import { statusOf } from "../setup/session_report.ts";
import { writeFileAtomically } from "../store/atomic_file.ts";
import { stateDirectory } from "../store/state_directory.ts";
import type { CommandContext } from "./context.ts";
import { type FoundProblem, roomFinding } from "./doctor_findings.ts";

const PROBE_BYTES = 16;

/** Why the session is not good for work; undefined when it is. Nothing is sent. */
export async function sessionFinding(
  context: CommandContext,
  remote: RemoteReference,
): Promise<FoundProblem | undefined> {
  const path = `${remote.name}:`;
  try {
    const profile = await (await context.remotes()).profileOf(remote);
    const problem = problemOf(await statusOf(context, profile), { nowMs: context.clock.now() });
    return problem === undefined ? undefined : findingOf(path, "session", problem);
  } catch (error) {
    return findingOf(path, "session", error);
  }
}

/** Whether state can be written where it is kept, and whether there is room. */
export async function stateFinding(context: CommandContext): Promise<FoundProblem | undefined> {
  const { fileSystem, env, platform, random, settings } = context;
  try {
    const directory = stateDirectory(env, platform.os);
    const separator = platform.os === "windows" ? "\\" : "/";
    if (!settings.dryRun) {
      const probe = `${directory}${separator}doctor-${random.bytes(4).toHex()}`;
      await writeFileAtomically(context, probe, new Uint8Array(PROBE_BYTES));
      await fileSystem.remove(probe);
    }
    return roomFinding(directory, (await fileSystem.space(directory)).freeBytes);
  } catch (error) {
    // Without a dry run it would have been made.
    if (settings.dryRun && error instanceof FileNotFoundError) return undefined;
    return findingOf("state", "state-directory", error);
  }
}

function findingOf(path: string, problem: string, error: unknown): FoundProblem {
  if (!(error instanceof JottashError) || error instanceof CancelledError) throw error;
  return { action: "found", path, problem, what: error.message, advice: error.hint };
}
