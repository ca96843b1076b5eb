/** What sync deletes at the target, when, and when it refuses to. */
import assert from "node:assert/strict";
import { AuthError, LocalError, ServiceError } from "../../../../lib/errors.ts";
import { createFilter } from "../../../../lib/filter/filter.ts";
import type { FilterFlag } from "../../../../lib/filter/words.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { DeleteOptions, SyncOptions } from "../../../../lib/sync/sync_options.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { TIME, TransferWorld } from "../transfer/world.ts";
import { DELETES, PLAIN } from "./plain_options.ts";

const WHENS = ["before", "during", "after"] as const;

function sync(
  world: TransferWorld,
  deletes: Partial<DeleteOptions> = {},
  options: Partial<SyncOptions> = {},
) {
  const all = { ...PLAIN, ...options, deletes: { ...DELETES, ...deletes } };
  return syncTrees(world.local, world.remote, all, world.context);
}

function filterOf(...words: readonly (readonly [FilterFlag, string])[]) {
  return createFilter(words.map(([flag, value]) => ({ flag, value, content: value })), {
    nowMs: TIME,
    random: () => 0.5,
  });
}

function removed(world: TransferWorld): readonly string[] {
  return world.events.flatMap((event) => event.type === "removed" ? `${event.kind} ${event.path}` : []);
}

/** Source and target share `same`; the target has more, in two levels. */
async function sampleWorld(): Promise<TransferWorld> {
  const world = new TransferWorld();
  await world.put("new", "1");
  await world.put("same", "2");
  world.remote.put("same", "2", { modifiedAtMs: TIME });
  for (const path of ["gone", "old/x", "old/deep/y"]) world.remote.put(path, path);
  return world;
}

function callIndex(world: TransferWorld, name: string, path: string): number {
  return world.remote.calls.findIndex((call) => call.name === name && call.path === path);
}

Deno.test("syncTrees() deletes what the source does not have: files first, then directories from the inside out", async () => {
  for (const when of WHENS) {
    const world = await sampleWorld();
    assert.deepEqual(await sync(world, { when }), []);
    assert.deepEqual(world.remote.files(), ["new", "same"]);
    assert.equal(await world.remote.stat("old"), undefined);
    assert.ok(world.remote.isTrashed("gone"));
    const told = removed(world);
    assert.deepEqual(told.slice(-2), ["directory old/deep", "directory old"], when);
    assert.deepEqual([...told].sort(), [
      "directory old",
      "directory old/deep",
      "file gone",
      "file old/deep/y",
      "file old/x",
    ]);
  }
});

Deno.test("syncTrees() deletes before the first transfer or after the last, as told", async () => {
  const before = await sampleWorld();
  await sync(before, { when: "before" });
  assert.ok(callIndex(before, "removeFile", "old/deep/y") < callIndex(before, "allocate", "new"));
  const after = await sampleWorld();
  await sync(after, { when: "after" });
  assert.ok(callIndex(after, "removeFile", "gone") > callIndex(after, "send", "new"));
});

Deno.test("syncTrees() without deletions leaves what only the target has", async () => {
  const world = await sampleWorld();
  await syncTrees(world.local, world.remote, PLAIN, world.context);
  assert.deepEqual(world.remote.files(), ["gone", "new", "old/deep/y", "old/x", "same"]);
});

Deno.test("syncTrees() keeps what the filter leaves out, and the directories around it, unless told otherwise", async () => {
  const world = await sampleWorld();
  world.remote.put("old/keep.txt", "kept");
  world.remote.put("cache/x", "kept");
  const filter = filterOf(["exclude", "*.txt"], ["exclude", "/cache/"]);
  assert.deepEqual(await sync(world, {}, { filter }), []);
  assert.deepEqual(world.remote.files(), ["cache/x", "new", "old/keep.txt", "same"]);
  assert.deepEqual(removed(world).filter((each) => each.startsWith("directory")), ["directory old/deep"]);
  assert.deepEqual(await sync(world, { deleteExcluded: true }, { filter }), []);
  assert.deepEqual(world.remote.files(), ["new", "same"]);
});

Deno.test("syncTrees() leaves what is in a marked directory of the target, and what is deeper than it goes", async () => {
  const world = await sampleWorld();
  world.remote.put("old/.skip", "");
  assert.deepEqual(await sync(world, {}, { filter: filterOf(["exclude-if-present", ".skip"]) }), []);
  assert.deepEqual(world.remote.files(), ["new", "old/.skip", "old/deep/y", "old/x", "same"]);
  for (const deleteExcluded of [false, true]) {
    const deep = await sampleWorld();
    assert.deepEqual(await sync(deep, { deleteExcluded }, { filter: filterOf(["max-depth", "2"]) }), []);
    assert.deepEqual(deep.remote.files(), ["new", "old/deep/y", "same"]);
  }
});

Deno.test("syncTrees() deletes nothing after a failure, and says so at the end, unless errors are to be ignored", async () => {
  for (const when of WHENS) {
    const world = await sampleWorld();
    await world.put("locked/a", "1");
    world.remote.put("locked/b", "2");
    world.disk.beforeOperation = ({ name, path }) => {
      if (name === "readDirectory" && path === "/data/locked") throw localFailure("EACCES", path);
      if (name === "lstat" && path === "/data/new") throw localFailure("EACCES", path);
    };
    const options = { transfers: 1, checkers: 1 };
    const errors = await sync(world, { when }, options);
    assert.match(
      errors.at(-1)?.message ?? "",
      /^Cannot delete what is not in the source: \d+ entr(y|ies) failed before$/,
      when,
    );
    assert.equal(world.events.at(-1)?.type === "failed" || when === "before", true);
    if (when !== "during") assert.deepEqual(removed(world), [], when);
    assert.ok(world.remote.files().includes("locked/b"));
    // What cannot be read is never taken for missing.
    await sync(world, { when, ignoreErrors: true }, options);
    assert.deepEqual(world.remote.files().filter((path) => path !== "new"), ["locked/b", "same"], when);
  }
});

Deno.test("syncTrees() deletes nothing when a transfer failed", async () => {
  const world = await sampleWorld();
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "allocate" && path === "new") throw new ServiceError("not this one");
  };
  const errors = await sync(world);
  assert.deepEqual(errors.map(({ message }) => message), [
    "not this one",
    "Cannot delete what is not in the source: 1 entry failed before",
  ]);
  assert.deepEqual(removed(world), []);
});

Deno.test("syncTrees() never deletes what belongs to a source name that cannot be read or clashes", async () => {
  const world = new TransferWorld();
  await world.put("a", "1");
  await world.put("Clash", "1");
  await world.put("clash", "2");
  for (const path of ["secret", "CLASH", "gone"]) world.remote.put(path, path);
  const list = world.local.list.bind(world.local);
  world.local.list = async (path, options) => [
    ...await list(path, options),
    { kind: "unreadable", path: "Secret", error: new LocalError("no permission") },
  ];
  assert.equal((await sync(world, { ignoreErrors: true })).length, 3);
  assert.deepEqual(world.remote.files(), ["CLASH", "a", "secret"]);
});

Deno.test("syncTrees() refuses to empty the target for a source without files, unless told to", async () => {
  for (const when of WHENS) {
    const world = new TransferWorld();
    await world.local.makeDirectory("old");
    world.remote.put("old/a", "1");
    world.remote.put("b", "2");
    await assert.rejects(sync(world, { when, ignoreErrors: true }), {
      code: "empty-source",
      message:
        'Cannot sync "data" to "memory:": the source holds no files, and everything at the target would be deleted',
    });
    assert.deepEqual(world.remote.files(), ["b", "old/a"]);
    assert.deepEqual(await sync(world, { when, allowEmptySource: true }), []);
    assert.deepEqual(world.remote.files(), []);
    // Nothing is left that could be deleted.
    assert.deepEqual(await sync(world, { when }), []);
  }
});

Deno.test("syncTrees() counts what the filter chooses: without a chosen file the source is empty", async () => {
  const world = await sampleWorld();
  world.remote.put("a.txt", "1");
  await assert.rejects(sync(world, {}, { filter: filterOf(["include", "*.txt"]) }), { code: "empty-source" });
  assert.ok(world.remote.files().includes("a.txt"));
});

Deno.test("syncTrees() deletes nothing when it would be more than allowed; during the walk it stops at the limit", async () => {
  for (const [when, left] of [["before", 3], ["after", 3], ["during", 1]] as const) {
    const world = await sampleWorld();
    const isCounted = (path: string) => path === "gone" || path.startsWith("old/");
    await assert.rejects(sync(world, { when, maxFiles: 2 }), {
      code: "max-delete",
      message: 'Cannot delete in "memory:": 3 files would go, 2 are allowed',
    });
    assert.equal(world.remote.files().filter(isCounted).length, left, when);
    assert.equal(world.remote.files().includes("new"), when !== "before");
    assert.deepEqual(await sync(await sampleWorld(), { when, maxFiles: 3 }), []);
  }
  const world = await sampleWorld();
  await assert.rejects(sync(world, { maxBytes: 18 }), { code: "max-delete" });
  assert.deepEqual(removed(world), []);
  assert.deepEqual(await sync(world, { maxBytes: 19 }), []);
});

Deno.test("syncTrees() keeps a directory whose files could not be deleted, and one that is not empty after all", async () => {
  const world = await sampleWorld();
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "removeFile" && path === "old/deep/y") throw new ServiceError("not this one");
  };
  assert.deepEqual((await sync(world)).map(({ message }) => message), ["not this one"]);
  assert.deepEqual(world.remote.files(), ["new", "old/deep/y", "same"]);
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "removeDirectory" && path === "old/deep") world.remote.put("old/deep/late", "just come");
  };
  assert.deepEqual(await sync(world), []);
  assert.deepEqual(world.remote.files(), ["new", "old/deep/late", "same"]);
});

Deno.test("syncTrees() neither deletes nor follows a symbolic link at the target, and warns", async () => {
  const world = new TransferWorld();
  world.remote.put("a", "1");
  world.disk.put("/elsewhere/b", "kept");
  world.disk.putLink("/data/link", "/elsewhere");
  world.disk.putLink("/data/old/inside", "/elsewhere/b");
  world.disk.put("/data/old/gone", "1");
  const options = { ...PLAIN, deletes: DELETES };
  assert.deepEqual(await syncTrees(world.remote, world.local, options, world.context), []);
  assert.equal(world.disk.peek("/elsewhere/b"), "kept");
  assert.equal(world.disk.peek("/data/old/gone"), undefined);
  assert.deepEqual((await world.local.list("")).map(({ path }) => path).sort(), ["a", "link", "old"]);
  assert.deepEqual(
    world.events.flatMap((event) => event.type === "skipped" ? event.path : []).sort(),
    ["link", "old/inside"],
  );
});

Deno.test("syncTrees() deletes the counterpart of what is left out at the source, as rclone", async () => {
  const world = new TransferWorld();
  await world.put("a", "1");
  world.disk.putLink("/data/link", "/data/a");
  world.remote.put("link", "2");
  assert.deepEqual(await sync(world), []);
  assert.deepEqual(world.remote.files(), ["a"]);
});

Deno.test("syncTrees() takes what somebody else has deleted meanwhile for deleted", async () => {
  const world = await sampleWorld();
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "removeFile" && path === "gone") world.remote.trash("gone");
  };
  assert.deepEqual(await sync(world), []);
  assert.deepEqual(world.remote.files(), ["new", "same"]);
});

Deno.test("syncTrees() deletes during the walk nothing that it finds after a failure, unless errors are to be ignored", async () => {
  for (const ignoreErrors of [false, true]) {
    const world = await sampleWorld();
    await world.put("x", "1");
    world.remote.put("x/in the way", "2");
    const errors = await sync(world, { when: "during", ignoreErrors });
    assert.equal(errors.length, ignoreErrors ? 1 : 2);
    assert.equal(world.remote.files().includes("gone"), !ignoreErrors);
    assert.equal(world.remote.files().includes("old/deep/y"), !ignoreErrors);
    assert.ok(world.remote.files().includes("x/in the way"));
  }
});

Deno.test("syncTrees() deletes nothing before it knows what has only moved", async () => {
  for (const when of WHENS) {
    const world = await sampleWorld();
    await world.put("new place", "gone");
    await sync(world, { when }, { trackRenames: { by: ["hash"] } });
    assert.deepEqual(world.remote.files(), ["new", "new place", "same"], when);
    assert.equal(world.remote.isTrashed("gone"), false, when);
    assert.ok(!world.remote.calls.some(({ name, path }) => name === "removeFile" && path === "gone"), when);
  }
});

Deno.test("syncTrees() ends at a lost sign-in while it deletes, and deletes nothing after that", async () => {
  for (const when of WHENS) {
    const world = await sampleWorld();
    world.remote.beforeCall = ({ name, path }) => {
      if (name === "list" && path === "old/deep") throw new AuthError("Cannot sign in");
    };
    await assert.rejects(sync(world, { when }), AuthError, when);
    const callCount = world.remote.calls.length;
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(world.remote.calls.length, callCount, when);
    assert.ok(world.remote.files().includes("old/deep/y"), when);
  }
});
