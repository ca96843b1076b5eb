/** run(): from words to exit status and messages, with commands that do what each test needs. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type Command, type CommandTable, defineCommand } from "../../../../lib/cli/command.ts";
import { run } from "../../../../lib/cli/run.ts";
import type { Edges, Signals } from "../../../../lib/edges.ts";
import {
  AuthError,
  FileNotFoundError,
  LocalError,
  NetworkError,
  PartialError,
  QuotaError,
} from "../../../../lib/errors.ts";
import { text } from "../../../../lib/options.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { ScriptedLauncher } from "../../../fakes/scripted_launcher.ts";
import { createDenoLoopback } from "../../../../lib/sys/deno_loopback.ts";

type SignalName = "SIGINT" | "SIGTERM" | "SIGHUP";

class FakeSignals implements Signals {
  readonly #callbacks = new Set<(name: SignalName) => void>();

  on(_names: readonly SignalName[], callback: (name: SignalName) => void): Disposable {
    this.#callbacks.add(callback);
    return { [Symbol.dispose]: () => void this.#callbacks.delete(callback) };
  }

  raise(name: SignalName): void {
    for (const callback of [...this.#callbacks]) callback(name);
  }

  get listening(): number {
    return this.#callbacks.size;
  }
}

const signals = () => new FakeSignals();

function commandOf(body: Command["run"]): CommandTable {
  const summary = "Do it";
  const command = defineCommand({
    spec: {
      name: "do",
      summary,
      arguments: [{ name: "X", kind: "text", help: "Any", isOptional: true }],
      options: { tag: text({ flag: "tag", valueName: "T", help: "Any" }) },
      examples: [],
      changes: false,
    },
    run: (context, input) => body(context, input as Parameters<Command["run"]>[1]),
  });
  const help = defineCommand({
    spec: { name: "help", summary, arguments: [], options: {}, examples: [], changes: false },
    run: async ({ printer }) => await printer.line("the help"),
  });
  return [
    { name: "do", group: "G", summary, load: () => Promise.resolve(command) },
    { name: "help", group: "G", summary, load: () => Promise.resolve(help) },
  ];
}

function plainTerminal(): ScriptedTerminal {
  return new ScriptedTerminal({ isInteractive: false, stdoutIsTerminal: false, stderrIsTerminal: false });
}

async function runWith(
  body: Command["run"],
  words: readonly string[] = ["do"],
  options: {
    readonly signals?: FakeSignals;
    readonly env?: Record<string, string>;
    readonly terminal?: ScriptedTerminal;
  } = {},
): Promise<{ status: number; stdout: string; stderr: string }> {
  const terminal = options.terminal ?? plainTerminal();
  const edges: Edges = {
    clock: new FakeClock(),
    random: new SeededRandom(),
    env: fakeEnv(options.env),
    transport: () => {
      throw new Error("no network here");
    },
    fileSystem: new MemoryFileSystem(),
    terminal,
    signals: options.signals ?? signals(),
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
  };
  const status = await run(words, commandOf(body), edges);
  return { status, stdout: terminal.stdout, stderr: terminal.stderr };
}

function failing(error: unknown): Command["run"] {
  return () => Promise.reject(error);
}

Deno.test("run() hands the command its arguments, options and settings, and its status back", async () => {
  const seen: unknown[] = [];
  const result = await runWith(
    async ({ settings, printer }, { args, options, commands }) => {
      seen.push(args, options, settings.transfers, settings.dryRun, commands.length);
      await printer.line("data");
      printer.notice("told");
      return 9;
    },
    ["-n", "do", "--tag", "t", "x"],
    { env: { JOTTASH_TRANSFERS: "7" } },
  );
  deepEqual(seen, [["x"], { tag: "t" }, 7, true, 2]);
  deepEqual(result, { status: 9, stdout: "data\n", stderr: "told\n" });
});

Deno.test("run() without a command shows the help", async () => {
  for (const words of [[], ["--help"], ["-h"], ["-v"], ["-q", "--help"]]) {
    deepEqual(await runWith(() => Promise.resolve(), words), { status: 0, stdout: "the help\n", stderr: "" });
  }
});

Deno.test("run() tells each failure in a line and a hint, with the status of its meaning", async () => {
  const hint = "Do this";
  const cases: [error: Error, status: number][] = [
    [new FileNotFoundError("Cannot x", { hint }), 4],
    [new NetworkError("Cannot x", { hint }), 5],
    [new LocalError("Cannot x", { hint }), 6],
    [new AuthError("Cannot x", { hint, code: "login-token-refused" }), 7],
    [new PartialError("Cannot x", [new NetworkError("a")], { hint }), 6],
    [new PartialError("Cannot x", [new NetworkError("a"), new QuotaError("b")], { hint }), 7],
    [new PartialError("Cannot x", [new AuthError("a", { code: "session-lost" })], { hint }), 7],
  ];
  for (const [error, status] of cases) {
    deepEqual(await runWith(failing(error)), {
      status,
      stdout: "",
      stderr: "jottash: Cannot x\n  Do this\n",
    });
  }
});

Deno.test("run() calls a foreign error a bug, and shows its stack only with --debug or JOTTASH_DEBUG", async () => {
  const bug = failing(new TypeError("oops"));
  const plain = await runWith(bug);
  equal(plain.status, 1);
  match(
    plain.stderr,
    /^jottash: Unexpected failure: TypeError: oops\n {2}This is a bug of jottash; .*--debug.*\n$/,
  );
  for (
    const result of [
      await runWith(bug, ["do", "--debug"]),
      await runWith(bug, ["do"], { env: { JOTTASH_DEBUG: "1" } }),
    ]
  ) {
    match(result.stderr, /\n {4}at /);
  }
});

Deno.test("run() shows no secret of an unexpected failure, in message, stack or cause, not even with --debug", async () => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${btoa("payload of a token")}.signature-of-a-token`;
  const cause = new Error(
    `sent authorization: Bearer opaque-1 to https://up-1.jottacloud.com/upload/capability-1`,
  );
  cause.cause = new Error("password=opaque-2");
  const error = new TypeError(`bad token ${jwt} in {"refresh_token":"opaque-3"}`, { cause });
  for (const thrown of [error, `access_token=opaque-4 ${jwt}`, { refresh_token: "opaque-5" }]) {
    for (const words of [["do"], ["do", "--debug", "-vv"]]) {
      const { status, stderr } = await runWith(failing(thrown), words);
      equal(status, 1);
      match(stderr, /^jottash: Unexpected failure/);
      ok(!/opaque|eyJ|signature|capability/.test(stderr), stderr);
    }
  }
  match(
    (await runWith(failing(error), ["do", "--debug"])).stderr,
    /\ncaused by Error: .*\*\*\*(\n.*)*caused by/,
  );
});

Deno.test("run() shows no token in a failure of its own, and leaves names of files alone", async () => {
  const name = 'Cannot read "token=5/password: x.txt": it is missing';
  equal((await runWith(failing(new LocalError(name)))).stderr, `jottash: ${name}\n`);
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${btoa("payload of a token")}.signature-of-a-token`;
  const leaking = new NetworkError(`Cannot ask with Bearer opaque-and-quite-long ${jwt}`, {
    hint: `Use ${jwt}`,
  });
  const { stderr } = await runWith(failing(leaking));
  equal(stderr, "jottash: Cannot ask with Bearer *** ***\n  Use ***\n");
});

Deno.test("run() is quiet about a reader that went away", async () => {
  const gone = new LocalError("Cannot write", { code: "closed-pipe" });
  deepEqual(await runWith(failing(gone)), { status: 0, stdout: "", stderr: "" });
});

Deno.test("run() prints what was given before a failure", async () => {
  const result = await runWith(async ({ printer }) => {
    await printer.line("first");
    throw new LocalError("Cannot go on");
  });
  deepEqual(result, { status: 6, stdout: "first\n", stderr: "jottash: Cannot go on\n" });
});

Deno.test("run() drops notices with -q, never errors and warnings", async () => {
  const result = await runWith(({ printer }) => {
    printer.notice("notice");
    printer.warning("warning");
    return Promise.reject(new LocalError("Cannot x"));
  }, ["do", "-q"]);
  equal(result.stderr, "jottash: warning: warning\njottash: Cannot x\n");
});

for (const [name, status] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
  Deno.test(`run() ends with ${status} when ${name} breaks a command off, whatever error comes of it`, async () => {
    const raised = signals();
    const result = await runWith(
      async ({ signal }) => {
        raised.raise(name);
        ok(signal.aborted);
        await Promise.reject(new NetworkError("Cannot read: the body was cut"));
      },
      ["do"],
      { signals: raised },
    );
    deepEqual(result, { status, stdout: "", stderr: "jottash: Stopped\n" });
    equal(raised.listening, 0);
  });

  Deno.test(`run() lets a command that finishes in spite of ${name} have finished`, async () => {
    const raised = signals();
    const result = await runWith(
      () => {
        raised.raise(name);
        return Promise.resolve();
      },
      ["do"],
      { signals: raised },
    );
    equal(result.status, 0);
  });
}

Deno.test("run() writes log lines at the level that was asked for", async () => {
  const body: Command["run"] = ({ log }) => {
    log.debug("d");
    log.info("i");
    log.warn("w");
    return Promise.resolve();
  };
  const cases = [
    [[], "warn: w\n"],
    [["-v"], "info: i\nwarn: w\n"],
    [["-vv"], "debug: d\ninfo: i\nwarn: w\n"],
    [["-q"], ""],
  ] as const;
  for (const [words, stderr] of cases) equal((await runWith(body, ["do", ...words])).stderr, stderr);
});

Deno.test("run() waits for a command that cleans up after the first signal, and no longer after the second", async () => {
  const raised = signals();
  const asked = Promise.withResolvers<void>();
  const running = runWith(
    ({ signal }) => {
      signal.addEventListener("abort", () => asked.resolve());
      return new Promise<never>(() => {});
    },
    ["do"],
    { signals: raised },
  );
  while (raised.listening === 0) await Promise.resolve();
  raised.raise("SIGINT");
  await asked.promise;
  raised.raise("SIGTERM");
  const { status, stderr } = await running;
  equal(status, 143);
  equal(stderr, "jottash: Stopped\n");
});

Deno.test("run() takes the progress away when a second signal ends it, and nothing is drawn after that", async () => {
  const raised = signals();
  const terminal = plainTerminal();
  const asked = Promise.withResolvers<void>();
  let drawAgain = () => {};
  const running = runWith(
    ({ signal, area }) => {
      area.draw(["half of it"]);
      drawAgain = () => area.draw(["more of it"]);
      signal.addEventListener("abort", () => asked.resolve());
      return new Promise<never>(() => {});
    },
    ["do"],
    { signals: raised, terminal },
  );
  while (raised.listening === 0) await Promise.resolve();
  raised.raise("SIGINT");
  await asked.promise;
  raised.raise("SIGINT");
  const { stderr } = await running;
  match(stderr, /half of it/);
  ok(stderr.endsWith("\r\u001b[Jjottash: Stopped\n"));
  drawAgain();
  equal(terminal.stderr, stderr);
});
