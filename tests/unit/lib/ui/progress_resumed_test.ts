/** Bytes that an earlier run had brought over: done at once, and no part of any speed. */
import assert from "node:assert/strict";
import { ProgressState } from "../../../../lib/ui/progress_state.ts";

Deno.test("ProgressState counts what was there as done, and tells speed and time left by the line alone", () => {
  const state = new ProgressState(0);
  state.apply({ type: "planned", path: "a", size: 10_000 }, 0);
  state.apply({ type: "plan-complete" }, 0);
  state.apply({ type: "started", path: "a", size: 10_000 }, 0);
  state.apply({ type: "progressed", path: "a", phase: "transfer", bytes: 8_000, isResumed: true }, 0);
  assert.equal(state.doneBytes, 8_000);
  assert.equal(state.rate(1_000), 0);
  state.apply({ type: "progressed", path: "a", phase: "transfer", bytes: 1_000 }, 1_000);
  assert.equal(state.doneBytes, 9_000);
  assert.equal(state.rate(1_000), 1_000);
  assert.equal(state.remainingMs(1_000), 1_000);
  assert.equal(state.inFlight[0]?.transferredBytes, 9_000);
  state.apply({ type: "progressed", path: "a", phase: "transfer", bytes: 1_000 }, 2_000);
  state.apply({ type: "finished", path: "a", size: 10_000, how: "transferred", resumedBytes: 8_000 }, 2_000);
  assert.equal(state.doneBytes, 10_000);
});
