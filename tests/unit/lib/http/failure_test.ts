import assert from "node:assert/strict";
import { exitStatusOf } from "../../../../lib/exit_codes.ts";
import { exceptionName, toFailure } from "../../../../lib/http/failure.ts";

Deno.test("toFailure() knows what each status means to the user", () => {
  const rows: readonly (readonly [number, string, string, number])[] = [
    [400, "service", "never", 5],
    [401, "auth", "never", 7],
    [403, "auth", "never", 7],
    [404, "file-not-found", "never", 4],
    [409, "conflict", "never", 12],
    [418, "service", "never", 5],
    [429, "service", "later", 5],
    [460, "quota", "never", 7],
    [500, "service", "later", 5],
    [503, "service", "later", 5],
    [599, "service", "later", 5],
  ];
  for (const [status, code, retry, exitStatus] of rows) {
    const error = toFailure('upload "a"', { status, exception: "SomeException" });
    assert.deepEqual(
      [error.code, error.retry, exitStatusOf(error)],
      [code, retry, exitStatus],
      String(status),
    );
    assert.match(error.message, new RegExp(`^Cannot upload "a": .*${status} SomeException`));
    assert.deepEqual(error.data, { status, exception: "SomeException" });
  }
});

Deno.test("exceptionName() takes the last segment before the colon", () => {
  const cases: readonly (readonly [string | undefined, string | undefined])[] = [
    ["no.jotta.backup.errors.NoSuchPathException: Directory x", "NoSuchPathException"],
    ["UsernameNotFoundException: Username not found", "UsernameNotFoundException"],
    ["NoSuchFileException", "NoSuchFileException"],
    ["a plain sentence: with a colon", undefined],
    ["", undefined],
    [undefined, undefined],
    ["x".repeat(100_000), undefined],
  ];
  for (const [message, expected] of cases) assert.equal(exceptionName(message), expected);
});
