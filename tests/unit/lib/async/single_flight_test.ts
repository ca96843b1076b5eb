import assert from "node:assert/strict";
import { Lazy, SingleFlight } from "../../../../lib/async/single_flight.ts";

Deno.test("SingleFlight shares the run under way and starts anew afterwards", async () => {
  const flight = new SingleFlight<number>();
  let runs = 0;
  const work = async () => {
    await Promise.resolve();
    return ++runs;
  };
  assert.deepEqual(await Promise.all([flight.run(work), flight.run(work), flight.run(work)]), [1, 1, 1]);
  assert.equal(await flight.run(work), 2);
});

Deno.test("SingleFlight shares a failure and forgets it", async () => {
  const flight = new SingleFlight<number>();
  const fail = () => Promise.reject(new Error("no"));
  const results = await Promise.allSettled([flight.run(fail), flight.run(fail)]);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
  assert.equal(await flight.run(() => Promise.resolve(1)), 1);
});

Deno.test("Lazy makes its value once, and again only after a failure", async () => {
  let made = 0;
  const lazy = new Lazy(() => ++made === 1 ? Promise.reject(new Error("first")) : Promise.resolve(made));
  const results = await Promise.allSettled([lazy.get(), lazy.get()]);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
  assert.deepEqual(await Promise.all([lazy.get(), lazy.get()]), [2, 2]);
  assert.equal(await lazy.get(), 2);
});

Deno.test("Lazy lets one who waits go without taking the value from the others", async () => {
  const made = Promise.withResolvers<string>();
  let inner: AbortSignal | undefined;
  const lazy = new Lazy((signal) => {
    inner = signal;
    return made.promise;
  });
  const stop = new AbortController();
  const stopped = lazy.get(stop.signal);
  const patient = lazy.get();
  stop.abort(new Error("stop"));
  await assert.rejects(stopped, /stop/);
  assert.equal(inner?.aborted, false);
  made.resolve("value");
  assert.equal(await patient, "value");
  await assert.rejects(lazy.get(stop.signal), /stop/);
});

Deno.test("Lazy stops the work when nobody waits any more, and can be asked again", async () => {
  let runs = 0;
  const lazy = new Lazy((signal) =>
    ++runs === 1
      ? new Promise<string>((_, reject) =>
        signal.addEventListener("abort", () => reject(new Error("aborted")))
      )
      : Promise.resolve("value")
  );
  const stop = new AbortController();
  const both = Promise.allSettled([lazy.get(stop.signal), lazy.get(stop.signal)]);
  stop.abort(new Error("stop"));
  for (const result of await both) {
    assert.equal(result.status === "rejected" && result.reason.message, "stop");
  }
  assert.equal(await lazy.get(), "value");
});

Deno.test("Lazy lets the last one who waits go only when the work has ended", async () => {
  const refreshed = Promise.withResolvers<string>();
  let hasEnded = false;
  // Like a request that waits for a refresh of the session, which no signal breaks off.
  const lazy = new Lazy((signal) =>
    refreshed.promise.then(() => signal.throwIfAborted()).finally(() => hasEnded = true)
  );
  const [impatient, stop] = [new AbortController(), new AbortController()];
  const [first, last] = [lazy.get(impatient.signal), lazy.get(stop.signal)];
  impatient.abort(new Error("impatient"));
  await assert.rejects(first, /impatient/);
  stop.abort(new Error("stop"));
  const waiting = assert.rejects(last, /stop/).then(() => assert.equal(hasEnded, true));
  await new Promise((resolve) => setTimeout(resolve));
  refreshed.resolve("token");
  await waiting;
});
