import assert from "node:assert/strict";
import { Passes } from "../../../../lib/cli/passes.ts";
import { LocalError, NetworkError } from "../../../../lib/errors.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";

const passing = new NetworkError("Cannot send");
const lasting = new LocalError("Cannot read");

const unchanged = (path: string): TransferEvent => ({ type: "unchanged", path, size: 1 });
const skipped = (path: string): TransferEvent => ({ type: "skipped", path, reason: "why" });
const failed = (path: string, error = passing): TransferEvent => ({ type: "failed", path, error });
const finished = (path: string): TransferEvent => (
  { type: "finished", path, size: 1, how: "transferred", resumedBytes: 0 }
);

Deno.test("Passes tells of a failure that never passes at once, and of it only", () => {
  const passes = new Passes(3);
  assert.equal(passes.admit(failed("a", lasting)), true);
  assert.equal(passes.admit(failed("b")), false);
  assert.deepEqual(passes.untold.map(({ path }) => path), ["b"]);
  passes.beginAgain();
  assert.equal(passes.admit(failed("a", lasting)), false);
  assert.deepEqual(passes.untold, []);
});

Deno.test("Passes tells of what still fails in the last pass, each once", () => {
  const passes = new Passes(2);
  assert.equal(passes.isLast, false);
  for (const path of ["a", "b"]) assert.equal(passes.admit(failed(path)), false);
  passes.beginAgain();
  assert.deepEqual([passes.isLast, passes.pass], [true, 2]);
  assert.equal(passes.admit(finished("a")), true);
  assert.equal(passes.admit(failed("b")), true);
  assert.equal(passes.admit(failed("b")), false);
  assert.deepEqual(passes.untold, []);
});

Deno.test("Passes tells again of nothing that was in order before, but of what could not be looked at", () => {
  const passes = new Passes(3);
  for (const event of [unchanged("same"), skipped("link"), finished("new")]) {
    assert.equal(passes.admit(event), true);
  }
  for (const path of ["folder", "file"]) passes.admit(failed(path));
  passes.beginAgain();
  for (const path of ["same", "link", "new", "folders/x"]) {
    assert.equal(passes.admit(unchanged(path)), false, path);
    assert.equal(passes.admit(skipped(path)), false, path);
  }
  for (const path of ["folder/x", "folder/deep/x", "file"]) {
    assert.equal(passes.admit(unchanged(path)), true, path);
    assert.equal(passes.admit(skipped(path)), true, path);
  }
});

Deno.test("Passes looks at everything again when the root failed", () => {
  const passes = new Passes(2);
  passes.admit(failed(""));
  passes.beginAgain();
  assert.equal(passes.admit(unchanged("a/b")), true);
});
