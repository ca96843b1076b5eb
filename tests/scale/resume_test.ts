/**
 * A large file that is cut off at five random places goes up, and comes down, with hardly a byte sent twice. `deno task
 * scale` does so with 4 GiB; elsewhere it is smaller. The figures go to the output.
 */
import { equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { Environment } from "../e2e/environment.ts";
import { killedRuns, unfinishedIn, unfinishedSize } from "../e2e/killed_runs.ts";
import { md5OfPath } from "./md5_of_path.ts";

const MIB = 1024 * 1024;
const SIZE = Number(Deno.env.get("JOTTASH_SCALE_RESUME_MIB") ?? 128) * MIB;
const KILLS = 5;
const SEED = Number(Deno.env.get("JOTTASH_SCALE_SEED") ?? 11);
/** What lies in the buffers of the system when a reader is killed. */
const BUFFERED_BYTES = 8 * MIB;
const DEADLINE_MS = 600_000;
const MAX_SENT = SIZE * 1.01;

Deno.test({
  name: `an upload of ${SIZE / MIB} MiB that is killed at five places sends hardly a byte twice`,
  ignore: Deno.build.os === "windows",
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await Deno.mkdir(environment.path("local"));
  makeLargeFile(environment.path("local", "large"));
  const up = await killedRuns({
    environment,
    words: ["copy", "local", "jotta:d"],
    size: SIZE,
    arrived: () => emulator.stats.uploadedBytes,
    kills: KILLS,
    deadlineMs: DEADLINE_MS,
    seed: SEED,
    afterKill: () => Promise.resolve(),
  });
  equal(up.status, 0, up.stderr);
  note(`up: ${emulator.stats.uploadedBytes} bytes sent for ${SIZE}; ${up.stderr.trim()}`);
  ok(emulator.stats.uploadedBytes <= MAX_SENT);

  const back = environment.path("back");
  emulator.clearRequests();
  let kept = 0;
  const down = await killedRuns({
    environment,
    words: ["copy", "jotta:d", "back"],
    size: SIZE,
    arrived: () => unfinishedSize(back),
    kills: KILLS,
    deadlineMs: DEADLINE_MS,
    seed: SEED + 1,
    afterKill: async () => {
      const [size = 0] = await unfinishedIn(back);
      ok(size >= kept, "what was there is there");
      kept = size;
    },
  });
  equal(down.status, 0, down.stderr);
  const requests = emulator.requests.filter(({ query }) => query.includes("mode=bin"));
  const sent = requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  note(
    `down: ${sent} bytes sent for ${SIZE}, buffers of ${
      requests.length - 1
    } killed readers included; ${down.stderr.trim()}`,
  );
  ok(sent <= MAX_SENT + KILLS * BUFFERED_BYTES);
  equal(await md5OfPath(join(back, "large")), await md5OfPath(environment.path("local", "large")));
  equal([...Deno.readDirSync(back)].length, 1);
});

function note(text: string): void {
  console.log(`scale: ${text}`);
}

/** Every block differs from every other, so that nothing is known to anybody before. */
function makeLargeFile(path: string): void {
  const block = new Uint32Array(MIB / 4);
  for (let at = 0; at < MIB; at += 65_536) crypto.getRandomValues(new Uint8Array(block.buffer, at, 65_536));
  using file = Deno.openSync(path, { write: true, createNew: true });
  for (let written = 0; written < SIZE; written += MIB) {
    block[0] = written / MIB;
    file.writeSync(new Uint8Array(block.buffer));
  }
}
