import assert from "node:assert/strict";
import { ConflictError, FileNotFoundError, LocalError } from "../../../../lib/errors.ts";
import { osFailure } from "../../../../lib/sys/os_failure.ts";

const ATTEMPT = { verb: "write", path: "/x/y" };

function osError(code: string, message = "Words of the system (os error 1): open '/x/y'"): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("osFailure() says in plain words what the system refused", () => {
  const cases: readonly [string, string][] = [
    ["ENOSPC", "the disk is full"],
    ["EDQUOT", "the disk quota is used up"],
    ["EACCES", "permission denied"],
    ["EPERM", "permission denied"],
    ["EROFS", "the file system is read-only"],
    ["ENAMETOOLONG", "the name is too long for this disk"],
    ["EMFILE", "too many files are open"],
  ];
  for (const [code, state] of cases) {
    const error = osFailure(osError(code), ATTEMPT);
    assert.ok(error instanceof LocalError);
    assert.equal(error.message, `Cannot write "/x/y": ${state}`);
    assert.deepEqual(error.data, { path: "/x/y", osCode: code });
  }
});

Deno.test("osFailure() tells missing from in the way", () => {
  assert.ok(osFailure(osError("ENOENT"), ATTEMPT) instanceof FileNotFoundError);
  for (const code of ["EEXIST", "EISDIR", "ENOTDIR", "ENOTEMPTY"]) {
    assert.ok(osFailure(osError(code), ATTEMPT) instanceof ConflictError);
  }
});

Deno.test("osFailure() knows errors without a code by their class", () => {
  assert.ok(osFailure(new Deno.errors.NotFound("x"), ATTEMPT) instanceof FileNotFoundError);
  assert.ok(osFailure(new Deno.errors.AlreadyExists("x"), ATTEMPT) instanceof ConflictError);
});

Deno.test("osFailure() uses the system's words for what it does not know, and lets our own errors pass", () => {
  assert.equal(
    osFailure(osError("EWEIRD"), ATTEMPT).message,
    'Cannot write "/x/y": Words of the system (EWEIRD)',
  );
  assert.equal(osFailure("odd", ATTEMPT).message, 'Cannot write "/x/y": odd');
  const own = new LocalError("x");
  assert.equal(osFailure(own, ATTEMPT), own);
});
