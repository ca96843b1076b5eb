/** Every place that holds files passes the same suite: disk, memory, the service, and each of them behind its wrappers. */
import assert from "node:assert/strict";
import { RateLimiter } from "../../lib/async/rate_limit.ts";
import { Bandwidth } from "../../lib/http/bandwidth.ts";
import { parseBandwidth } from "../../lib/units.ts";
import { createFilter } from "../../lib/filter/filter.ts";
import { DiskTree } from "../../lib/local/disk_tree.ts";
import { createLocalNames } from "../../lib/names/local_name.ts";
import { createDenoFileSystem } from "../../lib/sys/deno_file_system.ts";
import type { FileSystem } from "../../lib/edges.ts";
import { filterTree } from "../../lib/listing/filtered_tree.ts";
import type { TargetTree } from "../../lib/transfer/copy_file.ts";
import { type CallOptions, type DirectWork, joinPath, type Tree } from "../../lib/tree/tree.ts";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { folderOf } from "../fakes/memory_remote_folder.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { CATEGORIES } from "./categories.ts";
import { type EmulatorWorldOptions, type RemoteWorldPlace, withEmulator } from "./remote_worlds.ts";
import { testTreeChanges } from "./tree_change_suite.ts";
import { testTree, type WithTree } from "./tree_suite.ts";
import type { TreeWorld } from "./tree_world.ts";

function testAll(name: string, withTree: WithTree): void {
  testTree(name, withTree);
  testTreeChanges(name, withTree);
}

function localWorld(fileSystem: FileSystem, root: string): TreeWorld {
  const edges = { fileSystem, random: new SeededRandom(), platform: { os: "linux" as const } };
  const again = (path: string) =>
    new DiskTree(edges, { root: joinPath(root, path), label: "here", names: createLocalNames("linux") });
  return { tree: again(""), again };
}

testAll("disk", async (work) => {
  const root = await Deno.makeTempDir({ prefix: "jottash-test-" });
  try {
    await work(localWorld(createDenoFileSystem(), root));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

testAll("memory disk", async (work) => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/home/kari");
  await work(localWorld(fileSystem, "/home/kari"));
});

interface ServiceOptions extends EmulatorWorldOptions {
  /** Folder of the mountpoint that is the root. */
  readonly root?: string;
  readonly place?: RemoteWorldPlace;
  readonly wrap?: (tree: TargetTree) => TargetTree;
}

/** The service over HTTP, behind whatever is put before it. */
function onService({ root = "", place, wrap = (tree) => tree, ...options }: ServiceOptions = {}): WithTree {
  return (work) =>
    withEmulator(options, async ({ remote }) => {
      const again = (path: string) => wrap(remote(joinPath(root, path), place));
      const above = remote("", place);
      if (root !== "") await above.makeDirectory(root);
      await work({ tree: again(""), again, readsTrash: place?.hardDelete !== true });
    });
}

testAll("service", onService());
testAll("service, a folder deep inside", onService({ root: "a+b/c #1" }));
testAll("service, hard-delete", onService({ place: { hardDelete: true } }));
testAll("service, no-versions", onService({ place: { noVersions: true } }));

testAll(
  "service, behind limits of bandwidth and requests",
  onService({
    limits: (clock) => ({
      bandwidth: new Bandwidth({ clock, total: parseBandwidth("10M"), perFile: parseBandwidth("2M:3M") }),
      turns: new RateLimiter({ clock, ratePerSecond: () => 100, burst: () => 0 }),
    }),
  }),
);

function fastListed(tree: TargetTree): TargetTree {
  assert.ok(tree.side === "remote");
  return tree.fastListed({ mode: "always", checkers: 2 });
}

testAll("service, one request for a tree", onService({ wrap: fastListed }));

const PLAIN = new WeakMap<Tree, TargetTree>();
const MOVES: ReadonlySet<PropertyKey> = new Set(["moveFile", "copyFile", "moveDirectory"]);

/** The verbs of the tree, with the listings of a filter that leaves nothing out. */
function filtered(tree: TargetTree): TargetTree {
  const filter = createFilter([], { ignoreCase: false, nowMs: 0, random: () => 0 });
  const listable = filterTree(tree, { filter, checkers: 2 });
  const wrapped = new Proxy(tree, {
    get(target, key) {
      if (key === "list") return listable.list.bind(listable);
      if (key === "canTakeFrom") return (source: Tree) => target.canTakeFrom(PLAIN.get(source) ?? source);
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      if (!MOVES.has(key)) return value.bind(target);
      return (work: DirectWork, options: CallOptions) =>
        value.call(target, { ...work, source: PLAIN.get(work.source) ?? work.source }, options);
    },
  });
  PLAIN.set(wrapped, tree);
  return wrapped;
}

testAll("service, behind a filter without rules", onService({ wrap: filtered }));

testAll("memory", async (work) => {
  const remote = new MemoryRemote();
  await work({ tree: folderOf(remote, ""), again: (path) => folderOf(remote, path) });
});

Deno.test("each category from 1 to 40 has a test", async () => {
  const directory = new URL(".", import.meta.url);
  const numbers = new Set<number>();
  for await (const { name } of Deno.readDir(directory)) {
    if (!/^(tree|engine|remote).*_suite\.ts$/.test(name)) continue;
    const text = await Deno.readTextFile(new URL(name, directory));
    for (const [, number] of text.matchAll(/test\(\s*"(\d+) /g)) numbers.add(Number(number));
  }
  const missing = Object.entries(CATEGORIES).filter(([number]) => !numbers.has(Number(number)));
  assert.deepEqual(missing, []);
});
