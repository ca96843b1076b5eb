/** A transfer limit holds however files begin, progress, fail and end side by side. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { LimitError } from "../../lib/errors.ts";
import { createBudget } from "../../lib/sync/budget.ts";
import type { Admission } from "../../lib/sync/sync_options.ts";
import { FakeClock } from "../fakes/fake_clock.ts";

const LIMIT = 1_000;

/** Begins a file of some size; or one of those under way goes on by some part of it, starts anew, or ends. */
const STEPS = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("begin" as const), size: fc.integer({ min: 0, max: 400 }) }),
    fc.record({
      do: fc.constantFrom("go-on", "start-anew", "end"),
      which: fc.nat(9),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  ),
  { maxLength: 60 },
);

interface File {
  readonly size: number;
  readonly admission: Admission;
  sent: number;
}

for (const cutoff of ["hard", "soft", "cautious"] as const) {
  Deno.test(`createBudget() ${cutoff} holds its limit whatever happens side by side`, () => {
    fc.assert(fc.property(STEPS, (steps) => {
      const clock = new FakeClock();
      using budget = createBudget({ maxTransferBytes: LIMIT, cutoff, clock, startedAtMs: clock.now() });
      const open: File[] = [];
      let ended = 0;
      const sent = () => open.reduce((sum, file) => sum + file.sent, ended);
      const rest = () => open.reduce((sum, file) => sum + file.size - file.sent, 0);
      for (const step of steps) {
        if (step.do === "begin") {
          const planned = cutoff === "cautious" ? sent() + rest() + step.size : sent();
          const isOver = budget.signal.aborted || planned >= LIMIT;
          if (isOver) assert.throws(() => budget.admit(step.size), LimitError);
          else open.push({ size: step.size, admission: budget.admit(step.size), sent: 0 });
          continue;
        }
        const file = open[step.which % Math.max(1, open.length)];
        if (file === undefined) continue;
        const bytes = step.do === "start-anew" ? -file.sent : Math.round((file.size - file.sent) * step.part);
        if (step.do !== "end") {
          const before = sent();
          file.sent += bytes;
          if (cutoff === "hard" && before + bytes > LIMIT) {
            assert.throws(() => file.admission.note(bytes), LimitError);
            assert.ok(budget.signal.aborted);
            return;
          }
          file.admission.note(bytes);
        } else {
          file.admission[Symbol.dispose]();
          ended += file.sent;
          open.splice(open.indexOf(file), 1);
        }
        assert.equal(budget.signal.aborted, false);
        if (cutoff === "cautious") assert.ok(sent() + rest() < LIMIT);
      }
    }));
  });
}
