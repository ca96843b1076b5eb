import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { createApprove } from "../../../../lib/cli/approval.ts";
import { CancelledError, UsageError } from "../../../../lib/errors.ts";
import type { Approve } from "../../../../lib/sync/sync_options.ts";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import { CANCEL, DEFAULT, ScriptedPrompter, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";

type Question = Parameters<Approve>[0];

const copy = (path: string): Question => ({ verb: "copy", path, size: 2_048 });
const remove = (path: string): Question => ({ verb: "delete", path });

async function approveWith(steps: readonly ScriptStep[]) {
  const terminal = new ScriptedTerminal();
  const prompter = new ScriptedPrompter(steps);
  const area = new LiveArea(terminal);
  const approve = await createApprove({ canAsk: true, area, prompter: () => Promise.resolve(prompter) });
  return { approve, prompter, terminal, area };
}

/** What is typed, and whether it is done then. */
const ANSWERS: readonly (readonly [typed: string | typeof DEFAULT, isDone: boolean])[] = [
  ["y", true],
  ["Y", true],
  [" yes ", true],
  [DEFAULT, true],
  ["n", false],
  ["No", false],
  ["s", false],
  ["!", true],
];

for (const [typed, isDone] of ANSWERS) {
  Deno.test(`createApprove() takes ${typed === DEFAULT ? "Enter" : `"${typed}"`} as ${isDone ? "yes" : "no"}`, async () => {
    const { approve, prompter } = await approveWith([
      {
        asked: 'Copy "a b" (2.0 KiB)? y/n/s/!/q',
        kind: "input",
        answer: typed,
        refused: ["", "x", "yn", "?", "ye"],
      },
    ]);
    equal(await approve(copy("a b")), isDone);
    prompter.assertDone();
  });
}

Deno.test("createApprove() asks again for each change, and in each kind's own words", async () => {
  const { approve, prompter } = await approveWith([
    { asked: 'Copy "a" (2.0 KiB)? y/n/s/!/q', answer: "y" },
    { asked: 'Move "a"? y/n/s/!/q', answer: "n" },
    { asked: 'Delete "a"? y/n/s/!/q', answer: "n" },
    { asked: 'Rename "a"? y/n/s/!/q', answer: "y" },
    { asked: 'Copy "b" (2.0 KiB)? y/n/s/!/q', answer: "n" },
  ]);
  equal(await approve(copy("a")), true);
  for (const [verb, isDone] of [["move", false], ["delete", false], ["rename", true]] as const) {
    equal(await approve({ verb, path: "a" }), isDone);
  }
  equal(await approve(copy("b")), false);
  prompter.assertDone();
});

Deno.test("createApprove() keeps an answer for all of one kind", async () => {
  const { approve, prompter } = await approveWith([
    { asked: /^Copy "a"/, answer: "!" },
    { asked: /^Delete "b"/, answer: "s" },
    { asked: /^Move "c"/, answer: "y" },
  ]);
  equal(await approve(copy("a")), true);
  equal(await approve(remove("b")), false);
  for (const path of ["1", "2"]) {
    equal(await approve(copy(path)), true);
    equal(await approve(remove(path)), false);
  }
  equal(await approve({ verb: "move", path: "c" }), true);
  prompter.assertDone();
});

Deno.test("createApprove() asks one question at a time", async () => {
  let open = 0;
  const meanwhile = async () => {
    equal(++open, 1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    open--;
    return "y";
  };
  const paths = ["a", "b", "c", "d"];
  const { approve, prompter } = await approveWith(
    paths.map((path) => ({ asked: new RegExp(`"${path}"`), answer: meanwhile })),
  );
  deepEqual(await Promise.all(paths.map((path) => approve(copy(path)))), [true, true, true, true]);
  prompter.assertDone();
});

Deno.test("createApprove() gives an answer for all to those who wait already", async () => {
  const { approve, prompter } = await approveWith([{ asked: /"a"/, answer: "s" }]);
  deepEqual(await Promise.all(["a", "b", "c"].map((path) => approve(copy(path)))), [false, false, false]);
  prompter.assertDone();
});

for (const [name, answer] of [["q", "q"], ["Q", "Q"], ["Ctrl-C", CANCEL]] as const) {
  Deno.test(`createApprove() ends the run with ${name}, and asks nothing more`, async () => {
    const { approve, prompter } = await approveWith([
      { asked: /"a"/, answer: "!" },
      { asked: /"b"/, answer },
    ]);
    equal(await approve(copy("a")), true);
    const waiting = [approve(remove("b")), approve(remove("c")), approve(copy("d"))];
    for (const each of await Promise.allSettled(waiting)) {
      ok(each.status === "rejected" && each.reason instanceof CancelledError);
    }
    await rejects(approve(copy("e")), CancelledError);
    prompter.assertDone();
  });
}

Deno.test("createApprove() explains the answers once, and hides the progress view while it asks", async () => {
  const shown: string[][] = [];
  const look = () => {
    shown.push(terminal.screen().filter((line) => line !== ""));
    return "y";
  };
  const { approve, terminal, area } = await approveWith([
    { asked: /"a"/, answer: look },
    { asked: /"b"/, answer: look },
  ]);
  area.draw(["39%"]);
  await approve(copy("a"));
  equal(terminal.screen().at(-1), "39%");
  await approve(copy("b"));
  const keys = "y) yes  n) no  s) skip all of this kind  !) do all of this kind  q) quit";
  deepEqual(shown, [[keys], [keys]]);
});

Deno.test("createApprove() refuses to begin where nobody can be asked", async () => {
  const asker = {
    canAsk: false,
    area: new LiveArea(new ScriptedTerminal()),
    prompter: () => Promise.reject(new Error("nobody there")),
  };
  await rejects(createApprove(asker), (error: unknown) => {
    ok(error instanceof UsageError);
    equal(error.message, "Cannot ask before each change: a terminal is needed");
    equal(error.hint, 'See what would be done with "--dry-run"');
    return true;
  });
});
