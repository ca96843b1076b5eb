/** What a copy does under filters: what they leave out is neither copied, nor compared, nor looked at. */
import { deepEqual, equal } from "node:assert/strict";
import { createFilter } from "../../../../lib/filter/filter.ts";
import type { FilterFlag } from "../../../../lib/filter/words.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { TargetTree } from "../../../../lib/transfer/copy_file.ts";
import { TIME, TransferWorld } from "../transfer/world.ts";
import { PLAIN } from "./plain_options.ts";

type Words = readonly (readonly [flag: FilterFlag, value: string])[];

async function copy(world: TransferWorld, [source, target]: readonly [TargetTree, TargetTree], words: Words) {
  const filter = createFilter(words.map(([flag, value]) => ({ flag, value, content: value })), {
    nowMs: TIME,
    random: () => 0.5,
  });
  const options = { ...PLAIN, transfers: 2, createEmptyDirectories: true, filter };
  return await syncTrees(source, target, options, world.context);
}

function lists(world: TransferWorld): readonly string[] {
  return world.remote.calls.filter(({ name }) => name === "list").map(({ path }) => path).sort();
}

async function sampleWorld(): Promise<TransferWorld> {
  const world = new TransferWorld();
  for (const path of ["a.jpg", "a.raw", "cache/x.jpg", "deep/b.jpg", "deep/er/c.jpg"]) {
    await world.put(path, path);
  }
  return world;
}

Deno.test("syncTrees() copies what the filter lets through, and looks into no target folder that it leaves out", async () => {
  const world = await sampleWorld();
  world.remote.put("cache/other", "other");
  world.remote.put("a.raw", "another");
  const words: Words = [["exclude", "cache/"], ["exclude", "*.raw"]];
  deepEqual(await copy(world, [world.local, world.remote], words), []);
  deepEqual(world.remote.files(), ["a.jpg", "a.raw", "cache/other", "deep/b.jpg", "deep/er/c.jpg"]);
  deepEqual(lists(world), [""]);
  deepEqual(world.events.flatMap((event) => event.type === "planned" ? event.path : []).sort(), [
    "a.jpg",
    "deep/b.jpg",
    "deep/er/c.jpg",
  ]);
  equal(world.types().includes("unchanged"), false);
});

Deno.test("syncTrees() goes no deeper than the filter, at the target neither", async () => {
  const world = await sampleWorld();
  world.remote.put("deep/er/there", "there");
  deepEqual(await copy(world, [world.local, world.remote], [["max-depth", "1"]]), []);
  deepEqual(world.remote.files(), ["a.jpg", "a.raw", "deep/er/there"]);
  deepEqual(lists(world), [""]);
});

Deno.test("syncTrees() copies listed files alone, and knows what the target has of them", async () => {
  const world = await sampleWorld();
  const words: Words = [["files-from", "a.raw\ndeep/er/c.jpg\nnosuch\n"]];
  deepEqual(await copy(world, [world.local, world.remote], words), []);
  deepEqual(world.remote.files(), ["a.raw", "deep/er/c.jpg"]);
  world.events.length = 0;
  deepEqual(await copy(world, [world.local, world.remote], words), []);
  deepEqual(world.types().filter((type) => type === "unchanged").length, 2);
  world.remote.calls.length = 0;
  deepEqual(await copy(world, [world.remote, world.tree("/back")], words), []);
  deepEqual(lists(world), []);
  equal(world.disk.peek("/back/deep/er/c.jpg"), "deep/er/c.jpg");
});

Deno.test("syncTrees() has no clash with a name that the filter leaves out", async () => {
  const world = new TransferWorld();
  await world.put("name", "1");
  await world.put("NAME", "2");
  equal((await copy(world, [world.local, world.remote], [])).length, 2);
  deepEqual(await copy(world, [world.local, world.remote], [["exclude", "NAME"]]), []);
  deepEqual(world.remote.files(), ["name"]);
});

Deno.test("syncTrees() takes what is in no marked directory", async () => {
  const world = await sampleWorld();
  await world.put("deep/.skip", "");
  deepEqual(await copy(world, [world.local, world.remote], [["exclude-if-present", ".skip"]]), []);
  deepEqual(world.remote.files(), ["a.jpg", "a.raw", "cache/x.jpg"]);
});
