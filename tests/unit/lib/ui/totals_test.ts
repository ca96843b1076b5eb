import assert from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { type Change, changeOf } from "../../../../lib/transfer/change.ts";
import type { TransferEvent, TransferTotals } from "../../../../lib/transfer/events.ts";
import { TotalsCounter } from "../../../../lib/ui/totals.ts";

function nonZero(totals: TransferTotals): Record<string, number> {
  return Object.fromEntries(Object.entries(totals).filter(([, count]) => count !== 0));
}

Deno.test("TotalsCounter adds up the events of a run", () => {
  const events: TransferEvent[] = [
    { type: "planned", path: "a", size: 5 },
    { type: "started", path: "a", size: 5 },
    { type: "progressed", path: "a", phase: "transfer", bytes: 5 },
    { type: "finished", path: "a", size: 5, how: "transferred", resumedBytes: 2 },
    { type: "finished", path: "b", size: 7, how: "deduplicated", resumedBytes: 0 },
    { type: "finished", path: "c", size: 9, how: "times-only", resumedBytes: 0 },
    { type: "finished", path: "h", size: 4, how: "direct", resumedBytes: 0 },
    { type: "would-transfer", path: "d", size: 11 },
    { type: "unchanged", path: "e", size: 1 },
    { type: "skipped", path: "f", reason: "it is a symbolic link" },
    { type: "failed", path: "g", error: new LocalError("x") },
    { type: "removed", kind: "file", side: "target", path: "i", size: 3 },
    { type: "removed", kind: "file", side: "target", path: "j", size: 3, keptAt: "old/j" },
    { type: "removed", kind: "file", side: "source", path: "k", size: 3 },
    { type: "removed", kind: "directory", side: "target", path: "l" },
    { type: "moved", kind: "file", path: "m", size: 1 },
    { type: "moved", kind: "directory", path: "n" },
    { type: "renamed", path: "o", from: "p", size: 1 },
    { type: "kept-aside", path: "q", keptAt: "old/q" },
    { type: "directory-made", path: "r" },
    { type: "retried", path: "a", error: new LocalError("x"), attempt: 1, delayMs: 0 },
    { type: "plan-complete" },
  ];
  const counter = new TotalsCounter();
  for (const event of events) {
    const change = changeOf(event);
    if (change !== undefined) counter.add(change);
  }
  assert.deepEqual(nonZero(counter.totals), {
    files: 4,
    bytes: 27,
    bytesSent: 3,
    resumedFiles: 1,
    resumedBytes: 2,
    deduplicatedFiles: 1,
    deduplicatedBytes: 7,
    directFiles: 1,
    directBytes: 4,
    timesOnlyFiles: 1,
    unchangedFiles: 1,
    skippedEntries: 1,
    failedEntries: 1,
    deletedFiles: 1,
    deletedBytes: 3,
    keptAsideFiles: 2,
    sourceFilesDeleted: 1,
    directoriesRemoved: 1,
    movedFiles: 1,
    movedBytes: 1,
    movedDirectories: 1,
    renamedFiles: 1,
    directoriesMade: 1,
  });
});

Deno.test("TotalsCounter adds up what simple commands report", () => {
  const changes: readonly (readonly [Change, Record<string, number>])[] = [
    [{ action: "deleted", path: "a" }, { deletedFiles: 1 }],
    [{ action: "directory-deleted", path: "a" }, { directoriesRemoved: 1 }],
    [{ action: "file-made", path: "a" }, { filesMade: 1 }],
    [{ action: "left-alone", path: "a", reason: "why" }, { skippedEntries: 1 }],
    [{ action: "linked", path: "a", url: "u" }, {}],
    [{ action: "unlinked", path: "a" }, {}],
    [{ action: "trash-emptied", path: "a:", files: 3, folders: 2 }, {
      deletedFiles: 3,
      directoriesRemoved: 2,
    }],
  ];
  for (const [change, totals] of changes) {
    const counter = new TotalsCounter();
    counter.add(change);
    assert.deepEqual(nonZero(counter.totals), totals, change.action);
  }
});
