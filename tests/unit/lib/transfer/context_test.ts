import assert from "node:assert/strict";
import { FileProgress, ProgressiveAttempts } from "../../../../lib/transfer/context.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";
import { TotalsCounter } from "../../../../lib/transfer/totals.ts";
import { LocalError } from "../../../../lib/errors.ts";

Deno.test("FileProgress takes back what has to be done again", () => {
  const events: TransferEvent[] = [];
  const progress = new FileProgress((event) => void events.push(event), "a");
  progress.add("hash", 10);
  progress.add("transfer", 7);
  progress.moveTo("transfer", 4);
  progress.moveTo("transfer", 4);
  progress.moveTo("transfer", 9);
  assert.deepEqual(
    events.map((event) => event.type === "progressed" && [event.phase, event.bytes]),
    [["hash", 10], ["transfer", 7], ["transfer", -3], ["transfer", 5]],
  );
});

Deno.test("ProgressiveAttempts counts only barren tries", () => {
  const attempts = new ProgressiveAttempts(3);
  assert.equal(attempts.limit(), 3);
  for (const position of [0, 5, 5, 3, 6]) attempts.note(position);
  assert.equal(attempts.limit(), 5);
});

Deno.test("TotalsCounter adds up a run", () => {
  const counter = new TotalsCounter();
  const events: TransferEvent[] = [
    { type: "planned", path: "a", size: 5 },
    { type: "started", path: "a", size: 5 },
    { type: "progressed", path: "a", phase: "transfer", bytes: 5 },
    { type: "finished", path: "a", size: 5, how: "transferred", resumedBytes: 0 },
    { type: "finished", path: "b", size: 7, how: "deduplicated", resumedBytes: 0 },
    { type: "finished", path: "c", size: 9, how: "times-only", resumedBytes: 0 },
    { type: "would-transfer", path: "d", size: 11 },
    { type: "unchanged", path: "e", size: 1 },
    { type: "skipped", path: "f", reason: "it is a symbolic link" },
    { type: "failed", path: "g", error: new LocalError("x") },
    { type: "plan-complete" },
  ];
  for (const event of events) counter.sink(event);
  assert.deepEqual(counter.totals, {
    transferredFiles: 4,
    transferredBytes: 32,
    deduplicatedFiles: 1,
    deduplicatedBytes: 7,
    unchangedFiles: 1,
    skippedEntries: 1,
    failedEntries: 1,
  });
});
