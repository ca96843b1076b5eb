/** How it stands with a job, by the records of its journal. */
import { deepEqual, equal } from "node:assert/strict";
import { type Job, jobOf } from "../../../../lib/store/job.ts";

const BEGUN = {
  event: "begun",
  at: 1,
  host: "h",
  processId: 7,
  version: "1",
  directory: "/d",
  command: "jottash copy a b",
  words: ["copy", "a", "b"],
};
const totals = (files: number) => ({ files, bytes: files * 10, moved: 0, deleted: 0, unchanged: 1 });
const failed = (path: string) => ({ event: "failed", path, code: "network", message: "no" });
const ended = (status: string, files = 0, isWhole = true) => ({
  event: "ended",
  at: 5,
  status,
  totals: totals(files),
  isWhole,
});
const resumed = (scope: string) => ({
  event: "resumed",
  at: 4,
  host: "h",
  processId: 8,
  version: "1",
  scope,
});
const AGAIN = { event: "again", at: 3 };

const STATES: readonly (readonly [string, readonly unknown[], Job["state"], readonly string[]])[] = [
  ["no end", [BEGUN], "interrupted", []],
  ["done", [BEGUN, ended("done")], "done", []],
  ["failures", [BEGUN, failed("x"), ended("failed")], "failed", ["x"]],
  ["a failure twice", [BEGUN, failed("x"), failed("x"), ended("failed")], "failed", ["x"]],
  ["failures that pass in the next pass", [BEGUN, failed("x"), AGAIN, ended("done")], "done", []],
  ["no end in the next pass", [BEGUN, failed("x"), AGAIN, failed("y")], "interrupted", ["x", "y"]],
  ["stopped", [BEGUN, failed("x"), ended("stopped", 0, false)], "stopped", ["x"]],
  ["resumed to its end", [BEGUN, failed("x"), resumed("all"), ended("done")], "done", []],
  ["resumed, no end", [BEGUN, ended("failed"), resumed("all")], "interrupted", []],
  ["failures done", [BEGUN, failed("x"), ended("failed"), resumed("failed"), ended("done")], "done", []],
  [
    "failures of an interrupted run done: the rest is not",
    [BEGUN, failed("x"), resumed("failed"), ended("done")],
    "interrupted",
    [],
  ],
  [
    "failures of a stopped run done: the rest is not",
    [BEGUN, failed("x"), ended("stopped", 0, false), resumed("failed"), ended("done")],
    "stopped",
    [],
  ],
  [
    "interrupted while doing what failed",
    [BEGUN, failed("x"), failed("y"), ended("failed"), resumed("failed"), failed("x")],
    "interrupted",
    ["x", "y"],
  ],
  ["ended before its time", [BEGUN, failed("x"), AGAIN, ended("failed", 0, false)], "failed", ["x"]],
];

for (const [title, values, state, failures] of STATES) {
  Deno.test(`jobOf(): ${title}`, () => {
    const job = jobOf("k", { values, damagedLines: 0 }, { isLocked: false });
    deepEqual([job.state, job.failures.map(({ path }) => path)], [state, failures]);
    equal(jobOf("k", { values, damagedLines: 0 }, { isLocked: true }).state, "running");
  });
}

Deno.test("jobOf(): what several processes did adds up, what was the same counts once", () => {
  const values = [
    BEGUN,
    { event: "progress", at: 2, totals: totals(3) },
    resumed("all"),
    { event: "progress", at: 4, totals: totals(1) },
    ended("done", 2),
  ];
  const job = jobOf("k", { values, damagedLines: 2 }, { isLocked: false });
  deepEqual(job.totals, { files: 5, bytes: 50, moved: 0, deleted: 0, unchanged: 1 });
  equal(job.done, 3);
  deepEqual([job.attempts, job.lastAtMs, job.runner.processId, job.damagedLines], [2, 5, 8, 2]);
});

Deno.test("jobOf(): what is done is counted once, whoever did it", () => {
  const values = [BEGUN, ended("failed", 3), resumed("failed"), ended("done", 2), resumed("failed")];
  equal(jobOf("k", { values, damagedLines: 0 }, { isLocked: false }).done, 7);
  const again = [...values, resumed("all"), ended("done", 0)];
  equal(jobOf("k", { values: again, damagedLines: 0 }, { isLocked: false }).done, 1);
});

Deno.test("jobOf(): without its first line a job cannot be run again", () => {
  const job = jobOf("k", { values: [ended("failed")], damagedLines: 1 }, { isLocked: false });
  deepEqual([job.state, job.words], ["failed", undefined]);
  equal(job.obstacle, "the line that says what it is cannot be read");
});

Deno.test("jobOf(): what is no record, or of a version to come, is left out", () => {
  const hostile = [null, 1, "x", [], {}, { event: "future" }, {
    event: "begun",
    words: [1],
    at: -1,
    directory: {},
  }];
  const job = jobOf("k", { values: hostile, damagedLines: 0 }, { isLocked: false });
  deepEqual([job.words, job.begunAtMs, job.directory, job.attempts], [undefined, 0, "", 1]);
});
