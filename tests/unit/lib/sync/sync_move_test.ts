/** What a move does with the source, and when it leaves it alone. */
import assert from "node:assert/strict";
import { AuthError, ConflictError, LocalError, ServiceError } from "../../../../lib/errors.ts";
import { createFilter } from "../../../../lib/filter/filter.ts";
import { syncSingleFile, syncTrees } from "../../../../lib/sync/sync.ts";
import type { SyncOptions } from "../../../../lib/sync/sync_options.ts";
import { folderOf } from "../../../fakes/memory_remote_folder.ts";
import { fileIn, TIME, TransferWorld } from "../transfer/world.ts";
import { PLAIN } from "./plain_options.ts";
import { createEnds } from "./sync_ends.ts";

const MOVE: SyncOptions = { ...PLAIN, move: { deleteEmptySourceDirectories: false } };

function up(world: TransferWorld, options: Partial<SyncOptions> = {}) {
  return syncTrees(world.local, world.remote, { ...MOVE, ...options }, world.context);
}

function within(world: TransferWorld, options: Partial<SyncOptions> = {}) {
  const [from, to] = [folderOf(world.remote, "from"), folderOf(world.remote, "to")];
  return syncTrees(from, to, { ...MOVE, ...options }, world.context);
}

function told(world: TransferWorld): readonly string[] {
  return world.events.flatMap((event) => {
    if (event.type === "moved") return `moved ${event.kind} ${event.path}`;
    return event.type === "removed" ? `removed ${event.side} ${event.kind} ${event.path}` : [];
  }).sort();
}

async function localFiles(world: TransferWorld): Promise<readonly string[]> {
  const files = world.disk.paths().filter((path) => world.disk.peek(path) !== undefined);
  return await Promise.resolve(files.map((path) => path.replace("/data/", "")));
}

Deno.test("syncTrees() as a move removes what arrived and what is there already, and keeps the directories", async () => {
  const world = new TransferWorld();
  await world.put("d/new", "1");
  await world.put("same", "2");
  await world.local.makeDirectory("empty");
  world.remote.put("same", "2", { modifiedAtMs: TIME });
  assert.deepEqual(await up(world), []);
  assert.deepEqual(world.remote.files(), ["d/new", "same"]);
  assert.deepEqual(world.disk.paths(), ["/", "/data", "/data/d", "/data/empty"]);
  assert.deepEqual(told(world), ["removed source file d/new", "removed source file same"]);
});

Deno.test("syncTrees() as a move removes empty directories of the source when told, but not the root, nor one with a rest", async () => {
  const world = new TransferWorld();
  await world.put("d/e/new", "1");
  await world.put("f/rest", "2");
  await world.local.makeDirectory("empty/deep");
  world.disk.putLink("/data/g/link", "/data/f");
  const filter = createFilter([{ flag: "exclude", value: "rest", content: "" }], {
    nowMs: 0,
    random: () => 0,
  });
  assert.deepEqual(await up(world, { move: { deleteEmptySourceDirectories: true }, filter }), []);
  assert.deepEqual(world.disk.paths(), ["/", "/data", "/data/f", "/data/f/rest", "/data/g", "/data/g/link"]);
});

Deno.test("syncTrees() as a move leaves at the source what is skipped, refused or failed", async () => {
  const cases: readonly (readonly [Partial<SyncOptions["compare"]>, string])[] = [
    [{ ignoreExisting: true }, "skipped"],
    [{ update: true }, "skipped"],
    [{ immutable: true }, "failed"],
  ];
  for (const [compare, type] of cases) {
    const world = new TransferWorld();
    await world.put("a", "old");
    world.remote.put("a", "newer", { modifiedAtMs: TIME + 60_000 });
    await up(world, { compare: { ...PLAIN.compare, ...compare } });
    assert.ok(world.types().includes(type));
    assert.equal(world.disk.peek("/data/a"), "old");
    assert.equal(new TextDecoder().decode(world.remote.peek("a")), "newer");
  }
  const world = new TransferWorld();
  await world.put("a", "1");
  await world.put("b", "2");
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "allocate" && path === "a") throw new ServiceError("not this one");
  };
  assert.equal((await up(world)).length, 1);
  assert.deepEqual(await localFiles(world), ["a"]);
});

Deno.test("syncTrees() as a move keeps a source that changes while it is on its way, and says so", async () => {
  const world = new TransferWorld();
  await world.put("a", "before");
  world.remote.beforeCall = async ({ name }) => {
    if (name === "stat" && world.remote.peek("a") !== undefined) await world.put("a", "later!", TIME + 5_000);
  };
  const errors = await up(world);
  assert.deepEqual(errors.map(({ code, message }) => [code, message]), [
    ["source-changed", 'Cannot remove "a" from "data": another program changes it'],
  ]);
  assert.equal(world.disk.peek("/data/a"), "later!");
});

Deno.test("syncTrees() as a move compares the content before it removes a source of the same size and time", async () => {
  const world = new TransferWorld();
  await world.put("a", "mine!");
  world.remote.put("a", "yours", { modifiedAtMs: TIME });
  assert.deepEqual(await up(world), []);
  assert.equal(new TextDecoder().decode(world.remote.peek("a")), "mine!");
  assert.deepEqual(await localFiles(world), []);
});

Deno.test("syncTrees() as a move removes a file of a remote from it", async () => {
  const { world, source, target } = await createEnds("down");
  await source.put("d/a", { content: "1", second: 1_000 });
  assert.deepEqual(await syncTrees(source.tree, target.tree, MOVE, world.context), []);
  assert.equal(target.peek("d/a"), "1");
  assert.ok(world.remote.isTrashed("source/d/a"));
});

Deno.test("syncTrees() as a move within an account takes a missing folder as a whole, and looks into one that is there", async () => {
  const world = new TransferWorld();
  for (const path of ["from/new/a/b", "from/both/c", "from/both/d", "to/both/d"]) {
    world.remote.put(path, path);
  }
  assert.deepEqual(await within(world), []);
  assert.deepEqual(world.remote.files(), ["to/both/c", "to/both/d", "to/new/a/b"]);
  assert.equal(new TextDecoder().decode(world.remote.peek("to/both/d")), "from/both/d");
  assert.deepEqual(told(world), ["moved directory new", "moved file both/c", "moved file both/d"]);
  assert.equal(world.remote.calls.some(({ name }) => name === "open" || name === "allocate"), false);
});

Deno.test("syncTrees() as a move goes file by file where single files count, or the name of the folder is held", async () => {
  const filter = createFilter([{ flag: "exclude", value: "*.tmp", content: "" }], {
    nowMs: 0,
    random: () => 0,
  });
  const filtered = new TransferWorld();
  for (const path of ["from/d/a", "from/d/b.tmp"]) filtered.remote.put(path, path);
  assert.deepEqual(await within(filtered, { filter }), []);
  assert.deepEqual(filtered.remote.files(), ["from/d/b.tmp", "to/d/a"]);
  const held = new TransferWorld();
  held.remote.put("from/d/a", "1");
  held.remote.beforeCall = ({ name }) => {
    if (name === "moveDirectory") throw new ConflictError("in the trash", { data: { isTrashed: true } });
  };
  assert.deepEqual(await within(held), []);
  assert.deepEqual(held.remote.files(), ["to/d/a"]);
});

Deno.test("syncTrees() as a move within the machine renames, and copies to another disk", async () => {
  const { world, source, target } = await createEnds("local");
  await source.put("d/a", { content: "1", second: 1_000 });
  await source.put("b", { content: "2", second: 2_000 });
  let isOtherDisk = false;
  const { moveFile, moveDirectory } = world.local;
  assert.ok(moveFile !== undefined && moveDirectory !== undefined);
  assert.deepEqual(await syncTrees(source.tree, target.tree, MOVE, world.context), []);
  assert.deepEqual(told(world), ["moved directory d", "moved file b"]);
  world.events.length = 0;
  isOtherDisk = true;
  const otherDisk = () => {
    assert.ok(isOtherDisk);
    return Promise.reject(new LocalError("two disks", { code: "other-disk" }));
  };
  target.tree.moveFile = otherDisk;
  target.tree.moveDirectory = otherDisk;
  await source.put("e/c", { content: "3", second: 3_000 });
  assert.deepEqual(await syncTrees(source.tree, target.tree, MOVE, world.context), []);
  assert.equal(target.peek("e/c"), "3");
  assert.equal(source.peek("e/c"), undefined);
  assert.deepEqual(told(world), ["removed source file e/c"]);
});

Deno.test("syncTrees() as a move leaves what failed where it was, and ends at a lost sign-in", async () => {
  const world = new TransferWorld();
  for (const path of ["from/a", "from/b"]) world.remote.put(path, path);
  world.remote.putFolder("to");
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "moveFile" && path === "from/a") throw new ServiceError("not now");
  };
  assert.deepEqual((await within(world)).map(({ message }) => message), ["not now"]);
  assert.deepEqual(world.remote.files(), ["from/a", "to/b"]);
  world.remote.beforeCall = ({ name }) => {
    if (name === "moveFile") throw new AuthError("signed out");
  };
  await assert.rejects(within(world), AuthError);
});

Deno.test("syncTrees() as a move in a dry run moves nothing, and tells each file", async () => {
  const world = new TransferWorld();
  for (const path of ["from/new/a", "from/both/c", "to/both/d"]) world.remote.put(path, path);
  assert.deepEqual(await within(world, { dryRun: true }), []);
  assert.deepEqual(world.remote.files(), ["from/both/c", "from/new/a", "to/both/d"]);
  assert.deepEqual(told(world), ["moved file both/c", "moved file new/a"]);
  const local = new TransferWorld();
  await local.put("a", "1");
  await up(local, { dryRun: true });
  assert.deepEqual(told(local), ["removed source file a"]);
  assert.equal(local.disk.peek("/data/a"), "1");
});

Deno.test("syncSingleFile() as a move never removes the very file that it was to write", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", "1");
  const job = { source: world.local, file, target: world.local, targetPath: "a" };
  assert.deepEqual((await syncSingleFile(job, MOVE, world.context)).map(({ code }) => code), ["conflict"]);
  assert.equal(world.disk.peek("/data/a"), "1");
  world.remote.put("b", "2");
  const respelled = {
    source: world.remote,
    file: await fileIn(world.remote, "b"),
    target: world.remote,
    targetPath: "B",
  };
  await syncSingleFile(respelled, MOVE, world.context);
  assert.deepEqual(world.remote.files(), ["b"]);
});
