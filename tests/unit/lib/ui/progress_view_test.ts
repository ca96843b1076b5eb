import assert from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import {
  type ProgressMode,
  ProgressView,
  type ProgressViewOptions,
} from "../../../../lib/ui/progress_view.ts";
import { TextPrinter } from "../../../../lib/ui/text_printer.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";

function setUp(mode: ProgressMode, columns = 60, more: Partial<ProgressViewOptions> = {}) {
  const clock = new FakeClock();
  const terminal = new ScriptedTerminal({ columns, rows: 5, stderrIsTerminal: mode === "live" });
  const area = new LiveArea(terminal);
  const printer = new TextPrinter(terminal, { area });
  const view = new ProgressView({ clock, terminal, area, printer }, { mode, ...more });
  return { clock, terminal, area, view };
}

Deno.test("ProgressView redraws in place and leaves only what was said meanwhile", async () => {
  const { clock, terminal, area, view } = setUp("live", 64);
  terminal.writeStderr("$ jottash copy a b:\n");
  view.sink({ type: "planned", path: "a.txt", size: 1000 });
  view.sink({ type: "started", path: "a.txt", size: 1000 });
  await clock.advance(100);
  assert.deepEqual(terminal.screen(), [
    "$ jottash copy a b:",
    "[-----------------]    0%  0 B / 1000 B+  0 B/s  0/1+ files",
    "  a.txt                                    0%       waiting",
  ]);
  view.sink({ type: "plan-complete" });
  view.sink({ type: "progressed", path: "a.txt", phase: "transfer", bytes: 250 });
  area.write("jottash: warning: slow\n");
  await clock.advance(800);
  view.sink({ type: "progressed", path: "a.txt", phase: "transfer", bytes: 250 });
  await clock.advance(100);
  assert.deepEqual(terminal.screen(), [
    "$ jottash copy a b:",
    "jottash: warning: slow",
    " 50%  500 B / 1000 B  500 B/s  ETA 1s  0/1 files",
    "  a.txt                                   50%       556 B/s",
  ]);
  view.sink({ type: "finished", path: "a.txt", size: 1000, how: "transferred", resumedBytes: 0 });
  await view.finish();
  await view.finish();
  assert.equal(clock.waiting, 0);
  assert.deepEqual(terminal.screen(), ["$ jottash copy a b:", "jottash: warning: slow", ""]);
});

Deno.test("ProgressView draws at most ten times a second, and once a second when nothing happens", async () => {
  const { clock, terminal, view } = setUp("live");
  for (let tick = 0; tick < 1000; tick++) {
    view.sink({ type: "planned", path: `f${tick}`, size: 1 });
    if (tick % 10 === 9) await clock.advance(10);
  }
  assert.equal(terminal.writes.length, 10);
  for (let tick = 0; tick < 30; tick++) await clock.advance(100);
  assert.equal(terminal.writes.length, 13);
  await view.finish();
});

Deno.test("ProgressView follows a resize", async () => {
  const { clock, terminal, view } = setUp("live", 100);
  view.sink({ type: "planned", path: "a", size: 1 });
  await clock.advance(100);
  assert.ok((terminal.screen()[0] ?? "").startsWith("["));
  terminal.resize(30, 5);
  view.sink({ type: "plan-complete" });
  await clock.advance(100);
  assert.ok((terminal.screen()[0] ?? "").startsWith("  0%"));
  await view.finish();
});

Deno.test("ProgressView prints a line every five seconds where the cursor cannot be moved", async () => {
  const { clock, terminal, view } = setUp("lines");
  view.sink({ type: "planned", path: "a", size: 10 });
  await clock.advance(4_999);
  assert.equal(terminal.stderr, "");
  await clock.advance(1);
  view.sink({ type: "plan-complete" });
  await clock.advance(5_000);
  await view.finish();
  assert.equal(terminal.stderr, "0 B / 10 B+, 0%, 0 B/s, 0/1+ files\n0 B / 10 B, 0%, 0 B/s, 0/1 files\n");
  assert.equal(clock.waiting, 0);
});

Deno.test("ProgressView shows nothing when quiet", async () => {
  const { clock, terminal, view } = setUp("quiet");
  view.sink({ type: "planned", path: "a", size: 10 });
  await clock.advance(60_000);
  await view.finish();
  assert.equal(terminal.stderr, "");
});

Deno.test("ProgressView tells at the end that it could not draw", async () => {
  const { clock, terminal, view } = setUp("lines");
  terminal.writeStderr = () => {
    throw new Error("stderr is closed");
  };
  await clock.advance(5_000);
  await assert.rejects(view.finish(), /stderr is closed/);
});

Deno.test("ProgressView prints lines as often as it is told", async () => {
  const { clock, terminal, view } = setUp("lines", 60, { lineMs: 1_000 });
  view.sink({ type: "plan-complete" });
  for (let second = 0; second < 3; second++) await clock.advance(1_000);
  await view.finish();
  assert.equal(terminal.stderr.split("\n").length - 1, 3);
});

Deno.test("ProgressView in one line shows no single files", async () => {
  const { clock, terminal, view } = setUp("live", 60, { oneLine: true });
  view.sink({ type: "planned", path: "a.txt", size: 1000 });
  view.sink({ type: "started", path: "a.txt", size: 1000 });
  await clock.advance(100);
  assert.equal(terminal.screen().length, 1);
  await view.finish();
});

Deno.test("ProgressView begins to count failures anew when what failed is done again", async () => {
  const { clock, terminal, view } = setUp("lines");
  view.sink({ type: "plan-complete" });
  view.sink({ type: "unchanged", path: "b", size: 1 });
  view.sink({ type: "failed", path: "a", error: new LocalError("x") });
  await clock.advance(5_000);
  view.beginAgain();
  await clock.advance(5_000);
  await view.finish();
  assert.deepEqual(terminal.stderr.trimEnd().split("\n"), [
    "Nothing to transfer, 1 failed, 1 unchanged",
    "Comparing source and target",
  ]);
});
