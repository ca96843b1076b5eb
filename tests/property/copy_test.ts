import assert from "node:assert/strict";
import fc from "fast-check";
import { syncTrees } from "../../lib/sync/sync.ts";
import { foldName } from "../../lib/names/compare.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { PLAIN } from "../unit/lib/sync/plain_options.ts";
import { TransferWorld } from "../unit/lib/transfer/world.ts";

const OPTIONS = { ...PLAIN, transfers: 3, checkers: 2 };

/** Names of which no two meet on the service, and none that a disk or the service cannot hold. */
const NAMES = fc.constantFrom("a", "b c", "é", "+#;", "％", "'", "x.y", "..z", "名");
const PATHS = fc.array(NAMES, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
const FILES = fc.dictionary(
  PATHS,
  fc.record({
    content: fc.uint8Array({ maxLength: 300 }),
    second: fc.integer({ min: -5_000_000_000, max: 250_000_000_000 }),
  }),
  { maxKeys: 12 },
);

/** Without paths that need a file and a directory of one name. */
function withoutConflicts<T>(files: Record<string, T>): [string, T][] {
  const paths = Object.keys(files);
  return Object.entries(files).filter(([path]) => !paths.some((other) => other.startsWith(`${path}/`)));
}

Deno.test("syncTrees() up and down gives an equal tree however uploads break, and the next copies plan nothing", async () => {
  await fc.assert(
    fc.asyncProperty(FILES, fc.array(fc.nat(300), { maxLength: 10 }), async (generated, cuts) => {
      const files = withoutConflicts(generated);
      assert.equal(new Set(files.map(([path]) => foldName(path))).size, files.length);
      const world = new TransferWorld();
      await world.local.makeDirectory("");
      for (const [path, { content, second }] of files) await world.put(path, content, second * 1000 + 123);
      world.remote.cutUploads = cuts.map((cut) => cut + 1);
      assert.deepEqual(await syncTrees(world.local, world.remote, OPTIONS, world.context), []);
      const back = world.tree("/back");
      assert.deepEqual(await syncTrees(world.remote, back, OPTIONS, world.context), []);
      for (const [path, { content, second }] of files) {
        const entry = await back.stat(path);
        assert.ok(entry?.kind === "file");
        assert.equal(entry.modifiedAtMs, second * 1000);
        assert.equal(await back.md5(entry), md5OfBytes(content));
      }
      assert.equal(world.remote.files().length, files.length);
      world.events.length = 0;
      await syncTrees(world.local, world.remote, OPTIONS, world.context);
      if (files.length > 0) await syncTrees(world.remote, back, OPTIONS, world.context);
      assert.deepEqual(world.types().filter((type) => type !== "unchanged" && type !== "plan-complete"), []);
    }),
    { numRuns: 60 },
  );
});
