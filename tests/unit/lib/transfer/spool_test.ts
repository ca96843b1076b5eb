import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { md5OfBytes } from "../../../../lib/hash/md5.ts";
import { type Spool, spool, type SpoolOptions } from "../../../../lib/transfer/spool.ts";
import { uploadSpool } from "../../../../lib/transfer/upload_spool.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { pattern, TIME, TransferWorld } from "./world.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const OPTIONS: SpoolOptions = { memoryLimit: 1_000, directory: "/tmp" };

function worldOf(os: "linux" | "windows" = "linux") {
  const disk = new MemoryFileSystem();
  disk.put("/tmp/other", "");
  return { disk, edges: { fileSystem: disk, random: new SeededRandom(), platform: { os } } };
}

/** The bytes in parts of `partBytes`. */
function streamOf(bytes: Bytes, partBytes = 64): ReadableStream<Bytes> {
  const parts: Bytes[] = [];
  for (let at = 0; at < bytes.length; at += partBytes) parts.push(bytes.slice(at, at + partBytes));
  return ReadableStream.from(parts);
}

async function bytesFrom(content: Spool, offset: number): Promise<Bytes> {
  return await new Response(content.open(offset)).bytes();
}

function temporaries(disk: MemoryFileSystem): string[] {
  return disk.paths().filter((path) => path.includes(".jottash-"));
}

Deno.test("spool() keeps up to the limit in memory, more on the disk, and gives it from any offset, again and again", async () => {
  for (const size of [0, 1, 999, 1_000, 1_001, 70_000, 3_000_000]) {
    const { disk, edges } = worldOf();
    const bytes = pattern(size);
    let wasOpened = false;
    disk.beforeOperation = ({ name }) => void (wasOpened ||= name === "open");
    await using content = await spool(edges, streamOf(bytes, size > 100_000 ? 65_536 : 64), OPTIONS);
    equal(wasOpened, size > 1_000, `${size} bytes`);
    deepEqual([content.size, content.md5], [size, md5OfBytes(bytes)]);
    for (const offset of [0, 0, Math.floor(size / 2), size]) {
      equal(
        md5OfBytes(await bytesFrom(content, offset)),
        md5OfBytes(bytes.subarray(offset)),
        `${size} at ${offset}`,
      );
    }
    const [first, second] = await Promise.all([bytesFrom(content, 0), bytesFrom(content, 0)]);
    deepEqual([first.length, second.length], [size, size]);
  }
});

Deno.test("spool(): a limit of 0 keeps nothing in memory, no limit keeps all", async () => {
  for (const [memoryLimit, expected] of [[0, 1], [Infinity, 0]] as const) {
    const { disk, edges } = worldOf();
    let opened = 0;
    disk.beforeOperation = ({ name }) => void (opened += name === "open" ? 1 : 0);
    await using content = await spool(edges, streamOf(pattern(5_000)), { ...OPTIONS, memoryLimit });
    equal(content.size, 5_000);
    equal(opened, expected);
  }
});

Deno.test("spool(): the temporary file is for this user alone and has no name while it is in use", async () => {
  const { disk, edges } = worldOf();
  const names: string[] = [];
  const modes: (number | undefined)[] = [];
  const { open } = disk;
  disk.open = async (path, mode) => {
    names.push(path);
    modes.push(mode.mode);
    return await open.call(disk, path, mode);
  };
  await using content = await spool(edges, streamOf(pattern(5_000)), OPTIONS);
  match(names.join(), /^\/tmp\/\.jottash-[0-9a-f]{24}\.spool$/);
  deepEqual(modes, [0o600]);
  deepEqual(temporaries(disk), []);
  equal((await bytesFrom(content, 4_000)).length, 1_000);
});

Deno.test("spool(): where an open file keeps its name, it is removed at the end and after each failure", async () => {
  const { disk, edges } = worldOf("windows");
  {
    await using content = await spool(edges, streamOf(pattern(5_000)), { ...OPTIONS, directory: "/tmp/" });
    equal(content.size, 5_000);
    equal(disk.paths().filter((path) => path.includes(".jottash-")).length, 1);
  }
  deepEqual(temporaries(disk), []);
  const broken = new ReadableStream<Bytes>({
    pull(controller) {
      controller.enqueue(pattern(2_000));
      controller.error(new LocalError("the pipe broke"));
    },
  });
  await rejects(spool(edges, broken, OPTIONS), /the pipe broke/);
  await rejects(spool(edges, streamOf(pattern(5_000)), { ...OPTIONS, expectedSize: 4_000 }), {
    code: "integrity",
  });
  deepEqual(temporaries(disk), []);
});

Deno.test("spool(): a stop by the user does not wait for a silent source, and leaves nothing", async () => {
  const { disk, edges } = worldOf("windows");
  const stop = new AbortController();
  let isFirst = true;
  let wasCancelled = false;
  const silent = new ReadableStream<Bytes>({
    pull: (controller) => {
      if (!isFirst) return new Promise(() => {});
      isFirst = false;
      controller.enqueue(pattern(2_000));
      return undefined;
    },
    cancel: () => void (wasCancelled = true),
  }, { highWaterMark: 0 });
  const spooling = spool(edges, silent, { ...OPTIONS, signal: stop.signal });
  disk.beforeOperation = ({ name }) =>
    name === "write" && queueMicrotask(() => stop.abort(new Error("stop")));
  await rejects(spooling, /stop/);
  deepEqual(temporaries(disk), []);
  ok(wasCancelled);
});

Deno.test("spool() says with one line when the disk will not do", async () => {
  const hint = "Choose another directory with --temp-dir, or more memory with --md5-memory-limit";
  const small = worldOf();
  small.disk.space = () => Promise.resolve({ totalBytes: 9_000, usedBytes: 5_000, freeBytes: 4_000 });
  let wasRead = false;
  const watched = new ReadableStream<Bytes>({ pull: () => void (wasRead = true) }, { highWaterMark: 0 });
  await rejects(spool(small.edges, watched, { ...OPTIONS, expectedSize: 5_000 }), {
    message: 'Cannot keep the content in "/tmp": 4.9 KiB are needed at least, 3.9 KiB are free',
    hint,
  });
  ok(!wasRead, "it was read although there is no room");

  const full = worldOf();
  let writes = 0;
  full.disk.beforeOperation = ({ name, path }) => {
    if (name === "write" && ++writes > 3) {
      throw new LocalError(`Cannot write "${path}": the disk is full`, { data: { osCode: "ENOSPC" } });
    }
  };
  await rejects(spool(full.edges, streamOf(pattern(5_000)), OPTIONS), {
    message: 'Cannot keep the content in "/tmp": it is full, after 1.1 KiB',
    hint,
  });
  deepEqual(temporaries(full.disk), []);

  const missing = worldOf();
  await rejects(spool(missing.edges, streamOf(pattern(5_000)), { ...OPTIONS, directory: "/none" }), {
    message: 'Cannot keep the content in "/none": it does not exist',
    hint,
  });
});

Deno.test("spool() holds content to the size that was announced", async () => {
  for (const [size, expectedSize, found] of [[10, 9, "more"], [9, 10, "only 9"], [0, 1, "only 0"]] as const) {
    await rejects(spool(worldOf().edges, streamOf(pattern(size)), { ...OPTIONS, expectedSize }), {
      code: "integrity",
      retry: "never",
      message: `Cannot use the content: ${expectedSize} bytes were announced, and there are ${found}`,
    });
  }
  await using content = await spool(worldOf().edges, streamOf(pattern(10)), { ...OPTIONS, expectedSize: 10 });
  equal(content.size, 10);
});

Deno.test("uploadSpool() begins again after a broken line, from memory and from the disk, and counts each byte once", async () => {
  for (const memoryLimit of [0, Infinity]) {
    const world = new TransferWorld();
    world.disk.put("/tmp/other", "");
    const edges = { fileSystem: world.disk, random: new SeededRandom(), platform: { os: "linux" as const } };
    const bytes = pattern(300_000);
    world.remote.cutUploads = [100_000, 1, 5_000];
    await using content = await spool(edges, streamOf(bytes, 65_536), { ...OPTIONS, memoryLimit });
    const job = { target: world.remote, targetPath: "x/a", modifiedAtMs: TIME };
    await uploadSpool(content, job, world.context);
    equal(md5OfBytes(world.remote.peek("x/a") ?? new Uint8Array()), md5OfBytes(bytes));
    equal(world.remote.sentBytes, 300_000);
    world.assertProgressAddsUp();
    await uploadSpool(content, { ...job, targetPath: "again" }, world.context);
    const last = world.events.at(-1);
    ok(last?.type === "finished" && last.how === "deduplicated");
    equal(world.remote.sentBytes, 300_000);
  }
});
