/** How long a lock is waited for; who gets it is in the contract suite of stores. */
import { ok, rejects } from "node:assert";
import { LockedError } from "../../../../lib/errors.ts";
import { acquireLock } from "../../../../lib/store/lock_file.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const HOUR_MS = 3_600_000;

for (const jumpMs of [-HOUR_MS, 0, HOUR_MS]) {
  Deno.test(`acquireLock() waits for the time it was told when the clock jumps by ${jumpMs} ms`, async () => {
    const fileSystem = new MemoryFileSystem();
    const time = new FakeClock({ autoAdvance: true });
    let now = time.now();
    const clock = {
      now: () => now += jumpMs,
      sleep: (ms: number) => time.sleep(ms),
    };
    const contextOf = (disk: MemoryFileSystem) => ({ fileSystem: disk, clock, random: new SeededRandom() });
    using _held = await acquireLock(contextOf(fileSystem.asAnotherProcess()), "/c.conf");
    await rejects(acquireLock(contextOf(fileSystem), "/c.conf", { timeoutMs: 1_000 }), LockedError);
    const waitedMs = time.sleeps.reduce((sum, ms) => sum + ms, 0);
    ok(Math.abs(waitedMs - 1_000) < 1, String(waitedMs));
    ok(time.sleeps.every((ms) => ms <= 75));
    ok(time.sleeps.length > 10);
  });
}

Deno.test("acquireLock() keeps tasks of one process apart where the system does not", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.tryLock = () => Promise.resolve({ [Symbol.dispose]: () => {} });
  const context = { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
  const first = await acquireLock(context, "/c.conf");
  await rejects(acquireLock(context, "/c.conf", { timeoutMs: 100 }), LockedError);
  first[Symbol.dispose]();
  using _second = await acquireLock(context, "/c.conf", { timeoutMs: 100 });
  await rejects(acquireLock(context, "/c.conf", { timeoutMs: 100 }), LockedError);
});
