import assert from "node:assert/strict";
import type { TransferTotals } from "../../../../lib/transfer/events.ts";
import { TotalsCounter } from "../../../../lib/ui/totals.ts";
import { countsText, hasChanges, summaryText } from "../../../../lib/ui/summary.ts";

const MIB = 1024 ** 2;
const NONE = new TotalsCounter().totals;

const CASES: readonly (readonly [Partial<TransferTotals>, number, string])[] = [
  [
    {
      files: 1234,
      bytes: 3551.3 * MIB,
      bytesSent: 3471.3 * MIB,
      deduplicatedFiles: 12,
      deduplicatedBytes: 80 * MIB,
      unchangedFiles: 18_766,
      failedEntries: 2,
    },
    133_000,
    "Copied 1,234 files (3.5 GiB) in 2m13s, 26.1 MiB/s; 12 of them (80.0 MiB) were known to the service and " +
    "not sent; 18,766 unchanged; 2 failed",
  ],
  [{ files: 1, bytes: 1024, bytesSent: 1024 }, 250, "Copied 1 file (1.0 KiB) in 0.3s, 4.0 KiB/s"],
  [{ files: 3, bytes: 0 }, 12_000, "Copied 3 files (0 B) in 12s"],
  [
    { files: 2, bytes: 3 * MIB, bytesSent: MIB, resumedFiles: 1, resumedBytes: 2 * MIB },
    2_000,
    "Copied 2 files (3.0 MiB) in 2.0s, 512.0 KiB/s; 2.0 MiB saved by going on where an earlier run stopped",
  ],
  [{ files: 1, bytes: 10, bytesSent: 10 }, 20, "Copied 1 file (10 B) in 0.0s"],
  [
    { files: 2, bytes: 3000, bytesSent: 2000, deduplicatedFiles: 1, deduplicatedBytes: 1000 },
    2000,
    "Copied 2 files (2.9 KiB) in 2.0s, 1000 B/s; 1 of them (1000 B) was known to the service and not sent",
  ],
  [
    { files: 2, bytes: 9, deduplicatedFiles: 2, deduplicatedBytes: 9 },
    2000,
    "Copied 2 files (9 B) in 2.0s; all of them were known to the service and not sent",
  ],
  [
    { files: 1, bytes: 9, deduplicatedFiles: 1, deduplicatedBytes: 9 },
    2000,
    "Copied 1 file (9 B) in 2.0s; it was known to the service and not sent",
  ],
  [
    { files: 3, bytes: 30, bytesSent: 10, directFiles: 2, directBytes: 20, deletedFiles: 2, deletedBytes: 7 },
    1000,
    "Copied 3 files (30 B), deleted 2 files (7 B) in 1.0s, 10 B/s; 2 of them (20 B) needed no transfer",
  ],
  [
    { files: 2, bytes: 9, directFiles: 2, directBytes: 9 },
    10,
    "Copied 2 files (9 B) in 0.0s; none of them needed a transfer",
  ],
  [
    { files: 1, bytes: 9, directFiles: 1, directBytes: 9 },
    10,
    "Copied 1 file (9 B) in 0.0s; it needed no transfer",
  ],
  [
    {
      movedFiles: 2,
      movedDirectories: 1,
      renamedFiles: 1,
      keptAsideFiles: 3,
      timesOnlyFiles: 1,
      unchangedFiles: 5,
    },
    10,
    "Moved 2 files and 1 folder, renamed 1 file, set the time of 1 file, kept 3 files aside in 0.0s; 5 unchanged",
  ],
  [
    { files: 2, bytes: 9, bytesSent: 9, sourceFilesDeleted: 2, skippedEntries: 1 },
    10,
    "Moved 2 files (9 B) in 0.0s; 1 skipped",
  ],
  [
    { unchangedFiles: 1, sourceFilesDeleted: 1 },
    10,
    "Deleted 1 file at the source in 0.0s; 1 unchanged",
  ],
  [{ unchangedFiles: 20_000 }, 900, "Nothing to do: 20,000 files are already the same"],
  [{ unchangedFiles: 1, skippedEntries: 3 }, 900, "Nothing to do: 1 file is already the same; 3 skipped"],
  [{}, 0, "Nothing to do: there are no files to copy"],
  [{ failedEntries: 1, unchangedFiles: 4 }, 3000, "Copied nothing in 3.0s; 4 unchanged; 1 failed"],
];

for (const [totals, elapsedMs, text] of CASES) {
  Deno.test(`summaryText() says "${text.slice(0, 60)}"`, () => {
    assert.equal(summaryText({ ...NONE, ...totals }, elapsedMs, { dryRun: false }), text);
  });
}

Deno.test("summaryText() of a dry run tells what would be done, without a speed", () => {
  const summary = (totals: Partial<TransferTotals>) =>
    summaryText({ ...NONE, ...totals }, 5000, { dryRun: true });
  assert.equal(
    summary({ files: 2, bytes: 2048, unchangedFiles: 1, skippedEntries: 1 }),
    "Would copy 2 files (2.0 KiB); 1 unchanged; 1 skipped",
  );
  assert.equal(summary({ failedEntries: 1 }), "Would copy nothing; 1 failed");
  assert.equal(summary({ unchangedFiles: 2 }), "Nothing to do: 2 files are already the same");
});

Deno.test("summaryText() of a dry run tells all that would be done", () => {
  const totals = {
    ...NONE,
    files: 1,
    bytes: 9,
    movedFiles: 1,
    renamedFiles: 1,
    deletedFiles: 1,
    deletedBytes: 3,
  };
  assert.equal(
    summaryText({ ...totals, sourceFilesDeleted: 4 }, 0, { dryRun: true }),
    "Would move 2 files (9 B), rename 1 file, delete 1 file (3 B), delete 3 files at the source",
  );
});

Deno.test("hasChanges() is about what was brought about, and not about what was found", () => {
  const none: Partial<TransferTotals>[] = [{}, { unchangedFiles: 1, skippedEntries: 1, failedEntries: 1 }];
  const some: (keyof TransferTotals)[] = [
    "files",
    "movedFiles",
    "movedDirectories",
    "renamedFiles",
    "timesOnlyFiles",
    "keptAsideFiles",
    "deletedFiles",
    "sourceFilesDeleted",
  ];
  for (const totals of none) assert.equal(hasChanges({ ...NONE, ...totals }), false);
  for (const key of some) assert.equal(hasChanges({ ...NONE, [key]: 1 }), true, key);
});

Deno.test("countsText() tells what was done so far, and nothing of nothing", () => {
  assert.equal(countsText(NONE), "");
  assert.equal(
    countsText({ ...NONE, deletedFiles: 1200, deletedBytes: 2048, directoriesRemoved: 2, failedEntries: 1 }),
    "Deleted 1,200 files (2.0 KiB), removed 2 folders; 1 failed",
  );
});
