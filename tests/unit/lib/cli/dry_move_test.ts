import assert from "node:assert/strict";
import { DryMove } from "../../../../lib/cli/dry_move.ts";

Deno.test("DryMove makes one sentence of a transfer and the removal that belongs to it", () => {
  const dryMove = new DryMove();
  assert.equal(dryMove.textOf({ action: "transferred", path: "a", size: 1 }), 'Would move "a" (1 B)');
  assert.equal(dryMove.textOf({ action: "deleted", path: "a", side: "source", size: 1 }), "");
  assert.equal(dryMove.textOf({ action: "deleted", path: "same", side: "source", size: 1 }), undefined);
  assert.equal(dryMove.textOf({ action: "deleted", path: "a", side: "target", size: 1 }), undefined);
  assert.equal(dryMove.textOf({ action: "moved", kind: "file", path: "b", size: 1 }), undefined);
});
