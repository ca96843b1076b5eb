/** ConfigWizard: device and mountpoint. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { DEFAULT, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { keep, loginToken, makeRemote, menu, newName, NON_STANDARD, pick, QUIT, STANDARD } from "./steps.ts";
import { World } from "./world.ts";

const YES: ScriptStep = { asked: NON_STANDARD, answer: true };
const MAKE_DEVICE = pick("Device", "Make a new device");
const MAKE_MOUNTPOINT = pick("Mountpoint", "Make a new mountpoint");

function typed(noun: "device" | "mountpoint", answer: string, refused: readonly string[] = []): ScriptStep {
  return { asked: `Name of the new ${noun}`, kind: "input", answer, refused };
}

/** A new remote whose place is chosen by these answers. */
async function choosing(world: World, steps: readonly ScriptStep[]) {
  return await world.run([
    menu("New remote"),
    newName("jotta"),
    STANDARD,
    loginToken(world.emulator.issueLoginToken()),
    YES,
    ...steps,
    keep("jotta"),
    QUIT,
  ]);
}

async function placeOf(world: World): Promise<unknown[]> {
  const { device, mountpoint } = await world.section("jotta");
  return [device, mountpoint];
}

async function post(world: World, path: string): Promise<void> {
  const { endpoint, username } = world.emulator;
  const headers = { authorization: `Bearer ${world.emulator.issueTokens().accessToken}` };
  const response = await fetch(`${endpoint}/jfs/${username}/${path}`, { method: "POST", headers });
  ok(response.ok, `${response.status}: ${await response.text()}`);
}

function choicesOf(asked: Awaited<ReturnType<World["run"]>>, message: "Device" | "Mountpoint") {
  return asked.filter((each) => each.message === message).map((each) => each.choices);
}

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
      refused: ["", " ", "a/b", "x".repeat(300)],
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

const SPELLINGS:
  readonly (readonly [title: string, steps: readonly ScriptStep[], place: readonly string[]])[] = [
    [
      "the device",
      [MAKE_DEVICE, typed("device", "LAPTOP"), pick("Mountpoint", "Photos")],
      ["Laptop", "Photos"],
    ],
    [
      "the mountpoint",
      [pick("Device", "Laptop"), MAKE_MOUNTPOINT, typed("mountpoint", "pHOTOS")],
      ["Laptop", "Photos"],
    ],
    ["the built-in device", [MAKE_DEVICE, typed("device", "jotta"), pick("Mountpoint", "Sync")], [
      "Jotta",
      "Sync",
    ]],
  ];

for (const [title, steps, place] of SPELLINGS) {
  Deno.test(`ConfigWizard takes a typed name that exists in another case for ${title} that is there`, async () => {
    await using world = await World.create();
    world.emulator.tree.makeFolder("/Laptop/Photos/x");
    await choosing(world, steps);
    deepEqual(await placeOf(world), place);
    const asked = await world.run([
      menu("Edit existing remote"),
      { asked: "Which remote is to be edited?", answer: "jotta" },
      { asked: /^Sign in again\?/, answer: DEFAULT },
      { asked: `Change its device/mountpoint? (Now: ${place.join("/")})`, answer: true },
      pick("Device", "Laptop"),
      pick("Mountpoint", "Photos"),
      keep("jotta"),
      QUIT,
    ]);
    // Nothing was made beside what was there.
    deepEqual(choicesOf(asked, "Device"), [["Jotta", "Laptop", "Make a new device"]]);
    deepEqual(choicesOf(asked, "Mountpoint"), [["Photos", "Make a new mountpoint"]]);
  });
}

Deno.test("ConfigWizard offers no new mountpoint on Jotta, however it is chosen", async () => {
  await using world = await World.create();
  const asked = await choosing(world, [MAKE_DEVICE, typed("device", "JOTTA"), pick("Mountpoint", "Archive")]);
  deepEqual(choicesOf(asked, "Mountpoint"), [["Archive", "Sync"]]);
  deepEqual(await placeOf(world), ["Jotta", "Archive"]);
});

Deno.test("ConfigWizard marks the place that a remote has, so that Enter keeps it", async () => {
  await using world = await World.create();
  world.emulator.tree.makeFolder("/Laptop/Photos/x");
  world.emulator.tree.makeFolder("/Laptop/Music/x");
  await choosing(world, [pick("Device", "Laptop"), pick("Mountpoint", "Photos")]);
  await world.run([
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: /^Sign in again\?/, answer: DEFAULT },
    { asked: /^Change its device/, answer: true },
    { asked: "Device", answer: DEFAULT },
    { asked: "Mountpoint", answer: DEFAULT },
    keep("jotta"),
    QUIT,
  ]);
  deepEqual(await placeOf(world), ["Laptop", "Photos"]);
});

Deno.test("ConfigWizard does not offer a mountpoint in the trash; one of its name can be made", async () => {
  await using world = await World.create();
  world.emulator.tree.makeFolder("/Laptop/Old/x");
  world.emulator.tree.makeFolder("/Laptop/Photos/x");
  await post(world, "Laptop/Old?dl=true");
  const asked = await choosing(world, [
    pick("Device", "Laptop"),
    MAKE_MOUNTPOINT,
    typed("mountpoint", "Old"),
  ]);
  deepEqual(choicesOf(asked, "Mountpoint"), [["Photos", "Make a new mountpoint"]]);
  deepEqual(await placeOf(world), ["Laptop", "Old"]);
  const mountpoints = await (await world.context.accounts.get("jotta")).mountpoints("Laptop");
  deepEqual(mountpoints.map((each) => each.name).sort(), ["Old", "Photos"]);
});

Deno.test("ConfigWizard offers only a new mountpoint on a device that has none", async () => {
  await using world = await World.create();
  await post(world, "Empty?type=WORKSTATION");
  const asked = await choosing(world, [
    pick("Device", "Empty"),
    MAKE_MOUNTPOINT,
    typed("mountpoint", "First", ["", " ", "a/b"]),
  ]);
  deepEqual(choicesOf(asked, "Mountpoint"), [["Make a new mountpoint"]]);
  deepEqual(await placeOf(world), ["Empty", "First"]);
  equal(world.emulator.tree.kindOf("/Empty/First"), "folder");
});

Deno.test("ConfigWizard keeps the remote and says why when its place cannot be chosen", async () => {
  await using world = await World.create();
  await world.run([...makeRemote("jotta", world.emulator.loginToken), QUIT]);
  world.emulator.addFault({
    match: { method: "POST", path: "/Cellar" },
    times: 1,
    action: { kind: "status", status: 403 },
  });
  await world.run([
    menu("Edit existing remote"),
    { asked: "Which remote is to be edited?", answer: "jotta" },
    { asked: /^Sign in again\?/, answer: false },
    { asked: /^Change its device/, answer: true },
    MAKE_DEVICE,
    typed("device", "Cellar"),
    MAKE_MOUNTPOINT,
    typed("mountpoint", "Shelf"),
    QUIT,
  ]);
  match(world.said, /jottash: Cannot create the device "Cellar": /);
  deepEqual(await placeOf(world), [undefined, undefined]);
});
