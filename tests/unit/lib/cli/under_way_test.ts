/** How long the files that are under way still need. */
import { equal } from "node:assert/strict";
import { UnderWay } from "../../../../lib/cli/under_way.ts";
import { NetworkError } from "../../../../lib/errors.ts";

const progressed = (path: string, bytes: number, phase: "hash" | "transfer" = "transfer") =>
  ({ type: "progressed", path, phase, bytes }) as const;

Deno.test("UnderWay: by the pace of the file that is done first", () => {
  const underWay = new UnderWay();
  equal(underWay.remainingMs(0), undefined);
  underWay.note({ type: "started", path: "slow", size: 1_000 }, 0);
  underWay.note(progressed("slow", 100), 500);
  equal(underWay.remainingMs(1_000), 9_000);
  underWay.note({ type: "started", path: "fast", size: 1_000 }, 1_000);
  underWay.note(progressed("fast", 900), 1_500);
  equal(Math.round(underWay.remainingMs(1_900) ?? 0), 100);
  underWay.note({ type: "finished", path: "fast", size: 1_000, how: "transferred", resumedBytes: 0 }, 2_000);
  equal(underWay.remainingMs(2_000), 18_000);
  underWay.note({ type: "failed", path: "slow", error: new NetworkError("no") }, 2_000);
  equal(underWay.remainingMs(2_000), undefined);
});

Deno.test("UnderWay: a file that has just begun may be done soon, one that is silent for long will not", () => {
  const underWay = new UnderWay();
  underWay.note({ type: "started", path: "a", size: 1_000 }, 0);
  underWay.note(progressed("a", 1_000, "hash"), 10);
  equal(underWay.remainingMs(100), 0);
  equal(underWay.remainingMs(2_100), Infinity);
});
