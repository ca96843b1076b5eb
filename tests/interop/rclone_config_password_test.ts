/** One encrypted config file for both programs: each opens what the other wrote, and neither leaves plain text. */
import { spawn } from "@lydell/node-pty";
import assert from "node:assert/strict";
import { findRclone, type Rclone } from "./rclone.ts";
import { rcloneTest, type World } from "./world.ts";

const PASSWORDS = ["asdf", "p w – ñ 日本", "\uFB01le\u2460"];
const DEADLINE_MS = 20_000;

async function assertEncrypted(path: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert.match(text, /^# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\n[A-Za-z0-9+/]+=*$/);
}

/** Options that have jottash take the password from a file. */
async function passwordOptions(world: World, password: string): Promise<{ open: string[]; set: string[] }> {
  const path = `${world.directory}/../password`;
  await Deno.writeTextFile(path, `${password}\n`);
  return { open: ["--password-command", `cat ${path}`], set: ["--new-password-command", `cat ${path}`] };
}

async function dump(rclone: Rclone, password: string): Promise<Record<string, Record<string, string>>> {
  return JSON.parse(await rclone.must(["config", "dump"], { env: { RCLONE_CONFIG_PASS: password } }));
}

/** Sets the password with rclone's own menu, which needs a terminal. */
async function setPasswordWithRclone(rclone: Rclone, password: string): Promise<void> {
  const menu = spawn(findRclone()?.path ?? "rclone", ["config", "--config", rclone.configPath], {
    cols: 80,
    rows: 40,
    env: { HOME: "/nonexistent", PATH: Deno.env.get("PATH") ?? "", TERM: "dumb" },
  });
  let said = "";
  let wake = () => {};
  menu.onData((text) => {
    said += text;
    wake();
  });
  const ended = new Promise<void>((resolve) => menu.onExit(() => resolve()));
  const deadline = setTimeout(() => menu.kill("SIGKILL"), DEADLINE_MS);
  try {
    const answers = [
      [/s\/q> $/, "s"],
      [/a\/q> $/, "a"],
      [/password:\s*$/, password],
      [/Confirm[^]*password:\s*$/, password],
      [/Password set[^]*u\/q> $/, "q"],
      [/s\/q> $/, "q"],
    ] as const;
    for (const [question, answer] of answers) {
      while (!question.test(said)) {
        const more = new Promise<void>((resolve) => wake = resolve);
        await Promise.race([more, ended.then(() => assert.fail(`rclone ended after:\n${said}`))]);
      }
      said = "";
      menu.write(`${answer}\r`);
    }
    await ended;
  } finally {
    clearTimeout(deadline);
    menu.kill("SIGKILL");
    await ended;
  }
}

for (const password of PASSWORDS) {
  rcloneTest(
    `rclone opens what jottash encrypted, password ${JSON.stringify(password)}`,
    {},
    async (world) => {
      const { rclone } = world;
      const text = await Deno.readTextFile(rclone.configPath);
      const jottash = await world.createJottash(rclone.configPath);
      const { open, set } = await passwordOptions(world, password);
      await jottash.must(["config", "password", "set", ...set]);
      await assertEncrypted(rclone.configPath);
      const { jotta } = await dump(rclone, password);
      assert.equal(jotta?.["type"], "jottacloud");
      for (const [, key, value] of text.matchAll(/^(\S+) = (.*)$/gm)) assert.equal(jotta?.[key ?? ""], value);
      const wrong = await rclone.run(["config", "dump", "--ask-password=false"], {
        env: { RCLONE_CONFIG_PASS: "no" },
      });
      assert.equal(wrong.code, 1);
      await jottash.must(["config", "password", "remove", ...open]);
      assert.equal(await Deno.readTextFile(rclone.configPath), text);
    },
  );

  rcloneTest(
    `jottash opens what rclone encrypted, password ${JSON.stringify(password)}`,
    {},
    async (world) => {
      const { rclone } = world;
      await setPasswordWithRclone(rclone, password);
      await assertEncrypted(rclone.configPath);
      const jottash = await world.createJottash(rclone.configPath);
      const { open } = await passwordOptions(world, password);
      await jottash.must(["config", "password", "check", ...open]);
      assert.equal(await jottash.must(["config", "list", ...open]), "jotta:\n");
      const before = await dump(rclone, password);
      await jottash.must(["config", "password", "remove", ...open]);
      assert.deepEqual(JSON.parse(await rclone.must(["config", "dump"])), before);
    },
  );
}

rcloneTest("both programs keep one session going in one encrypted file", {
  emulator: { tokenLifetimeSeconds: 2 },
}, async (world) => {
  const { rclone, emulator } = world;
  // jottash speaks to the emulator without the bridge.
  await rclone.configure({ tokens: emulator.issueTokens(), keys: { tokenURL: emulator.tokenUrl } });
  const password = "asdf";
  const env = { RCLONE_CONFIG_PASS: password };
  emulator.tree.makeFolder("/Jotta/Archive/folder");
  const jottash = await world.createJottash(rclone.configPath);
  const { open, set } = await passwordOptions(world, password);
  await jottash.must(["config", "password", "set", ...set]);
  for (let round = 0; round < 2; round++) {
    const expiry = JSON.parse((await dump(rclone, password))["jotta"]?.["token"] ?? "{}").expiry;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(expiry) + 100 - Date.now())));
    assert.match(await rclone.must(["lsd", "jotta:"], { env }), / folder\n$/);
    await assertEncrypted(rclone.configPath);
    const next = JSON.parse((await dump(rclone, password))["jotta"]?.["token"] ?? "{}").expiry;
    assert.notEqual(next, expiry);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, Date.parse(next) + 100 - Date.now())));
    assert.match(await jottash.must(["lsd", "jotta:", ...open]), / folder\n$/);
    await assertEncrypted(rclone.configPath);
  }
  assert.equal(emulator.stats.revocations, 0);
  assert.ok(emulator.stats.refreshes >= 4);
});
