import { deepStrictEqual } from "node:assert";
import { judgeSession, type SessionFacts, type Verdict } from "../../../../lib/auth/session_verdict.ts";

const PLAIN: SessionFacts = {
  isFresh: false,
  isGood: false,
  hasRefreshToken: true,
  canSave: true,
  isCopied: false,
  isInterrupted: false,
};
const FRESH = { isFresh: true, isGood: true };
const NEAR_ITS_END = { isFresh: false, isGood: true };
const DEAD = { isFresh: false, isGood: false };

const CASES: readonly (readonly [string, Partial<SessionFacts>, Verdict])[] = [
  ["a fresh token is used", FRESH, { kind: "use" }],
  ["a token near its end is refreshed", NEAR_ITS_END, { kind: "refresh" }],
  ["a dead token is refreshed", DEAD, { kind: "refresh" }],
  ["a fresh token that was refused, or is too short, is refreshed", { isFresh: true, isGood: false }, {
    kind: "refresh",
  }],
  ["an interrupted one is used while it lives", { ...NEAR_ITS_END, isInterrupted: true }, {
    kind: "use",
    notice: "interrupted",
  }],
  ["an interrupted one gets one more try when it is dead", { ...DEAD, isInterrupted: true }, {
    kind: "refresh",
  }],
  ["a copied one is used while it lives", { ...NEAR_ITS_END, isCopied: true }, {
    kind: "use",
    notice: "copied",
  }],
  ["a copied one is told of from the start", { ...FRESH, isCopied: true }, { kind: "use", notice: "copied" }],
  ["a copied one is never refreshed", { ...DEAD, isCopied: true, isInterrupted: true }, {
    kind: "refuse",
    obstacle: "copied",
  }],
  ["one without a place for the next is used to its end", { ...NEAR_ITS_END, canSave: false }, {
    kind: "use",
  }],
  ["one without a place for the next is never refreshed", { ...DEAD, canSave: false }, {
    kind: "refuse",
    obstacle: "not-kept",
  }],
  ["one without a refresh token is used to its end", { ...NEAR_ITS_END, hasRefreshToken: false }, {
    kind: "use",
  }],
  ["one without a refresh token ends", { ...DEAD, hasRefreshToken: false }, {
    kind: "refuse",
    obstacle: "no-refresh-token",
  }],
];

for (const [title, facts, verdict] of CASES) {
  Deno.test(`judgeSession(): ${title}`, () => {
    deepStrictEqual(judgeSession({ ...PLAIN, ...facts }), verdict);
  });
}
