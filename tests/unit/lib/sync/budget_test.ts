import { deepEqual, doesNotThrow, equal, ok, throws } from "node:assert/strict";
import { LimitError } from "../../../../lib/errors.ts";
import { exitStatusOf } from "../../../../lib/exit_codes.ts";
import { type BudgetOptions, createBudget } from "../../../../lib/sync/budget.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const DAY_MS = 24 * 3_600_000;

function budgetOf(options: Partial<BudgetOptions> & Pick<BudgetOptions, "cutoff">) {
  const clock = new FakeClock();
  const budget = createBudget({ clock, startedAtMs: clock.now(), ...options });
  /** A whole file: admitted, sent, done. */
  const send = (size: number) => {
    using file = budget.admit(size);
    file.note(size);
  };
  return { clock, budget, send };
}

function refuses(work: () => unknown, code: string, message: string): void {
  throws(work, (error: unknown) => {
    ok(error instanceof LimitError);
    deepEqual([error.code, error.message], [code, message]);
    return true;
  });
}

Deno.test("createBudget() without limits admits everything for ever", async () => {
  for (const cutoff of ["hard", "soft", "cautious"] as const) {
    const { budget, clock, send } = budgetOf({ cutoff });
    await clock.advance(1_000 * DAY_MS);
    send(2 ** 60);
    doesNotThrow(() => budget.admit(2 ** 60));
    equal(budget.signal.aborted, false);
    equal(clock.sleeps.length, 0);
  }
});

Deno.test("createBudget() hard breaks off what goes beyond the limit", () => {
  const { budget, send } = budgetOf({ cutoff: "hard", maxTransferBytes: 2_048 });
  send(1_024);
  using file = budget.admit(5_000);
  file.note(1_024);
  equal(budget.signal.aborted, false);
  const message = "Cannot transfer more: the limit of 2 KiB is reached";
  refuses(() => file.note(1), "transfer-limit", message);
  equal(budget.signal.aborted, true);
  // Nobody who is under way gets any further.
  refuses(() => file.note(-1), "transfer-limit", message);
  const { reason } = budget.signal;
  ok(reason instanceof LimitError);
  equal(reason.message, message);
  equal(exitStatusOf(reason), 8);
  refuses(() => budget.admit(0), "transfer-limit", reason.message);
});

Deno.test("createBudget() hard begins nothing once the limit is just reached", () => {
  const { budget, send } = budgetOf({ cutoff: "hard", maxTransferBytes: 10 });
  send(10);
  equal(budget.signal.aborted, false);
  refuses(() => budget.admit(1), "transfer-limit", "Cannot transfer more: the limit of 10 B is reached");
});

Deno.test("createBudget() soft lets end what is under way, and begins nothing more", () => {
  const { budget } = budgetOf({ cutoff: "soft", maxTransferBytes: 10 });
  using first = budget.admit(100);
  using second = budget.admit(100);
  first.note(9);
  doesNotThrow(() => budget.admit(100));
  second.note(1);
  refuses(() => budget.admit(1), "transfer-limit", "Cannot transfer more: the limit of 10 B is reached");
  first.note(91);
  equal(budget.signal.aborted, false);
});

/** Sizes of files one after the other, and how many of them a cautious limit of 100 lets begin. */
const CAUTIOUS: readonly (readonly [sizes: readonly number[], admitted: number])[] = [
  [[99, 1], 1],
  [[50, 49, 0], 3],
  [[50, 50], 1],
  [[100], 0],
  [[101, 1], 0],
  [[0, 0, 99], 3],
];

Deno.test("createBudget() cautious begins no file that would reach the limit", () => {
  for (const [sizes, admitted] of CAUTIOUS) {
    for (const isSent of [true, false]) {
      const { budget, send } = budgetOf({ cutoff: "cautious", maxTransferBytes: 100 });
      const begin = isSent ? send : (size: number) => void budget.admit(size);
      for (const size of sizes.slice(0, admitted)) doesNotThrow(() => begin(size), `${sizes}`);
      const next = sizes[admitted];
      if (next === undefined) continue;
      refuses(
        () => begin(next),
        "transfer-limit",
        "Cannot transfer more: the next file would reach the limit of 100 B",
      );
    }
  }
});

Deno.test("createBudget() cautious counts of a file under way what is still to come, and nothing of one that cost nothing", () => {
  const { budget } = budgetOf({ cutoff: "cautious", maxTransferBytes: 100 });
  const half = budget.admit(60);
  half.note(30);
  budget.admit(39)[Symbol.dispose](); // known to the service: nothing was sent
  using rest = budget.admit(39);
  refuses(
    () => budget.admit(1),
    "transfer-limit",
    "Cannot transfer more: the next file would reach the limit of 100 B",
  );
  half[Symbol.dispose](); // failed: 30 bytes have gone
  half[Symbol.dispose]();
  doesNotThrow(() => budget.admit(30));
  rest.note(39);
});

Deno.test("createBudget() takes bytes back that have to go again", () => {
  for (const cutoff of ["hard", "soft", "cautious"] as const) {
    const { budget } = budgetOf({ cutoff, maxTransferBytes: 10 });
    using file = budget.admit(9);
    file.note(8);
    file.note(-8);
    file.note(9);
    equal(budget.signal.aborted, false);
    if (cutoff !== "cautious") doesNotThrow(() => budget.admit(1));
    else {refuses(
        () => budget.admit(1),
        "transfer-limit",
        "Cannot transfer more: the next file would reach the limit of 10 B",
      );}
  }
});

Deno.test("createBudget() with a limit of nothing begins nothing", () => {
  for (const cutoff of ["hard", "soft", "cautious"] as const) {
    const { budget } = budgetOf({ cutoff, maxTransferBytes: 0 });
    refuses(() => budget.admit(0), "transfer-limit", "Cannot transfer more: the limit of 0 B is reached");
  }
});

Deno.test("createBudget() hard breaks off when the time is over, soft and cautious only begin nothing more", async () => {
  const message = "Cannot transfer more: the time limit of 1h30m is over";
  for (const cutoff of ["hard", "soft", "cautious"] as const) {
    const { budget, clock, send } = budgetOf({ cutoff, maxDurationMs: 90 * 60_000 });
    await clock.advance(90 * 60_000 - 1);
    send(1_000);
    equal(budget.signal.aborted, false);
    await clock.advance(1);
    equal(budget.signal.aborted, cutoff === "hard");
    refuses(() => budget.admit(1), "time-limit", message);
    if (cutoff !== "hard") continue;
    ok(budget.signal.reason instanceof LimitError);
    equal(budget.signal.reason.message, message);
    equal(exitStatusOf(budget.signal.reason), 10);
  }
});

Deno.test("createBudget() counts the time from the beginning of the run, and holds out for months", async () => {
  const clock = new FakeClock();
  const limits = { cutoff: "hard", clock, maxDurationMs: 60 * DAY_MS } as const;
  const budget = createBudget({ ...limits, startedAtMs: clock.now() - 20 * DAY_MS });
  while (clock.sleeps.length < 40) await clock.advance(DAY_MS);
  equal(budget.signal.aborted, false);
  await clock.advance(DAY_MS);
  equal(budget.signal.aborted, true);
  equal(Math.max(...clock.sleeps) <= DAY_MS, true);
});

Deno.test("createBudget() leaves no timer behind", async () => {
  const { budget, clock } = budgetOf({ cutoff: "hard", maxDurationMs: 1_000 });
  equal(clock.waiting, 1);
  budget[Symbol.dispose]();
  await clock.advance(5_000);
  equal(clock.waiting, 0);
  equal(budget.signal.aborted, false);
});
