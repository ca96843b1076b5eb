/** What is known about the sessions of remotes, and whether they are good for work: nothing is sent or changed. */
import { SERVICES } from "../auth/services.ts";
import { inspectSession, type SessionStatus } from "../auth/session_status.ts";
import type { CommandContext } from "../cli/context.ts";
import { CancelledError, JottashError } from "../errors.ts";
import type { RemoteProfile } from "../store/remote_profile.ts";
import { formatDuration, formatLocalTime } from "../units.ts";
import { formatTable } from "../ui/table.ts";
import { problemOf } from "./session_problem.ts";

export interface ReportedSession {
  readonly remote: string;
  readonly status: SessionStatus | undefined;
  /** Why the session is not good for work; undefined when it is. */
  readonly problem: JottashError | undefined;
}

/** Throws `ConfigError` also for a session of a kind that cannot be used, however good it looks. */
export async function statusOf(context: CommandContext, profile: RemoteProfile): Promise<SessionStatus> {
  await context.accounts.tokenSource(profile);
  return await inspectSession(await context.accounts.sessionContext(profile), profile);
}

/** A session that cannot even be looked at is reported as well. */
export async function reportSession(context: CommandContext, remote: string): Promise<ReportedSession> {
  try {
    const status = await statusOf(context, await context.profile(remote));
    return { remote: status.remote, status, problem: problemOf(status, { nowMs: context.clock.now() }) };
  } catch (error) {
    if (!(error instanceof JottashError) || error instanceof CancelledError) throw error;
    return { remote: context.labelOf(remote).replace(/:$/, ""), status: undefined, problem: error };
  }
}

/** The remotes of this program among those of config and environment. */
export async function ownRemotes(context: CommandContext): Promise<string[]> {
  const document = await context.shownConfig();
  const isOther = (name: string) => ![undefined, "", "jottacloud"].includes(document.get(name, "type"));
  return (await context.remoteNames()).filter((name) => !isOther(name));
}

/** The fields of `auth status --json`: stable names, times in RFC 3339, null for what is not known. */
export function sessionJson({ remote, status, problem }: ReportedSession): Readonly<Record<string, unknown>> {
  const time = (atMs: number | undefined) => atMs === undefined ? null : new Date(atMs).toISOString();
  return {
    remote,
    service: status?.service ?? null,
    method: status?.method ?? null,
    home: status?.home ?? null,
    signedIn: status?.isSignedIn ?? null,
    expiresAt: time(status?.expiresAtMs),
    canRefresh: status?.canRefresh ?? null,
    rotatedAt: time(status?.rotatedAtMs),
    writable: status?.isWritable ?? null,
    copied: status?.isCopied ?? null,
    interruptedAt: time(status?.interruptedAtMs),
    problem: problem?.message ?? null,
  };
}

const METHOD_NAMES: Readonly<Record<NonNullable<SessionStatus["method"]>, string>> = {
  standard: "login token (standard)",
  traditional: "browser (traditional)",
  legacy: "user name and password (legacy)",
  "access-token": "access token alone",
};

const HOME_NAMES: Readonly<Record<SessionStatus["home"], string>> = {
  config: "in the config",
  "token-file": "in a token file",
  commands: "behind the get and put commands",
  environment: "in the environment",
};

/** The lines of `auth status` for one remote. */
export function sessionLines(session: ReportedSession, nowMs: number): string[] {
  const { remote, status, problem } = session;
  const rows = status === undefined ? [] : statusRows(status, nowMs);
  if (problem !== undefined) {
    rows.push(["Problem", problem.message]);
    if (problem.hint !== undefined) rows.push(["", problem.hint]);
  }
  return [`${remote}:`, ...formatTable(rows).map((line) => `  ${line}`)];
}

function statusRows(status: SessionStatus, nowMs: number): string[][] {
  const answer = (value: boolean | undefined) =>
    value === undefined ? "cannot be told" : value ? "yes" : "no";
  const rows = [["Signed in", answer(status.isSignedIn)]];
  if (status.service !== undefined) rows.push(["Service", serviceName(status.service)]);
  rows.push(["Kept", HOME_NAMES[status.home]]);
  if (!status.isSignedIn) return rows;
  rows.push(
    ["Signed in with", status.method === undefined ? "not known" : METHOD_NAMES[status.method]],
    ["Access token", expiryText(status.expiresAtMs, nowMs)],
    ["Can be refreshed", answer(status.canRefresh)],
    ["Last refresh", status.rotatedAtMs === undefined ? "not known" : formatLocalTime(status.rotatedAtMs)],
    ["Can be saved", answer(status.isWritable)],
  );
  if (status.isCopied) rows.push(["Copied", "yes, from another machine"]);
  if (status.interruptedAtMs !== undefined) {
    rows.push([
      "Interrupted",
      `a refresh was begun ${formatLocalTime(status.interruptedAtMs)}; its end is not known`,
    ]);
  }
  return rows;
}

function serviceName(service: string): string {
  return SERVICES.find((each) => each.key === service)?.displayName ?? service;
}

function expiryText(expiresAtMs: number | undefined, nowMs: number): string {
  if (expiresAtMs === undefined) return "its end is not known";
  const at = formatLocalTime(expiresAtMs);
  return expiresAtMs > nowMs ? `until ${at} (${formatDuration(expiresAtMs - nowMs)})` : `ended ${at}`;
}
