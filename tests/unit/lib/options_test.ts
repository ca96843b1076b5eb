import { equal, throws } from "node:assert/strict";
import { UsageError } from "../../../lib/errors.ts";
import { counter, duration, text, toggle, whole } from "../../../lib/options.ts";
import { SHARED_OPTIONS } from "../../../lib/shared_options/mod.ts";

Deno.test("options read the texts they allow", () => {
  const flag = toggle({ flag: "x", help: "" });
  for (const yes of ["1", "true", "TRUE", "t", "yes", "on"]) equal(flag.parse(yes), true);
  for (const no of ["0", "false", "F", "no", "off"]) equal(flag.parse(no), false);
  equal(counter({ flag: "x", help: "" }).parse("3"), 3);
  equal(text({ flag: "x", valueName: "T", help: "" }).parse(""), undefined);
  equal(text({ flag: "x", valueName: "T", help: "" }).parse(" a "), " a ");
  equal(whole({ flag: "x", help: "", default: 1, min: 1, max: 5 }).parse("5"), 5);
  const wait = duration({ flag: "x", help: "", default: 1, minMs: 100 });
  equal(wait.parse("1.5s"), 1_500);
  equal(wait.parse("2m"), 120_000);
  equal(wait.parse("100ms"), 100);
});

Deno.test("options refuse other texts with the flag and what is allowed", () => {
  const cases = [
    [
      () => toggle({ flag: "x", help: "" }).parse("maybe"),
      'Cannot use "maybe" for --x: it is neither true nor false',
    ],
    [
      () => counter({ flag: "x", help: "" }).parse("-1"),
      'Cannot use "-1" for --x: it is not a whole number from 0 to 9',
    ],
    ...["0", "6", "1.5", "1e0", "", " 1", "0x2"].map((value) =>
      [
        () => whole({ flag: "x", help: "", default: 1, min: 1, max: 5 }).parse(value),
        `Cannot use "${value}" for --x: it is not a whole number from 1 to 5`,
      ] as const
    ),
    [
      () => duration({ flag: "x", help: "", default: 1, minMs: 1_000 }).parse("soon"),
      'Cannot use "soon" for --x: it is not a duration such as 30s or 5m',
    ],
    [
      () => duration({ flag: "x", help: "", default: 1, minMs: 1_000 }).parse("10ms"),
      'Cannot use "10ms" for --x: it must be at least 1s',
    ],
    [
      () => duration({ flag: "x", help: "", default: 1, minMs: 1_000 }).parse("-5s"),
      'Cannot use "-5s" for --x: it must be at least 1s',
    ],
  ] as const;
  for (const [parse, message] of cases) {
    throws(parse, (error) => error instanceof UsageError && error.message === message, message);
  }
});

Deno.test("SHARED_OPTIONS: the defaults lie within what the options allow", () => {
  for (const option of [SHARED_OPTIONS.transfers, SHARED_OPTIONS.checkers, SHARED_OPTIONS.lowLevelRetries]) {
    equal(option.parse(String(option.default)), option.default);
  }
  for (const option of [SHARED_OPTIONS.timeout, SHARED_OPTIONS.contimeout, SHARED_OPTIONS.retriesSleep]) {
    equal(option.parse(`${option.default}ms`), option.default);
  }
});
