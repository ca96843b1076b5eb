/** Jobs on a disk: who may work on one, what is found, what is forgotten. */
import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { ConflictError, FileNotFoundError, LockedError } from "../../../../lib/errors.ts";
import { JobStore } from "../../../../lib/store/job_store.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const DAY_MS = 24 * 3_600_000;
const TOTALS = { files: 1, bytes: 1, moved: 0, deleted: 0, unchanged: 0 };

class World {
  nowMs = 1_000 * DAY_MS;
  readonly disk = new MemoryFileSystem({ nowMs: () => this.nowMs });
  readonly store = this.#open(this.disk);
  /** Another process. */
  readonly other = this.#open(this.disk.asAnotherProcess(), 2);

  #open(fileSystem: MemoryFileSystem, seed = 1): JobStore {
    const clock = { now: () => this.nowMs, sleep: () => Promise.resolve() };
    const env = fakeEnv({ HOME: "/home/kari" });
    return new JobStore({
      fileSystem,
      clock,
      env,
      random: new SeededRandom(seed),
      platform: { os: "linux" },
    });
  }

  async begin() {
    return await this.store.begin({
      event: "begun",
      at: this.nowMs++,
      host: "h",
      processId: 1,
      version: "1",
      directory: "/",
      command: "jottash copy a b",
      words: ["copy", "a", "b"],
    });
  }

  async done(): Promise<string> {
    await using held = await this.begin();
    held.journal.add({ event: "ended", at: this.nowMs, status: "done", totals: TOTALS, isWhole: true });
    return held.id;
  }

  async interrupted(): Promise<string> {
    await using held = await this.begin();
    return held.id;
  }
}

Deno.test("begin(): the job is running for everybody until it is given back", async () => {
  const world = new World();
  const held = await world.begin();
  match(held.id, /^[bcdfghjkmnpqrstvwxyz]{4}$/);
  equal((await world.other.find(held.id)).state, "running");
  equal((await world.store.find(held.id)).state, "running");
  await held[Symbol.asyncDispose]();
  equal((await world.other.find(held.id)).state, "interrupted");
});

Deno.test("take(): one process at a time; what is taken is not forgotten", async () => {
  const world = new World();
  const id = await world.interrupted();
  {
    await using held = await world.other.take(id);
    equal(held.job.state, "interrupted");
    await rejects(world.store.take(id), LockedError);
    await rejects(world.other.take(id), LockedError);
    await rejects(world.store.forget(id), LockedError);
  }
  await using again = await world.store.take(id);
  equal(again.id, id);
});

Deno.test("find(): by the first letters, when they are those of one alone", async () => {
  const world = new World();
  const id = await world.done();
  equal((await world.store.find(id.slice(0, 2))).id, id);
  for (const typed of ["", "nope", "../x", `${id}x`]) {
    await rejects(world.store.find(typed), FileNotFoundError);
  }
  world.disk.put(`/home/kari/.local/state/jottash/jobs/${id}2.jsonl`, "");
  equal((await world.store.find(id)).id, id);
  await rejects(world.store.find(id.slice(0, 3)), ConflictError);
});

Deno.test("list(): the newest first, damaged ones too, other files not", async () => {
  const world = new World();
  deepEqual(await world.store.list(), []);
  const [first, second] = [await world.done(), await world.interrupted()];
  world.disk.put("/home/kari/.local/state/jottash/jobs/damaged.jsonl", "rubbish\n");
  world.disk.put("/home/kari/.local/state/jottash/jobs/notes.txt", "");
  const jobs = await world.store.list();
  deepEqual(jobs.map(({ id, state }) => [id, state]), [
    [second, "interrupted"],
    [first, "done"],
    ["damaged", "interrupted"],
  ]);
  equal(jobs[2]?.damagedLines, 1);
});

Deno.test("forget(): the journal and its lock are gone", async () => {
  const world = new World();
  const id = await world.done();
  await world.store.forget(id);
  await rejects(world.store.take(id), FileNotFoundError);
  deepEqual(world.disk.paths().filter((path) => path.endsWith(".jsonl")), []);
});

Deno.test("forgetOld(): done jobs go after 30 days or when there are 100 newer ones, others stay longer", async () => {
  const world = new World();
  const [oldDone, oldOpen] = [await world.done(), await world.interrupted()];
  const running = await world.begin();
  world.nowMs += 31 * DAY_MS;
  const crowded = await world.done();
  for (let index = 0; index < 99; index++) await world.done();
  await world.store.forgetOld();
  const ids = new Set((await world.store.list()).map(({ id }) => id));
  deepEqual([oldDone, oldOpen, running.id, crowded].map((id) => ids.has(id)), [false, true, true, true]);
  await world.done();
  await world.store.forgetOld();
  equal((await world.store.list()).some(({ id }) => id === crowded), false);
  world.nowMs += 61 * DAY_MS;
  // Not all at once: it is done while somebody waits.
  await world.store.forgetOld();
  equal((await world.store.list()).length > 50, true);
  for (let run = 0; run < 5; run++) await world.store.forgetOld();
  deepEqual((await world.store.list()).map(({ id }) => id), [running.id]);
});
