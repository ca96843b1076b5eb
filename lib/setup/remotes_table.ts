/** The list above the menu of `jottash config`: the remotes, and how it stands with their sessions. */
import type { CommandContext } from "../cli/context.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { formatTable } from "../ui/table.ts";

/** How it stands with a session; empty where it is not known or not the business of this program. */
export type SessionState = "" | "ok" | "none" | "ended" | "copied" | "interrupted";

/** What to do about it, below the list. */
const ADVICE: Readonly<Partial<Record<SessionState, string>>> = {
  none: "none: nobody is signed in; edit the remote to sign in.",
  ended: "ended: edit the remote to sign in again.",
  copied:
    "copied: from another machine; a refresh here would end it\nin both places. Edit the remote to sign in again.",
  interrupted:
    "interrupted: the last refresh had no end that anybody saw.\nTo be safe edit the remote to sign in again.",
};

export async function describeRemotes(
  context: CommandContext,
  document: ConfigDocument,
  names: readonly string[],
): Promise<string[]> {
  const states = new Set<SessionState>();
  const rows: string[][] = [];
  for (const name of names) {
    const state = await sessionState(context, document, name);
    states.add(state);
    rows.push([name, document.get(name, "type") ?? "", state]);
  }
  const advice = [...states].flatMap((state) => ADVICE[state]?.split("\n") ?? []);
  return [
    ...formatTable([["Name", "Type", "Session"], ["====", "====", "======="], ...rows]),
    ...(advice.length === 0 ? [] : ["", ...advice]),
  ];
}

/** Sends nothing and runs no command. */
export async function sessionState(
  context: CommandContext,
  document: ConfigDocument,
  name: string,
): Promise<SessionState> {
  if (document.get(name, "type") !== "jottacloud" || document.get(name, "token_get_cmd")) return "";
  if (context.settings.tokenGetCmd) return "";
  const { reportSession } = await import("./session_report.ts");
  const { status, problem } = await reportSession(context, name);
  if (status === undefined) return "";
  if (!status.isSignedIn) return "none";
  if (status.isCopied) return "copied";
  if (status.interruptedAtMs !== undefined) return "interrupted";
  return problem === undefined ? "ok" : "ended";
}
