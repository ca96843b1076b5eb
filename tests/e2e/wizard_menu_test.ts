/** The menu of `jottash config` on a pseudo-terminal: what can be done to a remote that exists, with rclone's letters. */
import { equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { DOWN, ENTER, PseudoTerminal } from "./pseudo_terminal.ts";
import { beginRemote, keepRemote, pasteRedirect, quit } from "./wizard_steps.ts";

const NO_PTY = Deno.build.os === "windows";
const MENU = /What would you like to do\?/;
const PASSWORD = "hemmelig ord";

Deno.test({
  name: "config edits, renames, copies and deletes a remote, each by its letter",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    emulator.tree.makeFolder("/Laptop/Photos/2024");
    await using terminal = await PseudoTerminal.start(environment, ["config"]);
    await terminal.until(/jotta +jottacloud +ok/);
    await terminal.answer(MENU, `e${ENTER}`);
    await terminal.answer(/Which remote is to be edited\?/, ENTER);
    await terminal.answer(/Sign in again\?/, ENTER);
    await terminal.answer(/Change its device\/mountpoint\? \(Now: Jotta\/Archive\)/, `y${ENTER}`);
    await terminal.answer(/Device/, DOWN + ENTER);
    await terminal.answer(/Mountpoint/, ENTER);
    await terminal.answer(/Keep this "jotta" remote\?/, ENTER);
    await terminal.until(/Saved\. Try: jottash lsd jotta:/);

    await terminal.answer(MENU, `r${ENTER}`);
    await terminal.answer(/Which remote is to be renamed\?/, ENTER);
    await terminal.answer(/New name for "jotta"/, `cloud${ENTER}`);
    await terminal.until(/cloud +jottacloud +ok/);

    await terminal.answer(MENU, `c${ENTER}`);
    await terminal.answer(/Which remote is to be copied\?/, ENTER);
    await terminal.answer(/Name for the copy/, `twin${ENTER}`);
    await terminal.until(/needs a session of its own/);
    await terminal.answer(/How do you sign in\?/, ENTER);
    await terminal.until(/Personal login token/);
    terminal.paste(emulator.loginToken);
    terminal.type(ENTER);
    await terminal.until(/Signed in as kari/);
    await terminal.answer(/Keep this "twin" remote\?/, ENTER);
    await terminal.until(/Saved\. Try: jottash lsd twin:/);

    await terminal.answer(MENU, `d${ENTER}`);
    await terminal.answer(/Which remote is to be deleted\?/, ENTER);
    await terminal.answer(/Delete the remote "cloud" from the config\?/, `y${ENTER}`);
    await terminal.answer(/End its session at the service too\?/, ENTER);
    await terminal.until(/Current remotes:/);
    await quit(terminal);
    equal(emulator.stats.revocations, 1);
    assertRun(await environment.run("config", "list"), { stdout: "twin:\n" });
    match(await Deno.readTextFile(environment.configPath), /\ndevice = Laptop\nmountpoint = Photos\n/);
    match((await environment.run("lsd", "twin:")).stdout, /2024\n$/);
  },
});

Deno.test({
  name: "config sets a password for the configuration, asks for it the next time, and makes remotes there",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.signedIn();
    environment.keepSecret(PASSWORD);
    await using first = await PseudoTerminal.start(environment, ["config"]);
    await first.answer(MENU, `s${ENTER}`);
    await first.answer(/Set a password/, ENTER);
    await first.answer(/New password of the configuration/, PASSWORD + ENTER);
    await first.answer(/The same password again/, PASSWORD + ENTER);
    await first.until(/Current remotes:/);
    await quit(first);
    ok(!(await Deno.readTextFile(environment.configPath)).includes("jotta"));

    await using second = await PseudoTerminal.start(environment, ["config"]);
    await second.answer(/Password of the configuration/, PASSWORD + ENTER);
    await second.until(/jotta +jottacloud +ok/);
    await beginRemote(second, "browser", "traditional");
    await second.answer(/Which service\?/, ENTER);
    await second.answer(/Open the browser on this machine\?/, `n${ENTER}`);
    await pasteRedirect(second);
    await keepRemote(second, "browser");
    await quit(second);
    ok(!(await Deno.readTextFile(environment.configPath)).includes("browser"));
    const env = { JOTTASH_CONFIG_PASS: PASSWORD };
    assertRun(await environment.runWith({ env }, "config", "list"), { stdout: "jotta:\nbrowser:\n" });
    assertRun(await environment.runWith({ env }, "lsd", "browser:"), { stderr: "" });
  },
});
