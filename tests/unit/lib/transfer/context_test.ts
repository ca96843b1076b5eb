import assert from "node:assert/strict";
import { FileProgress, ProgressiveAttempts } from "../../../../lib/transfer/context.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";

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
