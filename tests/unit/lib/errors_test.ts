import assert from "node:assert/strict";
import {
  CancelledError,
  isRetryable,
  JottashError,
  NetworkError,
  toJottashError,
} from "../../../lib/errors.ts";

Deno.test("JottashError carries code, verdict, hint and data, and the name of its class", () => {
  const cause = new Error("below");
  const error = new NetworkError("Cannot list", { hint: "Wait", data: { path: "a" }, cause });
  assert.deepEqual([error.name, error.code, error.retry, error.hint, error.data, error.cause], [
    "NetworkError",
    "network",
    "now",
    "Wait",
    { path: "a" },
    cause,
  ]);
  assert.equal(new JottashError("x", { code: "y" }).retry, "never");
});

Deno.test("JottashError.giveUp() makes later of now and leaves the other verdicts", () => {
  for (const [before, after] of [["now", "later"], ["later", "later"], ["never", "never"]] as const) {
    const error = new JottashError("x", { code: "y", retry: before });
    error.giveUp();
    assert.equal(error.retry, after);
    assert.equal(isRetryable(error), false);
  }
});

Deno.test("toJottashError() keeps our errors, knows an abort and names foreign ones as bugs", () => {
  const own = new NetworkError("x");
  assert.equal(toJottashError(own), own);
  assert.ok(toJottashError(new DOMException("stop", "AbortError")) instanceof CancelledError);
  const foreign = toJottashError(new TypeError("undefined is no function"));
  assert.equal(foreign.code, "bug");
  assert.match(foreign.message, /TypeError: undefined is no function/);
  assert.equal(toJottashError("text").code, "bug");
});
