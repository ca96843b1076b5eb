import assert from "node:assert/strict";
import { AuthError, CancelledError, DirectoryNotFoundError, LocalError } from "../../../../lib/errors.ts";
import { syncSingleFile, syncTrees } from "../../../../lib/sync/sync.ts";
import type { SyncOptions } from "../../../../lib/sync/sync_options.ts";
import type { TargetTree } from "../../../../lib/transfer/copy_file.ts";
import type { Entry, Tree } from "../../../../lib/tree/tree.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { fileIn, TIME, TransferWorld } from "../transfer/world.ts";
import { PLAIN } from "./plain_options.ts";

function copy(
  world: TransferWorld,
  source: TargetTree,
  target: TargetTree,
  options: Partial<SyncOptions> = {},
) {
  return syncTrees(source, target, { ...PLAIN, ...options }, world.context);
}

function sent(world: TransferWorld): number {
  return world.remote.calls.filter(({ name }) => name === "allocate").length;
}

Deno.test("syncTrees() brings a tree up and back, and the next copies transfer nothing", async () => {
  const world = new TransferWorld();
  for (const [index, path] of ["a", "b/c", "b/d/e", "b/d/f", "z/y/x/w/v"].entries()) {
    await world.put(path, `content ${index}`, TIME + index * 1_000 + index);
  }
  await world.put("empty", "");
  assert.deepEqual(await copy(world, world.local, world.remote), []);
  assert.deepEqual(world.remote.files(), ["a", "b/c", "b/d/e", "b/d/f", "empty", "z/y/x/w/v"]);
  world.assertProgressAddsUp();
  world.events.length = 0;
  const back = world.tree("/back");
  assert.deepEqual(await copy(world, world.remote, back), []);
  for (const path of world.remote.files()) {
    assert.equal(world.disk.peek(`/back/${path}`), world.disk.peek(`/data/${path}`));
    const [there, here] = [await fileIn(back, path), await fileIn(world.local, path)];
    assert.equal(there.modifiedAtMs, Math.floor((here.modifiedAtMs ?? 0) / 1000) * 1000);
  }
  world.assertProgressAddsUp();
  const before = sent(world);
  world.events.length = 0;
  assert.deepEqual(await copy(world, world.local, world.remote), []);
  assert.deepEqual(await copy(world, world.remote, back), []);
  assert.deepEqual(await copy(world, back, world.remote), []);
  assert.equal(sent(world), before);
  assert.equal(world.types().filter((type) => type === "unchanged").length, 18);
  assert.deepEqual(world.temporaries(), []);
});

Deno.test("syncTrees() announces work before it begins and its end once", async () => {
  const world = new TransferWorld();
  await world.put("a", "1");
  await world.put("b/c", "2");
  await copy(world, world.local, world.remote);
  const types = world.types();
  assert.equal(types.filter((type) => type === "plan-complete").length, 1);
  assert.equal(types.filter((type) => type === "planned").length, 2);
  for (const path of ["a", "b/c"]) {
    const own = world.events.filter((event) => "path" in event && event.path === path).map(({ type }) =>
      type
    );
    assert.deepEqual([...new Set(own)], ["planned", "started", "progressed", "finished"]);
  }
});

Deno.test("syncTrees() says what it would do in a dry run and does nothing", async () => {
  const world = new TransferWorld();
  await world.put("a/b", "1");
  await world.put("same", "2");
  world.disk.put("/data/empty/x", "");
  await world.disk.remove("/data/empty/x");
  world.remote.put("same", "2", { modifiedAtMs: TIME });
  await copy(world, world.local, world.remote, { dryRun: true, createEmptyDirectories: true });
  assert.deepEqual(world.types().sort(), [
    "directory-made",
    "directory-made",
    "plan-complete",
    "unchanged",
    "would-transfer",
  ]);
  assert.deepEqual(world.remote.files(), ["same"]);
  assert.deepEqual(new Set(world.remote.calls.map(({ name }) => name)), new Set(["list"]));
});

Deno.test("syncTrees() makes empty directories only when asked to", async () => {
  const world = new TransferWorld();
  await world.local.makeDirectory("empty/deep");
  await copy(world, world.local, world.remote);
  assert.equal(await world.remote.stat("empty"), undefined);
  await copy(world, world.local, world.remote, { createEmptyDirectories: true });
  assert.equal((await world.remote.stat("empty/deep"))?.kind, "directory");
});

Deno.test("syncTrees() reports entries that cannot be read and never takes them for missing", async () => {
  const world = new TransferWorld();
  await world.put("ok", "1");
  await world.put("locked/inside", "2");
  await world.put("secret", "3");
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "readDirectory" && path === "/data/locked") throw localFailure("EACCES", path);
    if (name === "open" && path === "/data/secret") throw localFailure("EACCES", path);
  };
  const errors = await copy(world, world.local, world.remote);
  assert.deepEqual(errors.map((error) => error.data.path).sort(), ["/data/locked", "/data/secret"]);
  assert.deepEqual(world.remote.files(), ["ok"]);
  assert.deepEqual(failedPaths(world), ["locked", "secret"]);
});

Deno.test("syncTrees() never writes over a target that it cannot look at", async () => {
  const world = new TransferWorld();
  world.remote.put("dir/a", "1");
  world.remote.put("b", "2");
  const error = new LocalError("no permission");
  const blind = withEntries(
    world.tree("/back"),
    (path) => path === "" ? [{ kind: "unreadable", path: "b", error }] : [],
  );
  assert.deepEqual(await copy(world, world.remote, blind), [error]);
  assert.equal(world.disk.peek("/back/dir/a"), "1");
  assert.equal(world.disk.peek("/back/b"), undefined);
});

Deno.test("syncTrees() leaves a directory alone whose target cannot be listed", async () => {
  const world = new TransferWorld();
  await world.put("dir/a", "1");
  await world.put("b", "2");
  world.remote.put("dir/a", "other");
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "list" && path === "dir") throw new LocalError("it cannot be listed");
  };
  assert.equal((await copy(world, world.local, world.remote)).length, 1);
  assert.equal(new TextDecoder().decode(world.remote.peek("dir/a")), "other");
  assert.deepEqual(failedPaths(world), ["dir"]);
  assert.ok(world.remote.peek("b"));
});

Deno.test("syncTrees() tells of special files and goes on", async () => {
  const world = new TransferWorld();
  await world.put("a", "1");
  world.disk.putLink("/data/link", "/data/a");
  assert.deepEqual(await copy(world, world.local, world.remote), []);
  assert.deepEqual(world.events.filter(({ type }) => type === "skipped"), [
    { type: "skipped", path: "link", reason: "it is a symbolic link" },
  ]);
});

Deno.test("syncTrees() refuses to replace one kind by the other, in both directions", async () => {
  const world = new TransferWorld();
  await world.put("x", "file here");
  await world.put("y/z", "directory here");
  world.remote.put("x/inside", "folder there");
  world.remote.put("y", "file there");
  const up = await copy(world, world.local, world.remote);
  assert.deepEqual(up.map(({ code }) => code), ["conflict", "conflict"]);
  assert.match(
    up.map(({ message }) => message).join("\n"),
    /"memory:" a directory of that name is in the way/,
  );
  const down = await copy(world, world.remote, world.local);
  assert.deepEqual(down.map(({ code }) => code), ["conflict", "conflict"]);
  assert.deepEqual(world.remote.files(), ["x/inside", "y"]);
  assert.equal(world.disk.peek("/data/x"), "file here");
});

Deno.test("syncTrees() does not write through a symbolic link at the target", async () => {
  const world = new TransferWorld();
  world.remote.put("link", "new");
  await world.put("kept", "old");
  world.disk.putLink("/data/link", "/data/kept");
  assert.deepEqual((await copy(world, world.remote, world.local)).map(({ code }) => code), ["conflict"]);
  assert.equal(world.disk.peek("/data/kept"), "old");
});

Deno.test("syncTrees() sends neither of two names that differ only by case, and names both", async () => {
  const world = new TransferWorld();
  await world.put("Straße.txt", "1");
  await world.put("STRASSE.txt", "other letters");
  await world.put("Read", "1");
  await world.put("READ", "2");
  await world.put("rEAD/below", "3");
  const errors = await copy(world, world.local, world.remote);
  assert.deepEqual(errors.map(({ code }) => code), ["name-clash", "name-clash", "name-clash"]);
  for (const { message } of errors) {
    for (const name of ["Read", "READ", "rEAD"]) assert.ok(message.includes(name));
  }
  assert.deepEqual(world.remote.files(), ["STRASSE.txt", "Straße.txt"]);
});

Deno.test("syncTrees() takes the spelling of the service for what exists", async () => {
  const world = new TransferWorld();
  await world.put("photos/A.JPG", "newer");
  await world.put("photos/b.jpg", "same");
  world.remote.put("Photos/a.jpg", "old");
  world.remote.put("Photos/B.jpg", "same", { modifiedAtMs: TIME });
  assert.deepEqual(await copy(world, world.local, world.remote), []);
  assert.deepEqual(world.remote.files(), ["Photos/B.jpg", "Photos/a.jpg"]);
  assert.equal(sent(world), 1);
});

Deno.test("syncTrees() reports names that the service refuses, and sends the rest", async () => {
  const world = new TransferWorld();
  await world.put(`${"x".repeat(256)}`, "1");
  await world.put(`${"d".repeat(256)}/inside`, "2");
  await world.put("ok", "3");
  const errors = await copy(world, world.local, world.remote);
  assert.deepEqual(errors.map(({ code }) => code), ["name-refused", "name-refused"]);
  assert.match(errors[0]?.message ?? "", /longer than 255 characters/);
  assert.deepEqual(world.remote.files(), ["ok"]);
});

Deno.test("syncTrees() goes on when single files fail", async () => {
  const world = new TransferWorld();
  for (let index = 0; index < 30; index++) await world.put(`d${index % 3}/f${index}`, `content ${index}`);
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "allocate" && /[05]$/.test(path)) throw new LocalError("this one fails", { data: { path } });
  };
  const errors = await copy(world, world.local, world.remote);
  assert.equal(errors.length, 6);
  assert.equal(world.remote.files().length, 24);
  assert.equal(failedPaths(world).length, 6);
});

Deno.test("syncTrees() ends at once when the sign-in is lost, while walking and while sending", async () => {
  const lost = new AuthError("signed out");
  for (const where of ["list", "allocate", "send", "stat"]) {
    const world = new TransferWorld();
    for (let index = 0; index < 200; index++) await world.put(`d${index}/f`, `content ${index}`);
    world.remote.put("d5/x", "");
    let count = 0;
    world.remote.beforeCall = ({ name, path }) => {
      if (name === where && path !== "" && ++count >= 1) throw lost;
    };
    await assert.rejects(copy(world, world.local, world.remote), lost, where);
    if (where !== "list") {
      assert.ok(world.remote.calls.length < 100, `${where}: ${world.remote.calls.length} calls`);
    }
    assert.deepEqual(failedPaths(world), []);
  }
});

Deno.test("syncTrees() stops with the reason of the signal, leaves nothing behind and reports no failures", async () => {
  for (const [direction, after] of [["up", 1], ["up", 25], ["down", 1], ["down", 25]] as const) {
    const world = new TransferWorld();
    const reason = new CancelledError("SIGTERM");
    for (let index = 0; index < 60; index++) {
      if (direction === "up") await world.put(`d${index % 7}/f${index}`, `content ${index}`);
      else world.remote.put(`d${index % 7}/f${index}`, `content ${index}`);
    }
    let begun = 0;
    world.remote.beforeCall = ({ name }) => {
      if ((name === "open" || name === "send") && ++begun === after) world.stop.abort(reason);
    };
    const [source, target] = direction === "up" ? [world.local, world.remote] : [world.remote, world.local];
    await assert.rejects(copy(world, source, target), reason);
    assert.deepEqual(world.temporaries(), []);
    assert.deepEqual(failedPaths(world), []);
  }
});

Deno.test("syncTrees() does not end before the listings under way have, whichever side breaks off first", async () => {
  const world = new TransferWorld();
  await world.put("d/f", "content");
  world.remote.putFolder("d");
  const answer = Promise.withResolvers<void>();
  let hasEnded = false;
  world.remote.beforeCall = async ({ name, path }) => {
    if (name !== "list" || path !== "d") return;
    await answer.promise; // a refresh of the session, say: no signal breaks it off
    hasEnded = true;
  };
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "readDirectory" && path === "/data/d") throw new CancelledError("SIGINT");
  };
  const copying = assert.rejects(
    copy(world, world.local, world.remote).finally(() => assert.equal(hasEnded, true)),
    CancelledError,
  );
  await new Promise((resolve) => setTimeout(resolve));
  answer.resolve();
  await copying;
});

Deno.test("syncTrees() makes a directory of the target anew that vanishes while it runs", async () => {
  const world = new TransferWorld();
  await world.put("d/f", "content");
  world.remote.putFolder("d");
  world.remote.beforeCall = ({ name, path }) => {
    if (name === "list" && path === "d") throw new DirectoryNotFoundError("no such folder");
  };
  assert.deepEqual(await copy(world, world.local, world.remote), []);
  assert.deepEqual(world.remote.files(), ["d/f"]);
});

Deno.test("syncTrees() ends with the error of a listener that fails, and does not hang", async () => {
  for (const type of ["planned", "started", "finished", "unchanged"]) {
    const world = new TransferWorld();
    for (let index = 0; index < 50; index++) await world.put(`f${index}`, `content ${index}`);
    world.remote.put("f0", "content 0", { modifiedAtMs: TIME });
    const context = {
      ...world.context,
      emit: (event: { readonly type: string }) => {
        if (event.type === type || event.type === "failed") throw new Error("the listener fails");
      },
    };
    await assert.rejects(syncTrees(world.local, world.remote, PLAIN, context), /the listener fails/, type);
  }
});

Deno.test("syncTrees() throws for a missing source and for a file in the place of the target", async () => {
  const world = new TransferWorld();
  await assert.rejects(copy(world, world.tree("/none"), world.remote), DirectoryNotFoundError);
  world.disk.put("/file", "x");
  await assert.rejects(copy(world, world.remote, world.tree("/file")), { code: "conflict" });
});

Deno.test("syncTrees() keeps no more jobs than its queue holds, however flat the directory", async () => {
  const world = new TransferWorld();
  const count = 3_000;
  const entries: Entry[] = Array.from({ length: count }, (_, index) => ({
    kind: "file",
    path: `f${index}`,
    size: 1,
    modifiedAtMs: TIME,
  }));
  const source = withEntries(world.local, () => entries);
  let planned = 0;
  let most = 0;
  let done = 0;
  const context = {
    ...world.context,
    emit: (event: { readonly type: string }) => {
      if (event.type === "planned") most = Math.max(most, ++planned - done);
      if (event.type === "failed") done++;
    },
  };
  const errors = await syncTrees(source, world.remote, PLAIN, context); // none of them exists
  assert.equal(errors.length, count);
  assert.ok(most <= 1_000 + PLAIN.transfers + 1, `${most} jobs at once`);
});

Deno.test("syncSingleFile() follows the same rules as a tree", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", "1");
  const job = { source: world.local, file, target: world.remote, targetPath: "sub/b" };
  assert.deepEqual(await syncSingleFile(job, PLAIN, world.context), []);
  assert.deepEqual(world.remote.files(), ["sub/b"]);
  await syncSingleFile(job, PLAIN, world.context);
  assert.equal(sent(world), 1);
  world.remote.putFolder("folder");
  const inTheWay = await syncSingleFile({ ...job, targetPath: "folder" }, PLAIN, world.context);
  assert.deepEqual(inTheWay.map(({ code }) => code), ["conflict"]);
  const refused = await syncSingleFile({ ...job, targetPath: "x".repeat(300) }, PLAIN, world.context);
  assert.deepEqual(refused.map(({ code }) => code), ["name-refused"]);
});

function failedPaths(world: TransferWorld): string[] {
  return world.events.flatMap((event) => event.type === "failed" ? [event.path] : []).sort();
}

/** The tree with other listings. */
function withEntries<T extends Tree>(tree: T, entriesOf: (path: string) => Entry[]): T {
  return new Proxy(tree, {
    get: (target, key) => {
      if (key === "list") return (path: string) => Promise.resolve(entriesOf(path));
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
