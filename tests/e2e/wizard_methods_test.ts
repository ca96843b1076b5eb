/** Every way to sign in and every service, driven through `jottash config` on a pseudo-terminal. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { CTRL_C, ENTER, plain, PseudoTerminal } from "./pseudo_terminal.ts";
import {
  assertTidy,
  beginRemote,
  chooseService,
  keepRemote,
  type Method,
  pasteRedirect,
  quit,
  SERVICE_NAMES,
} from "./wizard_steps.ts";

const NO_PTY = Deno.build.os === "windows";
/** An address of the provider is longer than a line. */
const NARROW = { columns: 60, rows: 24 };

async function sectionOf(environment: Environment, name: string): Promise<ReadonlyMap<string, string>> {
  const text = await Deno.readTextFile(environment.configPath);
  const section = text.split(/^(?=\[)/m).find((each) => each.startsWith(`[${name}]`)) ?? "";
  return new Map(
    Array.from(section.matchAll(/^([^\s=]+) = (.*)$/gm), ([, key = "", value = ""]) => [key, value]),
  );
}

Deno.test({
  name: "config signs in to each of the 13 services with a browser on another machine",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.create();
    const { emulator } = environment;
    await using terminal = await PseudoTerminal.start(environment, ["config"], NARROW);
    for (const [index, [key]] of SERVICE_NAMES.entries()) {
      await beginRemote(terminal, key, "traditional");
      await chooseService(terminal, index, { opens: false });
      await pasteRedirect(terminal);
      await keepRemote(terminal, key);
    }
    await quit(terminal);
    for (const [key, name] of SERVICE_NAMES) {
      ok(plain(terminal.raw).includes(`Which service? ${name}`), `${name} was not chosen`);
      const section = await sectionOf(environment, key);
      const { method, service } = JSON.parse(section.get("jottash_session") ?? "{}");
      deepEqual([method, service], ["traditional", key]);
      match(section.get("tokenURL") ?? "", new RegExp(`^${emulator.endpoint}/auth/realms/`));
    }
    const realms = emulator.requests.flatMap(({ path }) =>
      /^\/auth\/realms\/(.*)\/protocol\/openid-connect\/auth$/.exec(path)?.[1] ?? []
    );
    deepEqual(realms, [
      "jottacloud",
      "elgiganten",
      "elgiganten",
      "elkjop",
      "elko",
      "gigantti",
      "letsgo",
      "mediamarkt",
      "onlime_wl",
      "phonero",
      "comhem",
      "get",
      "telia_se",
    ]);
    assertRun(await environment.run("lsd", "phonero:"), { stderr: "" });
  },
});

Deno.test({
  name: "config signs in with each way, one remote after the other, and to a service that the config adds",
  ignore: NO_PTY,
  fn: async () => {
    await using environment = await Environment.create({ switches: { legacyOneTimeCode: "123456" } });
    const { emulator } = environment;
    environment.keepSecret(emulator.password);
    await environment.writeConfig(
      "[mybrand]\ntype = jottacloud-service\nname = My Brand\ndomain = id.brand.example\nrealm = elko\n",
    );
    await using terminal = await PseudoTerminal.start(environment, ["config"]);
    await beginRemote(terminal, "token", "standard");
    await terminal.until(/Personal login token/);
    terminal.paste(emulator.loginToken);
    terminal.type(ENTER);
    await keepRemote(terminal, "token");

    await beginRemote(terminal, "old", "legacy");
    await terminal.answer(/User name \(e-mail address\)/, `${emulator.email}${ENTER}`);
    await terminal.answer(/Password/, `${emulator.password}${ENTER}`);
    await terminal.answer(/Register this machine with the service\?/, ENTER);
    await terminal.answer(/Code from the SMS/, `654321${ENTER}`);
    await terminal.until(/The service refused that code \(try 2 of 3\)/);
    await terminal.answer(/Code from the SMS/, `123-456${ENTER}`);
    await keepRemote(terminal, "old");

    await beginRemote(terminal, "brand", "traditional");
    await chooseService(terminal, SERVICE_NAMES.length, { opens: false });
    await pasteRedirect(terminal);
    await keepRemote(terminal, "brand");
    await quit(terminal);

    const methods: [string, Method][] = [["token", "standard"], ["old", "legacy"], ["brand", "traditional"]];
    for (const [name, method] of methods) {
      const note = JSON.parse((await sectionOf(environment, name)).get("jottash_session") ?? "{}");
      equal(note.method, method);
      assertRun(await environment.run("lsd", `${name}:`), { stderr: "" });
    }
    equal((await sectionOf(environment, "old")).get("configVersion"), "0");
    match((await sectionOf(environment, "brand")).get("tokenURL") ?? "", /\/auth\/realms\/elko\//);
  },
});

const STAGES: readonly (readonly [name: string, reach: (terminal: PseudoTerminal) => Promise<void>])[] = [
  ["the list of services", async (terminal) => {
    await beginRemote(terminal, "jotta", "traditional");
    await terminal.until(/Which service\?/);
  }],
  ["the question for the pasted address", async (terminal) => {
    await beginRemote(terminal, "jotta", "traditional");
    await chooseService(terminal, 0, { opens: false });
    await terminal.until(/Address of that page/);
  }],
  ["the question for the password", async (terminal) => {
    await beginRemote(terminal, "jotta", "legacy");
    await terminal.answer(/User name/, `kari@example.no${ENTER}`);
    await terminal.until(/Password/);
  }],
];

for (const [name, reach] of STAGES) {
  Deno.test({
    name: `config: Ctrl-C in ${name} ends with status 130, and nothing is saved`,
    ignore: NO_PTY,
    fn: async () => {
      await using environment = await Environment.create();
      await using terminal = await PseudoTerminal.start(environment, ["config"]);
      await reach(terminal);
      terminal.type(CTRL_C);
      equal(await terminal.exitCode(), 130);
      assertTidy(terminal);
      equal(terminal.screen.lines().at(-1), "jottash: Stopped");
      assertRun(await environment.run("config", "list"), { stdout: "" });
    },
  });
}

Deno.test({
  name: "config: SIGTERM and SIGHUP end an open question, and leave the terminal as it was",
  ignore: NO_PTY,
  fn: async () => {
    for (const [signal, status] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
      await using environment = await Environment.create();
      await using terminal = await PseudoTerminal.start(environment, ["config"]);
      await beginRemote(terminal, "jotta", "standard");
      await terminal.until(/Personal login token/);
      terminal.kill(signal);
      equal(await terminal.exitCode(), status);
      assertTidy(terminal);
      assertRun(await environment.run("config", "list"), { stdout: "" });
    }
  },
});
