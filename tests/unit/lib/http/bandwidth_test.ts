import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { Bandwidth } from "../../../../lib/http/bandwidth.ts";
import { parseBandwidth } from "../../../../lib/units.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const KIB = 1024;

function limits(texts: { readonly total?: string; readonly perFile?: string }, nowMs?: number) {
  const clock = new FakeClock({ autoAdvance: true, ...nowMs === undefined ? {} : { nowMs } });
  const startedAtMs = clock.now();
  const read = (text: string | undefined) => text === undefined ? undefined : parseBandwidth(text);
  return {
    bandwidth: new Bandwidth({ clock, total: read(texts.total), perFile: read(texts.perFile) }),
    elapsedMs: () => clock.now() - startedAtMs,
  };
}

/** `count` chunks of `bytes` that tell their place. */
function body(count: number, bytes: number): ReadableStream<Bytes> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent === count) controller.close();
      else controller.enqueue(new Uint8Array(bytes).fill(sent++ % 251));
    },
  }, { highWaterMark: 0 });
}

async function lengths(stream: ReadableStream<Bytes>): Promise<number[]> {
  const found: number[] = [];
  for await (const chunk of stream) found.push(chunk.length);
  return found;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function isNear(actual: number, expected: number): void {
  ok(Math.abs(actual - expected) <= expected * 0.03 + 120, `${actual} instead of ${expected}`);
}

Deno.test("Bandwidth: 4 MiB at 1 MiB/s take 4 s in either direction, in pieces of 50 ms at most", async () => {
  for (const direction of ["upload", "download"] as const) {
    const { bandwidth, elapsedMs } = limits({ total: "1M" });
    const pieces = await lengths(bandwidth[direction](body(4, 1024 * KIB)));
    equal(sum(pieces), 4 * 1024 * KIB);
    ok(Math.max(...pieces) <= 1024 * KIB / 20, String(Math.max(...pieces)));
    isNear(elapsedMs(), 4_000);
  }
});

Deno.test("Bandwidth: the bytes are the same and in the same order", async () => {
  const { bandwidth } = limits({ total: "100k" });
  const chunks = await Array.fromAsync(bandwidth.upload(body(3, 10_000)));
  deepEqual(chunks.flatMap((chunk) => [...chunk]), [0, 1, 2].flatMap((value) => Array(10_000).fill(value)));
});

Deno.test("Bandwidth: each direction has its own limit; without one the body is not touched at all", async () => {
  const { bandwidth, elapsedMs } = limits({ total: "1M:off" });
  const download = body(1, 10);
  equal(bandwidth.download(download), download);
  await download.cancel();
  await lengths(bandwidth.upload(body(2, 1024 * KIB)));
  isNear(elapsedMs(), 2_000);
  for (const text of ["off", "0", "08:00,off 10:00,off"]) {
    const free = body(1, 10);
    equal(limits({ total: text, perFile: text }).bandwidth.upload(free), free, text);
    await free.cancel();
  }
});

Deno.test("Bandwidth: all bodies share the limit, and none of them waits for another to end", async () => {
  const { bandwidth, elapsedMs } = limits({ total: "1M" });
  const endedAtMs: number[] = [];
  await Promise.all([1, 1, 1, 1].map(async () => {
    await lengths(bandwidth.upload(body(1, 1024 * KIB)));
    endedAtMs.push(elapsedMs());
  }));
  isNear(elapsedMs(), 4_000);
  ok(Math.min(...endedAtMs) > 3_500, String(endedAtMs));
});

Deno.test("Bandwidth: a small body is not held up by a large one", async () => {
  const { bandwidth, elapsedMs } = limits({ total: "1M" });
  const large = lengths(bandwidth.upload(body(1, 8 * 1024 * KIB)));
  await lengths(bandwidth.upload(body(1, 100 * KIB)));
  ok(elapsedMs() < 500, String(elapsedMs()));
  await large;
});

Deno.test("Bandwidth: the limit per file holds for each body, the one for all of them too", async () => {
  const alone = limits({ perFile: "1M" });
  await Promise.all([1, 1].map(() => lengths(alone.bandwidth.download(body(2, 1024 * KIB)))));
  isNear(alone.elapsedMs(), 2_000);
  const both = limits({ total: "1M", perFile: "512k" });
  await Promise.all([1, 1, 1, 1].map(() => lengths(both.bandwidth.download(body(1, 1024 * KIB)))));
  isNear(both.elapsedMs(), 4_000);
});

Deno.test("Bandwidth: the limit changes with the timetable while bytes flow", async () => {
  const nowMs = new Date(2026, 0, 5, 11, 59, 58).getTime();
  const { bandwidth, elapsedMs } = limits({ total: "08:00,1M 12:00,4M 13:00,off" }, nowMs);
  const stream = bandwidth.upload(body(10, 1024 * KIB)).getReader();
  let passed = 0;
  const passedAfter = async (ms: number) => {
    while (elapsedMs() < ms) passed += (await stream.read()).value?.length ?? 0;
    return passed;
  };
  isNear(await passedAfter(2_000) / KIB, 2 * 1024);
  // More by two pieces at the most: what had been saved up, and the one under way.
  const kib = await passedAfter(3_000) / KIB;
  ok(kib > 6_000 && kib < 6 * 1024 + 2 * 206, `${kib} KiB`);
  await stream.cancel();
});

Deno.test("Bandwidth: cancelling cancels the source, also while a piece waits for its turn", async () => {
  const clock = new FakeClock();
  const bandwidth = new Bandwidth({ clock, total: parseBandwidth("1k") });
  let reason: unknown;
  const source = new ReadableStream<Bytes>({
    pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
    cancel: (given) => void (reason = given),
  }, { highWaterMark: 0 });
  const reader = bandwidth.download(source).getReader();
  equal((await reader.read()).value?.length, 256);
  const waiting = reader.read();
  await clock.advance(0);
  await reader.cancel("enough");
  equal((await waiting).done, true);
  equal(reason, "enough");
});

Deno.test("Bandwidth: a failure of the source is the reader's, as it is", async () => {
  const failure = new Error("broken");
  const source = new ReadableStream<Bytes>({ pull: (controller) => controller.error(failure) });
  const limited = limits({ total: "1M" }).bandwidth.download(source);
  notEqual(limited, source);
  await rejects(lengths(limited), failure);
});
