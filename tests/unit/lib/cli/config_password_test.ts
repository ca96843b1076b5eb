import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { findConfigPassword, type PasswordSources } from "../../../../lib/cli/config_password.ts";
import { CancelledError, ConfigError, JottashError } from "../../../../lib/errors.ts";
import type { EncryptedConfig } from "../../../../lib/store/config_encryption.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { CANCEL, ScriptedPrompter, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { ScriptedLauncher } from "../../../fakes/scripted_launcher.ts";

const PATH = "/home/kari/c.conf";
const FILE: EncryptedConfig = {
  path: PATH,
  refuse: (password) => password === "right" ? undefined : "it is wrong",
};
const HINT =
  "Give the password with --password-command COMMAND, or in JOTTASH_CONFIG_PASS or RCLONE_CONFIG_PASS";

interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly passwordCommand?: string;
  readonly askPassword?: boolean;
  /** What a person answers; nobody is there without it. */
  readonly steps?: readonly ScriptStep[];
  readonly launcher?: ScriptedLauncher;
}

function sourcesOf({ env = {}, passwordCommand, askPassword = true, steps, launcher }: World) {
  const prompter = new ScriptedPrompter(steps ?? []);
  const sources: PasswordSources = {
    env: fakeEnv(env),
    launcher: launcher ?? new ScriptedLauncher(),
    signal: new AbortController().signal,
    settings: { passwordCommand, askPassword },
    canAsk: steps !== undefined,
    prompter: () => Promise.resolve(prompter),
  };
  return { sources, prompter };
}

async function find(world: World): Promise<string> {
  return await findConfigPassword(sourcesOf(world).sources, FILE);
}

/** Fails with this message and hint, and says no password. */
async function refuses(world: World, expected: { code: string; message: string; hint?: string }) {
  await rejects(find(world), (error: unknown) => {
    ok(error instanceof ConfigError);
    const { code, message, hint } = error;
    deepEqual({ code, message, ...(expected.hint === undefined ? {} : { hint }) }, expected);
    ok(!/hunter2|right/.test(JSON.stringify([message, hint, error.data, error.stack])));
    return true;
  });
}

function launcherThat(answer: { stdout?: string; stderr?: string; status?: number }): ScriptedLauncher {
  const launcher = new ScriptedLauncher();
  launcher.programs.set("pass", answer);
  return launcher;
}

Deno.test("findConfigPassword() takes the first source that is there", async () => {
  const launcher = launcherThat({ stdout: "right\r\n\n" });
  const other = { JOTTASH_CONFIG_PASS: "hunter2", RCLONE_CONFIG_PASS: "hunter2" };
  const steps: readonly ScriptStep[] = [{ asked: /./, answer: "right" }];
  const worlds: readonly World[] = [
    { passwordCommand: "pass show x", launcher, env: { ...other, RCLONE_PASSWORD_COMMAND: "false" }, steps },
    { env: { ...other, RCLONE_PASSWORD_COMMAND: "pass show x" }, launcher, steps },
    { env: { ...other, JOTTASH_CONFIG_PASS: "right" }, steps },
    { env: { RCLONE_CONFIG_PASS: "right", JOTTASH_CONFIG_PASS: "" }, steps },
    { steps },
  ];
  for (const [index, world] of worlds.entries()) {
    const { sources, prompter } = sourcesOf(world);
    equal(await findConfigPassword(sources, FILE), "right", `source ${index}`);
    equal(prompter.asked.length, index === worlds.length - 1 ? 1 : 0);
  }
  deepEqual(launcher.requests.map(({ words, stdin }) => ({ words, stdin })), [
    { words: ["pass", "show", "x"], stdin: undefined },
    { words: ["pass", "show", "x"], stdin: undefined },
  ]);
});

Deno.test("findConfigPassword() takes a password as it is, but for line ends after that of a command", async () => {
  const cases = [["  right ", "  right "], ["\tright\n\r\n", "\tright"], ["ri\nght\n", "ri\nght"]] as const;
  for (const [stdout, password] of cases) {
    const { sources } = sourcesOf({ passwordCommand: "pass", launcher: launcherThat({ stdout }) });
    const file = { path: PATH, refuse: (each: string) => each === password ? undefined : "it is wrong" };
    equal(await findConfigPassword(sources, file), password);
  }
});

Deno.test("findConfigPassword() does not try on when a password is wrong, and says where it came from", async () => {
  const steps: readonly ScriptStep[] = [{ asked: /./, answer: "right" }];
  const code = "config-password-wrong";
  const hint = "Use the password that the file was encrypted with";
  await refuses({ env: { JOTTASH_CONFIG_PASS: "hunter2", RCLONE_CONFIG_PASS: "right" }, steps }, {
    code,
    message:
      `Cannot read the configuration "${PATH}": the password in JOTTASH_CONFIG_PASS does not open it: it is wrong`,
    hint,
  });
  await refuses({ passwordCommand: "pass", launcher: launcherThat({ stdout: "hunter2\n" }), steps }, {
    code,
    message:
      `Cannot read the configuration "${PATH}": the password that the command gives does not open it: it is wrong`,
    hint,
  });
  await refuses({ env: { RCLONE_CONFIG_PASS: "hunter2 " } }, {
    code,
    message:
      `Cannot read the configuration "${PATH}": the password in RCLONE_CONFIG_PASS does not open it: it is wrong`,
    hint: `${hint}; a blank at the start or the end of a password counts`,
  });
});

Deno.test("findConfigPassword() tells of a command that fails by its program alone", async () => {
  const code = "password-command-failed";
  const command = "pass --secret hunter2";
  const failure = (answer: Parameters<typeof launcherThat>[0]) => ({
    passwordCommand: command,
    launcher: launcherThat(answer),
  });
  await refuses(failure({ status: 3, stdout: "right", stderr: "hunter2" }), {
    code,
    message: 'Cannot get the password of the configuration: the command "pass" ended with status 3',
  });
  await refuses(failure({ stdout: "\r\n" }), {
    code,
    message: 'Cannot get the password of the configuration: the command "pass" printed nothing',
  });
  await refuses({ passwordCommand: "nothing hunter2" }, {
    code,
    message: 'Cannot run "nothing": there is no such program',
  });
  await rejects(find({ passwordCommand: 'pass "hunter2' }), (error: unknown) => {
    return error instanceof JottashError && error.code === "usage" && !error.message.includes("hunter2");
  });
});

Deno.test("findConfigPassword() fails with the ways to give one where nobody can or shall be asked", async () => {
  const expected = {
    code: "config-encrypted",
    message: `Cannot read the configuration "${PATH}": it is encrypted, and no password is given`,
    hint: HINT,
  };
  await refuses({}, expected);
  await refuses({ steps: [{ asked: /./, answer: "right" }], askPassword: false }, expected);
});

Deno.test("findConfigPassword() asks up to three times, hidden, and stops when the user does", async () => {
  const first = { asked: `Password of the configuration ${PATH}`, kind: "password" } as const;
  const again = {
    asked: "This password does not open it: it is wrong. Password",
    kind: "password",
  } as const;
  equal(await find({ steps: [{ ...first, answer: "a" }, { ...again, answer: "right" }] }), "right");
  const three = [{ ...first, answer: "a" }, { ...again, answer: "b" }, { ...again, answer: "hunter2" }];
  const { sources, prompter } = sourcesOf({ steps: [...three, { ...again, answer: "right" }] });
  await rejects(findConfigPassword(sources, FILE), {
    code: "config-password-wrong",
    message: `Cannot read the configuration "${PATH}": none of 3 passwords opens it`,
  });
  equal(prompter.asked.length, 3);
  await rejects(find({ steps: [{ ...first, answer: CANCEL }] }), CancelledError);
});
