/** How a run stops: gently where something is nearly done, at once where not, and by force for who insists. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { StopSwitch } from "../../../../lib/cli/stop_switch.ts";
import type { Signals, StopSignal } from "../../../../lib/edges.ts";
import { CancelledError } from "../../../../lib/errors.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

class FakeSignals implements Signals {
  #callback: ((name: StopSignal) => void) | undefined;

  on(_names: readonly StopSignal[], callback: (name: StopSignal) => void): Disposable {
    this.#callback = callback;
    return { [Symbol.dispose]: () => this.#callback = undefined };
  }

  raise(name: StopSignal): void {
    this.#callback?.(name);
  }
}

class World {
  readonly clock = new FakeClock();
  readonly signals = new FakeSignals();
  readonly stop = new StopSwitch(this);
  remainingMs: number | undefined = 0;
  waits = 0;
  insisted: StopSignal | undefined;

  constructor() {
    this.stop.insisted.catch(({ signal }) => this.insisted = signal);
  }

  gently(): Disposable {
    return this.stop.stopGently({
      remainingMs: () => this.remainingMs,
      hint: "Go on",
      onWait: () => this.waits++,
    });
  }

  get asked(): readonly [soon: boolean, now: boolean] {
    return [this.stop.soon.aborted, this.stop.signal.aborted];
  }
}

Deno.test("StopSwitch: without gentle work the first signal breaks off", () => {
  const world = new World();
  world.signals.raise("SIGTERM");
  deepEqual(world.asked, [true, true]);
  ok(world.stop.signal.reason instanceof CancelledError);
  equal(world.stop.signal.reason.signal, "SIGTERM");
  equal(world.stop.signal.reason.hint, undefined);
});

for (const remainingMs of [undefined, 2_001, Infinity]) {
  Deno.test(`StopSwitch: work that still needs ${remainingMs} ms is broken off, with a word how to go on`, () => {
    const world = new World();
    using _gentle = world.gently();
    world.remainingMs = remainingMs;
    world.signals.raise("SIGINT");
    deepEqual([world.asked, world.waits], [[true, true], 0]);
    equal(world.stop.signal.reason.hint, "Go on");
  });
}

Deno.test("StopSwitch: what is nearly done has two seconds, and no longer", async () => {
  const world = new World();
  using _gentle = world.gently();
  world.signals.raise("SIGINT");
  deepEqual([world.asked, world.waits], [[true, false], 1]);
  for (let passedMs = 0; passedMs < 2_000; passedMs += 100) {
    deepEqual(world.asked, [true, false]);
    await world.clock.advance(100);
  }
  deepEqual(world.asked, [true, true]);
});

Deno.test("StopSwitch: what turns out to take longer is broken off before", async () => {
  const world = new World();
  using _gentle = world.gently();
  world.signals.raise("SIGINT");
  world.remainingMs = 1_950;
  await world.clock.advance(100);
  deepEqual(world.asked, [true, true]);
});

Deno.test("StopSwitch: a second signal waits for nothing but what must be whole", async () => {
  const world = new World();
  using _gentle = world.gently();
  const settling = Promise.withResolvers<void>();
  world.stop.waitFor(() => settling.promise);
  world.signals.raise("SIGINT");
  world.signals.raise("SIGTERM");
  deepEqual(world.asked, [true, true]);
  await world.clock.advance(0);
  equal(world.insisted, undefined);
  settling.resolve();
  await world.clock.advance(0);
  equal(world.insisted, "SIGTERM");
});

for (const [name, ends] of [["SIGINT", false], ["SIGTERM", true], ["SIGHUP", true]] as const) {
  Deno.test(`StopSwitch: ${name} ${ends ? "has a deadline" : "leaves it to the user to insist"}`, async () => {
    const world = new World();
    world.signals.raise(name);
    await world.clock.advance(7_900);
    equal(world.insisted, undefined);
    await world.clock.advance(100);
    equal(world.insisted !== undefined, ends);
  });
}

Deno.test("StopSwitch: nothing happens after it is disposed", async () => {
  const world = new World();
  const gentle = world.gently();
  world.signals.raise("SIGTERM");
  gentle[Symbol.dispose]();
  world.stop[Symbol.dispose]();
  await world.clock.advance(60_000);
  deepEqual([world.asked, world.insisted], [[true, false], undefined]);
});
