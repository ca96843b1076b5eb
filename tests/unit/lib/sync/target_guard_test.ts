/** What a run leaves alone although its options would let it: what has changed since it was listed, and the source itself. */
import assert from "node:assert/strict";
import { CancelledError, LocalError } from "../../../../lib/errors.ts";
import { createFilter } from "../../../../lib/filter/filter.ts";
import { createKeepAside } from "../../../../lib/sync/keep_aside.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { SyncOptions } from "../../../../lib/sync/sync_options.ts";
import { folderOf } from "../../../fakes/memory_remote_folder.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { DiskTree } from "../../../../lib/local/disk_tree.ts";
import { PLAIN_LOCAL_RULES } from "../../../../lib/local/local_rules.ts";
import { createLocalNames } from "../../../../lib/names/local_name.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";
import { TIME, TransferWorld } from "../transfer/world.ts";
import { DELETES, PLAIN } from "./plain_options.ts";
import { createEnds, DIRECTIONS } from "./sync_ends.ts";

const MOVE: Partial<SyncOptions> = { move: { deleteEmptySourceDirectories: false } };
const OLD = { content: "old", second: 1_000 };
const NEW = { content: "new!", second: 2_000 };

/** A tree that follows links. */
function followed(world: TransferWorld, root: string): DiskTree {
  return new DiskTree(
    { fileSystem: world.disk, random: new SeededRandom(), platform: { os: "linux" } },
    {
      root,
      label: root.slice(1),
      names: createLocalNames("linux"),
      rules: { ...PLAIN_LOCAL_RULES, links: "follow" },
    },
  );
}

for (const direction of DIRECTIONS) {
  Deno.test(`syncTrees() does not delete what somebody else has changed since it was listed (${direction})`, async () => {
    for (const changed of [NEW, { ...OLD, content: "new" }]) {
      const { world, source, target } = await createEnds(direction);
      await source.put("a", OLD);
      await target.put("gone", OLD);
      await target.put("gone too", OLD);
      const emit = async () => {
        if (target.peek("gone") === OLD.content) await target.put("gone", { ...changed, second: 3_000 });
      };
      let changing = Promise.resolve();
      const context = {
        ...world.context,
        emit: (event: TransferEvent) => {
          world.context.emit(event);
          if (event.type === "plan-complete") changing = emit();
        },
        ready: () => changing,
      };
      const failures = await syncTrees(source.tree, target.tree, { ...PLAIN, deletes: DELETES }, context);
      assert.deepEqual(failures.map(({ code, data }) => [code, data.path]), [["conflict", "gone"]]);
      assert.match(failures[0]?.message ?? "", /another program has changed it meanwhile/);
      assert.equal(target.peek("gone"), changed.content);
      assert.equal(target.peek("gone too"), undefined);
    }
  });

  Deno.test(`syncTrees() as a move keeps a source whose copy at the target has changed since it was listed (${direction})`, async () => {
    const { world, source, target } = await createEnds(direction);
    await source.put("a", OLD);
    await target.put("a", OLD);
    let changing = Promise.resolve();
    const context = {
      ...world.context,
      emit: (event: TransferEvent) => {
        world.context.emit(event);
        if (event.type === "unchanged") changing = target.put("a", NEW);
      },
      ready: () => changing,
    };
    const failures = await syncTrees(source.tree, target.tree, { ...PLAIN, ...MOVE }, context);
    assert.deepEqual(failures.map(({ code, message }) => [code, message]), [
      ["source-changed", 'Cannot take "a" for moved: another program changes it'],
    ]);
    assert.deepEqual([source.peek("a"), target.peek("a")], [OLD.content, NEW.content]);
  });

  Deno.test(`syncTrees() keeps no file under a name that the source has too (${direction})`, async () => {
    for (const options of [{}, { deletes: DELETES }, MOVE]) {
      for (const isThere of [true, false]) {
        const { world, source, target } = await createEnds(direction);
        await source.put("a", NEW);
        await source.put("a.bak", { content: "precious", second: 1_500 });
        await target.put("a", OLD);
        if (isThere) await target.put("a.bak", { content: "other", second: 500 });
        const keepAside = createKeepAside({ target: target.tree, suffix: ".bak", context: world.context });
        const all = { ...PLAIN, ...options, keepAside };
        const failures = await syncTrees(source.tree, target.tree, all, world.context);
        assert.deepEqual(failures.map(({ message }) => message.replace(/^Cannot \w+ /, "")), [
          'over "a": it would be kept as "a.bak", which is a name that the source has too',
        ]);
        assert.deepEqual([source.peek("a"), target.peek("a")], [NEW.content, OLD.content]);
        assert.equal(target.peek("a.bak"), "precious");
        assert.equal(target.peek("a.bak.bak"), isThere ? "other" : undefined);
      }
    }
  });

  Deno.test(`syncTrees() deletes nothing whose kept name the source has (${direction})`, async () => {
    const { world, source, target } = await createEnds(direction);
    await source.put("d/B.bak", { content: "precious", second: 1_500 });
    await target.put("d/B.bak", { content: "precious", second: 1_500 });
    await target.put("d/B", OLD);
    await target.put("d/c", OLD);
    const keepAside = createKeepAside({ target: target.tree, suffix: ".bak", context: world.context });
    const options = { ...PLAIN, deletes: DELETES, keepAside };
    const failures = await syncTrees(source.tree, target.tree, options, world.context);
    assert.equal(failures.length, 1);
    assert.deepEqual([...(await target.files())].map(([path, { content }]) => `${path}=${content}`), [
      "d/B=old",
      "d/B.bak=precious",
      "d/c.bak=old",
    ]);
  });
}

Deno.test("syncTrees() takes names of kept files for the same in any case and spelling", async () => {
  const world = new TransferWorld();
  await world.put("\u00e9.BAK", "precious");
  await world.put("E\u0301", "new!");
  world.remote.put("t/E\u0301", "old", { modifiedAtMs: TIME - 60_000 });
  const target = folderOf(world.remote, "t");
  const keepAside = createKeepAside({ target, suffix: ".BAK", context: world.context });
  const failures = await syncTrees(world.local, target, { ...PLAIN, keepAside }, world.context);
  assert.equal(failures.length, 1);
  assert.equal(new TextDecoder().decode(world.remote.peek("t/E\u0301")), "old");
});

Deno.test("syncTrees() overwrites and deletes nothing of the source through a link of the target", async () => {
  for (const trackRenames of [undefined, { by: ["hash"] as const }]) {
    const world = new TransferWorld();
    for (const [path, content] of [["d/a", "mine"], ["x/a", "another"], ["x/b", "b"], ["d/k", "kk"]]) {
      world.disk.put(`/source/${path}`, content ?? "");
    }
    world.disk.put("/target/plain", "old");
    world.disk.putLink("/target/x", "/source/d");
    world.disk.putLink("/target/y", "/source/d");
    world.disk.put("/elsewhere/z", "not of the source");
    world.disk.putLink("/target/z", "/elsewhere");
    const [source, target] = [followed(world, "/source"), followed(world, "/target")];
    const options = {
      ...PLAIN,
      deletes: { ...DELETES, ignoreErrors: true },
      ...trackRenames === undefined ? {} : { trackRenames },
    };
    const failures = await syncTrees(source, target, options, world.context);
    for (const [path, content] of [["d/a", "mine"], ["x/a", "another"], ["x/b", "b"], ["d/k", "kk"]]) {
      assert.equal(world.disk.peek(`/source/${path}`), content, path);
    }
    assert.equal(world.disk.peek("/source/d/b"), undefined);
    assert.equal(world.disk.peek("/target/plain"), undefined);
    assert.equal(world.disk.peek("/elsewhere/z"), undefined); // the links of the target are followed, as asked for
    for (const { message } of failures) {
      assert.match(message, /a symbolic link leads from there into the source$/);
    }
    assert.ok(failures.length >= 4, String(failures.length));
  }
});

Deno.test("syncTrees() as a move does not remove the only file where a link of the source leads to the target", async () => {
  for (const by of ["time", "never"] as const) {
    const world = new TransferWorld();
    world.disk.put("/target/d/a", "only");
    world.disk.putLink("/source/d", "/target/d");
    const [source, target] = [followed(world, "/source"), followed(world, "/target")];
    const options = { ...PLAIN, ...MOVE, compare: { ...PLAIN.compare, by } };
    const failures = await syncTrees(source, target, options, world.context);
    assert.match(failures.map(({ message }) => message).join(), /source and target are the same file$/);
    assert.equal(world.disk.peek("/target/d/a"), "only");
  }
});

Deno.test("syncTrees() as a move keeps a file of a remote that got another content of the same size and time", async () => {
  const { world, source, target } = await createEnds("down");
  await source.put("a", OLD);
  const context = {
    ...world.context,
    emit: (event: TransferEvent) => {
      if (event.type === "finished") void source.put("a", { ...OLD, content: "new" });
    },
  };
  const failures = await syncTrees(source.tree, target.tree, { ...PLAIN, ...MOVE }, context);
  assert.deepEqual(failures.map(({ code }) => code), ["source-changed"]);
  assert.deepEqual([source.peek("a"), target.peek("a")], ["new", "old"]);
});

Deno.test("syncTrees() as a move refuses to replace another content of the same size and time that may not change", async () => {
  const { world, source, target } = await createEnds("up");
  await source.put("a", OLD);
  await target.put("a", { ...OLD, content: "new" });
  const compare = { ...PLAIN.compare, immutable: true };
  const failures = await syncTrees(source.tree, target.tree, { ...PLAIN, ...MOVE, compare }, world.context);
  assert.equal(failures.length, 1);
  assert.deepEqual([source.peek("a"), target.peek("a")], ["old", "new"]);
});

Deno.test("syncTrees() deletes nothing beside a source entry whose name cannot be read, whatever it is told", async () => {
  const { world, source, target } = await createEnds("local");
  await source.put("a", OLD);
  await source.put("d/b", OLD);
  for (const path of ["perhaps", "perhaps too/c", "d/gone"]) await target.put(path, OLD);
  const error = new LocalError("its name cannot be read");
  const list = async (path: string) => {
    const entries = await source.tree.list(path);
    if (path !== "") return entries;
    return [...entries, { kind: "unreadable", path: "?", error, isNameUnknown: true }];
  };
  const damaged = new Proxy(source.tree, {
    get(tree, key) {
      if (key === "list") return list;
      const value: unknown = Reflect.get(tree, key, tree);
      return typeof value === "function" ? value.bind(tree) : value;
    },
  });
  const options = { ...PLAIN, deletes: { ...DELETES, ignoreErrors: true } };
  assert.deepEqual(await syncTrees(damaged, target.tree, options, world.context), [error]);
  assert.deepEqual([...(await target.files()).keys()], ["a", "d/b", "perhaps", "perhaps too/c"]);
});

Deno.test("syncTrees() in a dry run tells of no directory as removed that it would not remove", async () => {
  const cases: readonly [string, Partial<SyncOptions>][] = [
    ["cannot be listed", { deletes: { ...DELETES, ignoreErrors: true } }],
    ["is deeper than it goes", {
      filter: createFilter([{ flag: "max-depth", value: "1", content: "" }], { nowMs: 0, random: () => 0 }),
    }],
    ["keeps a file that the user does not want renamed", {
      trackRenames: { by: ["hash"] },
      approve: ({ verb }) => Promise.resolve(verb !== "rename"),
    }],
  ];
  for (const [what, options] of cases) {
    const { world, source, target } = await createEnds("up");
    await source.put("a", OLD);
    await source.put("b", NEW);
    await target.put("a", OLD);
    await target.put("old/moved", NEW);
    world.remote.beforeCall = ({ name, path }) => {
      if (what === "cannot be listed" && name === "list" && path.endsWith("old")) throw new LocalError(what);
    };
    const all = { ...PLAIN, deletes: DELETES, dryRun: true, ...options };
    await syncTrees(source.tree, target.tree, all, world.context);
    assert.deepEqual(world.events.filter(({ type }) => type === "removed"), [], what);
  }
});

Deno.test("syncTrees() takes what breaks off after a stop for the stop", async () => {
  const { world, source, target } = await createEnds("up");
  await source.put("a", OLD);
  const reason = new CancelledError("SIGINT");
  world.remote.beforeCall = ({ name }) => {
    if (name !== "allocate") return;
    world.stop.abort(reason);
    throw new LocalError("something broke off");
  };
  const run = syncTrees(source.tree, target.tree, PLAIN, world.context);
  await assert.rejects(run, (error) => error === reason);
  assert.equal(world.types().includes("failed"), false);
});

Deno.test("syncTrees() as a move takes emptied directories of the source into the trash, those of the target as told", async () => {
  const { world, source, target } = await createEnds("down");
  await source.put("d/a", OLD);
  const asked: unknown[] = [];
  const watched = new Proxy(source.tree, {
    get(tree, key) {
      if (key === "removeDirectory") {
        return (path: string, options: { readonly toTrash?: boolean }) => {
          asked.push([path, options.toTrash]);
          return tree.removeDirectory(path, options);
        };
      }
      const value: unknown = Reflect.get(tree, key, tree);
      return typeof value === "function" ? value.bind(tree) : value;
    },
  });
  const move = { deleteEmptySourceDirectories: true };
  assert.deepEqual(await syncTrees(watched, target.tree, { ...PLAIN, move }, world.context), []);
  assert.deepEqual(asked, [["d", true]]);
  asked.length = 0;
  await source.put("b", OLD);
  await source.put("e/c", OLD);
  await target.put("b", OLD);
  await target.tree.removeDirectory("d").catch(() => {});
  const back = { ...PLAIN, deletes: DELETES };
  assert.deepEqual(await syncTrees(target.tree, watched, back, world.context), []);
  assert.deepEqual(asked, [["e", false]]);
});
