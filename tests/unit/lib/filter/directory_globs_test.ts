import assert from "node:assert/strict";
import { directoryGlobs } from "../../../../lib/filter/directory_globs.ts";

/** As rclone's; see vectors_test.ts for those of its own tests. */
const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["a", ["/**"]],
  ["/a", ["/"]],
  ["a**/b", ["a**/"]],
  ["a/**", ["a/**/", "a/"]],
  ["//a///b", ["/a/", "/"]],
  ["{a,b}/c", ["{a,b}/"]],
  ["{a/b,c}/d", ["/**"]],
  ["{a,{b,c}}/d", ["/**"]],
  ["a/{{b}}", ["/**"]],
];

for (const [glob, expected] of CASES) {
  Deno.test(`directoryGlobs() of ${glob} is ${expected.join(" ")}`, () => {
    assert.deepEqual(directoryGlobs(glob), expected);
  });
}
