/** tree on a terminal: names that could drive it are written out, in colour too; anywhere else they are exact. */
import { equal, ok } from "node:assert/strict";
import { COMMANDS } from "../../../commands/mod.ts";
import { run } from "../../../lib/cli/run.ts";
import { createDenoLoopback } from "../../../lib/sys/deno_loopback.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { fakeEnv } from "../../fakes/fake_env.ts";
import { MemoryFileSystem } from "../../fakes/memory_file_system.ts";
import { ScriptedLauncher } from "../../fakes/scripted_launcher.ts";
import { ScriptedTerminal } from "../../fakes/scripted_terminal.ts";
import { SeededRandom } from "../../fakes/seeded_random.ts";

/** Turns the direction of writing where it is obeyed. */
const NASTY = "\u202egpj.zip";

async function treeOf(stdoutIsTerminal: boolean, ...words: string[]): Promise<string> {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/here/sub");
  using file = await fileSystem.open(`/here/sub/${NASTY}`, { write: true, create: true });
  await file.write(new Uint8Array(3));
  const terminal = new ScriptedTerminal({ isInteractive: false, stdoutIsTerminal });
  const status = await run(["tree", ...words, "/here"], COMMANDS, {
    clock: new FakeClock(),
    random: new SeededRandom(),
    env: fakeEnv({}),
    transport: () => {
      throw new Error("no network here");
    },
    fileSystem,
    terminal,
    signals: { on: () => ({ [Symbol.dispose]: () => {} }) },
    launcher: new ScriptedLauncher(),
    loopback: createDenoLoopback(),
    platform: {
      os: "linux",
      architecture: "x",
      runtime: "x",
      hostname: "x",
      machineId: () => Promise.resolve(undefined),
      currentDirectory: () => "/",
      changeDirectory: () => {},
      processId: 1,
    },
  });
  equal(status, 0, terminal.stderr);
  return terminal.stdout;
}

Deno.test("tree --color keeps its own sequences on a terminal and writes out those of names", async () => {
  const stdout = await treeOf(true, "--color");
  ok(stdout.includes("\x1b[1;34msub\x1b[0m\n"), JSON.stringify(stdout));
  ok(stdout.includes("\x1b[1;31m\\u{202e}gpj.zip\x1b[0m\n"), JSON.stringify(stdout));
});

Deno.test("tree without colours writes out what a name could drive the terminal with", async () => {
  ok((await treeOf(true)).includes("└── \\u{202e}gpj.zip\n"));
});

Deno.test("tree into a pipe is exact", async () => {
  ok((await treeOf(false)).includes(`└── ${NASTY}\n`));
  ok((await treeOf(false, "-C", "-s")).includes(`[          3]  \x1b[1;31m${NASTY}\x1b[0m\n`));
});
