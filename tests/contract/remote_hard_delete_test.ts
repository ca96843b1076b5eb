/** What the option hard-delete changes on the wire: `rm` and `rmDir` in place of `dl` and `dlDir`, and nothing else. */
import assert from "node:assert/strict";
import { ConflictError, FileNotFoundError, UsageError } from "../../lib/errors.ts";
import { type EmulatorWorld, withEmulator } from "./remote_worlds.ts";

const TREE = "/Jotta/Archive";

function test(title: string, work: (world: EmulatorWorld) => Promise<void>): void {
  Deno.test(title, () => withEmulator({}, work));
}

function commandsSent({ emulator }: EmulatorWorld): string[] {
  return emulator.requests.filter((each) => each.method === "POST")
    .map(({ path, query }) => `${path.split("/").at(-1)}?${query}`);
}

test("JottaRemote with hardDelete destroys files and folders; without it they are in the trash", async (world) => {
  const { tree } = world.emulator;
  for (const hardDelete of [true, false]) {
    tree.putFile(`${TREE}/a`, "x");
    tree.putFile(`${TREE}/dir/b`, "x");
    tree.putFile(`${TREE}/kept`, "x");
    const remote = world.remote("", { hardDelete });
    await remote.removeFile("a");
    await remote.purge("dir");
    const kindOfA = hardDelete ? undefined : "file";
    assert.equal(tree.kindOf(`${TREE}/a`), kindOfA);
    assert.equal(tree.kindOf(`${TREE}/dir/b`), kindOfA);
    assert.equal(tree.isTrashed(`${TREE}/a`), !hardDelete);
    assert.deepEqual(tree.list(TREE), ["kept"]);
  }
  assert.deepEqual(commandsSent(world), ["a?rm=true", "dir?rmDir=true", "a?dl=true", "dir?dlDir=true"]);
});

test("JottaRemote with hardDelete refuses what it refuses without it, before anything is sent", async (world) => {
  world.emulator.tree.putFile(`${TREE}/dir/a`, "x");
  const remote = world.remote("", { hardDelete: true });
  await assert.rejects(remote.removeFile("dir"), ConflictError);
  await assert.rejects(remote.removeFile("none"), FileNotFoundError);
  await assert.rejects(remote.purge("dir/a"), ConflictError);
  await assert.rejects(remote.purge(""), UsageError);
  assert.deepEqual(commandsSent(world), []);
});

test("JottaRemote with hardDelete succeeds when the first try had done it and its answer was lost", async (world) => {
  const { emulator } = world;
  emulator.tree.putFile(`${TREE}/a`, "x");
  emulator.tree.putFile(`${TREE}/dir/b`, "x");
  const action = { kind: "dropBeforeResponse", afterEffect: true } as const;
  const remote = world.remote("", { hardDelete: true });
  emulator.addFault({ match: { query: "rm=true" }, times: 1, action });
  await remote.removeFile("a");
  emulator.addFault({ match: { query: "rmDir=true" }, times: 1, action });
  await remote.purge("dir");
  assert.deepEqual(emulator.tree.list(TREE, { all: true }), []);
});
