/** ConfigWizard: new remotes, their sign-in and their place. */
import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { CancelledError } from "../../../../lib/errors.ts";
import { CANCEL, DEFAULT } from "../../../fakes/scripted_prompter.ts";
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
    "Set configuration password (not available yet)",
    "Quit config",
  ]);
  deepEqual(asked[2]?.choices, [
    "Standard: personal login token",
    "Traditional: sign in with the browser (not available yet)",
    "Legacy: user name and password (not available yet)",
  ]);
  match(world.said, /There are no remotes yet/);
  match(world.said, new RegExp(`Signed in as ${world.emulator.email}\\.`));
  match(world.said, /\[jotta\]\ntype = jottacloud\n(.+\n)*token = \*\*\*\n/);
  match(world.said, /Saved\. Try: jottash lsd jotta:/);
  match(world.said, /Current remotes:\n\nName +Type\n=+ +=+\njotta +jottacloud\n/);
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

Deno.test("ConfigWizard offers Jotta first, then the other devices, and only mountpoints that hold files", async () => {
  await using world = await World.create();
  world.emulator.tree.makeFolder("/Attic/Boxes/x");
  world.emulator.tree.makeFolder("/Laptop/Photos/x");
  const asked = await world.run([
    menu("New remote"),
    newName("jotta"),
    STANDARD,
    loginToken(world.emulator.loginToken),
    { asked: NON_STANDARD, answer: true },
    pick("Device", "Laptop"),
    pick("Mountpoint", "Photos"),
    keep("jotta"),
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: /^Sign in again\?/, answer: DEFAULT },
    { asked: /^Change its device/, answer: true },
    pick("Device", "Jotta"),
    pick("Mountpoint", "Sync"),
    keep("jotta"),
    QUIT,
  ]);
  const choices = asked.filter(({ message }) => /^(?:Device|Mountpoint)$/.test(message)).map((each) =>
    each.choices
  );
  equal(choices[0]?.[0], "Jotta");
  deepEqual(choices[0]?.slice(1), ["Attic", "Laptop", "Make a new device"]);
  deepEqual(choices[1], ["Photos", "Make a new mountpoint"]);
  for (const name of ["Archive", "Sync"]) ok(choices[3]?.includes(name), String(choices[3]));
  for (const name of ["Trash", "Latest", "Links", "Make a new mountpoint"]) ok(!choices[3]?.includes(name));
  const { device, mountpoint } = await world.section("jotta");
  deepEqual([device, mountpoint], ["Jotta", "Sync"]);
});

Deno.test("ConfigWizard makes a new device with a new mountpoint", async () => {
  await using world = await World.create();
  const asked = await world.run([
    menu("New remote"),
    newName("jotta"),
    STANDARD,
    loginToken(world.emulator.loginToken),
    { asked: NON_STANDARD, answer: true },
    pick("Device", "Make a new device"),
    {
      asked: "Name of the new device",
      answer: "Cellar",
      refused: ["", " ", "a/b", "JOTTA", "x".repeat(300)],
    },
    pick("Mountpoint", "Make a new mountpoint"),
    { asked: "Name of the new mountpoint", answer: "Shelf", refused: ["", "a/b", "a:b"] },
    keep("jotta"),
    QUIT,
  ]);
  deepEqual(asked.find((each) => each.message === "Mountpoint")?.choices, ["Make a new mountpoint"]);
  const { device, mountpoint } = await world.section("jotta");
  deepEqual([device, mountpoint], ["Cellar", "Shelf"]);
  equal(world.emulator.tree.kindOf("/Cellar/Shelf"), "folder");
});

Deno.test("ConfigWizard asks again when the login token is refused, and saves nothing", async () => {
  await using world = await World.create();
  const another = { asked: "Try another login token?", kind: "confirm" } as const;
  await world.run([
    menu("New remote"),
    newName("jotta"),
    STANDARD,
    loginToken("not a token"),
    { ...another, answer: DEFAULT },
    loginToken(world.emulator.loginToken.slice(0, 100)),
    { ...another, answer: false },
    QUIT,
  ]);
  match(
    world.said,
    /jottash: Cannot use this login token: it is cut short\n {2}Copy all of it/,
  );
  match(world.said, /jottash: Cannot use this login token: it is cut short or damaged\n/);
  equal(await world.config(), "");
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
    QUIT,
  ]);
  deepEqual((await world.context.config()).sections(), []);
});
