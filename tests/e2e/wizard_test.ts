/** `jottash config` on a real pseudo-terminal. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { CTRL_C, DOWN, ENTER, plain, PseudoTerminal } from "./pseudo_terminal.ts";

const NO_PTY = Deno.build.os === "windows";

Deno.test({
  name: "config: a new remote on another device, its login token pasted and never on the screen",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.create();
    const { emulator } = environment;
    emulator.tree.makeFolder("/Laptop/Photos/2024");
    await using terminal = await PseudoTerminal.start(environment, ["config"]);
    await terminal.answer(/What would you like to do\?/, ENTER);
    await terminal.answer(/Name for the new remote/, `jotta${ENTER}`);
    await terminal.answer(/How do you sign in\?/, ENTER);
    await terminal.until(/Personal login token/);
    ok(emulator.loginToken.length > 250);
    // As a terminal hands on a paste, with the line break that came with the selection.
    terminal.type(
      `\x1b[200~${emulator.loginToken.slice(0, 200)}\n${emulator.loginToken.slice(200)}\n\x1b[201~`,
    );
    await terminal.until(/input is hidden/);
    terminal.type(ENTER);
    await terminal.until(/Signed in as kari/);
    await terminal.answer(/Use a non-standard device\/mountpoint\?/, `y${ENTER}`);
    await terminal.until(/Device/);
    match(terminal.screen.lines().join("\n"), /❯ Jotta\n {2}Laptop\n {2}Make a new device\n/);
    terminal.type(`${DOWN}${ENTER}`);
    await terminal.until(/Mountpoint/);
    match(terminal.screen.lines().join("\n"), /❯ Photos\n {2}Make a new mountpoint\n/);
    terminal.type(ENTER);
    await terminal.until(/Keep this "jotta" remote\?/);
    match(terminal.screen.lines().join("\n"), /token = \*\*\*\n.*\ndevice = Laptop\nmountpoint = Photos\n/);
    terminal.type(ENTER);
    await terminal.until(/Saved\. Try: jottash lsd jotta:/);
    // "Quit config" is marked once there is a remote.
    await terminal.answer(/What would you like to do\?/, ENTER);
    equal(await terminal.exitCode(), 0);
    assertTidy(terminal);
    for (let at = 0; at + 40 <= emulator.loginToken.length; at += 40) {
      ok(!terminal.raw.includes(emulator.loginToken.slice(at, at + 40)));
    }
    assertRun(await environment.run("lsd", "jotta:"), { stderr: "" });
  },
});

Deno.test({
  name: "config: after a login token that is no good another one is asked for, with the reason",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.create();
    await using terminal = await PseudoTerminal.start(environment, ["config"]);
    await terminal.answer(/What would you like to do\?/, ENTER);
    await terminal.answer(/Name for the new remote/, `a/b${ENTER}`);
    await terminal.until(/cannot be called "a\/b"/);
    terminal.type(`\x15jotta${ENTER}`);
    await terminal.answer(/How do you sign in\?/, ENTER);
    await terminal.answer(/Personal login token/, `notatoken!${ENTER}`);
    await terminal.until(/Cannot use this login token: it has characters that do not belong/);
    // The choices are: try again, another way, back to the menu.
    await terminal.answer(/How do you want to go on\?/, `${DOWN}${DOWN}${ENTER}`);
    await terminal.untilScreen((lines) =>
      lines.filter((line) => /What would you like/.test(line)).length > 1
    );
    terminal.type(CTRL_C);
    equal(await terminal.exitCode(), 130);
    assertTidy(terminal);
    ok(!plain(terminal.raw).includes("notatoken"));
  },
});

Deno.test({
  name: "config create --login-token-stdin on a terminal asks for the token and hides it",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.create();
    const words = ["config", "create", "jotta", "--login-token-stdin"];
    await using terminal = await PseudoTerminal.start(environment, words);
    await terminal.answer(
      /Personal login token/,
      `\x1b[200~${environment.emulator.loginToken}\x1b[201~${ENTER}`,
    );
    await terminal.until(/saved as "jotta:"/);
    equal(await terminal.exitCode(), 0);
    assertTidy(terminal);
  },
});

Deno.test({
  name: "config: Ctrl-C after the sign-in says that the remote stays",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.create();
    await using terminal = await PseudoTerminal.start(environment, ["config"]);
    await terminal.answer(/What would you like to do\?/, ENTER);
    await terminal.answer(/Name for the new remote/, `jotta${ENTER}`);
    await terminal.answer(/How do you sign in\?/, ENTER);
    await terminal.answer(
      /Personal login token/,
      `\x1b[200~${environment.emulator.loginToken}\x1b[201~${ENTER}`,
    );
    await terminal.answer(/Use a non-standard/, ENTER);
    await terminal.answer(/Keep this "jotta" remote\?/, CTRL_C);
    equal(await terminal.exitCode(), 130);
    assertTidy(terminal);
    deepEqual(terminal.screen.lines().filter((line) => line !== "").slice(-2), [
      'The remote "jotta" stays as it is now; "jottash config" changes it.',
      "jottash: Stopped",
    ]);
    assertRun(await environment.run("config", "list"), { stdout: "jotta:\n" });
  },
});

const STAGES:
  readonly (readonly [name: string, before: readonly (readonly [RegExp, string])[], at: RegExp])[] = [
    ["the menu", [], /What would you like to do\?/],
    ["a text question", [[/What would you like/, ENTER]], /Name for the new remote/],
    [
      "the hidden question",
      [[/What would you like/, ENTER], [/Name for the new/, `jotta${ENTER}`], [/How do you sign in/, ENTER]],
      /Personal login token/,
    ],
  ];

for (const [name, before, at] of STAGES) {
  Deno.test({
    name: `config: Ctrl-C in ${name} ends with status 130 and leaves the terminal as it was`,
    ignore: NO_PTY,
    fn: async () => {
      await using environment = await Environment.create();
      await using terminal = await PseudoTerminal.start(environment, ["config"]);
      for (const [question, keys] of before) await terminal.answer(question, keys);
      await terminal.answer(at, CTRL_C);
      equal(await terminal.exitCode(), 130);
      assertTidy(terminal);
      equal(terminal.screen.lines().at(-1), "jottash: Stopped");
      assertRun(await environment.run("config", "list"), { stdout: "" });
    },
  });
}

function assertTidy({ screen }: PseudoTerminal): void {
  ok(screen.isCursorShown, "the cursor is hidden");
  ok(!screen.isPasteBracketed, "pastes are bracketed");
  ok(screen.doesWrap, "lines do not wrap");
}
