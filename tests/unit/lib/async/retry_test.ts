import assert from "node:assert/strict";
import { DEFAULT_RETRY_POLICY, retry, type RetryContext } from "../../../../lib/async/retry.ts";
import { JottashError, NetworkError, ServiceError } from "../../../../lib/errors.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

function context(more: Partial<RetryContext> = {}): RetryContext & { readonly clock: FakeClock } {
  return { random: new SeededRandom(), ...more, clock: new FakeClock({ autoAdvance: true }) };
}

const POLICY = { ...DEFAULT_RETRY_POLICY, maxAttempts: 5, firstDelayMs: 100, maxDelayMs: 400 };
const passing = (data: Record<string, unknown> = {}) => new NetworkError("cut", { data });

Deno.test("retry() tries again what passes, with growing waits", async () => {
  const world = context();
  const attempts: number[] = [];
  const retried: number[] = [];
  const work = (attempt: number) => {
    attempts.push(attempt);
    return attempt < 5 ? Promise.reject(passing()) : Promise.resolve("done");
  };
  const result = await retry(work, POLICY, { ...world, onRetry: (_error, attempt) => retried.push(attempt) });
  assert.equal(result, "done");
  assert.deepEqual(attempts, [1, 2, 3, 4, 5]);
  assert.deepEqual(retried, [1, 2, 3, 4]);
  for (const [index, ceiling] of [100, 200, 400, 400].entries()) {
    const slept = world.clock.sleeps[index] ?? 0;
    assert.ok(slept >= ceiling / 2 && slept <= ceiling, `${slept} of ${ceiling}`);
  }
});

Deno.test("retry() gives up after the attempts, and the error says so", async () => {
  let count = 0;
  const work = () => Promise.reject(passing({ count: ++count }));
  await assert.rejects(retry(work, POLICY, context()), { retry: "later", data: { count: 5 } });
  const outer = retry(() => retry(work, POLICY, context()), POLICY, context());
  await assert.rejects(outer, { data: { count: 10 } });
});

Deno.test("retry() throws at once what does not pass", async () => {
  for (
    const error of [
      new Error("bug"),
      new JottashError("no", { code: "x" }),
      new ServiceError("l", { retry: "later" }),
    ]
  ) {
    const world = context();
    await assert.rejects(retry(() => Promise.reject(error), POLICY, world), error);
    assert.deepEqual(world.clock.sleeps, []);
  }
});

Deno.test("retry() waits as long as the service asks, but never less than its own pace", async () => {
  const world = context();
  const asked = [7_000, 0, -5, 300_000];
  const work = (attempt: number) =>
    attempt <= asked.length
      ? Promise.reject(passing({ retryAfterMs: asked[attempt - 1] }))
      : Promise.resolve();
  await retry(work, POLICY, world);
  const [first = 0, second = 0, third = 0, fourth = 0] = world.clock.sleeps;
  assert.equal(first, 7_000);
  assert.ok(second >= 100 && third >= 200);
  assert.equal(fourth, 300_000);
});

Deno.test("retry() does not wait longer than the policy allows", async () => {
  const world = context();
  const work = () => Promise.reject(passing({ retryAfterMs: 300_001 }));
  await assert.rejects(retry(work, POLICY, world), { retry: "later" });
  assert.deepEqual(world.clock.sleeps, []);
});

Deno.test("retry() asks for the limit after each failure", async () => {
  let limit = 2;
  let count = 0;
  const work = () => {
    count++;
    if (count < 6) limit++;
    return Promise.reject(passing());
  };
  await assert.rejects(retry(work, POLICY, context({ maxAttempts: () => limit })));
  assert.equal(count, 7);
});

Deno.test("retry() stops waiting with the reason of the signal", async () => {
  const stop = new AbortController();
  const clock = new FakeClock();
  const running = retry(() => Promise.reject(passing()), POLICY, {
    ...context(),
    clock,
    signal: stop.signal,
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(clock.waiting, 1);
  stop.abort(new Error("stop"));
  await assert.rejects(running, /stop/);
});

Deno.test("retry() begins no try when the time for all of them is spent", async () => {
  const world = context();
  let count = 0;
  const work = async () => {
    count++;
    await world.clock.advance(40_000);
    throw passing();
  };
  const policy = { ...POLICY, maxAttempts: 50, maxTotalMs: 100_000 };
  await assert.rejects(retry(work, policy, world), { retry: "later" });
  assert.equal(count, 3);
  // A wait that the service asks for counts, too.
  const asking = () => Promise.reject(passing({ retryAfterMs: 60_000 }));
  const patient = context();
  await assert.rejects(retry(asking, policy, patient), { retry: "later" });
  assert.deepEqual(patient.clock.sleeps, [60_000]);
});

Deno.test("retry() does not take a clock that jumps for time that was spent", async (t) => {
  for (
    const [title, jumpMs] of [["the computer slept", 8 * 3_600_000], [
      "it was set back",
      -8 * 3_600_000,
    ]] as const
  ) {
    await t.step(title, async () => {
      const world = context();
      const work = async (attempt: number) => {
        if (attempt > 1) return "done";
        await world.clock.advance(jumpMs);
        throw passing();
      };
      assert.equal(await retry(work, { ...POLICY, maxTotalMs: 30 * 60_000 }, world), "done");
    });
  }
});
