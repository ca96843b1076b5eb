import { deepEqual, throws } from "node:assert/strict";
import { UsageError } from "../../../../lib/errors.ts";
import { parseJobOrder } from "../../../../lib/sync/job_order.ts";
import { fileEntry } from "./file_entries.ts";

const FILES = [
  fileEntry("b", { size: 2, modifiedAtMs: 30 }),
  fileEntry("a/z", { size: 3, modifiedAtMs: 10 }),
  fileEntry("B", { size: 1, modifiedAtMs: 20 }),
  fileEntry("a b", { size: 4, modifiedAtMs: undefined }),
  fileEntry("\u{ff01}", { size: 5, modifiedAtMs: 50 }),
  fileEntry("\u{1f600}", { size: 6, modifiedAtMs: 40 }),
];

/** What is written, the order of `FILES`, and how many percent take from the other end. */
const ORDERS: readonly (readonly [text: string, paths: string, fromOtherEnd: number])[] = [
  ["size", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 0],
  ["SIZE,DESC", "\u{1f600}|\u{ff01}|a b|a/z|b|B", 0],
  ["name,asc", "B|a b|a/z|b|\u{ff01}|\u{1f600}", 0],
  ["name,Descending", "\u{1f600}|\u{ff01}|b|a/z|a b|B", 0],
  ["modtime", "a b|a/z|B|b|\u{1f600}|\u{ff01}", 0],
  ["modtime,descending", "\u{ff01}|\u{1f600}|b|B|a/z|a b", 0],
  ["size,mixed", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 50],
  ["size,mixed,25", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 75],
  ["size,mixed,+25", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 75],
  ["size,MIXED,0", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 100],
  ["size,mixed,100", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 0],
  ["size,mixed,150", "B|b|a/z|a b|\u{ff01}|\u{1f600}", 0],
];

for (const [text, paths, fromOtherEnd] of ORDERS) {
  Deno.test(`parseJobOrder() reads "${text}"`, () => {
    const order = parseJobOrder(text);
    deepEqual(FILES.toSorted(order.compare).map(({ path }) => path), paths.split("|"));
    deepEqual(order.fromOtherEndPercent, fromOtherEnd);
  });
}

/** All of them are refused by rclone v1.60.1, too. */
const REFUSED: readonly (readonly [text: string, state: string])[] = [
  ["bogus", '"bogus" is none of size, name, modtime'],
  [",", '"" is none of size, name, modtime'],
  [" size", '" size" is none of size, name, modtime'],
  ["size,up", '"up" is none of ascending, descending, mixed'],
  ["size,", '"" is none of ascending, descending, mixed'],
  ["name,asc,3", "there is too much at its end"],
  ["name,mixed,30,4", "there is too much at its end"],
  ["name,mixed,-5", '"-5" is no percentage'],
  ["name,mixed,x", '"x" is no percentage'],
  ["name,mixed,", '"" is no percentage'],
  ["name,mixed,2.5", '"2.5" is no percentage'],
];

for (const [text, state] of REFUSED) {
  Deno.test(`parseJobOrder() refuses "${text}"`, () => {
    throws(() => parseJobOrder(text), (error: unknown) => {
      deepEqual(error instanceof UsageError && error.message, `Cannot order by "${text}": ${state}`);
      return true;
    });
  });
}
