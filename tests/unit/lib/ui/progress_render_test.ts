import assert from "node:assert/strict";
import fc from "fast-check";
import { NetworkError } from "../../../../lib/errors.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";
import { renderProgress, renderProgressLine } from "../../../../lib/ui/progress_render.ts";
import { ProgressState } from "../../../../lib/ui/progress_state.ts";
import { displayWidth } from "../../../../lib/ui/width.ts";

const MIB = 1024 ** 2;
const START = 1_000_000;

/** Forty files; seven are done, one travels, one is hashed, one has to wait, after 4 seconds. */
function midway({ planComplete = true } = {}): ProgressState {
  const state = new ProgressState(START);
  for (let file = 0; file < 40; file++) {
    state.apply({ type: "planned", path: `f${file}`, size: 1.6 * MIB }, START);
  }
  if (planComplete) state.apply({ type: "plan-complete" }, START);
  const send = (path: string, bytes: number, atMs: number) =>
    state.apply({ type: "progressed", path, phase: "transfer", bytes }, START + atMs);
  for (let file = 0; file < 7; file++) {
    state.apply({ type: "started", path: `f${file}`, size: 1.6 * MIB }, START);
    send(`f${file}`, 1.6 * MIB, 500 * (file + 1));
    finish(state, `f${file}`, START + 500 * (file + 1));
  }
  const long = "Photos/2024 Summer in Norway/originals/日本/IMG_20240703_114640_long_name.jpeg";
  state.apply({ type: "started", path: long, size: 1.6 * MIB }, START + 3000);
  send(long, 0.4 * MIB, 3000);
  send(long, 0.7 * MIB, 4000);
  state.apply({ type: "started", path: "notes.txt", size: 1.6 * MIB }, START + 3900);
  state.apply({ type: "progressed", path: "notes.txt", phase: "hash", bytes: 0.8 * MIB }, START + 4000);
  state.apply({ type: "started", path: "evil\x1b[2J", size: 12 }, START + 4000);
  return state;
}

function finish(state: ProgressState, path: string, atMs: number): void {
  const how = "transferred";
  state.apply({ type: "finished", path, size: 1.6 * MIB, how, resumedBytes: 0 }, atMs);
}

Deno.test("renderProgress() at 120, 80 and 40 columns", () => {
  const state = midway();
  assert.deepEqual(renderProgress(state, 120, 24, START + 4000), [
    "[#####-----------------------]   19%  12.3 MiB / 64.0 MiB  3.1 MiB/s  ETA 17s  7/40 files",
    "  Photos/2024 Summer in Norway/originals/日本/IMG_20240703_114640_long_name.jpeg           68%     1.6 MiB     1.1 MiB/s",
    "  notes.txt                                                                                50%     1.6 MiB       hashing",
    "  evil\\x1b[2J                                                                               0%        12 B       waiting",
  ]);
  assert.deepEqual(
    renderProgress(state, 80, 24, START + 4000),
    [
      "[###----------------]   19%  12.3 MiB / 64.0 MiB  3.1 MiB/s  ETA 17s  7/40 files",
      "  Photos/2024 Summer in …3_114640_long_name.jpeg   68%     1.6 MiB     1.1 MiB/s",
      "  notes.txt                                        50%     1.6 MiB       hashing",
      "  evil\\x1b[2J                                       0%        12 B       waiting",
    ],
  );
  assert.deepEqual(renderProgress(state, 40, 24, START + 4000), [
    " 19%  12.3 MiB / 64.0 MiB  3.1 MiB/s",
    "  Photos/2…name.jpeg   68%     1.1 MiB/s",
    "  notes.txt            50%       hashing",
    "  evil\\x1b[2J           0%       waiting",
  ]);
});

Deno.test("renderProgress() fits the rows and says how many files it left out", () => {
  const state = midway();
  const lines = (rows: number) => renderProgress(state, 40, rows, START + 4000);
  assert.equal(lines(4).length, 4);
  assert.deepEqual(lines(3).slice(1), ["  Photos/2…name.jpeg   68%     1.1 MiB/s", "  and 2 more"]);
  assert.deepEqual(lines(2).slice(1), ["  and 3 more"]);
  assert.deepEqual(lines(1).length, 1);
});

Deno.test("renderProgressLine() is one line for logs", () => {
  assert.equal(
    renderProgressLine(midway(), START + 4000),
    "12.3 MiB / 64.0 MiB, 19%, 3.1 MiB/s, ETA 17s, 7/40 files, 1 hashing (819.2 KiB / 1.6 MiB)",
  );
});

Deno.test("renderProgressLine() marks totals that may grow", () => {
  assert.equal(
    renderProgressLine(midway({ planComplete: false }), START + 4000),
    "12.3 MiB / 64.0 MiB+, 19%, 3.1 MiB/s, ETA 17s, 7/40+ files, 1 hashing (819.2 KiB / 1.6 MiB)",
  );
  assert.equal(renderProgressLine(new ProgressState(START), START), "Comparing source and target");
});

Deno.test("a run that has found nothing to do yet says what it has compared", () => {
  const state = new ProgressState(START);
  for (let file = 0; file < 1234; file++) {
    state.apply({ type: "unchanged", path: `f${file}`, size: 1 }, START);
  }
  const text = "Comparing source and target, 1,234 unchanged";
  assert.equal(renderProgressLine(state, START), text);
  assert.deepEqual(renderProgress(state, 80, 24, START), [text]);
  state.apply({ type: "planned", path: "new", size: 10 }, START);
  assert.match(
    renderProgressLine(state, START),
    /^0 B \/ 10 B\+, 0%, 0 B\/s, 0\/1\+ files, 1,234 unchanged$/,
  );
});

Deno.test("a run that only deletes shows no bar, size and rate of nothing", () => {
  const state = new ProgressState(START);
  state.apply({ type: "plan-complete" }, START);
  for (const path of ["a", "b"]) {
    state.apply({ type: "removed", kind: "file", side: "target", path, size: 1 }, START);
  }
  assert.equal(renderProgressLine(state, START), "Nothing to transfer, 2 deleted");
  assert.deepEqual(renderProgress(state, 80, 24, START), ["Nothing to transfer, 2 deleted"]);
});

Deno.test("a file whose bytes are all over, but not confirmed, is finishing", () => {
  const state = new ProgressState(START);
  state.apply({ type: "planned", path: "big", size: 10 }, START);
  state.apply({ type: "plan-complete" }, START);
  state.apply({ type: "started", path: "big", size: 10 }, START);
  state.apply({ type: "progressed", path: "big", phase: "transfer", bytes: 10 }, START);
  assert.match(renderProgress(state, 60, 24, START + 60_000)[1] ?? "", /^ {2}big .* 100% +10 B +finishing$/);
  assert.match(
    renderProgressLine(state, START + 60_000),
    /^10 B \/ 10 B, 100%, .*, 0\/1 files, 1 finishing$/,
  );
  // It has to be sent again.
  state.apply({ type: "progressed", path: "big", phase: "transfer", bytes: -4 }, START + 60_000);
  assert.match(renderProgressLine(state, START + 60_000), /0\/1 files$/);
});

Deno.test("a large file that is being hashed shows how far it is, in a log too", () => {
  const state = new ProgressState(START);
  state.apply({ type: "planned", path: "big", size: 700 * MIB }, START);
  state.apply({ type: "plan-complete" }, START);
  state.apply({ type: "started", path: "big", size: 700 * MIB }, START);
  state.apply({ type: "progressed", path: "big", phase: "hash", bytes: 266 * MIB }, START);
  assert.equal(
    renderProgressLine(state, START + 5_000),
    "0 B / 700.0 MiB, 0%, 0 B/s, 0/1 files, 1 hashing (266.0 MiB / 700.0 MiB)",
  );
  const line = (atMs: number) => renderProgress(state, 80, 24, START + atMs)[1] ?? "";
  assert.match(line(0), /^ {2}big .* 38% +700\.0 MiB +hashing$/);
  // Then the service is asked, and then there is no speed yet.
  state.apply({ type: "progressed", path: "big", phase: "hash", bytes: 434 * MIB }, START);
  assert.match(line(0), /^ {2}big .* 0% +700\.0 MiB +waiting$/);
  state.apply({ type: "progressed", path: "big", phase: "transfer", bytes: 7 * MIB }, START);
  assert.match(line(0), /^ {2}big .* 1% +700\.0 MiB +-$/);
  assert.match(line(1_000), /^ {2}big .* 1% +700\.0 MiB +7\.0 MiB\/s$/);
});

Deno.test("renderProgressLine() counts empty files by number", () => {
  const state = new ProgressState(START);
  for (const path of ["a", "b"]) state.apply({ type: "planned", path, size: 0 }, START);
  state.apply({ type: "plan-complete" }, START);
  state.apply({ type: "finished", path: "a", size: 0, how: "transferred", resumedBytes: 0 }, START);
  assert.equal(renderProgressLine(state, START), "0 B / 0 B, 50%, 0 B/s, 1/2 files");
});

Deno.test("ProgressState settles known, failed and retried files", () => {
  const state = new ProgressState(START);
  const apply = (...events: TransferEvent[]) => events.forEach((event) => state.apply(event, START + 1000));
  const error = new NetworkError("Cannot send: no");
  apply(
    { type: "planned", path: "known", size: 100 },
    { type: "planned", path: "bad", size: 1000 },
    { type: "planned", path: "again", size: 10 },
    { type: "plan-complete" },
    { type: "started", path: "known", size: 100 },
    { type: "finished", path: "known", size: 100, how: "deduplicated", resumedBytes: 0 },
    { type: "started", path: "bad", size: 1000 },
    { type: "progressed", path: "bad", phase: "transfer", bytes: 600 },
  );
  assert.equal(state.doneBytes, 700);
  assert.equal(state.rate(START + 1000), 600);
  apply(
    { type: "failed", path: "bad", error },
    { type: "failed", path: "never-started", error },
    { type: "started", path: "again", size: 10 },
    { type: "progressed", path: "again", phase: "transfer", bytes: 8 },
    { type: "retried", path: "again", error, attempt: 1, delayMs: 10 },
    { type: "progressed", path: "again", phase: "transfer", bytes: -8 },
    { type: "unchanged", path: "u", size: 5 },
    { type: "skipped", path: "s", reason: "it is a symbolic link" },
    { type: "directory-made", path: "d" },
    { type: "would-transfer", path: "w", size: 1 },
  );
  assert.deepEqual([state.doneBytes, state.totalBytes, state.doneFiles, state.totalFiles], [100, 110, 1, 3]);
  assert.deepEqual([state.failedEntries, state.unchangedFiles, state.skippedEntries], [2, 1, 1]);
  assert.match(renderProgress(state, 79, 24, START + 1000)[1] ?? "", /^ {2}again .* 0% +10 B +retry 1$/);
  assert.match(
    renderProgressLine(state, START + 1000),
    /^100 B \/ 110 B, 90%, .*, 1\/3 files, 2 failed, 1 known \(100 B\), 1 unchanged$/,
  );
});

Deno.test("ProgressState forgets a rate that is over and keeps its memory small", () => {
  const state = new ProgressState(START);
  state.apply({ type: "planned", path: "f", size: 1e9 }, START);
  state.apply({ type: "started", path: "f", size: 1e9 }, START);
  for (let ms = 0; ms <= 20_000; ms += 10) {
    state.apply(
      { type: "progressed", path: "f", phase: "transfer", bytes: ms < 10_000 ? 5 : 10 },
      START + ms,
    );
  }
  assert.ok(Math.abs(state.rate(START + 20_000) - 1000) < 20);
  assert.equal(state.rate(START + 40_000), 0);
  assert.equal(state.remainingMs(START + 40_000), undefined);
});

Deno.test("no rendered line is wider than the terminal, and there are never more than its rows", () => {
  const path = fc.string({ unit: "binary", maxLength: 80 });
  const size = fc.oneof(fc.nat(), fc.constantFrom(0, 2 ** 53));
  const event: fc.Arbitrary<TransferEvent> = fc.oneof(
    fc.record({ type: fc.constant("planned" as const), path, size }),
    fc.record({ type: fc.constant("started" as const), path, size }),
    fc.record({
      type: fc.constant("progressed" as const),
      path: fc.constantFrom("a", "日本".repeat(40)),
      phase: fc.constantFrom("hash" as const, "transfer" as const),
      bytes: fc.integer(),
    }),
  );
  const started: TransferEvent[] = ["a", "日本".repeat(40)].map((path) => ({
    type: "started",
    path,
    size: 1e6,
  }));
  fc.assert(fc.property(
    fc.array(event, { maxLength: 12 }),
    fc.integer({ min: 1, max: 130 }),
    fc.integer({ min: 1, max: 12 }),
    (events, columns, rows) => {
      const state = new ProgressState(START);
      [...started, ...events].forEach((item, index) => state.apply(item, START + index * 300));
      const lines = renderProgress(state, columns, rows, START + 5_000);
      assert.ok(lines.length <= rows);
      for (const line of lines) {
        assert.ok(displayWidth(line) <= columns, JSON.stringify(line));
        assert.doesNotMatch(line, /\p{Cc}/u);
      }
    },
  ));
});
