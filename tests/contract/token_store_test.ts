/** The homes of a session, on the disk in memory and with commands that are functions; what is special to each. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { ConfigError, LocalError } from "../../lib/errors.ts";
import { CommandTokenStore } from "../../lib/store/command_token_store.ts";
import { ConfigStore } from "../../lib/store/config_file.ts";
import { ConfigTokenStore } from "../../lib/store/config_token_store.ts";
import { FixedTokenStore } from "../../lib/store/fixed_token_store.ts";
import { formatSessionRecord, SESSION_RECORD_KEY } from "../../lib/store/session_record.ts";
import { formatSession } from "../../lib/store/session_text.ts";
import { TokenFileStore } from "../../lib/store/token_file_store.ts";
import { formatToken, type StoredSession } from "../../lib/store/token_store.ts";
import { createDenoClock } from "../../lib/sys/deno_clock.ts";
import { createDenoFileSystem } from "../../lib/sys/deno_file_system.ts";
import { createDenoLauncher } from "../../lib/sys/deno_launcher.ts";
import { createDenoRandom } from "../../lib/sys/deno_random.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { localFailure, MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { ScriptedLauncher } from "../fakes/scripted_launcher.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { testTokenStore } from "./token_store_suite.ts";

const SESSION: StoredSession = {
  token: {
    accessToken: "access",
    tokenType: "Bearer",
    refreshToken: "refresh",
    expiresAtMs: 1_777_000_000_000,
  },
  record: {},
};
const EMPTY_CONFIG = "# mine\n[jotta]\ntype = jottacloud\n";

function contextOf(fileSystem: MemoryFileSystem, seed = 1) {
  return { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom(seed) };
}

/** A full disk. */
function breaker(fileSystem: MemoryFileSystem) {
  return (isBroken: boolean) => {
    fileSystem.beforeOperation = ({ name, path }) => {
      if (isBroken && ["write", "rename"].includes(name)) throw localFailure("ENOSPC", path);
    };
  };
}

testTokenStore("config section", async (work) => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/c.conf", EMPTY_CONFIG);
  const over = (disk: MemoryFileSystem, seed: number) =>
    new ConfigTokenStore(new ConfigStore(contextOf(disk, seed), "/c.conf"), "jotta");
  await work({
    store: over(fileSystem, 1),
    otherProcess: over(fileSystem.asAnotherProcess(), 2),
    content: () => Promise.resolve(fileSystem.peek("/c.conf") ?? ""),
    replace: ({ token, record }) => {
      const note = `${SESSION_RECORD_KEY} = ${formatSessionRecord(record)}`;
      fileSystem.put("/c.conf", `${EMPTY_CONFIG}token = ${formatToken(token)}\n${note}\n`);
      return Promise.resolve();
    },
    breakWriting: breaker(fileSystem),
  });
});

testTokenStore("token file", async (work) => {
  const fileSystem = new MemoryFileSystem();
  await work({
    store: new TokenFileStore(contextOf(fileSystem, 1), "/run/secrets/token.json"),
    otherProcess: new TokenFileStore(contextOf(fileSystem.asAnotherProcess(), 2), "/run/secrets/token.json"),
    content: () => Promise.resolve(fileSystem.peek("/run/secrets/token.json") ?? ""),
    replace: (session) => Promise.resolve(fileSystem.put("/run/secrets/token.json", formatSession(session))),
    breakWriting: breaker(fileSystem),
  });
});

/** A secret store that two commands reach. */
function secretStore() {
  const fileSystem = new MemoryFileSystem();
  const launcher = new ScriptedLauncher();
  const state = { content: "", isBroken: false };
  launcher.programs.set("vault-get", () => ({ stdout: state.content }));
  launcher.programs.set("vault-put", ({ stdin = "" }) => {
    if (state.isBroken) return { status: 7, stderr: `connecting\nrefused ${stdin.trim()}\n` };
    state.content = stdin;
    return {};
  });
  const over = (disk: MemoryFileSystem, canPut = true) =>
    new CommandTokenStore({ ...contextOf(disk), launcher }, {
      remote: "jotta",
      get: ["vault-get", "a b"],
      put: canPut ? ["vault-put"] : undefined,
      lockPath: "/state/locks/x",
    });
  return { fileSystem, launcher, state, over };
}

testTokenStore("commands", async (work) => {
  const { fileSystem, state, over } = secretStore();
  await work({
    store: over(fileSystem),
    otherProcess: over(fileSystem.asAnotherProcess()),
    content: () => Promise.resolve(state.content),
    replace: (session) => {
      state.content = formatSession(session);
      return Promise.resolve();
    },
    breakWriting: (isBroken) => {
      state.isBroken = isBroken;
    },
  });
});

testTokenStore("real programs and the real disk", async (work) => {
  const directory = await Deno.makeTempDir({ prefix: "jottash-token-store-" });
  const path = `${directory}/secret`;
  await Deno.writeTextFile(path, "");
  const put = `${directory}/put.ts`;
  await Deno.writeTextFile(
    put,
    "const text = await new Response(Deno.stdin.readable).text();\n" +
      "try {\n  Deno.statSync(Deno.args[0] + '.broken');\n  Deno.exit(3);\n} catch {\n" +
      "  Deno.writeTextFileSync(Deno.args[0], text);\n}\n",
  );
  const over = () =>
    new CommandTokenStore(
      {
        fileSystem: createDenoFileSystem(),
        clock: createDenoClock(),
        random: createDenoRandom(),
        launcher: createDenoLauncher(),
      },
      {
        remote: "jotta",
        get: [Deno.execPath(), "eval", "console.log(Deno.readTextFileSync(Deno.args[0]))", path],
        put: [Deno.execPath(), "run", "--allow-read", "--allow-write", "--no-config", put, path],
        lockPath: `${directory}/state/lock`,
      },
    );
  try {
    await work({
      store: over(),
      otherProcess: over(),
      content: () => Deno.readTextFile(path),
      replace: (session) => Deno.writeTextFile(path, formatSession(session)),
      breakWriting: (isBroken) => {
        if (isBroken) Deno.writeTextFileSync(`${path}.broken`, "");
        else Deno.removeSync(`${path}.broken`);
      },
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("ConfigTokenStore changes its two keys and nothing else", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/c.conf", "# mine\n[jotta]\ntype = jottacloud\ntoken = \n# end\n[s3]\nx = 1\n");
  const store = new ConfigTokenStore(new ConfigStore(contextOf(fileSystem), "/c.conf"), "jotta");
  await store.exclusively(({ save }) => save(SESSION));
  strictEqual(
    fileSystem.peek("/c.conf"),
    `# mine\n[jotta]\ntype = jottacloud\ntoken = ${formatToken(SESSION.token)}\n` +
      "jottash_session = {}\n# end\n[s3]\nx = 1\n",
  );
});

Deno.test("ConfigTokenStore keeps what a program without the lock wrote meanwhile", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/c.conf", EMPTY_CONFIG);
  const config = new ConfigStore(contextOf(fileSystem), "/c.conf");
  const store = new ConfigTokenStore(config, "jotta");
  await store.exclusively(async ({ reserve, save }) => {
    await reserve({});
    fileSystem.put("/c.conf", `${EMPTY_CONFIG}[other]\nx = 1\n`);
    await save(SESSION);
  });
  strictEqual((await config.load()).get("other", "x"), "1");
  deepStrictEqual((await store.load())?.token, SESSION.token);
  await fileSystem.remove("/c.conf");
  await rejects(store.exclusively(({ save }) => save(SESSION)), ConfigError);
  strictEqual(fileSystem.peek("/c.conf"), undefined);
});

Deno.test("ConfigTokenStore notes nothing beside a token that another program has put there meanwhile", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/c.conf", `${EMPTY_CONFIG}token = ${formatToken(SESSION.token)}\n`);
  const store = new ConfigTokenStore(new ConfigStore(contextOf(fileSystem), "/c.conf"), "jotta");
  const rotated = { ...SESSION.token, refreshToken: "refresh-of-rclone" };
  await store.exclusively(async ({ reserve }) => {
    fileSystem.put("/c.conf", `${EMPTY_CONFIG}token = ${formatToken(rotated)}\n`);
    deepStrictEqual((await reserve({ intent: { token: "x", atMs: 1 } }))?.token, rotated);
  });
  strictEqual(fileSystem.peek("/c.conf")?.includes("intent"), false);
});

Deno.test("ConfigTokenStore keeps a session for each section that shares it, and leaves others alone", async () => {
  const fileSystem = new MemoryFileSystem();
  const lineOf = (refreshToken: string) => `token = ${formatToken({ ...SESSION.token, refreshToken })}\n`;
  const copies = `${EMPTY_CONFIG}${lineOf("r1")}[copy]\ntype = jottacloud\n${lineOf("r1")}`;
  const foreign = `[other]\ntype = jottacloud\n${lineOf("r9")}`;
  fileSystem.put("/c.conf", copies + foreign);
  const config = new ConfigStore(contextOf(fileSystem), "/c.conf");
  const read = async (section: string) => await new ConfigTokenStore(config, section).load();
  await new ConfigTokenStore(config, "copy").exclusively(async ({ session, reserve, save }) => {
    const intent = { token: "x", atMs: 1 };
    await reserve({ intent });
    deepStrictEqual((await read("jotta"))?.record.intent, intent);
    await save({ token: { ...SESSION.token, refreshToken: "r2" }, record: session?.record ?? {} });
  });
  for (const section of ["jotta", "copy"]) {
    const { token, record } = await read(section) ?? {};
    deepStrictEqual([token?.refreshToken, record?.intent], ["r2", undefined]);
  }
  strictEqual(fileSystem.peek("/c.conf")?.endsWith(foreign), true);
});

Deno.test("ConfigTokenStore saves a session under the new name of its section", async () => {
  const fileSystem = new MemoryFileSystem();
  const entry = `type = jottacloud\ntoken = ${formatToken(SESSION.token)}\n`;
  fileSystem.put("/c.conf", `[jotta]\n${entry}`);
  const config = new ConfigStore(contextOf(fileSystem), "/c.conf");
  await new ConfigTokenStore(config, "jotta").exclusively(async ({ reserve, save }) => {
    await reserve({});
    // An editor, or rclone, in the middle of the refresh.
    fileSystem.put("/c.conf", `[renamed]\n${entry}`);
    await save({ ...SESSION, token: { ...SESSION.token, refreshToken: "next" } });
  });
  strictEqual((await new ConfigTokenStore(config, "renamed").load())?.token.refreshToken, "next");
  deepStrictEqual((await config.load()).sections(), ["renamed"]);
});

Deno.test("CommandTokenStore takes a bare access token, and refuses chatter without repeating it", async () => {
  const { fileSystem, state, over } = secretStore();
  const store = over(fileSystem, false);
  strictEqual(store.canSave, false);
  state.content = "  bare-token\n";
  deepStrictEqual((await store.load())?.token, {
    accessToken: "bare-token",
    tokenType: "Bearer",
    refreshToken: undefined,
    expiresAtMs: undefined,
  });
  for (const text of ["very-secret and more", "{very-secret", "very-secret\ntwice"]) {
    state.content = text;
    await rejects(store.load(), (error: unknown) => {
      return error instanceof ConfigError &&
        !JSON.stringify([error.message, error.hint]).includes("very-secret");
    });
  }
});

Deno.test("CommandTokenStore keeps a Ctrl-C from its put command, and its own commands from both", async () => {
  const { fileSystem, launcher, over } = secretStore();
  await over(fileSystem).exclusively(({ save }) => save(SESSION));
  deepStrictEqual(
    launcher.requests.map(({ words, isApart }) => [words[0], isApart]),
    [["vault-get", false], ["vault-put", true]],
  );
  for (const { hiddenVariables = [] } of launcher.requests) {
    for (const name of ["JOTTASH_TOKEN_GET_CMD", "JOTTASH_TOKEN_PUT_CMD"]) ok(hiddenVariables.includes(name));
  }
});

Deno.test("CommandTokenStore spends no refresh token again that its get command is slow to forget", async () => {
  const { fileSystem, state, over } = secretStore();
  const first = formatSession(SESSION);
  const next = { ...SESSION, token: { ...SESSION.token, refreshToken: "next" } };
  state.content = first;
  await over(fileSystem).exclusively(async ({ reserve, save }) => {
    await reserve({});
    await save(next);
  });
  deepStrictEqual((await over(fileSystem).load())?.token, next.token);
  await over(fileSystem).exclusively(({ reserve }) => reserve({}));
  // A variable of the job still has the old one.
  state.content = first;
  const later = over(fileSystem.asAnotherProcess());
  deepStrictEqual((await later.load())?.token, SESSION.token);
  await rejects(later.exclusively(({ reserve }) => reserve({})), {
    message:
      'Cannot refresh the session of "jotta": the command "vault-get" printed one that has been replaced since',
  });
  strictEqual(state.content, first);
  const note = fileSystem.peek("/state/locks/x.spent") ?? "";
  match(note, /^[0-9a-f]{16}$/);
  // Without rotation nothing is spent.
  state.content = formatSession(next);
  await over(fileSystem).exclusively(async ({ reserve, save }) => {
    await reserve({});
    await save(next);
    await reserve({});
  });
  strictEqual(fileSystem.peek("/state/locks/x.spent"), note);
});

Deno.test("CommandTokenStore says which command failed, with its last words and no secret", async () => {
  const { fileSystem, launcher, state, over } = secretStore();
  state.isBroken = true;
  await rejects(over(fileSystem).exclusively(({ save }) => save(SESSION)), (error: unknown) => {
    if (!(error instanceof LocalError)) return false;
    strictEqual(
      error.message,
      'Cannot put the session of "jotta:": the command "vault-put" ended with status 7',
    );
    match(error.hint ?? "", /^refused /);
    return !/"(access|refresh)"/.test(error.hint ?? "");
  });
  const opaque = { ...SESSION.token, refreshToken: "opaque-refresh-secret" };
  launcher.programs.set("vault-put", { status: 1, stderr: "bad value opaque-refresh-secret at 1\n" });
  await rejects(over(fileSystem).exclusively(({ save }) => save({ token: opaque, record: {} })), {
    hint: "bad value *** at 1",
  });
  launcher.programs.delete("vault-get");
  await rejects(over(fileSystem).load(), {
    message: 'Cannot get the session of "jotta:": Cannot run "vault-get": there is no such program',
  });
  deepStrictEqual(launcher.requests[0]?.words, ["vault-get", "a b"]);
  strictEqual(launcher.requests.every(({ timeoutMs }) => timeoutMs === 60_000), true);
});

Deno.test("FixedTokenStore tells what it was given and keeps nothing", async () => {
  const store = new FixedTokenStore(SESSION);
  strictEqual(store.canSave, false);
  deepStrictEqual(await store.load(), SESSION);
  await rejects(store.exclusively(), LocalError);
});
