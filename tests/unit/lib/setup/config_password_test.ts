import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { manageConfigPassword } from "../../../../lib/setup/config_password.ts";
import { CANCEL, DEFAULT, ScriptedPrompter, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { CONFIG_PATH, World } from "./world.ts";

const TEXT = "[jotta]\ntype = jottacloud\ntoken = secret\n";
const NEW = "New password of the configuration";
const AGAIN = "The same password again";

async function choose(world: World, steps: readonly ScriptStep[]): Promise<void> {
  const prompter = new ScriptedPrompter(steps);
  await manageConfigPassword(world.context, prompter);
  prompter.assertDone();
}

Deno.test("manageConfigPassword() sets, changes and removes the password, each asked for twice", async () => {
  await using world = await World.create();
  world.fileSystem.put(CONFIG_PATH, TEXT);
  await choose(world, [
    { asked: /is not encrypted/, answer: DEFAULT },
    { asked: NEW, kind: "password", answer: "one", refused: ["", "  "] },
    { asked: AGAIN, kind: "password", answer: "two" },
    { asked: `The two passwords differ. ${NEW}`, kind: "password", answer: "two" },
    { asked: AGAIN, kind: "password", answer: "two" },
  ]);
  const first = await world.config();
  match(first, /^# Encrypted rclone configuration File\n/);
  await choose(world, [
    { asked: /is encrypted/, answer: "Change the password" },
    { asked: NEW, kind: "password", answer: " three" },
    { asked: AGAIN, kind: "password", answer: " three" },
  ]);
  const second = await world.config();
  match(second, /^# Encrypted/);
  ok(second !== first);
  match(world.said, /warn: The password starts or ends with a blank/);
  await choose(world, [{ asked: /is encrypted/, answer: "Leave it as it is" }]);
  equal(await world.config(), second);
  await choose(world, [{ asked: /is encrypted/, answer: "Remove the password: make it plain text" }]);
  equal(await world.config(), TEXT);
  const notices = world.said.split("\n").filter((line) => line.includes(CONFIG_PATH));
  deepEqual(notices, [
    `Encrypted ${CONFIG_PATH}; nobody can open it without the password`,
    `Changed the password of ${CONFIG_PATH}; nobody can open it without the password`,
    `Removed the password of ${CONFIG_PATH}, which is plain text now`,
  ]);
  ok(!/\b(one|two|three)\b/.test(world.said));
});

Deno.test("manageConfigPassword() changes nothing when the user gives up", async () => {
  await using world = await World.create();
  world.fileSystem.put(CONFIG_PATH, TEXT);
  const menu: ScriptStep = { asked: /is not encrypted/, answer: DEFAULT };
  const steps: readonly (readonly ScriptStep[])[] = [
    [{ ...menu, answer: CANCEL }],
    [menu, { asked: NEW, answer: CANCEL }],
    [menu, { asked: NEW, answer: "one" }, { asked: AGAIN, answer: CANCEL }],
  ];
  for (const each of steps) await rejects(choose(world, each), CancelledError);
  await choose(world, [{ ...menu, answer: "Leave it as it is" }]);
  equal(await world.config(), TEXT);
});
