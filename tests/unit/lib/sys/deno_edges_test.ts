/** The small real edges. */
import assert from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { createDenoClock } from "../../../../lib/sys/deno_clock.ts";
import { createDenoSignals, ignoresHangup } from "../../../../lib/sys/deno_signals.ts";
import { CLOSED_PIPE, writeAll } from "../../../../lib/sys/deno_terminal.ts";
import { createEdges } from "../../../../lib/sys/edges.ts";

Deno.test("sleep() ends with its time or with the signal's reason", async () => {
  const clock = createDenoClock();
  await clock.sleep(1);
  await clock.sleep(-1);
  const reason = new Error("stop");
  await assert.rejects(clock.sleep(60_000, { signal: AbortSignal.abort(reason) }), reason);
  const controller = new AbortController();
  const sleeping = clock.sleep(60_000, { signal: controller.signal });
  controller.abort(reason);
  await assert.rejects(sleeping, reason);
});

Deno.test("the real clock sleeps on past what one timer can hold", async () => {
  for (const ms of [2 ** 31, 90 * 86_400_000, Infinity]) {
    const controller = new AbortController();
    let isAwake = false;
    const sleeping = createDenoClock().sleep(ms, { signal: controller.signal }).finally(() => isAwake = true);
    await createDenoClock().sleep(5);
    assert.equal(isAwake, false, `${ms}`);
    controller.abort(new Error("stopped"));
    await assert.rejects(sleeping, { message: "stopped" });
  }
});

Deno.test("writeAll() goes on after a part and after a busy moment", async () => {
  const written: number[] = [];
  let calls = 0;
  const target = {
    write: (bytes: Uint8Array) => {
      if (++calls === 2) return Promise.reject(new Deno.errors.WouldBlock("busy"));
      const part = bytes.subarray(0, 2);
      written.push(...part);
      return Promise.resolve(part.length);
    },
  };
  await writeAll(target, Uint8Array.of(1, 2, 3, 4, 5));
  assert.deepEqual(written, [1, 2, 3, 4, 5]);
});

Deno.test("writeAll() calls a reader that has gone a closed pipe", async () => {
  const target = { write: () => Promise.reject(new Deno.errors.BrokenPipe("Broken pipe (os error 32)")) };
  const isClosedPipe = (error: unknown) => error instanceof LocalError && error.code === CLOSED_PIPE;
  await assert.rejects(writeAll(target, Uint8Array.of(1)), isClosedPipe);
});

Deno.test("writeAll() says that the disk behind standard output is full", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  using full = await Deno.open("/dev/full", { write: true });
  await assert.rejects(writeAll(full, Uint8Array.of(1)), {
    message: 'Cannot write to "standard output": the disk is full',
  });
});

Deno.test(
  "on() calls back for each signal until disposed",
  { ignore: Deno.build.os === "windows" },
  async () => {
    for (const name of ["SIGTERM", "SIGHUP"] as const) {
      const { promise, resolve } = Promise.withResolvers<string>();
      const listening = createDenoSignals().on(["SIGINT", "SIGTERM", "SIGHUP"], resolve);
      // Listening does not keep a process alive.
      const keepAlive = setInterval(() => {}, 1000);
      Deno.kill(Deno.pid, name);
      assert.equal(await promise, name);
      clearInterval(keepAlive);
      listening[Symbol.dispose]();
      listening[Symbol.dispose]();
    }
  },
);

Deno.test("ignoresHangup() knows a process that was started with nohup", () => {
  const cases = [
    ["Name:\tdeno\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000001\nSigCgt:\t0000000000000440\n", true],
    ["SigBlk:\t0000000000000001\nSigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n", false],
    ["SigIgn:\t0000000000001007\n", true],
    ["SigIgn:\tffffffffffffffff\n", true],
    ["SigIgn:\t0000000000000002\n", false],
    ["", false],
  ] as const;
  for (const [status, expected] of cases) assert.equal(ignoresHangup(status), expected, status);
});

Deno.test("createEdges() builds each edge once", () => {
  const edges = createEdges();
  assert.equal(edges.clock, edges.clock);
  assert.equal(edges.fileSystem, edges.fileSystem);
  assert.ok(Math.abs(edges.clock.now() - Date.now()) < 1000);
  assert.equal(edges.random.bytes(12).length, 12);
  assert.match(edges.platform.runtime, /^deno \d/);
  edges.transport().close();
});
