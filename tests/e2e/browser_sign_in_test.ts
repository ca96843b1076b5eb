/**
 * The sign-in with a browser of this machine: the one file whose stories listen on the fixed port, one after the
 * other. Where another program has the port they report as ignored.
 */
import { equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { FakeBrowser, withoutBrowser } from "./fake_browser.ts";
import { CTRL_C, DOWN, ENTER, PseudoTerminal } from "./pseudo_terminal.ts";
import type { RunningProgram } from "./running_program.ts";
import { isRedirectPortFree, takeRedirectPort } from "./redirect_port.ts";
import {
  assertTidy,
  beginRemote,
  chooseService,
  keepRemote,
  pasteRedirect,
  quit,
  SERVICE_NAMES,
} from "./wizard_steps.ts";

const STORIES: readonly (readonly [name: string, tell: () => Promise<void>])[] = [
  ["config opens the browser where there is one, and its page says how the sign-in ended", opensBrowser],
  ["config waits for a browser that the user opens where none can be opened", opensByHand],
  ["config: Ctrl-C while it waits for the browser leaves no remote and nobody on the port", stopsWaiting],
  ["config says that the port is taken, and goes on with a browser on another machine", findsPortTaken],
  ["config create --method traditional opens the browser where there is one", flagsOpenBrowser],
  ["config create --method traditional waits on the port, and only this attempt ends the waiting", flagsWait],
  ["config create --method traditional says in both places that the sign-in was refused", flagsRefused],
  [
    "config create --method traditional: a stop while it waits leaves no remote and nobody on the port",
    flagsStop,
  ],
];

const SIZE = { columns: 80, rows: 24 };
const FLAGS = ["config", "create", "sky", "--method", "traditional", "--service"] as const;
const SHORT_ADDRESS = /http:\/\/127\.0\.0\.1:53682\/auth\?state=[0-9a-f]+/;

function placeOf(key: string): number {
  return SERVICE_NAMES.findIndex(([each]) => each === key);
}

async function opensBrowser(): Promise<void> {
  await using environment = await Environment.create();
  const browser = await FakeBrowser.create(environment);
  await using terminal = await PseudoTerminal.start(environment, ["config"], SIZE, browser.variables);
  await beginRemote(terminal, "sky", "traditional");
  await chooseService(terminal, placeOf("telia_no"), { opens: true });
  await keepRemote(terminal, "sky");
  await quit(terminal);
  const page = await browser.page();
  match(page, /^200\n[^]*You are signed in[^]*close this window/);
  await environment.searchForSecrets("the page", page);
  match(await browser.opened(), /^http:\/\/127\.0\.0\.1:53682\/auth\?state=[0-9a-f]{32}$/);
  match(await Deno.readTextFile(environment.configPath), /"service":"telia_no"/);
  assertRun(await environment.run("lsd", "sky:"), { stderr: "" });
}

async function opensByHand(): Promise<void> {
  await using environment = await Environment.create();
  await using terminal = await PseudoTerminal.start(
    environment,
    ["config"],
    SIZE,
    withoutBrowser(environment),
  );
  await beginRemote(terminal, "phonero", "traditional");
  await chooseService(terminal, placeOf("phonero"), { opens: true });
  await terminal.until(/Cannot open a browser: this machine has none/);
  await terminal.answer(/How do you want to go on\?/, ENTER);
  await terminal.until(/Waiting for the browser/);
  const response = await fetch(terminal.shownUrl);
  match(await response.text(), /You are signed in/);
  await keepRemote(terminal, "phonero");
  await quit(terminal);
  assertRun(await environment.run("lsd", "phonero:"), { stderr: "" });
}

async function stopsWaiting(): Promise<void> {
  await using environment = await Environment.create();
  await using terminal = await PseudoTerminal.start(
    environment,
    ["config"],
    SIZE,
    withoutBrowser(environment),
  );
  await beginRemote(terminal, "jotta", "traditional");
  await chooseService(terminal, 0, { opens: true });
  await terminal.answer(/How do you want to go on\?/, ENTER);
  await terminal.until(/Waiting for the browser/);
  ok(!isRedirectPortFree());
  terminal.type(CTRL_C);
  equal(await terminal.exitCode(), 130);
  assertTidy(terminal);
  equal(terminal.screen.lines().at(-1), "jottash: Stopped");
  ok(isRedirectPortFree());
  assertRun(await environment.run("config", "list"), { stdout: "" });
}

async function findsPortTaken(): Promise<void> {
  await using environment = await Environment.create();
  const browser = await FakeBrowser.create(environment);
  await using terminal = await PseudoTerminal.start(environment, ["config"], SIZE, browser.variables);
  using _other = Deno.listen({ hostname: "127.0.0.1", port: 53682 });
  await beginRemote(terminal, "jotta", "traditional");
  await chooseService(terminal, 0, { opens: true });
  await terminal.until(/port 53682 of this machine is taken/);
  await terminal.answer(/How do you want to go on\?/, DOWN + ENTER);
  await pasteRedirect(terminal);
  await keepRemote(terminal, "jotta");
  await quit(terminal);
}

async function flagsOpenBrowser(): Promise<void> {
  await using environment = await Environment.create();
  const browser = await FakeBrowser.create(environment);
  const result = await environment.runWith({ env: browser.variables }, ...FLAGS, "tele2");
  assertRun(result, { stdout: "", stderr: /Signed in as kari/ });
  match(await browser.page(), /^200\n[^]*You are signed in/);
  match(await Deno.readTextFile(environment.configPath), /"service":"tele2"/);
  assertRun(await environment.run("lsd", "sky:"), { stderr: "" });
}

async function flagsWait(): Promise<void> {
  await using environment = await Environment.create();
  const run = await environment.start({ env: withoutBrowser(environment) }, ...FLAGS, "letsgo");
  const address = await shownAddress(run);
  const stray = await fetch("http://127.0.0.1:53682/?code=stolen&state=guessed");
  equal(stray.status, 400);
  ok(!(await stray.text()).includes("stolen"));
  equal((await readPage("http://127.0.0.1:53682/favicon.ico")).status, 404);
  match((await readPage(address)).text, /You are signed in/);
  assertRun(await run.result(), { stdout: "", stderr: /Signed in as kari/ });
  assertRun(await environment.run("lsd", "sky:"), { stderr: "" });
}

async function flagsRefused(): Promise<void> {
  await using environment = await Environment.create({ switches: { authorizationError: "access_denied" } });
  const run = await environment.start({ env: withoutBrowser(environment) }, ...FLAGS, "elko");
  const { status, text } = await readPage(await shownAddress(run));
  equal(status, 400);
  match(text, /The sign-in has failed[^]*refused or given up in the browser/);
  const result = await run.result();
  assertRun(result, { status: 7, stdout: "", stderr: /\njottash: Cannot sign in: it was refused/ });
  assertRun(await environment.run("config", "list"), { stdout: "" });
}

async function flagsStop(): Promise<void> {
  await using environment = await Environment.create();
  for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const run = await environment.start({ env: withoutBrowser(environment) }, ...FLAGS, "elko");
    await shownAddress(run);
    ok(!isRedirectPortFree());
    run.kill(signal);
    equal((await run.result()).status, status);
    ok(isRedirectPortFree());
    assertRun(await environment.run("config", "list"), { stdout: "" });
  }
}

async function shownAddress(run: RunningProgram): Promise<string> {
  await run.until(() => SHORT_ADDRESS.test(run.stderr) && /Waiting for the browser/.test(run.stderr));
  return SHORT_ADDRESS.exec(run.stderr)?.[0] ?? "";
}

async function readPage(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

Deno.test({
  name: "the sign-in with a browser of this machine",
  ignore: Deno.build.os === "windows",
  fn: async (test) => {
    using _turn = await takeRedirectPort();
    if (!isRedirectPortFree()) {
      const name = "all stories: another program listens on port 53682";
      return void await test.step({ name, ignore: true, fn: () => {} });
    }
    for (const [name, tell] of STORIES) await test.step(name, tell);
  },
});
