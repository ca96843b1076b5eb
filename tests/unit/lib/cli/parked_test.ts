import assert from "node:assert/strict";
import { Parked } from "../../../../lib/cli/parked.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";

const MIB = 1024 ** 2;
const parked = (path: string, bytes: number): TransferEvent => ({ type: "parked", path, bytes });

Deno.test("Parked tells what the next run goes on with", () => {
  const all = new Parked();
  assert.equal(all.text, undefined);
  all.note(parked("a", 3 * MIB));
  assert.equal(all.text, "Run the same command again: 1 file goes on where it was (3.0 MiB there already)");
  all.note(parked("a", 4 * MIB));
  all.note(parked("b", MIB));
  assert.equal(all.text, "Run the same command again: 2 files go on where they were (5.0 MiB there already)");
  for (const path of ["a", "b"]) {
    all.note({ type: "finished", path, size: 9 * MIB, how: "transferred", resumedBytes: MIB });
  }
  assert.equal(all.text, undefined);
});
