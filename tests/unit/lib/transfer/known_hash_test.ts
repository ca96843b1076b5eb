/** What a run does with MD5s of an earlier reading: saves it, and trusts them no further than the service can check. */
import assert from "node:assert/strict";
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import { removeOthers } from "../../../../lib/sync/dedupe.ts";
import { findDuplicates } from "../../../../lib/sync/duplicates.ts";
import { syncTrees } from "../../../../lib/sync/sync.ts";
import type { TransferContext } from "../../../../lib/transfer/context.ts";
import type { TransferEvent } from "../../../../lib/transfer/events.ts";
import { uploadFile } from "../../../../lib/transfer/upload.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { HashWorld } from "../store/hash_world.ts";
import { PLAIN } from "../sync/plain_options.ts";

const SMALL = "x".repeat(1_000);
const LARGE = "y".repeat(600_000);

class World extends HashWorld {
  readonly remote = new MemoryRemote();
  readonly events: TransferEvent[] = [];
  readonly context: TransferContext = {
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 3 },
    retryContext: { clock: this.clock, random: new SeededRandom() },
    emit: (event) => void this.events.push(event),
  };

  async upload(path: string, { attempts = 3 } = {}): Promise<void> {
    const job = { source: this.tree, file: await this.entry(path), target: this.remote, targetPath: path };
    await uploadFile(job, {
      ...this.context,
      retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: attempts },
    });
  }

  /** Bytes that the events say were hashed. */
  hashed(): number {
    return this.events.reduce(
      (sum, event) => event.type === "progressed" && event.phase === "hash" ? sum + event.bytes : sum,
      0,
    );
  }

  known(): number {
    return this.events.reduce((sum, event) => event.type === "hash-known" ? sum + event.bytes : sum, 0);
  }

  remoteText(path: string): string {
    return new TextDecoder().decode(this.remote.peek(path));
  }
}

for (const [what, content] of [["small", SMALL], ["large", LARGE]] as const) {
  Deno.test(`uploadFile() does not hash a ${what} file that an earlier run has hashed`, async () => {
    const world = new World();
    await world.put("a", content);
    await world.md5("a");
    await world.restart();
    await world.upload("a");
    assert.equal(world.hashed(), 0);
    assert.equal(world.known(), content.length);
    assert.equal(world.remoteText("a"), content);
  });

  Deno.test(`uploadFile() keeps the MD5 of a ${what} file for the next run, which reads nothing`, async () => {
    const world = new World();
    await world.put("a", content);
    await world.upload("a");
    assert.deepEqual([world.hashed(), world.known()], [content.length, 0]);
    await world.restart();
    world.events.length = 0;
    const read: string[] = [];
    world.disk.beforeOperation = ({ name, path }) => path === "/data/a" && name === "read" && read.push(path);
    await world.upload("a");
    assert.deepEqual([world.hashed(), world.known(), read], [0, content.length, []]);
  });

  Deno.test(`uploadFile() hashes a ${what} file anew when its known MD5 is not that of the bytes, even with one try`, async () => {
    const other = content.toUpperCase();
    for (const attempts of [1, 3]) {
      const world = new World();
      await world.put("a", content);
      await world.md5("a");
      world.disk.forge("/data/a", other);
      await world.upload("a", { attempts });
      assert.equal(world.remoteText("a"), other);
      assert.equal(world.hashed(), content.length);
      // The next run knows better.
      await world.restart();
      assert.equal(await world.md5("a"), await world.md5("a", { fresh: true }));
    }
  });
}

Deno.test("uploadFile() reads a small file once", async () => {
  const world = new World();
  await world.put("a", SMALL);
  let opened = 0;
  world.disk.beforeOperation = ({ name, path }) => {
    if (name === "open" && path === "/data/a") opened++;
  };
  await world.upload("a");
  assert.equal(opened, 1);
});

Deno.test("syncTrees() by content reads no file whose MD5 is known", async () => {
  const world = new World();
  await world.put("a", SMALL);
  await world.md5("a");
  world.remote.put("a", SMALL);
  const options = { ...PLAIN, compare: { ...PLAIN.compare, by: "checksum" as const } };
  assert.deepEqual(await syncTrees(world.tree, world.remote, options, world.context), []);
  assert.equal(world.known(), SMALL.length);
  assert.equal(world.remote.sentBytes, 0);
});

Deno.test("a move never deletes a file because of an MD5 of an earlier reading", async () => {
  const move = { deleteEmptySourceDirectories: false };
  const byContent = { ...PLAIN, move, compare: { ...PLAIN.compare, by: "checksum" as const } };
  for (const [options, isThere] of [[byContent, true], [{ ...PLAIN, move }, false]] as const) {
    const world = new World();
    await world.put("a", SMALL);
    await world.md5("a");
    world.disk.forge("/data/a", SMALL.toUpperCase());
    // The service has what the file was: under its name, or somewhere.
    world.remote.put(isThere ? "a" : "elsewhere", SMALL);
    await syncTrees(world.tree, world.remote, options, world.context);
    assert.equal(world.remoteText("a"), SMALL.toUpperCase());
    assert.equal(world.disk.peek("/data/a"), undefined);
    assert.equal(world.known(), 0);
  }
});

Deno.test("removeOthers() reads what goes and what stays, whatever is known of them", async () => {
  for (const forged of ["a", "b", undefined]) {
    const world = new World();
    for (const path of ["a", "b"]) await world.put(path, SMALL);
    for (const path of ["a", "b"]) await world.md5(path);
    if (forged !== undefined) world.disk.forge(`/data/${forged}`, SMALL.toUpperCase());
    const ignore = () => {};
    const { groups: [group] } = await findDuplicates({ listed: world.tree, tree: world.tree }, {
      checkers: 2,
      onError: ignore,
      onSpecial: ignore,
    });
    assert.ok(group !== undefined);
    const [kept] = group.files;
    assert.ok(kept !== undefined);
    const done = () => Promise.resolve();
    const errors = await removeOthers(world.tree, { group, kept }, {
      dryRun: false,
      onRemoved: done,
      onSame: done,
      onError: ignore,
    });
    assert.equal(errors.length, forged === undefined ? 0 : 1);
    assert.equal(world.disk.peek("/data/b") === undefined, forged === undefined);
  }
});
