import assert from "node:assert/strict";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";

Deno.test("LiveArea draws over itself, whether it grows or shrinks", () => {
  const terminal = new ScriptedTerminal();
  const area = new LiveArea(terminal);
  area.write("before\n");
  area.draw(["one long line", "two"]);
  area.draw(["one", "two", "three"]);
  assert.deepEqual(terminal.screen(), ["before", "one", "two", "three"]);
  area.draw(["1"]);
  assert.deepEqual(terminal.screen(), ["before", "1"]);
  area.clear();
  area.clear();
  assert.deepEqual(terminal.screen(), ["before", ""]);
});

Deno.test("LiveArea writes text above what is drawn, in one write", () => {
  const terminal = new ScriptedTerminal();
  const area = new LiveArea(terminal);
  area.draw(["a very long line", "second"]);
  const before = terminal.writes.length;
  area.write("w1\nw2\nw3\n");
  assert.equal(terminal.writes.length, before + 1);
  assert.deepEqual(terminal.screen(), ["w1", "w2", "w3", "a very long line", "second"]);
});

Deno.test("LiveArea takes away the wrapped lines of a terminal that was made narrower", () => {
  const terminal = new ScriptedTerminal({ columns: 20 });
  const area = new LiveArea(terminal);
  area.draw(["x".repeat(19), "y".repeat(5)]);
  terminal.resize(10, 24);
  area.draw(["new"]);
  assert.equal(terminal.writes.at(-1)?.text, "\r\x1b[2A\x1b[?7l\x1b[Knew\x1b[?7h\x1b[J");
});

Deno.test("LiveArea shows nothing while it is hidden, and the latest afterwards", async () => {
  const terminal = new ScriptedTerminal();
  const area = new LiveArea(terminal);
  area.draw(["old"]);
  await area.hideWhile(async () => {
    area.draw(["new"]);
    assert.deepEqual(terminal.screen(), [""]);
    await Promise.resolve();
    area.write("message\n");
  });
  assert.deepEqual(terminal.screen(), ["message", "new"]);
  await area.hideWhile(async () => await Promise.resolve(area.clear()));
  assert.deepEqual(terminal.screen(), ["message", ""]);
});
