import assert from "node:assert/strict";
import { createJobQueue, type JobQueue, type QueuedJob } from "../../../../lib/sync/job_queue.ts";
import { parseJobOrder } from "../../../../lib/sync/job_order.ts";

const job = (path: string, size: number): QueuedJob => ({
  file: { kind: "file", path, size, modifiedAtMs: 0 },
});
const ORDER = parseJobOrder("size");
const KINDS = [
  { order: undefined, isHeld: false },
  { order: undefined, isHeld: true },
  { order: ORDER, isHeld: false },
  { order: ORDER, isHeld: true },
];

async function taken(queue: JobQueue<QueuedJob>): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { file } of queue.jobsFor({ index: 0, count: 1 })) paths.push(file.path);
  return paths;
}

Deno.test("createJobQueue() hands each job out once, to whoever waits, and ends", async () => {
  for (const options of KINDS) {
    const queue = createJobQueue<QueuedJob>(options);
    const takers = Promise.all([taken(queue), taken(queue), taken(queue)]);
    for (const path of ["a", "b", "c", "d"]) await queue.add(job(path, 1));
    queue.close();
    assert.deepEqual((await takers).flat().sort(), ["a", "b", "c", "d"], JSON.stringify(options));
  }
});

Deno.test("createJobQueue() keeps the order of what waits, and that of finding without one", async () => {
  for (const [order, expected] of [[ORDER, ["b", "c", "a"]], [undefined, ["a", "b", "c"]]] as const) {
    const queue = createJobQueue<QueuedJob>({ order, isHeld: true });
    for (const [path, size] of [["a", 3], ["b", 1], ["c", 2]] as const) await queue.add(job(path, size));
    queue.close();
    assert.deepEqual(await taken(queue), expected);
  }
});

Deno.test("createJobQueue() that holds hands out nothing before it is closed", async () => {
  const queue = createJobQueue<QueuedJob>({ order: undefined, isHeld: true });
  const jobs = queue.jobsFor({ index: 0, count: 1 })[Symbol.asyncIterator]();
  let isTaken = false;
  const first = jobs.next().then((result) => {
    isTaken = true;
    return result;
  });
  await queue.add(job("a", 1));
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(isTaken, false);
  queue.close();
  assert.equal((await first).value?.file.path, "a");
});

Deno.test("createJobQueue() ends both sides with the reason when it fails", async () => {
  for (const options of KINDS) {
    const queue = createJobQueue<QueuedJob>(options);
    const waiting = assert.rejects(taken(queue), /the reason/);
    queue.fail(new Error("the reason"));
    await waiting;
    await assert.rejects(queue.add(job("a", 1)), /the reason/);
  }
});
