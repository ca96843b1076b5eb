import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { type JottashError, LocalError } from "../../../../lib/errors.ts";
import { md5OfBytes } from "../../../../lib/hash/md5.ts";
import { type KeepRule, keptOf, removeOthers } from "../../../../lib/sync/dedupe.ts";
import { type DuplicateGroup, findDuplicates } from "../../../../lib/sync/duplicates.ts";
import { inParallel } from "../../../../lib/sync/each_item.ts";
import type { TargetTree } from "../../../../lib/transfer/copy_file.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { TransferWorld } from "../transfer/world.ts";

async function find(tree: TargetTree): Promise<readonly DuplicateGroup[]> {
  const { groups, errors } = await findDuplicates({ listed: tree, tree }, {
    checkers: 2,
    onError: () => {},
    onSpecial: () => {},
  });
  deepEqual(errors, []);
  return groups;
}

const pathsOf = (groups: readonly DuplicateGroup[]) =>
  groups.map(({ files }) => files.map(({ path }) => path));

interface Removal {
  readonly removed: string[];
  readonly same: string[];
  readonly errors: readonly JottashError[];
}

async function remove(
  tree: TargetTree,
  group: DuplicateGroup,
  { dryRun = false, keep = 0 } = {},
): Promise<Removal> {
  const kept = group.files[keep];
  ok(kept !== undefined);
  const [removed, same]: [string[], string[]] = [[], []];
  const errors = await removeOthers(tree, { group, kept }, {
    dryRun,
    onRemoved: ({ path }) => Promise.resolve(void removed.push(path)),
    onSame: ({ path }) => Promise.resolve(void same.push(path)),
    onError: () => {},
  });
  return { removed, same, errors };
}

Deno.test("findDuplicates() groups files by content, upper folders first, and reads only sizes that occur twice", async () => {
  for (const side of ["local", "remote"] as const) {
    const world = new TransferWorld();
    const contents = {
      "z": "same",
      "a/x": "same",
      "a/b/y": "same",
      "q": "SAME",
      "one": "single",
      "e": "",
      "f": "",
    };
    for (const [path, content] of Object.entries(contents)) {
      if (side === "remote") world.remote.put(path, content);
      else await world.put(path, content);
    }
    const opened: string[] = [];
    world.disk.beforeOperation = ({ name, path }) => void (name === "open" && opened.push(path));
    const groups = await find(world[side]);
    deepEqual(pathsOf(groups), [["e", "f"], ["z", "a/x", "a/b/y"]]);
    equal(groups[1]?.md5, md5OfBytes(new TextEncoder().encode("same")));
    ok(!opened.includes("/data/one"), "a file of a size of its own was read");
  }
});

Deno.test("findDuplicates() tells what cannot be read, and goes on", async () => {
  const world = new TransferWorld();
  for (const path of ["a", "b", "c"]) await world.put(path, "same");
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "open" && path === "/data/b") throw new LocalError("unreadable");
  };
  const told: string[] = [];
  const onError = (_: JottashError, path: string) => void told.push(path);
  const { groups, errors } = await findDuplicates({ listed: world.local, tree: world.local }, {
    checkers: 1,
    onError,
    onSpecial: () => {},
  });
  deepEqual([pathsOf(groups), told, errors.length], [[["a", "c"]], ["b"], 1]);
});

Deno.test("keptOf() chooses as rclone does", () => {
  const file = (path: string, modifiedAtMs: number | undefined): FileEntry => ({
    kind: "file",
    path,
    size: 1,
    modifiedAtMs,
  });
  const files = [file("a", 2), file("b", 1), file("c", 3), file("d", 1), file("e", 3)];
  const cases: [KeepRule, string][] = [
    ["first", "a"],
    ["newest", "e"],
    ["oldest", "b"],
    ["largest", "e"],
    ["smallest", "a"],
  ];
  for (const [rule, expected] of cases) equal(keptOf(files, rule)?.path, expected, rule);
  equal(keptOf([file("a", undefined), file("b", 0)], "newest")?.path, "b");
  const exact = [{ ...file("a", 1), modifiedAtNs: 1_000_002n }, {
    ...file("b", 1),
    modifiedAtNs: 1_000_001n,
  }];
  equal(keptOf(exact, "newest")?.path, "a");
  equal(keptOf([], "first"), undefined);
});

Deno.test("removeOthers() removes all but one, on both sides; a dry run none", async () => {
  for (const side of ["local", "remote"] as const) {
    const world = new TransferWorld();
    for (const path of ["a", "b", "sub/c"]) {
      if (side === "remote") world.remote.put(path, "same");
      else await world.put(path, "same");
    }
    const tree = world[side];
    const [group] = await find(tree);
    ok(group !== undefined);
    deepEqual(await remove(tree, group, { dryRun: true }), { removed: ["b", "sub/c"], same: [], errors: [] });
    equal((await find(tree))[0]?.files.length, 3);
    deepEqual(await remove(tree, group, { keep: 1 }), { removed: ["a", "sub/c"], same: [], errors: [] });
    equal(await tree.stat("a"), undefined);
    ok(await tree.stat("b") !== undefined);
    if (side === "remote") ok(world.remote.isTrashed("a"));
  }
});

type Change = (world: TransferWorld) => Promise<unknown> | void;

/** What somebody else does to the file that is kept after the listing, and what is left to delete then. */
const CHANGES: readonly (readonly ["local" | "remote", string, Change])[] = [
  ["remote", "is trashed", ({ remote }) => remote.trash("a")],
  ["remote", "gets other content", ({ remote }) => remote.put("a", "else")],
  ["local", "is deleted", ({ disk }) => disk.remove("/data/a")],
  ["local", "gets other content of that size", (world) => world.put("a", "else", 5_000)],
  ["local", "gets other content of that size and time", (world) => world.put("a", "else")],
];

for (const [side, what, change] of CHANGES) {
  Deno.test(`removeOthers() removes nothing when the file that is kept ${what} (${side})`, async () => {
    const world = new TransferWorld();
    for (const path of ["a", "b", "c"]) {
      if (side === "remote") world.remote.put(path, "same");
      else await world.put(path, "same");
    }
    const tree = world[side];
    const [group] = await find(tree);
    ok(group !== undefined);
    await change(world);
    const { removed, errors } = await remove(tree, group);
    deepEqual(removed, []);
    deepEqual(errors.map(({ message }) => message), [
      'Cannot delete "b": "a", which is kept, has changed meanwhile',
      'Cannot delete "c": "a", which is kept, has changed meanwhile',
    ]);
    for (const path of ["b", "c"]) ok(await tree.stat(path) !== undefined);
  });
}

Deno.test("removeOthers() leaves a file alone that has changed since the listing, and removes the others", async () => {
  for (const side of ["local", "remote"] as const) {
    const world = new TransferWorld();
    for (const path of ["a", "b", "c"]) {
      if (side === "remote") world.remote.put(path, "same");
      else await world.put(path, "same");
    }
    const tree = world[side];
    const [group] = await find(tree);
    ok(group !== undefined);
    if (side === "remote") world.remote.put("b", "else");
    else await world.put("b", "else", 5_000);
    const { removed, errors } = await remove(tree, group);
    deepEqual(removed, ["c"]);
    deepEqual(errors.map(({ message }) => message), ['Cannot delete "b": it has changed meanwhile']);
    ok(await tree.stat("b") !== undefined);
  }
});

Deno.test("removeOthers() takes two names of one file for one", async () => {
  const world = new TransferWorld();
  for (const path of ["a", "b"]) await world.put(path, "same");
  const [group] = await find(world.local);
  ok(group !== undefined);
  world.local.identityOf = () => Promise.resolve("1:1");
  deepEqual(await remove(world.local, group), { removed: [], same: ["b"], errors: [] });
});

Deno.test("inParallel() works on all items with so many workers, and begins nothing after a failure", async () => {
  let atOnce = 0;
  let most = 0;
  const done: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++atOnce);
    await Promise.resolve();
    atOnce--;
    done.push(item);
  };
  await inParallel([1, 2, 3, 4, 5], 2, work);
  deepEqual([done, most], [[1, 2, 3, 4, 5], 2]);
  const begun: number[] = [];
  const failing = (item: number) => {
    begun.push(item);
    return item === 2 ? Promise.reject(new Error("no more")) : Promise.resolve();
  };
  await rejects(inParallel([1, 2, 3, 4, 5], 1, failing), /no more/);
  deepEqual(begun, [1, 2]);
});
