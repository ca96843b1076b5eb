/** Which file is read next, when a budget is spent, and which part a sample is. */
import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { type FilePair, isAbout, VerifyQueue } from "../../../../lib/verify/queue.ts";
import { isInSample, parseShare } from "../../../../lib/verify/sample.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";

const file = (path: string, size: number): FileEntry => ({ kind: "file", path, size, modifiedAtMs: 1 });
const pair = (path: string, size = 1): FilePair => ({ source: file(path, size), target: file(path, size) });
const record = (path: string, atMs: number) => (
  { path, size: 1, modifiedAtMs: 1, md5: undefined, atMs, what: undefined }
);

function takeAll(queue: VerifyQueue): string[] {
  const paths: string[] = [];
  for (let next = queue.take(); next !== undefined; next = queue.take()) paths.push(next.source.path);
  return paths;
}

Deno.test("VerifyQueue gives what was never read first, then what was read longest ago", () => {
  const read = new Map([["b", 30], ["c", 10], ["e", 20]]);
  const recordOf = ({ path }: FileEntry) => read.has(path) ? record(path, read.get(path) ?? 0) : undefined;
  const queue = new VerifyQueue(["a", "b", "c", "d", "e"].map((path) => pair(path)), {
    budget: undefined,
    recordOf,
  });
  deepEqual(takeAll(queue), ["a", "d", "c", "e", "b"]);
  deepEqual(queue.left(), []);
});

Deno.test("VerifyQueue stops before the file that the budget has no room for, but always gives one", () => {
  const none = { recordOf: () => undefined };
  const cases: readonly (readonly [readonly number[], number, number])[] = [
    [[5, 5, 5], 10, 2],
    [[5, 5, 5], 9, 1],
    [[50, 1], 10, 1],
    [[5, 50, 1], 10, 1],
    [[0, 0, 0], 0, 3],
    [[5, 5], Infinity, 2],
  ];
  for (const [sizes, budget, count] of cases) {
    const queue = new VerifyQueue(sizes.map((size, at) => pair(`${at}`, size)), { ...none, budget });
    equal(takeAll(queue).length, count, `${sizes} of ${budget}`);
    equal(queue.left().length, sizes.length - count);
    equal(queue.take(), undefined);
  }
});

Deno.test("isAbout() takes another size or time for another file", () => {
  ok(isAbout(record("a", 1), file("a", 1)));
  ok(!isAbout(record("a", 1), file("a", 2)));
  ok(!isAbout(record("a", 1), { ...file("a", 1), modifiedAtMs: 2 }));
});

Deno.test("parseShare() reads parts of 100 and refuses the rest", () => {
  deepEqual(["5%", "0.5%", "100%", "50"].map(parseShare), [0.05, 0.005, 1, 0.5]);
  for (const wrong of ["0%", "101%", "-1%", "x", "", "5%%", "1e2%"]) {
    throws(() => parseShare(wrong), { name: "UsageError" }, wrong);
  }
});

Deno.test("isInSample() is the same for the same seed, and about as large as it should be", () => {
  const paths = Array.from({ length: 4_000 }, (_, at) => `folder/${at}`);
  const part = (seed: string, share: number) => paths.filter((path) => isInSample(path, { share, seed }));
  deepEqual(part("a", 0.1), part("a", 0.1));
  ok(part("a", 0.1).join() !== part("b", 0.1).join());
  for (const seed of ["a", "b", "c"]) {
    const { length } = part(seed, 0.1);
    ok(length > 300 && length < 500, `${length}`);
    equal(part(seed, 1).length, paths.length);
  }
});
