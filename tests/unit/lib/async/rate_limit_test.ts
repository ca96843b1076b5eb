import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { RateLimiter } from "../../../../lib/async/rate_limit.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

function limiter(ratePerSecond: number | (() => number | undefined), burst = 0) {
  const clock = new FakeClock({ autoAdvance: true });
  const startedAtMs = clock.now();
  const rate = typeof ratePerSecond === "number" ? () => ratePerSecond : ratePerSecond;
  return {
    clock,
    limiter: new RateLimiter({ clock, ratePerSecond: rate, burst: () => burst }),
    elapsedMs: () => clock.now() - startedAtMs,
  };
}

Deno.test("RateLimiter.take() gives turns at the rate, the first at once", async () => {
  const { limiter: turns, elapsedMs } = limiter(10);
  const at: number[] = [];
  for (let i = 0; i < 4; i++) {
    await turns.take(1);
    at.push(elapsedMs());
  }
  deepEqual(at, [0, 100, 200, 300]);
});

Deno.test("RateLimiter.take() lets a burst through after a pause, and no more than that", async () => {
  const { limiter: turns, clock, elapsedMs } = limiter(10, 2);
  const at: number[] = [];
  const takeFive = async () => {
    for (let i = 0; i < 5; i++) {
      await turns.take(1);
      at.push(elapsedMs());
    }
  };
  await takeFive();
  deepEqual(at.splice(0), [0, 0, 0, 100, 200]);
  await clock.advance(60_000);
  await takeFive();
  deepEqual(at, [60_200, 60_200, 60_200, 60_300, 60_400]);
});

Deno.test("RateLimiter.take() serves in the order of asking, whatever is asked for", async () => {
  const { limiter: turns } = limiter(10);
  const order: string[] = [];
  await Promise.all(["a", "b", "c", "d"].map(async (name, index) => {
    await turns.take(index === 0 ? 20 : 1);
    order.push(name);
  }));
  deepEqual(order, ["a", "b", "c", "d"]);
});

Deno.test("RateLimiter.take() keeps to the rate over a long run", async () => {
  const { limiter: turns, elapsedMs } = limiter(1_000, 50);
  for (let i = 0; i < 400; i++) await turns.take(7);
  // 2800 units, of which 50 were there at once and the last 7 are not waited for.
  ok(Math.abs(elapsedMs() - 2_743) < 20, String(elapsedMs()));
});

Deno.test("RateLimiter.take() follows a rate that changes while somebody waits", async () => {
  let rate: number | undefined = 1;
  const { limiter: turns, clock, elapsedMs } = limiter(() => rate);
  await turns.take(3_600);
  const waiting = turns.take(1);
  await clock.advance(0);
  rate = undefined;
  await waiting;
  ok(elapsedMs() <= 2_000, String(elapsedMs()));
  await turns.take(1_000_000);
  await turns.take(1_000_000);
  ok(elapsedMs() <= 2_000, "without a limit nobody waits");
  rate = 10;
  await turns.take(5);
  await turns.take(1);
  ok(elapsedMs() >= 500, "a new limit holds, and asks nothing for what was free");
});

Deno.test("RateLimiter.take() is left on a signal at once; those behind move up", async () => {
  const clock = new FakeClock();
  const turns = new RateLimiter({ clock, ratePerSecond: () => 1, burst: () => 0 });
  await turns.take(1);
  const stop = new AbortController();
  const order: string[] = [];
  const first = turns.take(1).then(() => order.push("first"));
  const second = turns.take(1, { signal: stop.signal });
  const third = turns.take(1).then(() => order.push("third"));
  await clock.advance(0);
  stop.abort(new Error("stopped"));
  await rejects(second, { message: "stopped" });
  deepEqual(order, []);
  await clock.advance(1_000);
  await first;
  await clock.advance(1_000);
  await third;
  deepEqual(order, ["first", "third"]);
  await rejects(turns.take(1, { signal: stop.signal }), { message: "stopped" });
});

Deno.test("RateLimiter.take(): whoever waits at the head and leaves pays nothing", async () => {
  const clock = new FakeClock();
  const turns = new RateLimiter({ clock, ratePerSecond: () => 1, burst: () => 0 });
  await turns.take(1);
  const stop = new AbortController();
  const head = turns.take(1_000, { signal: stop.signal });
  await clock.advance(0);
  stop.abort(new Error("stopped"));
  await rejects(head, { message: "stopped" });
  const next = turns.take(1);
  await clock.advance(1_000);
  await next;
  equal(clock.waiting, 0);
});
