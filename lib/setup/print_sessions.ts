/** `jottash auth` and `jottash auth status`: what is known about sessions, on standard output. */
import type { CommandContext } from "../cli/context.ts";
import { type ReportedSession, reportSession, sessionJson, sessionLines } from "./session_report.ts";

/** `names` as typed: names with or without colon, or connection strings. */
export async function printSessions(
  context: CommandContext,
  names: readonly string[],
  { asJson }: { readonly asJson: boolean },
): Promise<void> {
  const { printer, clock } = context;
  const sessions: ReportedSession[] = [];
  for (const name of names) sessions.push(await reportSession(context, name));
  if (asJson) return await printer.line(JSON.stringify(sessions.map(sessionJson), undefined, 2));
  if (sessions.length === 0) printer.notice("There are no remotes yet", { hint: "Make one: jottash config" });
  for (const [index, session] of sessions.entries()) {
    if (index > 0) await printer.line("");
    for (const line of sessionLines(session, clock.now())) await printer.line(line);
  }
}
