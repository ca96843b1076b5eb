/** Remotes and sessions as a context hands them out: which remotes share a session, what one session works with. */
import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { CommandContext } from "../../../../lib/cli/context.ts";
import type { Edges } from "../../../../lib/edges.ts";
import { ConfigError, UsageError } from "../../../../lib/errors.ts";
import { Reporter } from "../../../../lib/cli/report.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { SHARED_OPTIONS } from "../../../../lib/shared_options/mod.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import { PlainResult } from "../../../../lib/ui/result_sink.ts";
import { TextPrinter } from "../../../../lib/ui/text_printer.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { ScriptedLauncher } from "../../../fakes/scripted_launcher.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const SECTION = "type = jottacloud\nconfigVersion = 1\ntoken = {}\n";
const CONFIG = `[jotta]\n${SECTION}endpoint = http://127.0.0.1:7\n[other]\n${SECTION}`;
const HOME = { HOME: "/home/kari" };

interface Given {
  readonly env?: Record<string, string>;
  readonly flags?: Record<string, string>;
}

/** Nothing is sent: whoever tries fails. */
async function contextWith(given: Given = {}): Promise<CommandContext> {
  const terminal = new ScriptedTerminal();
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/home/kari/.config/jottash");
  using file = await fileSystem.open("/home/kari/.config/jottash/jottash.conf", {
    write: true,
    create: true,
  });
  await file.write(new TextEncoder().encode(CONFIG));
  const flags = new Map(Object.entries(given.flags ?? {}));
  const edges: Edges = {
    clock: new FakeClock(),
    random: new SeededRandom(),
    env: fakeEnv(given.env ?? HOME),
    transport: () => ({ send: () => Promise.reject(new Error("something was sent")), close() {} }),
    fileSystem,
    terminal,
    signals: { on: () => ({ [Symbol.dispose]() {} }) },
    platform: {
      os: "linux",
      architecture: "x86_64",
      runtime: "test",
      hostname: "test",
      machineId: () => Promise.resolve("test-machine"),
      currentDirectory: () => "/home/kari",
      changeDirectory: () => {},
      processId: 1,
    },
    launcher: new ScriptedLauncher(),
    loopback: { serve: () => Promise.reject(new Error("nothing listens here")) },
  };
  const area = new LiveArea(terminal);
  const printer = new TextPrinter(terminal, { area });
  const sink = new PlainResult(printer);
  return new CommandContext({
    edges,
    settings: resolveOptions(SHARED_OPTIONS, { flags, env: edges.env }).values,
    flags,
    printer,
    area,
    log: SILENT_LOGGER,
    reporter: new Reporter({ printer, log: SILENT_LOGGER, sink, dryRun: false }),
    signal: new AbortController().signal,
  });
}

Deno.test("context.profile() takes NAME, NAME: and connection strings, and no places", async () => {
  const context = await contextWith();
  for (
    const text of [
      "jotta",
      "jotta:",
      "jotta,device=x",
      "jotta,device=x:",
      "jotta,endpoint='http://h',device=x",
    ]
  ) {
    const profile = await context.profile(text);
    deepEqual([profile.name, profile.section], ["jotta", "jotta"]);
    equal(profile.get("device"), text.includes("device") ? "x" : undefined);
  }
  equal((await context.profile(":jottacloud")).section, undefined);
  for (const text of ["jotta:photos", "./jotta", "", "a/b:c", "jotta,password='SECRET"]) {
    await rejects(
      context.profile(text),
      (error) => error instanceof UsageError && !/SECRET/.test(error.message),
    );
  }
  await rejects(context.profile("none"), ConfigError);
});

Deno.test("remotes that differ only in their place share one session; others do not", async () => {
  const context = await contextWith({ env: { ...HOME, RCLONE_CONFIG_CI_TYPE: "jottacloud" } });
  const { accounts } = context;
  const identity = async (text: string) => accounts.identityOf(await context.profile(text));
  const shared = await identity("jotta:");
  for (
    const text of [
      "jotta,device=x:",
      "jotta,mountpoint=Sync,hard_delete:",
      "jotta,encoding=Slash,no_versions,trashed_only:",
      "jotta,md5_memory_limit=1M:",
    ].map((each) => each.replace("encoding=Slash,no", "encoding='Slash',no"))
  ) {
    equal(await identity(text), shared, text);
  }
  const others = [
    "jotta,token='{}':",
    "jotta,client_id=x:",
    "jotta,endpoint='http://127.0.0.1:8':",
    "other:",
    "ci:",
  ];
  const all = [shared, ...await Promise.all(others.map(identity))];
  equal(new Set(all).size, all.length);
  equal(await identity("CI:"), await identity("ci:"));
  ok(all.every((each) => !each.includes("{}")));
});

Deno.test("accounts.tokenSource() is one for all places of a remote, until its session is replaced", async () => {
  const context = await contextWith();
  const { accounts } = context;
  const session = async (text: string) => await accounts.tokenSource(await context.profile(text));
  const first = await session("jotta:");
  equal(await session("jotta,device=x:"), first);
  notEqual(await session("other:"), first);
  const other = await session("other:");
  accounts.forget("jotta");
  notEqual(await session("jotta:"), first);
  equal(await session("other:"), other);
  equal(await accounts.get("jotta"), await accounts.accountOf(await context.profile("jotta,device=x:")));
});

Deno.test("accounts.sessionContext() has what the options say about the remote", async () => {
  const context = await contextWith({
    env: { ...HOME, JOTTASH_TOKEN_GET_CMD: "get it", JOTTASH_CONFIG_OTHER_TOKEN_FILE: "/tokens/other" },
    flags: { "token-put-cmd": "put it" },
  });
  const of = async (text: string) => await context.accounts.sessionContext(await context.profile(text));
  const commands = { tokenGetCommand: "get it", tokenPutCommand: "put it" };
  deepEqual((await of("jotta:")).options, { tokenFile: undefined, ...commands });
  deepEqual((await of("other:")).options, { tokenFile: "/tokens/other", ...commands });
  deepEqual((await of("jotta,token_file=t,token_get_cmd=g:")).options, {
    tokenFile: "t",
    tokenGetCommand: "g",
    tokenPutCommand: "put it",
  });
  equal((await of("jotta:")).endpoints.api, "http://127.0.0.1:7");
  equal((await of("jotta,endpoint='http://127.0.0.1:8':")).endpoints.api, "http://127.0.0.1:8");
  equal((await of("other:")).endpoints.api, "https://api.jottacloud.com");
  equal((await of("jotta:")).config.path, "/home/kari/.config/jottash/jottash.conf");
});

Deno.test("without a home directory the environment's remotes are there, and nothing can be saved", async () => {
  const context = await contextWith({ env: { RCLONE_CONFIG_CI_TYPE: "jottacloud" } });
  deepEqual(await context.remoteNames(), ["ci"]);
  const { config } = await context.accounts.sessionContext(await context.profile("ci:"));
  equal((await config.load()).toString(), "");
  equal((await config.loadUnasked())?.toString(), "");
  equal(await config.isEncrypted(), false);
  for (
    const write of [
      () => config.update((document) => document.set("ci", "token", "{}")),
      () => config.exclusively(() => Promise.resolve()),
      () => config.setPassword("x"),
    ]
  ) {
    await rejects(write, /Cannot find the config file: the environment names no home directory/);
  }
  await rejects(context.config(), ConfigError);
});

Deno.test("context.shownConfig() has the remotes of the environment as sections", async () => {
  const env = { ...HOME, RCLONE_CONFIG_CI_TYPE: "jottacloud", JOTTASH_CONFIG_CI_DEVICE: "box" };
  const document = await (await contextWith({ env })).shownConfig();
  deepEqual(document.sections(), ["jotta", "other", "ci"]);
  deepEqual(document.entries("ci"), [["type", "jottacloud"], ["device", "box"]]);
});
