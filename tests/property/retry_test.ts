import assert from "node:assert/strict";
import fc from "fast-check";
import { retry } from "../../lib/async/retry.ts";
import { NetworkError } from "../../lib/errors.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

Deno.test("retry() never tries more often, nor waits longer, than its policy says", async () => {
  const policies = fc.record({
    maxAttempts: fc.integer({ min: 1, max: 6 }),
    firstDelayMs: fc.integer({ min: 0, max: 1_000 }),
    maxDelayMs: fc.integer({ min: 0, max: 5_000 }),
    maxRetryAfterMs: fc.integer({ min: 0, max: 10_000 }),
  });
  const answers = fc.array(fc.option(fc.integer({ min: -10, max: 20_000 }), { nil: undefined }), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(policies, answers, fc.nat(), async (policy, waits, seed) => {
      const clock = new FakeClock({ autoAdvance: true });
      let tries = 0;
      const work = () => {
        const isGood = tries >= waits.length;
        const retryAfterMs = waits[tries++];
        return isGood
          ? Promise.resolve("done")
          : Promise.reject(new NetworkError("cut", { data: { retryAfterMs } }));
      };
      const outcome = await retry(work, policy, { clock, random: new SeededRandom(seed) }).catch((error) =>
        error
      );
      assert.ok(tries <= policy.maxAttempts);
      assert.equal(clock.sleeps.length, tries - 1);
      for (const [index, slept] of clock.sleeps.entries()) {
        const asked = waits[index] ?? 0;
        assert.ok(
          slept <= Math.max(policy.maxDelayMs, asked) &&
            slept <= Math.max(policy.maxDelayMs, policy.maxRetryAfterMs),
        );
        assert.ok(slept >= asked);
      }
      assert.equal(outcome === "done" || outcome.retry === "later", true);
    }),
    { numRuns: 60 },
  );
});
