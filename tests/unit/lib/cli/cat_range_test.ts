import { deepEqual, equal, throws } from "node:assert/strict";
import { createRange, RANGE_OPTIONS } from "../../../../lib/cli/cat_range.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

function rangeOf(flags: Readonly<Record<string, string>>) {
  const { values } = resolveOptions(RANGE_OPTIONS, {
    flags: new Map(Object.entries(flags)),
    env: fakeEnv({}),
  });
  return createRange(values);
}

Deno.test("createRange() takes the bytes that rclone takes", () => {
  const cases: [flags: Record<string, string>, size: number, range: [offset: number, count: number]][] = [
    [{ head: "3" }, 10, [0, 3]],
    [{ tail: "3" }, 10, [7, Infinity]],
    [{ tail: "30" }, 10, [0, Infinity]],
    [{ offset: "4" }, 10, [4, Infinity]],
    [{ offset: "40" }, 10, [40, Infinity]],
    [{ offset: "-4" }, 10, [6, Infinity]],
    [{ offset: "-40" }, 10, [0, Infinity]],
    [{ count: "3" }, 10, [0, 3]],
    [{ count: "0" }, 10, [0, 0]],
    [{ offset: "-4", count: "2" }, 10, [6, 2]],
    [{ head: "+3", tail: "-1" }, 10, [0, 3]],
  ];
  for (const [flags, size, [offset, count]] of cases) {
    deepEqual(rangeOf(flags)(size), { offset, count }, JSON.stringify(flags));
  }
  for (const flags of [{}, { head: "0" }, { head: "-1" }, { tail: "0" }, { count: "-1" }, { offset: "0" }]) {
    equal(rangeOf(flags as Record<string, string>)(10), undefined, JSON.stringify(flags));
  }
});

Deno.test("createRange() refuses options that contradict each other, and what is no number", () => {
  for (
    const flags of [
      { head: "1", tail: "1" },
      { head: "1", count: "0" },
      { tail: "1", offset: "-1" },
      { head: "1", tail: "1", offset: "1" },
    ]
  ) throws(() => rangeOf(flags), { name: "UsageError", message: /^Cannot use --head, --tail and --offset/ });
  for (const value of ["", "x", "1k", "1.5", "--1"]) {
    throws(() => rangeOf({ offset: value }), {
      name: "UsageError",
      message: /for --offset: it is not a number/,
    });
  }
});
