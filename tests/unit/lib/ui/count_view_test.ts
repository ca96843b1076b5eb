import assert from "node:assert/strict";
import { CountView } from "../../../../lib/ui/count_view.ts";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";

function setUp(canDraw: boolean, text: () => string) {
  const clock = new FakeClock();
  const terminal = new ScriptedTerminal({ columns: 30 });
  const area = new LiveArea(terminal);
  return { clock, terminal, view: new CountView({ clock, terminal, area, canDraw }, text) };
}

Deno.test("CountView counts in one line that is not wider than the terminal, and takes it away", async () => {
  let count = 0;
  const { clock, terminal, view } = setUp(
    true,
    () => count === 0 ? "" : `Deleted ${count} files ${"x".repeat(40)}`,
  );
  await clock.advance(700);
  assert.equal(terminal.stderr, "");
  for (count of [1, 22]) {
    await clock.advance(200);
    const [line = ""] = terminal.screen();
    assert.ok(line.startsWith(`Deleted ${count} files`) && line.length <= 27, line);
  }
  await view[Symbol.asyncDispose]();
  assert.deepEqual(terminal.screen(), [""]);
  assert.equal(clock.waiting, 0);
});

Deno.test("CountView shows nothing of what is over soon, and nothing where it cannot draw", async () => {
  for (const [canDraw, ms] of [[true, 600], [false, 60_000]] as const) {
    const { clock, terminal, view } = setUp(canDraw, () => "Deleted");
    await clock.advance(ms);
    await view[Symbol.asyncDispose]();
    assert.equal(terminal.stderr, "");
  }
});
