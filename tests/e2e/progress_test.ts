/** The progress view of `copy` on a real pseudo-terminal. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise } from "./local_tree.ts";
import { CTRL_C, PseudoTerminal } from "./pseudo_terminal.ts";

const NO_PTY = Deno.build.os === "windows";

/** Four files of which two stand still half way, so that there is something to look at. */
async function withSlowFiles(): Promise<Environment> {
  const environment = await Environment.signedIn();
  for (let index = 0; index < 4; index++) {
    const path = `/Jotta/Archive/d/file number ${index}.bin`;
    environment.emulator.tree.putFile(path, noise(400_000, index + 1), { modified: FIXED_TIME });
  }
  return environment;
}

Deno.test({
  name:
    "copy on a terminal shows bar, rate, ETA and the files on their way, and takes the view away at the end",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await withSlowFiles();
    environment.emulator.addFault({
      match: { path: "/d/file", query: "mode=bin" },
      times: 2,
      skip: 2,
      action: { kind: "stall", ms: 2_500, afterResponseBytes: 200_000 },
    });
    await using terminal = await PseudoTerminal.start(environment, ["copy", "jotta:d", "back"]);
    await terminal.untilScreen((lines) =>
      lines.some((line) => /\d%.*\/s.*(ETA|left)/i.test(line)) &&
      lines.some((line) => /file number/.test(line))
    );
    terminal.resize(40, 10);
    await terminal.until(/file/);
    for (const line of terminal.screen.lines().slice(-4)) ok(line.length <= 80);
    terminal.resize(120, 30);
    await terminal.until(/Copied 4 files/);
    equal(await terminal.exitCode(), 0);
    ok(terminal.screen.isCursorShown && terminal.screen.doesWrap);
    match(terminal.screen.lines().at(-1) ?? "", /^Copied 4 files \(1\.5 MiB\) in /);
  },
});

Deno.test({
  name: "copy --stats-one-line shows one line on a terminal, without those of single files",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await withSlowFiles();
    environment.emulator.addFault({
      match: { path: "/d/file", query: "mode=bin" },
      times: 4,
      action: { kind: "stall", ms: 1_500, afterResponseBytes: 200_000 },
    });
    const words = ["copy", "--stats-one-line", "jotta:d", "back"];
    await using terminal = await PseudoTerminal.start(environment, words);
    await terminal.untilScreen((lines) => lines.some((line) => /\d%.*files/.test(line)));
    await terminal.until(/Copied 4 files/);
    ok(!terminal.raw.includes("file number"), terminal.raw);
  },
});

Deno.test({
  name: "copy on a terminal leaves nothing but its summary on the screen",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await withSlowFiles();
    environment.emulator.addFault({
      match: { path: "/d/file", query: "mode=bin" },
      times: 1,
      action: { kind: "stall", ms: 600, afterResponseBytes: 200_000 },
    });
    await using terminal = await PseudoTerminal.start(environment, ["copy", "jotta:d", "back"]);
    await terminal.untilScreen((lines) => lines.some((line) => /%/.test(line)));
    equal(await terminal.exitCode(), 0);
    deepEqual(terminal.screen.lines().map((line) => line.replace(/ in .*/, "")), [
      "Copied 4 files (1.5 MiB)",
    ]);
  },
});

Deno.test({
  name: "Ctrl-C in a copy on a terminal stops it with status 130, the view gone",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await withSlowFiles();
    environment.emulator.addFault({
      match: { path: "/d/file", query: "mode=bin" },
      times: 4,
      action: { kind: "stall", afterResponseBytes: 200_000 },
    });
    await using terminal = await PseudoTerminal.start(environment, ["copy", "jotta:d", "back"]);
    await terminal.untilScreen((lines) => lines.some((line) => /file number/.test(line)));
    terminal.type(CTRL_C);
    equal(await terminal.exitCode(), 130);
    ok(terminal.screen.isCursorShown && terminal.screen.doesWrap);
    const said = terminal.screen.lines().filter((line) => line !== "");
    match(
      said.join("\n"),
      /^(Stopping: .*\n)?jottash: Stopped\n {2}Go on with: jottash jobs resume [a-z]{4}$/,
    );
    deepEqual([...Deno.readDirSync(environment.path("back"))], []);
  },
});

Deno.test({
  name: "delete and check on a terminal count what they have done so far, and take the line away at the end",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await withSlowFiles();
    const { emulator } = environment;
    emulator.addFault({
      match: { method: "POST", path: "/d/file" },
      times: 2,
      skip: 2,
      action: { kind: "stall", ms: 2_500 },
    });
    await using terminal = await PseudoTerminal.start(environment, ["delete", "jotta:d"]);
    await terminal.untilScreen((lines) => lines.some((line) => line.startsWith("Deleted 2 files (")));
    equal(await terminal.exitCode(), 0);
    deepEqual(terminal.screen.lines().filter((line) => line !== ""), []);
    emulator.clearFaults();

    await makeTree(environment.path("here"), { "a.txt": "a", "b/c.txt": "c" });
    emulator.tree.putFile("/Jotta/Archive/t/a.txt", "a", { modified: FIXED_TIME });
    emulator.tree.putFile("/Jotta/Archive/t/b/c.txt", "c", { modified: FIXED_TIME });
    emulator.addFault({ match: { path: "/t/b" }, times: 1, action: { kind: "stall", ms: 2_500 } });
    const words = ["check", "--fast-list=off", "here", "jotta:t"];
    await using other = await PseudoTerminal.start(environment, words);
    await other.untilScreen((lines) => lines.includes("Compared 1 file"));
    equal(await other.exitCode(), 0);
    deepEqual(other.screen.lines().filter((line) => line !== ""), ["0 differences found, 2 matching files"]);
  },
});

Deno.test({
  name: "copy on a terminal shows while it runs what the service knew already",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    emulator.tree.putFile("/Jotta/Archive/known", noise(2_000, 1));
    await makeTree(environment.path("here"), { "a.bin": noise(2_000, 1), "b.bin": noise(300_000, 2) });
    emulator.addFault({
      match: { method: "POST", path: "/upload" },
      times: 1,
      action: { kind: "stall", ms: 2_500 },
    });
    const words = ["copy", "--transfers", "1", "--order-by", "size", "here", "jotta:t"];
    await using terminal = await PseudoTerminal.start(environment, words);
    await terminal.untilScreen((lines) => lines.some((line) => line.includes("1 known (2.0 KiB)")));
    await terminal.until(/1 of them \(2\.0 KiB\) was known to the service and not sent/);
    equal(await terminal.exitCode(), 0);
  },
});
