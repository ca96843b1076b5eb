import { deepEqual, equal, rejects } from "node:assert/strict";
import { NetworkError } from "../../../../lib/errors.ts";
import { readRange } from "../../../../lib/transfer/read_range.ts";
import type { ReadOptions } from "../../../../lib/tree/tree.ts";
import { fileIn, pattern, TransferWorld } from "./world.ts";

const CONTENT = pattern(100);

interface Reading {
  readonly bytes: readonly number[];
  /** Where each request began. */
  readonly offsets: readonly number[];
}

/** Reads over a line that brings `chunkSize` bytes at a time, and `bytesPerRequest` before it breaks. */
async function read(
  range: { readonly offset: number; readonly count: number },
  { chunkSize = 7, bytesPerRequest = Infinity } = {},
): Promise<Reading> {
  const world = new TransferWorld();
  world.remote.put("a", CONTENT);
  const offsets: number[] = [];
  world.remote.open = (_file, { offset = 0 }: ReadOptions = {}) => {
    offsets.push(offset);
    return Promise.resolve(ReadableStream.from((function* () {
      for (let at = offset; at < CONTENT.length; at += chunkSize) {
        if (at - offset >= bytesPerRequest) throw new NetworkError("cut");
        yield CONTENT.slice(at, at + chunkSize);
      }
    })()));
  };
  const file = await fileIn(world.remote, "a");
  const bytes: number[] = [];
  await readRange({ source: world.remote, file, ...range }, world.context, (chunk) => {
    bytes.push(...chunk);
    return Promise.resolve();
  });
  return { bytes, offsets };
}

Deno.test("readRange() gives the bytes of the range and no others, from where it begins", async () => {
  for (const [offset, count] of [[0, 10], [20, 33], [93, 7], [0, Infinity], [99, 50], [14, 7]] as const) {
    deepEqual(await read({ offset, count }), {
      bytes: [...CONTENT.slice(offset, offset + count)],
      offsets: [offset],
    });
  }
});

Deno.test("readRange() asks for nothing where there is nothing to read", async () => {
  for (const [offset, count] of [[100, 5], [1_000, Infinity], [5, 0]] as const) {
    const { bytes } = await read({ offset, count });
    deepEqual(bytes, []);
  }
  equal((await read({ offset: 100, count: 5 })).offsets.length, 0);
});

Deno.test("readRange() goes on at the byte where the line broke", async () => {
  const { bytes, offsets } = await read({ offset: 10, count: 50 }, { chunkSize: 10, bytesPerRequest: 20 });
  deepEqual(bytes, [...CONTENT.slice(10, 60)]);
  deepEqual(offsets, [10, 30, 50]);
});

Deno.test("readRange() takes what ends too soon for no whole range", async () => {
  const world = new TransferWorld();
  world.remote.put("a", CONTENT);
  const offsets: number[] = [];
  world.remote.open = (_file, { offset = 0 }: ReadOptions = {}) => {
    offsets.push(offset);
    return Promise.resolve(ReadableStream.from([CONTENT.slice(offset, 30)]));
  };
  const file = await fileIn(world.remote, "a");
  let length = 0;
  const reading = readRange({ source: world.remote, file, offset: 0, count: 50 }, world.context, (chunk) => {
    length += chunk.length;
    return Promise.resolve();
  });
  await rejects(reading, { code: "integrity", message: /ended it at byte 30, 20 bytes too soon/ });
  equal(length, 30);
  equal(offsets[1], 30);
});
