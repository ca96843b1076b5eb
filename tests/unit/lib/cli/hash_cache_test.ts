import { equal, notEqual } from "node:assert/strict";
import { hashCacheOf, settleHashCaches } from "../../../../lib/cli/hash_cache.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";

const LOOK = { identity: "1:2", size: 3, modifiedAtNs: 17n, changedAtNs: 17n };
const MD5 = "0123456789abcdef0123456789abcdef";

function edgesWith(variables: Readonly<Record<string, string>>) {
  const platform = { os: "linux" } as const;
  return { fileSystem: new MemoryFileSystem(), clock: new FakeClock(), env: fakeEnv(variables), platform };
}

const PLACES = [
  [undefined, { HOME: "/home/kari" }, "/home/kari/.cache/jottash/hashes"],
  [undefined, { HOME: "/home/kari", XDG_CACHE_HOME: "/fast" }, "/fast/jottash/hashes"],
  [undefined, {}, undefined],
  ["/there", {}, "/there"],
  ["off", { HOME: "/home/kari" }, undefined],
] as const;

for (const [hashCache, variables, expected] of PLACES) {
  Deno.test(`MD5s for --hash-cache ${hashCache} and ${JSON.stringify(variables)} are at ${expected}`, async () => {
    const edges = { ...edgesWith(variables) };
    const cache = await hashCacheOf(edges, { hashCache, dryRun: false });
    equal(cache === undefined, expected === undefined);
    cache?.begin(LOOK)?.keep(LOOK, MD5);
    await settleHashCaches(edges.fileSystem);
    const files = edges.fileSystem.paths().filter((path) => edges.fileSystem.peek(path) !== undefined);
    equal(files.length, expected === undefined ? 0 : 1);
    if (expected !== undefined) equal(files[0]?.startsWith(`${expected}/md5-`), true);
  });
}

Deno.test("all places of a process share one cache, those of another place have their own", async () => {
  const edges = edgesWith({ HOME: "/home/kari" });
  const usual = await hashCacheOf(edges, { hashCache: undefined, dryRun: false });
  equal(await hashCacheOf({ ...edges }, { hashCache: undefined, dryRun: false }), usual);
  notEqual(await hashCacheOf(edges, { hashCache: "/there", dryRun: false }), usual);
});

Deno.test("a dry run keeps nothing", async () => {
  const edges = edgesWith({ HOME: "/home/kari" });
  const cache = await hashCacheOf(edges, { hashCache: undefined, dryRun: true });
  cache?.begin(LOOK)?.keep(LOOK, MD5);
  await settleHashCaches(edges.fileSystem);
  equal(await cache?.find(LOOK), MD5);
  equal(edges.fileSystem.paths().join(), "/");
});
