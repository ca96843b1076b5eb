import assert from "node:assert/strict";
import { AdaptiveLimit } from "../../../../lib/async/adaptive_limit.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const tick = () => new Promise((resolve) => setTimeout(resolve, 0));

function limitWith() {
  const clock = new FakeClock();
  return { clock, limit: new AdaptiveLimit({ clock, maxPauseMs: 60_000 }) };
}

Deno.test("AdaptiveLimit holds nobody up until there is too much", async () => {
  const { limit } = limitWith();
  const turns = await Promise.all(Array.from({ length: 500 }, () => limit.enter()));
  assert.equal(turns.length, 500);
  assert.equal(limit.limit, undefined);
  for (const turn of turns) turn.succeeded();
  assert.equal(limit.limit, undefined);
});

Deno.test("AdaptiveLimit halves once for all that began before, and comes back one by one", async () => {
  const { limit } = limitWith();
  const turns = await Promise.all(Array.from({ length: 8 }, () => limit.enter()));
  for (const turn of turns) turn.overloaded();
  assert.equal(limit.limit, 4);
  // Again too much: half of what was under way then.
  const fewer = await Promise.all(Array.from({ length: 4 }, () => limit.enter()));
  for (const turn of fewer) turn.overloaded();
  assert.equal(limit.limit, 2);
  const limits = new Set<number | undefined>();
  for (let round = 0; round < 200 && limit.limit !== undefined; round++) {
    (await limit.enter()).succeeded();
    limits.add(limit.limit);
  }
  assert.deepEqual([...limits].slice(0, 4), [2, 3, 4, 5]);
  assert.equal(limit.limit, undefined, "without trouble there is no limit again");
});

Deno.test("AdaptiveLimit lets one through, however often there is too much", async () => {
  const { limit } = limitWith();
  for (let round = 0; round < 50; round++) (await limit.enter()).overloaded();
  assert.equal(limit.limit, 1);
  (await limit.enter()).ended();
});

Deno.test("AdaptiveLimit serves those who wait in their order, and forgets who gives up", async () => {
  const { limit } = limitWith();
  const [first, second] = await Promise.all([limit.enter(), limit.enter()]);
  first?.overloaded();
  assert.equal(limit.limit, 1);
  const order: number[] = [];
  const stop = new AbortController();
  const waiting = [0, 1, 2].map(async (index) => {
    const turn = await limit.enter({ signal: index === 1 ? stop.signal : undefined });
    order.push(index);
    turn.succeeded();
  });
  await tick();
  assert.deepEqual(order, []);
  stop.abort(new Error("stopped"));
  second?.ended();
  const results = await Promise.allSettled(waiting);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assert.deepEqual(order, [0, 2]);
  (await limit.enter()).ended();
});

Deno.test("AdaptiveLimit keeps the pause that was asked for, for all, whatever the clock does", async (t) => {
  await t.step("until it is over", async () => {
    const { limit, clock } = limitWith();
    (await limit.enter()).overloaded(5_000);
    let hasBegun = false;
    const entering = limit.enter().then((turn) => {
      hasBegun = true;
      turn.ended();
    });
    await clock.advance(4_999);
    assert.equal(hasBegun, false);
    await clock.advance(1);
    await entering;
  });
  await t.step("no longer than the policy allows", async () => {
    const { limit } = limitWith();
    (await limit.enter()).overloaded(60_001);
    (await limit.enter()).ended();
  });
  await t.step("not twice when the clock is set back", async () => {
    const { limit, clock } = limitWith();
    (await limit.enter()).overloaded(5_000);
    await clock.advance(-3_600_000);
    (await limit.enter()).ended();
  });
  await t.step("not a moment when the computer slept", async () => {
    const { limit, clock } = limitWith();
    (await limit.enter()).overloaded(5_000);
    await clock.advance(8 * 3_600_000);
    (await limit.enter()).ended();
  });
  await t.step("and a stop does not wait for it", async () => {
    const { limit } = limitWith();
    (await limit.enter()).overloaded(5_000);
    const stop = new AbortController();
    const entering = limit.enter({ signal: stop.signal });
    await tick();
    stop.abort(new Error("stopped"));
    await assert.rejects(entering, /stopped/);
  });
});

Deno.test("AdaptiveLimit finds what a service can do: throughput near the best, nobody starves", async () => {
  const clock = new FakeClock();
  const limit = new AdaptiveLimit({ clock, maxPauseMs: 60_000 });
  const CAPACITY = 6;
  const TASKS = 600;
  let active = 0;
  let refused = 0;
  let done = 0;
  const triesOf: number[] = [];
  /** Takes 100 ms for a request, and refuses at once what is more than it can do at a time. */
  const ask = async (): Promise<boolean> => {
    if (active >= CAPACITY) {
      await clock.sleep(5);
      return false;
    }
    active++;
    await clock.sleep(100);
    active--;
    return true;
  };
  const work = async () => {
    for (let tries = 1;; tries++) {
      const turn = await limit.enter();
      if (await ask()) {
        turn.succeeded();
        done++;
        triesOf.push(tries);
        return;
      }
      refused++;
      turn.overloaded();
      await clock.sleep(100 * Math.min(tries, 5));
    }
  };
  const startedAt = clock.now();
  let next = 0;
  const workers = Array.from({ length: 32 }, async () => {
    while (next++ < TASKS) await work();
  });
  let isOver = false;
  const all = Promise.all(workers).then(() => isOver = true);
  while (!isOver) await clock.advance(20);
  await all;
  const bestMs = TASKS / CAPACITY * 100;
  const tookMs = clock.now() - startedAt;
  assert.equal(done, TASKS);
  assert.ok(tookMs < 2 * bestMs, `${tookMs} ms where ${bestMs} ms would do`);
  assert.ok(refused < TASKS / 2, `${refused} requests were refused`);
  assert.ok(Math.max(...triesOf) < 20, `one was tried ${Math.max(...triesOf)} times`);
});
