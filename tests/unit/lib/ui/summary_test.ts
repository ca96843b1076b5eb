import assert from "node:assert/strict";
import type { TransferTotals } from "../../../../lib/transfer/events.ts";
import { summaryText } from "../../../../lib/ui/summary.ts";

const MIB = 1024 ** 2;
const NONE: TransferTotals = {
  transferredFiles: 0,
  transferredBytes: 0,
  deduplicatedFiles: 0,
  deduplicatedBytes: 0,
  unchangedFiles: 0,
  skippedEntries: 0,
  failedEntries: 0,
};

const CASES: readonly (readonly [Partial<TransferTotals>, number, string])[] = [
  [
    {
      transferredFiles: 1234,
      transferredBytes: 3551.3 * MIB,
      deduplicatedFiles: 12,
      deduplicatedBytes: 80 * MIB,
      unchangedFiles: 18_766,
      failedEntries: 2,
    },
    133_000,
    "Copied 1,234 files (3.5 GiB) in 2m13s, 26.1 MiB/s; 12 of them (80.0 MiB) were known to the service and " +
    "not sent; 18,766 unchanged; 2 failed",
  ],
  [{ transferredFiles: 1, transferredBytes: 1024 }, 250, "Copied 1 file (1.0 KiB) in 0.3s, 4.0 KiB/s"],
  [{ transferredFiles: 3, transferredBytes: 0 }, 12_000, "Copied 3 files (0 B) in 12s"],
  [{ transferredFiles: 1, transferredBytes: 10 }, 20, "Copied 1 file (10 B) in 0.0s"],
  [
    { transferredFiles: 2, transferredBytes: 3000, deduplicatedFiles: 1, deduplicatedBytes: 1000 },
    2000,
    "Copied 2 files (2.9 KiB) in 2.0s, 1000 B/s; 1 of them (1000 B) was known to the service and not sent",
  ],
  [
    { transferredFiles: 2, transferredBytes: 9, deduplicatedFiles: 2, deduplicatedBytes: 9 },
    2000,
    "Copied 2 files (9 B) in 2.0s; all of them were known to the service and not sent",
  ],
  [
    { transferredFiles: 1, transferredBytes: 9, deduplicatedFiles: 1, deduplicatedBytes: 9 },
    2000,
    "Copied 1 file (9 B) in 2.0s; it was known to the service and not sent",
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
    summary({ transferredFiles: 2, transferredBytes: 2048, unchangedFiles: 1, skippedEntries: 1 }),
    "Would copy 2 files (2.0 KiB); 1 unchanged; 1 skipped",
  );
  assert.equal(summary({ failedEntries: 1 }), "Would copy nothing; 1 failed");
  assert.equal(summary({ unchangedFiles: 2 }), "Nothing to do: 2 files are already the same");
});
