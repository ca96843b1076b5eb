/** What a remote finds of broken uploads and bad names, and what it refuses to destroy. */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import type { BrokenUpload, RemoteRepairs } from "../../lib/remote/repairs.ts";
import { type EmulatorWorld, withEmulator } from "./remote_worlds.ts";

const ROOT = "/Jotta/Archive/dir";

function test(title: string, work: (world: EmulatorWorld) => Promise<void>): void {
  Deno.test(title, () => withEmulator({}, work));
}

function repairsOf({ remote }: EmulatorWorld): RemoteRepairs {
  const { repairs } = remote("dir");
  ok(repairs !== undefined);
  return repairs;
}

async function onlyBroken(repairs: RemoteRepairs): Promise<BrokenUpload> {
  const [upload, ...others] = (await repairs.diagnose("")).broken;
  ok(upload !== undefined && others.length === 0);
  return upload;
}

test("diagnose() tells broken uploads apart, and leaves out what is whole or in the trash", async (world) => {
  const { tree } = world.emulator;
  tree.putFile(`${ROOT}/whole`, "w");
  tree.putFile(`${ROOT}/both`, "w");
  tree.seedIncomplete(`${ROOT}/both`, "longer", 3);
  tree.seedIncomplete(`${ROOT}/half`, "1234", 2);
  tree.seedCorrupt(`${ROOT}/bad`, "1234");
  tree.putFile(`${ROOT}/gone`, "w");
  tree.trash(`${ROOT}/gone`);
  tree.makeFolder(`${ROOT}/sub`);
  const repairs = repairsOf(world);
  const { broken, folders, names, servedAtMs } = await repairs.diagnose("");
  deepEqual(broken.map(({ path, state, hasWhole }) => [path, state, hasWhole]).toSorted(), [
    ["bad", "corrupt", false],
    ["both", "incomplete", true],
    ["half", "incomplete", false],
  ]);
  deepEqual([folders, names], [["sub"], []]);
  ok(servedAtMs !== undefined && Math.abs(servedAtMs - Date.now()) < 60_000);
  deepEqual([await repairs.heldBytes("half"), await repairs.heldBytes("both")], [2, 3]);
  await rejects(repairs.diagnose("none"), { name: "DirectoryNotFoundError" });
  await rejects(repairs.diagnose("whole"), { name: "DirectoryNotFoundError" });
});

test("diagnose() tells of names that the service does not give out, and of two that are one path", async (world) => {
  const { tree } = world.emulator;
  tree.putFile(`${ROOT}/100%`, "raw");
  const repairs = repairsOf(world);
  const [alone] = (await repairs.diagnose("")).names;
  deepEqual([alone?.path, alone?.kind], ["100%", "name-unreachable"]);
  tree.putFile(`${ROOT}/100％`, "ours");
  const both = (await repairs.diagnose("")).names;
  ok(both.some(({ kind, path }) => kind === "name-clash" && path === "100%"), JSON.stringify(both));
});

test("clear() destroys an upload that has only the name, and finding it gone already is no error", async (world) => {
  const { tree } = world.emulator;
  const repairs = repairsOf(world);
  for (
    const seed of [
      () => tree.seedIncomplete(`${ROOT}/half`, "1234", 2),
      () => tree.seedCorrupt(`${ROOT}/half`, "1"),
    ]
  ) {
    seed();
    const upload = await onlyBroken(repairs);
    world.emulator.addFault({
      match: { method: "POST", query: "rm=true" },
      times: 1,
      action: { kind: "dropBeforeResponse", afterEffect: true },
    });
    await repairs.clear(upload);
    equal(tree.kindOf(`${ROOT}/half`), undefined);
    await rejects(repairs.clear(upload), { name: "FileNotFoundError" });
  }
});

test("clear() refuses what has changed since it was looked at", async (world) => {
  const { tree } = world.emulator;
  const repairs = repairsOf(world);
  const changes: Readonly<Record<string, () => void>> = {
    "it has a whole version": () => tree.putFile(`${ROOT}/half`, "1234"),
    "an upload is at work on it": () => tree.seedIncomplete(`${ROOT}/half`, "other", 1),
    "something else has the name by now": () => {
      tree.remove(`${ROOT}/half`);
      tree.makeFolder(`${ROOT}/half`);
      tree.putFile(`${ROOT}/half/inside`, "x");
    },
  };
  for (const [state, change] of Object.entries(changes)) {
    tree.makeFolder(ROOT);
    if (tree.kindOf(`${ROOT}/half`) !== undefined) tree.remove(`${ROOT}/half`);
    tree.seedIncomplete(`${ROOT}/half`, "1234", 2);
    const upload = await onlyBroken(repairs);
    change();
    world.emulator.clearRequests();
    await rejects(repairs.clear(upload), { name: "ConflictError", message: new RegExp(`: ${state}$`) });
    deepEqual(world.emulator.requests.filter(({ method }) => method === "POST"), []);
  }
});
