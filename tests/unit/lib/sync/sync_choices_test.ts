/** The optional parts of a run: each is asked where it should be, and obeyed. */
import assert from "node:assert/strict";
import { LimitError, ServiceError } from "../../../../lib/errors.ts";
import { createAlternatives } from "../../../../lib/sync/alternatives.ts";
import { createBudget } from "../../../../lib/sync/budget.ts";
import { parseJobOrder } from "../../../../lib/sync/job_order.ts";
import { createKeepAside } from "../../../../lib/sync/keep_aside.ts";
import { syncSingleFile, syncTrees } from "../../../../lib/sync/sync.ts";
import type { Approve, SyncOptions } from "../../../../lib/sync/sync_options.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { folderOf } from "../../../fakes/memory_remote_folder.ts";
import { fileIn, TIME, TransferWorld } from "../transfer/world.ts";
import { DELETES, PLAIN } from "./plain_options.ts";

const LATER = TIME + 60_000;

function up(world: TransferWorld, options: Partial<SyncOptions> = {}) {
  return syncTrees(world.local, world.remote, { ...PLAIN, ...options }, world.context);
}

function down(world: TransferWorld, options: Partial<SyncOptions> = {}) {
  return syncTrees(world.remote, world.local, { ...PLAIN, ...options }, world.context);
}

function text(world: TransferWorld, path: string): string | undefined {
  const bytes = world.remote.peek(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

function finished(world: TransferWorld): readonly string[] {
  return world.events.flatMap((event) => event.type === "finished" ? `${event.how} ${event.path}` : []);
}

function names(world: TransferWorld): ReadonlySet<string> {
  return new Set(world.remote.calls.map(({ name }) => name));
}

Deno.test("syncTrees() sets only the time where the content is the same, in both directions", async () => {
  const world = new TransferWorld();
  await world.put("a", "same");
  world.remote.put("a", "same", { modifiedAtMs: LATER });
  assert.deepEqual(await down(world), []);
  assert.equal((await fileIn(world.local, "a")).modifiedAtMs, LATER);
  assert.deepEqual(finished(world), ["times-only a"]);
  assert.deepEqual(names(world), new Set(["list"]));
  await world.put("a", "same", TIME);
  assert.deepEqual(await up(world), []);
  assert.equal((await fileIn(world.remote, "a")).modifiedAtMs, TIME);
  assert.deepEqual(finished(world), ["times-only a", "times-only a"]);
  assert.equal(names(world).has("allocate"), false);
});

Deno.test("syncTrees() sends what differs at the same size, and replaces a target that cannot be read", async () => {
  const world = new TransferWorld();
  await world.put("a", "mine");
  world.remote.put("a", "your", { modifiedAtMs: LATER });
  assert.deepEqual(await up(world), []);
  assert.equal(text(world, "a"), "mine");
  world.remote.put("a", "ours", { modifiedAtMs: LATER });
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "read") throw localFailure("EACCES", path);
  };
  assert.deepEqual(await down(world), []);
  assert.equal(world.disk.peek("/data/a"), "ours");
});

Deno.test("syncTrees() downloads nothing when the content agrees and the service tells no time", async () => {
  const world = new TransferWorld();
  await world.put("a", "same");
  world.remote.put("a", "same");
  const list = world.remote.list.bind(world.remote);
  world.remote.list = async (path, options) =>
    (await list(path, options)).map((entry) =>
      entry.kind === "file" ? { ...entry, modifiedAtMs: undefined } : entry
    );
  assert.deepEqual(await down(world), []);
  assert.ok(world.types().includes("unchanged"));
  assert.equal((await fileIn(world.local, "a")).modifiedAtMs, TIME);
});

Deno.test("syncTrees() gives no time to a target that has changed since it was listed", async () => {
  const world = new TransferWorld();
  await world.put("a", "same");
  world.remote.put("a", "same", { modifiedAtMs: LATER });
  world.remote.beforeCall = ({ name }) => {
    if (name === "stat") world.remote.put("a", "new!", { modifiedAtMs: LATER + 5_000 });
  };
  assert.deepEqual((await up(world)).map(({ code }) => code), ["source-changed"]);
  assert.equal((await fileIn(world.remote, "a")).modifiedAtMs, LATER + 5_000);
});

Deno.test("syncTrees() by checksum reads what it has to, and leaves times alone", async () => {
  const world = new TransferWorld();
  await world.put("same", "1234");
  await world.put("other", "1234");
  world.remote.put("same", "1234", { modifiedAtMs: LATER });
  world.remote.put("other", "5678", { modifiedAtMs: TIME });
  assert.deepEqual(await up(world, { compare: { ...PLAIN.compare, by: "checksum" } }), []);
  assert.equal(text(world, "other"), "1234");
  assert.equal((await fileIn(world.remote, "same")).modifiedAtMs, LATER);
  assert.deepEqual(finished(world).map((each) => each.split(" ")[1]), ["other"]);
});

Deno.test("syncTrees() fails for each file that differs and may not be changed, and goes on", async () => {
  const world = new TransferWorld();
  await world.put("a", "new");
  await world.put("b", "new");
  world.remote.put("a", "older");
  const errors = await up(world, { compare: { ...PLAIN.compare, immutable: true } });
  assert.deepEqual(errors.map(({ message, code }) => [code, message]), [
    ["conflict", 'Cannot copy "a": the file at the target is another one, and is not to be changed'],
  ]);
  assert.deepEqual([text(world, "a"), text(world, "b")], ["older", "new"]);
});

Deno.test("syncTrees() without traversing looks at each file, and lists nothing of the target", async () => {
  const world = new TransferWorld();
  for (const path of ["d/new", "d/same", "other"]) await world.put(path, path);
  world.remote.put("d/same", "d/same", { modifiedAtMs: TIME });
  world.remote.put("other", "older content");
  world.remote.putFolder("empty");
  await world.local.makeDirectory("empty");
  assert.deepEqual(await up(world, { noTraverse: true, createEmptyDirectories: true }), []);
  assert.deepEqual(world.remote.calls.filter(({ name }) => name === "list"), []);
  assert.equal(text(world, "other"), "other");
  assert.equal(world.types().filter((type) => type === "unchanged").length, 1);
  assert.deepEqual(world.events.filter(({ type }) => type === "directory-made"), []);
  world.remote.putFolder("taken");
  await world.put("taken", "1");
  assert.deepEqual((await up(world, { noTraverse: true })).map(({ code }) => code), ["conflict"]);
});

Deno.test("syncTrees() finds everything first, and goes in the order it is told", async () => {
  const world = new TransferWorld();
  for (const [path, size] of [["a", 2], ["d/b", 5], ["d/e/c", 1], ["z", 9]] as const) {
    await world.put(path, "x".repeat(size));
  }
  await up(world, { checkFirst: true, transfers: 1, order: parseJobOrder("size,descending") });
  const types = world.types();
  assert.ok(types.indexOf("plan-complete") < types.indexOf("started"));
  assert.deepEqual(finished(world).map((each) => each.split(" ")[1]), ["z", "d/b", "a", "d/e/c"]);
});

Deno.test("syncTrees() asks before each change, and leaves what is refused", async () => {
  const world = new TransferWorld();
  await world.put("copy me", "1");
  await world.put("not me", "2");
  for (const path of ["delete me", "d/keep me"]) world.remote.put(path, path);
  const asked: string[] = [];
  const approve: Approve = ({ verb, path }) => {
    asked.push(`${verb} ${path}`);
    return Promise.resolve(!/not|keep/.test(path));
  };
  assert.deepEqual(await up(world, { approve, deletes: DELETES }), []);
  assert.deepEqual(asked.sort(), ["copy copy me", "copy not me", "delete d/keep me", "delete delete me"]);
  assert.deepEqual(world.remote.files(), ["copy me", "d/keep me"]);
  assert.deepEqual(
    world.events.flatMap((event) => event.type === "skipped" ? `${event.path}: ${event.reason}` : []).sort(),
    ["d/keep me: you said no", "not me: you said no"],
  );
});

Deno.test("syncTrees() keeps aside what it overwrites or deletes, and tells where", async () => {
  const world = new TransferWorld();
  await world.put("a", "new");
  world.remote.put("data/a", "older");
  world.remote.put("data/d/gone", "gone");
  const target = folderOf(world.remote, "data");
  const directory = folderOf(world.remote, "kept");
  const keepAside = createKeepAside({ target, directory, context: world.context });
  const run = (dryRun: boolean) => {
    world.events.length = 0;
    return syncTrees(world.local, target, { ...PLAIN, dryRun, deletes: DELETES, keepAside }, world.context);
  };
  for (const dryRun of [true, false]) {
    assert.deepEqual(await run(dryRun), []);
    const told = world.events.flatMap((event) => {
      if (event.type === "kept-aside") return [event.path, event.keptAt];
      return event.type === "removed" && event.kind === "file" ? [event.path, event.keptAt] : [];
    });
    assert.deepEqual(told, ["a", keepAside.placeOf("a"), "d/gone", keepAside.placeOf("d/gone")]);
    if (dryRun) assert.deepEqual(world.remote.files(), ["data/a", "data/d/gone"]);
  }
  assert.deepEqual(world.remote.files(), ["data/a", "kept/a", "kept/d/gone"]);
  assert.deepEqual([text(world, "data/a"), text(world, "kept/a")], ["new", "older"]);
});

Deno.test("syncTrees() overwrites nothing that could not be kept, and says where it is when the transfer fails after that", async () => {
  const world = new TransferWorld();
  await world.put("a", "new");
  world.remote.put("a", "older");
  const keepAside = createKeepAside({ target: world.remote, suffix: ".old", context: world.context });
  world.remote.beforeCall = ({ name }) => {
    if (name === "moveFile") throw new ServiceError("it cannot be moved");
  };
  assert.deepEqual((await up(world, { keepAside })).map(({ message }) => message), ["it cannot be moved"]);
  assert.equal(text(world, "a"), "older");
  world.remote.beforeCall = ({ name }) => {
    if (name === "allocate") throw new ServiceError("it cannot be sent");
  };
  const [error] = await up(world, { keepAside });
  assert.equal(error?.message, "it cannot be sent");
  assert.equal(
    error?.hint,
    `The file that was at the target before is whole, at "${keepAside.placeOf("a")}"`,
  );
  assert.equal(text(world, "a.old"), "older");
});

Deno.test("syncTrees() neither compares nor deletes files that are kept beside the others", async () => {
  const world = new TransferWorld();
  await world.put("a", "new");
  world.remote.put("a", "older");
  world.remote.put("d/b.old", "kept before");
  world.remote.put("e/gone", "gone");
  const keepAside = createKeepAside({ target: world.remote, suffix: ".old", context: world.context });
  for (const dryRun of [true, false, false]) {
    assert.deepEqual(await up(world, { keepAside, deletes: DELETES, dryRun }), []);
    if (!dryRun) assert.deepEqual(world.remote.files(), ["a", "a.old", "d/b.old", "e/gone.old"]);
  }
  assert.equal(world.events.some((event) => event.type === "removed" && event.kind === "directory"), false);
});

Deno.test("syncTrees() leaves out what another tree has, or takes it from there", async () => {
  for (const act of ["skip", "copy"] as const) {
    const world = new TransferWorld();
    await world.put("d/a", "there");
    await world.put("b", "only here");
    await world.put("c", "other!");
    world.remote.put("full/d/a", "there", { modifiedAtMs: LATER });
    world.remote.put("full/c", "another one");
    world.remote.putFolder("data");
    const target = folderOf(world.remote, "data");
    const alternatives = createAlternatives({ act, trees: [folderOf(world.remote, "full")] });
    const options = { ...PLAIN, alternatives };
    assert.deepEqual(await syncTrees(world.local, target, options, world.context), []);
    const here = world.remote.files().filter((path) => path.startsWith("data/"));
    assert.deepEqual(here, act === "skip" ? ["data/b", "data/c"] : ["data/b", "data/c", "data/d/a"]);
    if (act === "skip") {
      assert.deepEqual(world.events.flatMap((each) => each.type === "unchanged" ? each.path : []), ["d/a"]);
    } else {
      assert.ok(finished(world).includes("direct d/a"));
      assert.equal((await fileIn(target, "d/a")).modifiedAtMs, TIME);
    }
  }
});

Deno.test("syncTrees() ends with the limit that is reached, when what is under way is done, and deletes nothing then", async () => {
  const world = new TransferWorld();
  for (const path of ["a", "b", "c"]) await world.put(path, `content of ${path}`);
  world.remote.put("gone", "1");
  const { clock } = world;
  using budget = createBudget({ maxTransferBytes: 20, cutoff: "soft", clock, startedAtMs: clock.now() });
  await assert.rejects(up(world, { budget, transfers: 1, deletes: DELETES }), LimitError);
  assert.equal(finished(world).length, 2);
  assert.ok(world.remote.peek("gone"));
  const hard = new TransferWorld();
  for (const path of ["a", "b", "c"]) await hard.put(path, `content of ${path}`);
  using cutoff = createBudget({ maxTransferBytes: 20, cutoff: "hard", clock, startedAtMs: clock.now() });
  await assert.rejects(up(hard, { budget: cutoff, transfers: 1 }), LimitError);
  assert.equal(hard.remote.files().length, 1);
  assert.deepEqual(hard.types().filter((type) => type === "failed"), []);
});

Deno.test("syncTrees() gives files at the target the names and places that they have in the source now", async () => {
  const world = new TransferWorld();
  await world.put("new/name", "content", LATER);
  await world.put("fresh", "not known");
  world.remote.put("old/place", "content", { modifiedAtMs: TIME });
  world.remote.put("gone", "other");
  const options = { trackRenames: { by: ["hash"] as const }, deletes: DELETES };
  assert.deepEqual(await up(world, { ...options, dryRun: true }), []);
  assert.deepEqual(world.remote.files(), ["gone", "old/place"]);
  world.events.length = 0;
  world.remote.calls.length = 0;
  assert.deepEqual(await up(world, options), []);
  assert.deepEqual(world.remote.files(), ["fresh", "new/name"]);
  assert.deepEqual(world.events.filter(({ type }) => type === "renamed"), [
    { type: "renamed", path: "new/name", from: "old/place", size: 7 },
  ]);
  assert.equal((await fileIn(world.remote, "new/name")).modifiedAtMs, LATER);
  assert.deepEqual(world.remote.calls.filter(({ name }) => name === "send").map(({ path }) => path), [
    "fresh",
  ]);
  assert.equal(await world.remote.stat("old"), undefined);
});

Deno.test("syncTrees() transfers a file whose rename fails, and deletes the one with the old name", async () => {
  const world = new TransferWorld();
  await world.put("new", "content");
  world.remote.put("old", "content", { modifiedAtMs: TIME });
  world.remote.beforeCall = ({ name }) => {
    if (name === "moveFile") throw new ServiceError("it cannot be moved");
  };
  assert.deepEqual(await up(world, { trackRenames: { by: ["hash"] }, deletes: DELETES }), []);
  assert.deepEqual(world.remote.files(), ["new"]);
});

Deno.test("syncSingleFile() obeys the same options", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", "new");
  world.remote.put("b", "older");
  const job = { source: world.local, file, target: world.remote, targetPath: "b" };
  const compare = { ...PLAIN.compare, immutable: true };
  assert.equal((await syncSingleFile(job, { ...PLAIN, compare }, world.context)).length, 1);
  await syncSingleFile(job, { ...PLAIN, dryRun: true }, world.context);
  assert.ok(world.types().includes("would-transfer"));
  assert.equal(text(world, "b"), "older");
  const keepAside = createKeepAside({ target: world.remote, suffix: ".old", context: world.context });
  const move = { deleteEmptySourceDirectories: true };
  assert.deepEqual(await syncSingleFile(job, { ...PLAIN, keepAside, move }, world.context), []);
  assert.deepEqual([text(world, "b"), text(world, "b.old")], ["new", "older"]);
  assert.equal(world.disk.peek("/data/a"), undefined);
});
