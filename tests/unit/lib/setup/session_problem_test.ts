/** The verdict on a session, as a table of facts. */
import { equal, match } from "node:assert/strict";
import type { SessionStatus } from "../../../../lib/auth/session_status.ts";
import { exitStatusOf } from "../../../../lib/exit_codes.ts";
import { problemOf } from "../../../../lib/setup/session_problem.ts";

const NOW_MS = Date.UTC(2026, 0, 2, 12);
const MINUTE_MS = 60_000;

const GOOD: SessionStatus = {
  remote: "jotta",
  service: "jottacloud",
  method: "standard",
  home: "config",
  isSignedIn: true,
  expiresAtMs: NOW_MS + 60 * MINUTE_MS,
  canRefresh: true,
  rotatedAtMs: undefined,
  isWritable: true,
  isCopied: false,
  interruptedAtMs: undefined,
};
const ENDED = { expiresAtMs: NOW_MS - 1 };
const NO_REFRESH = { canRefresh: false };
const INTERRUPTED = { interruptedAtMs: NOW_MS - MINUTE_MS };

interface Case {
  readonly what: string;
  readonly facts: Partial<SessionStatus>;
  readonly minTtlMs?: number;
  /** Undefined: the session is good. */
  readonly code: string | undefined;
}

const CASES: readonly Case[] = [
  { what: "fresh", facts: {}, code: undefined },
  { what: "ended, can be refreshed", facts: ENDED, minTtlMs: 30 * MINUTE_MS, code: undefined },
  {
    what: "writability unknown",
    facts: { ...ENDED, home: "commands", isWritable: undefined },
    code: undefined,
  },
  { what: "access token, long enough", facts: NO_REFRESH, minTtlMs: 60 * MINUTE_MS, code: undefined },
  {
    what: "access token, too short",
    facts: NO_REFRESH,
    minTtlMs: 60 * MINUTE_MS + 1,
    code: "token-too-short",
  },
  { what: "access token that ended", facts: { ...NO_REFRESH, ...ENDED }, code: "token-too-short" },
  {
    what: "access token of the environment that ended",
    facts: { ...NO_REFRESH, ...ENDED, isSignedIn: false, home: "environment", isWritable: false },
    code: "token-too-short",
  },
  { what: "opaque access token", facts: { ...NO_REFRESH, expiresAtMs: undefined }, code: undefined },
  {
    what: "opaque access token, long life wanted",
    facts: { ...NO_REFRESH, expiresAtMs: undefined },
    minTtlMs: 1,
    code: "token-too-short",
  },
  { what: "read-only, fresh", facts: { ...NO_REFRESH, isWritable: false }, code: undefined },
  {
    what: "read-only, ended",
    facts: { ...NO_REFRESH, ...ENDED, isWritable: false },
    code: "session-not-writable",
  },
  {
    what: "nobody",
    facts: { isSignedIn: false, expiresAtMs: undefined, canRefresh: false },
    code: "not-signed-in",
  },
  { what: "copied, fresh", facts: { isCopied: true }, code: "session-copied" },
  { what: "interrupted, fresh", facts: INTERRUPTED, code: undefined },
  {
    what: "interrupted, too short",
    facts: INTERRUPTED,
    minTtlMs: 61 * MINUTE_MS,
    code: "session-interrupted",
  },
  { what: "interrupted, ended", facts: { ...INTERRUPTED, ...ENDED }, code: "session-interrupted" },
];

for (const { what, facts, minTtlMs, code } of CASES) {
  Deno.test(`problemOf(): ${what}`, () => {
    const problem = problemOf({ ...GOOD, ...facts }, { nowMs: NOW_MS, minTtlMs });
    equal(problem?.code, code);
    if (problem === undefined) return;
    equal(exitStatusOf(problem), 7);
    match(problem.message, /^Cannot rely on the session of "jotta:": /);
    match(problem.hint ?? "", /jotta:|auth status|JOTTASH_ACCESS_TOKEN/);
  });
}
