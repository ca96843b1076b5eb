import { deepEqual, equal, ok, rejects, throws } from "node:assert/strict";
import { ConflictError, type JottashError, LocalError, UsageError } from "../../../../lib/errors.ts";
import { createKeepAside } from "../../../../lib/sync/keep_aside.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";
import { localFailure, type Operation } from "../../../fakes/memory_file_system.ts";
import { fileIn, TIME, TransferWorld } from "../transfer/world.ts";

const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : new TextDecoder().decode(bytes);

/** A rename onto another disk fails; within `/other` it works. `alsoFails` may break more. */
function putOnOtherDisk(world: TransferWorld, alsoFails: (operation: Operation) => void = () => {}): void {
  world.disk.beforeOperation = (operation) => {
    const { name, path } = operation;
    const isWithin = world.temporaries().some((each) => each.startsWith("/other/"));
    if (name === "rename" && path.startsWith("/other/") && !isWithin) throw localFailure("EXDEV", path);
    alsoFails(operation);
  };
}

Deno.test("createKeepAside() with a suffix renames a file where it is, without a transfer", async () => {
  const { remote, context } = new TransferWorld();
  remote.put("a/b.txt", "old", { modifiedAtMs: TIME });
  const aside = createKeepAside({ target: remote, suffix: ".bak", context });
  equal(await aside.keep(await fileIn(remote, "a/b.txt")), aside.placeOf("a/b.txt"));
  equal(aside.placeOf("a/b.txt"), `${remote.label}/a/b.txt.bak`.replace(":/", ":"));
  deepEqual(remote.files(), ["a/b.txt.bak"]);
  equal(text(remote.peek("a/b.txt.bak")), "old");
  equal((await fileIn(remote, "a/b.txt.bak")).modifiedAtMs, TIME);
  equal(remote.calls.some(({ name }) => name === "allocate" || name === "open"), false);
});

Deno.test("createKeepAside() puts the suffix before the ending where it is told to", async () => {
  const { remote, context } = new TransferWorld();
  remote.put("a/b.tar.gz", "old");
  const aside = createKeepAside({ target: remote, suffix: "-1", suffixKeepExtension: true, context });
  await aside.keep(await fileIn(remote, "a/b.tar.gz"));
  deepEqual(remote.files(), ["a/b-1.tar.gz"]);
  deepEqual(["a/b-1.tar.gz", "a/b.tar.gz", "b.tar-1.gz"].map((path) => aside.isKept(path)), [
    true,
    false,
    false,
  ]);
});

Deno.test("createKeepAside() with a suffix alone knows what it has kept; with a directory that is elsewhere", () => {
  const world = new TransferWorld();
  const { local, remote, context } = world;
  const beside = createKeepAside({ target: remote, suffix: ".bak", context });
  deepEqual(["x/a.bak", "x.bak/a", "a"].map((path) => beside.isKept(path)), [true, false, false]);
  const apart = createKeepAside({ target: local, directory: world.tree("/kept"), suffix: ".bak", context });
  deepEqual(["a.bak", "a"].map((path) => apart.isKept(path)), [false, false]);
});

Deno.test("createKeepAside() with a directory keeps paths, and the suffix is added to the name", async () => {
  const world = new TransferWorld();
  const file = await world.put("a/b/c.txt", "old");
  const { local: target, context } = world;
  const kept = createKeepAside({ target, directory: world.tree("/kept"), context });
  equal(await kept.keep(file), "kept/a/b/c.txt");
  equal(world.disk.peek("/kept/a/b/c.txt"), "old");
  equal(world.disk.peek("/data/a/b/c.txt"), undefined);
  const again = await world.put("a/b/c.txt", "older");
  const options = { target, directory: world.tree("/kept"), suffix: "~", context };
  equal(await createKeepAside(options).keep(again), "kept/a/b/c.txt~");
  equal(world.disk.peek("/kept/a/b/c.txt~"), "older");
});

Deno.test("createKeepAside() puts what it keeps in place of what was kept there before", async () => {
  const world = new TransferWorld();
  const { local, remote, context } = world;
  remote.put("a", "new");
  remote.put("a.bak", "before");
  await createKeepAside({ target: remote, suffix: ".bak", context }).keep(await fileIn(remote, "a"));
  equal(text(remote.peek("a.bak")), "new");
  world.disk.put("/kept/a", "before");
  await createKeepAside({ target: local, directory: world.tree("/kept"), context }).keep(
    await world.put("a", "new"),
  );
  equal(world.disk.peek("/kept/a"), "new");
});

Deno.test("createKeepAside() loses nothing where a directory is in the way", async () => {
  const world = new TransferWorld();
  world.disk.put("/kept/a/inside", "x");
  const file = await world.put("a", "old");
  const aside = createKeepAside({
    target: world.local,
    directory: world.tree("/kept"),
    context: world.context,
  });
  await rejects(aside.keep(file), ConflictError);
  equal(world.disk.peek("/data/a"), "old");
  equal(world.disk.peek("/kept/a/inside"), "x");
});

Deno.test("createKeepAside() copies to another disk before it removes", async () => {
  const world = new TransferWorld();
  const file = await world.put("d/a", "old");
  world.disk.put("/other/d/a", "before");
  putOnOtherDisk(world);
  const aside = createKeepAside({
    target: world.local,
    directory: world.tree("/other"),
    context: world.context,
  });
  equal(await aside.keep(file), "other/d/a");
  equal(world.disk.peek("/other/d/a"), "old");
  equal((await fileIn(world.tree("/other"), "d/a")).modifiedAtMs, TIME);
  equal(world.disk.peek("/data/d/a"), undefined);
  deepEqual(world.temporaries(), []);
  deepEqual(world.events, [], "no transfer of the run");
});

Deno.test("createKeepAside() leaves the file where it is when the other disk fails, at any step", async () => {
  for (let failing = 1;; failing++) {
    const world = new TransferWorld();
    const file = await world.put("a", "old");
    const aside = createKeepAside({
      target: world.local,
      directory: world.tree("/other"),
      context: world.context,
    });
    const before = world.disk.operations;
    let isBroken = false;
    putOnOtherDisk(world, ({ index, path }) => {
      if (index !== before + failing) return;
      isBroken = true;
      throw localFailure("EIO", path);
    });
    const failure = await aside.keep(file).then(() => undefined, (error: JottashError) => error);
    if (!isBroken) {
      equal(failure, undefined);
      ok(failing > 5, "few steps");
      break;
    }
    const [here, there] = [world.disk.peek("/data/a"), world.disk.peek("/other/a")];
    ok(here === "old" || there === "old", `lost at step ${failing}`);
    if (failure !== undefined) equal(here, "old", `gone at step ${failing}`);
  }
});

Deno.test("createKeepAside() removes no file that changed while it was copied to another disk", async () => {
  const world = new TransferWorld();
  const file = await world.put("a", "old");
  const aside = createKeepAside({
    target: world.local,
    directory: world.tree("/other"),
    context: world.context,
  });
  const onOther = () => world.disk.peek("/other/a") === "old";
  let isChanged = false;
  putOnOtherDisk(world);
  const stat = world.local.stat.bind(world.local);
  world.local.stat = async (path, options) => {
    if (onOther() && !isChanged) {
      isChanged = true;
      await world.put("a", "newer", TIME + 5_000);
    }
    return await stat(path, options);
  };
  await rejects(
    aside.keep(file),
    (error: unknown) => error instanceof LocalError && error.code === "source-changed",
  );
  equal(world.disk.peek("/data/a"), "newer");
});

Deno.test("createKeepAside() refuses what cannot keep anything", () => {
  const { local, remote, context } = new TransferWorld();
  const refused = [
    [{ target: remote, directory: new MemoryRemote() }, /another account or machine/],
    [{ target: remote, directory: local }, /another account or machine/],
    [{ target: local, directory: remote, suffix: ".bak" }, /another account or machine/],
    [{ target: remote, suffix: "a/b" }, /"a\/b": it holds a slash/],
    [{ target: remote }, /neither a directory nor a suffix/],
    [{ target: remote, suffix: "" }, /neither a directory nor a suffix/],
  ] as const;
  for (const [options, message] of refused) {
    throws(() => createKeepAside({ ...options, context }), (error: unknown) => {
      ok(error instanceof UsageError && message.test(error.message));
      return true;
    });
  }
});
