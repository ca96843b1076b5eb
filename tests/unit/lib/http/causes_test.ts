import assert from "node:assert/strict";
import { QuotaError, ServiceError } from "../../../../lib/errors.ts";
import { causeOf, toUploadFailure } from "../../../../lib/http/causes.ts";
import { toFailure } from "../../../../lib/http/failure.ts";

Deno.test("causeOf() says of each status whether to try again, what an upload does, and whether to slow down", () => {
  const rows: readonly (readonly [number, boolean, string, boolean])[] = [
    [400, false, "give up", false],
    [401, false, "give up", false],
    [403, false, "give up", false],
    [404, false, "new slot", false],
    [409, false, "new slot", false],
    [410, false, "new slot", false],
    [416, false, "new slot", false],
    [418, false, "give up", false],
    [420, false, "new slot", false],
    [421, false, "read again", false],
    [429, true, "new slot", true],
    [460, false, "give up", false],
    [500, true, "new slot", false],
    [501, false, "new slot", false],
    [502, true, "new slot", false],
    [503, true, "new slot", true],
    [504, true, "new slot", false],
    [509, true, "new slot", true],
    [599, false, "new slot", false],
  ];
  for (const [status, isPassing, upload, isOverload] of rows) {
    const cause = causeOf(status);
    assert.deepEqual(
      [cause.isPassing, cause.upload, cause.isOverload],
      [isPassing, upload, isOverload],
      `${status}`,
    );
  }
});

Deno.test("toUploadFailure() tries again what a new slot can mend, and nothing else", () => {
  const failed = (status: number) => {
    const failure = toFailure('upload "a"', { status, exception: undefined });
    return toUploadFailure('upload "a"', failure, { status, retryAfterMs: 7_000 });
  };
  for (const status of [404, 409, 410, 416, 420, 429, 500, 503]) {
    const error = failed(status);
    assert.ok(error instanceof ServiceError, `${status}`);
    assert.deepEqual([error.retry, error.data], ["now", { status, retryAfterMs: 7_000 }]);
  }
  assert.deepEqual([failed(421).code, failed(421).retry], ["integrity", "now"]);
  assert.ok(failed(460) instanceof QuotaError);
  for (const status of [400, 401, 403, 460]) assert.equal(failed(status).retry, "never", `${status}`);
});
