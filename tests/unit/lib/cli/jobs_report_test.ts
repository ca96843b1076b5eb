/** Jobs as people and programs read them. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { jobDetailLines, jobJson, jobLines } from "../../../../lib/cli/jobs_report.ts";
import { type Job, jobOf } from "../../../../lib/store/job.ts";

const BEGUN = {
  event: "begun",
  at: Date.UTC(2026, 0, 2),
  host: "box",
  processId: 7,
  version: "1.2.3",
  directory: "/home/kari",
  command: "jottash copy a b",
  words: ["copy", "a", "b"],
};
const FAILED = { event: "failed", path: "d/x", code: "network", message: 'Cannot copy "d/x": no answer' };
const ENDED = {
  event: "ended",
  at: Date.UTC(2026, 0, 3),
  status: "failed",
  totals: { files: 1_234, bytes: 2_048, moved: 0, deleted: 2, unchanged: 0 },
  isWhole: true,
};
const jobWith = (...values: unknown[]): Job =>
  jobOf("kqtd", { values, damagedLines: 0 }, { isLocked: false });
const factOf = (job: Job, name: string) =>
  jobDetailLines(job).find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1).trim();

Deno.test("jobLines(): columns below their headings", () => {
  const [headings, row, ...more] = jobLines([jobWith(BEGUN, FAILED, ENDED)]);
  equal(headings, "ID    BEGUN                STATE    DONE  FAILED  COMMAND");
  match(row ?? "", /^kqtd {2}2026-01-0\d \d\d:\d\d:\d\d {2}failed {2}1,236 {7}1 {2}jottash copy a b$/);
  deepEqual(more, []);
});

Deno.test("jobDetailLines(): facts, how to go on, and what failed", () => {
  const job = jobWith(BEGUN, FAILED, ENDED);
  deepEqual(
    ["State", "Directory", "Worked on by", "Copied", "Deleted", "Moved", "Go on with"].map((name) =>
      factOf(job, name)
    ),
    [
      "failed",
      "/home/kari",
      "process 7 on box, jottash 1.2.3",
      "1,234 files (2.0 KiB)",
      "2 files",
      undefined,
      "jottash jobs retry-failed kqtd",
    ],
  );
  equal(jobDetailLines(job).at(-1), 'd/x: Cannot copy "d/x": no answer');
});

Deno.test("jobDetailLines(): how to go on depends on how it ended", () => {
  const next = (...values: unknown[]) => factOf(jobWith(...values), "Go on with");
  equal(next(BEGUN), "jottash jobs resume kqtd");
  equal(next(BEGUN, FAILED), "jottash jobs resume kqtd");
  equal(next(BEGUN, FAILED, { ...ENDED, isWhole: false, reason: "full" }), "jottash jobs resume kqtd");
  equal(next(BEGUN, { ...ENDED, status: "done" }), undefined);
  equal(next({ ...BEGUN, words: undefined, obstacle: "a secret" }), undefined);
});

Deno.test("jobJson(): what is not known is null, and no key is missing", () => {
  const [known, unknown] = [jobJson(jobWith(BEGUN, FAILED, ENDED)), jobJson(jobWith())];
  deepEqual(Object.keys(known), Object.keys(unknown));
  ok(Object.values({ ...known, ...unknown }).every((value) => value !== undefined));
  deepEqual([known.begunAt, known.failed, unknown.begunAt, unknown.words], [
    "2026-01-02T00:00:00.000Z",
    1,
    null,
    null,
  ]);
});
