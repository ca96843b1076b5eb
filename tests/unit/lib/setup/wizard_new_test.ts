/** ConfigWizard: new remotes, their sign-in and their place. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { CANCEL } from "../../../fakes/scripted_prompter.ts";
import { keep, loginToken, makeRemote, menu, newName, NON_STANDARD, pick, QUIT, STANDARD } from "./steps.ts";
import { World } from "./world.ts";

Deno.test("ConfigWizard makes a first remote, and shows the token neither while asking nor after", async () => {
  await using world = await World.create();
  const token = world.emulator.loginToken;
  const asked = await world.run([...makeRemote("jotta", token), QUIT]);
  deepEqual(asked[0]?.choices, [
    "New remote",
    "Edit existing remote (there is none yet)",
    "Rename remote (there is none yet)",
    "Copy remote (there is none yet)",
    "Delete remote (there is none yet)",
    "Set configuration password",
    "Quit config",
  ]);
  deepEqual(asked[2]?.choices, [
    "Standard: personal login token",
    "Traditional: sign in with the browser",
    "Legacy: user name and password",
  ]);
  match(world.said, /There are no remotes yet/);
  match(world.said, new RegExp(`Signed in as ${world.emulator.email}\\.`));
  match(world.said, /\[jotta\]\ntype = jottacloud\n(.+\n)*token = \*\*\*\n/);
  match(world.said, /Saved\. Try: jottash lsd jotta:/);
  match(world.said, /Current remotes:\n\nName +Type +Session\n=+ +=+ +=+\njotta +jottacloud +ok\n/);
  ok(!world.said.includes(token));
  const saved = await world.token("jotta");
  ok(saved !== undefined && !world.said.includes(saved.slice(20, 60)));
  deepEqual(await world.section("jotta"), {
    type: "jottacloud",
    configVersion: "1",
    client_id: "jottacli",
    client_secret: "",
    tokenURL: world.emulator.tokenUrl,
    endpoint: world.emulator.endpoint,
  });
});

Deno.test("ConfigWizard refuses names that remotes cannot have or that are taken", async () => {
  await using world = await World.create();
  await world.run([...makeRemote("jotta", world.emulator.loginToken), QUIT]);
  await world.run([
    menu("New remote"),
    newName("two", ["", "a/b", "a:", "-x", "x ", "jotta"]),
    STANDARD,
    loginToken(world.emulator.issueLoginToken()),
    { asked: NON_STANDARD, answer: false },
    keep("two"),
    QUIT,
  ]);
  deepEqual((await world.context.config()).sections(), ["jotta", "two"]);
});

Deno.test("ConfigWizard stops at any question of a new remote that is answered with Ctrl-C", async () => {
  await using world = await World.create();
  world.emulator.tree.makeFolder("/Laptop/Photos/x");
  const steps = () => [
    menu("New remote"),
    newName("jotta"),
    STANDARD,
    loginToken(world.emulator.issueLoginToken()),
    { asked: NON_STANDARD, answer: true },
    pick("Device", "Laptop"),
    pick("Mountpoint", "Photos"),
    keep("jotta"),
  ];
  for (let index = 0; index < steps().length; index++) {
    const script = steps().slice(0, index + 1).map((step, at) =>
      at === index ? { asked: step.asked, answer: CANCEL } as const : step
    );
    const before = world.said.length;
    await rejects(world.run(script), CancelledError);
    const told = /The remote "jotta" stays as it is now; "jottash config" changes it\./;
    equal(told.test(world.said.slice(before)), index > 3, `told at ${index}`);
    // What was signed in for stays: the login token is spent.
    equal((await world.context.config()).has("jotta"), index > 3, `cancelled at ${index}`);
    await (await world.context.configStore()).update((document) => document.deleteSection("jotta"));
    world.context.accounts.forget("jotta");
  }
});

Deno.test("ConfigWizard can edit or delete a new remote instead of keeping it", async () => {
  await using world = await World.create();
  const review = 'Keep this "jotta" remote?';
  const summary = makeRemote("jotta", world.emulator.loginToken).slice(0, -1);
  await world.run([
    ...summary,
    { asked: review, answer: "Edit this remote" },
    { asked: /^Sign in again\?/, answer: false },
    { asked: /^Change its device/, answer: false },
    { asked: review, answer: "Delete this remote" },
    { asked: /^Delete the remote "jotta" from the config\?/, answer: true },
    { asked: "End its session at the service too?", answer: true },
    QUIT,
  ]);
  deepEqual((await world.context.config()).sections(), []);
});
