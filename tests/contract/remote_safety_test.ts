/** What must never be lost on the way, whoever else is at work in the account and however the remote is set up. */
import assert from "node:assert/strict";
import { FileNotFoundError, JottashError, ServiceError } from "../../lib/errors.ts";
import { forEachFile } from "../../lib/sync/each_file.ts";
import { syncTrees } from "../../lib/sync/sync.ts";
import { touchFile } from "../../lib/transfer/touch_file.ts";
import { PLAIN } from "../unit/lib/sync/plain_options.ts";
import { TransferWorld } from "../unit/lib/transfer/world.ts";
import { fileAt } from "./remote_suite.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const TREE = "/Jotta/Archive";

function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () => withEmulator(options, work));
}

function textOf({ emulator }: EmulatorWorld, name: string): string | undefined {
  return new TextDecoder().decode(emulator.tree.getFile(`${TREE}/${name}`)?.bytes());
}

test("a move into a folder leaves the trash of the source alone, also with hardDelete", {}, async (world) => {
  const { emulator: { tree }, remote } = world;
  tree.putFile(`${TREE}/from/old`, "old");
  tree.trash(`${TREE}/from/old`);
  tree.putFile(`${TREE}/from/a`, "a");
  tree.makeFolder(`${TREE}/to`);
  const [from, to] = [remote("from", { hardDelete: true }), remote("to", { hardDelete: true })];
  const options = { ...PLAIN, move: { deleteEmptySourceDirectories: true } };
  const errors = await syncTrees(from, to, options, new TransferWorld().context);
  assert.deepEqual(errors, []);
  assert.deepEqual(tree.walkFiles(TREE), ["to/a"]);
  assert.ok(tree.isTrashed(`${TREE}/from/old`));
});

test("a move by content leaves the versions of the source in the trash, also with hardDelete", {
  switches: { mvOntoTombstoneFails: true },
}, async ({ emulator: { tree }, remote }) => {
  tree.putFile(`${TREE}/a`, "first");
  tree.putFile(`${TREE}/a`, "second");
  tree.putFile(`${TREE}/b`, "x");
  tree.trash(`${TREE}/b`);
  const each = remote("", { hardDelete: true });
  await each.moveFile({ source: each, from: "a", to: "b" });
  assert.deepEqual(tree.walkFiles(TREE), ["b"]);
  assert.ok(tree.isTrashed(`${TREE}/a`));
  assert.equal(tree.getFile(`${TREE}/a`)?.revisions.length, 2);
});

test("setTimes() leaves content that has been replaced since the listing", {}, async (world) => {
  const { emulator: { tree }, remote } = world;
  tree.putFile(`${TREE}/a`, "listed");
  const listed = await fileAt(remote(), "a");
  tree.putFile(`${TREE}/a`, "newer than listed");
  await remote().setTimes(listed, { modifiedAtMs: 5_000, createdAtMs: 5_000 });
  assert.equal(textOf(world, "a"), "newer than listed");
  assert.equal(tree.getFile(`${TREE}/a`)?.modified.getTime(), 5_000);
});

test(
  "setTimes() brings nothing back that has been deleted since the listing",
  {},
  async ({ emulator, remote }) => {
    emulator.tree.putFile(`${TREE}/a`, "x");
    const listed = await fileAt(remote(), "a");
    emulator.tree.trash(`${TREE}/a`);
    const times = { modifiedAtMs: 5_000, createdAtMs: 5_000 };
    await assert.rejects(remote().setTimes(listed, times), FileNotFoundError);
    assert.ok(emulator.tree.isTrashed(`${TREE}/a`));
  },
);

test(
  'setTimes() makes no second file of one that another program stored with a raw "%"',
  {},
  async (world) => {
    const { emulator: { tree }, remote } = world;
    tree.putFile(`${TREE}/100%`, "x");
    const each = remote();
    const [file] = await each.list("");
    assert.ok(file?.kind === "file");
    const times = { modifiedAtMs: 5_000, createdAtMs: 5_000 };
    await assert.rejects(each.setTimes(file, times), /another program stored "100%" with a "%"/);
    assert.deepEqual(tree.list(TREE), ["100%"]);
  },
);

const doubles = [["a%", "a\uff05"], ["a%", "A\uff05"], ["q\u201b", "q\u201b\u201b"]] as const;
for (const [foreign, own] of doubles) {
  for (const names of [[foreign, own], [own, foreign]]) {
    test(`"${names.join('" and "')}" are told apart: only ours is touched or deleted`, {}, async (world) => {
      const { emulator: { tree }, remote } = world;
      for (const name of names) tree.putFile(`${TREE}/${name}`, name === own ? "our own" : "foreign");
      const each = remote();
      const errors: JottashError[] = [];
      const options = {
        checkers: 1,
        onError: (error: JottashError) => errors.push(error),
        onSpecial: () => {},
      };
      await forEachFile(each, options, (file) => touchFile(each, file, { modifiedAtMs: 5_000 }));
      assert.equal(textOf(world, own), "our own");
      assert.equal(tree.getFile(`${TREE}/${own}`)?.modified.getTime(), 5_000);
      await forEachFile(each, options, ({ path }) => each.removeFile(path));
      assert.deepEqual(tree.list(TREE), [foreign]);
      assert.deepEqual(errors.map(({ code }) => code), ["name-clash", "name-clash"]);
    });
  }
}

test("a removal that the service answers with 404 has to have happened", {
  retryPolicy: { maxAttempts: 1 },
}, async ({ emulator, remote }) => {
  emulator.tree.putFile(`${TREE}/dir/a`, "x");
  emulator.tree.makeFolder(`${TREE}/empty`);
  for (const hardDelete of [false, true]) {
    const each = remote("", { hardDelete });
    const removals = [
      () => each.removeFile("dir/a"),
      () => each.purge("dir"),
      () => each.removeDirectory("empty"),
    ];
    for (const removal of removals) {
      emulator.addFault({ match: { method: "POST" }, times: 1, action: { kind: "status", status: 404 } });
      await assert.rejects(removal(), ServiceError);
    }
  }
  assert.deepEqual(emulator.tree.list(TREE), ["dir", "empty"]);
});

test("a new spelling that breaks off where nothing can be undone says where the file is", {
  retryPolicy: { maxAttempts: 1 },
}, async ({ emulator, remote }) => {
  emulator.tree.putFile(`${TREE}/dir/a`, "x");
  const each = remote();
  const match = { query: "mv=" };
  emulator.addFault({ match, times: 1, action: { kind: "status", status: 409 } });
  emulator.addFault({ match, times: 9, skip: 1, action: { kind: "status", status: 500 } });
  let hint: string | undefined;
  await each.moveFile({ source: each, from: "dir/a", to: "dir/A" }).catch((error: unknown) => {
    hint = error instanceof JottashError ? error.hint : undefined;
  });
  const [name] = emulator.tree.list(`${TREE}/dir`);
  assert.equal(hint, `It is at "jotta:dir/${name}" now: move it back`);
});
