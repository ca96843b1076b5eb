/** Transfers that are cut off, by kill -9 or by the user, and gone on with by the next run. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { assertRun, Environment } from "./environment.ts";
import { killedRuns, unfinishedIn, unfinishedSize } from "./killed_runs.ts";
import { FIXED_TIME, makeTree, noise, readFiles } from "./local_tree.ts";

const MIB = 1024 * 1024;
const SIZE = 64 * MIB;
const KILLS = 5;
const SEED = 5;
/** What lies in the buffers of the system between two processes of this machine, and is lost with a reader. */
const BUFFERED_BYTES = 8 * MIB;
/** Slow enough to be killed at the right place. */
const SLOW = ["--bwlimit", "40M"] as const;
const IS_WINDOWS = Deno.build.os === "windows";

Deno.test({
  name: "a download that is killed five times goes on each time where it was",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  const content = noise(SIZE);
  emulator.tree.putFile("/Jotta/Archive/d/large", content, { modified: FIXED_TIME });
  const back = environment.path("back");
  const kept: number[] = [0];
  const last = await killedRuns({
    environment,
    words: ["copy", "jotta:d", "back", ...SLOW],
    size: SIZE,
    arrived: () => unfinishedSize(back),
    kills: KILLS,
    seed: SEED,
    afterKill: async () => {
      const sizes = await unfinishedIn(back);
      equal(sizes.length, 1, "one file goes on, none is left beside it");
      kept.push(...sizes);
      deepEqual([...Deno.readDirSync(back)].length, 1, "no file under the final name");
    },
  });
  assertRun(last, { stderr: /^Copied 1 file \(64\.0 MiB\) in .*; \d.* saved by going on where .*\n$/ });
  deepEqual([...Deno.readDirSync(back)].map(({ name }) => name), ["large"]);
  deepEqual(await Deno.readFile(join(back, "large")), content);
  equal((await Deno.stat(join(back, "large"))).mtime?.getTime(), FIXED_TIME.getTime());

  const requests = emulator.requests.filter(({ query }) => query.includes("mode=bin"));
  deepEqual(requests.map(({ headers }) => Number(/\d+/.exec(headers["range"] ?? "0")?.[0])), kept);
  const sent = requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  ok(sent <= SIZE * 1.01 + KILLS * BUFFERED_BYTES, `${sent} bytes were sent`);
});

Deno.test({
  name: "an upload that is killed five times goes on each time where the service is",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await makeTree(environment.path("source"), { "large": noise(SIZE) });
  const last = await killedRuns({
    environment,
    words: ["copy", "source", "jotta:d", ...SLOW],
    size: SIZE,
    arrived: () => emulator.stats.uploadedBytes,
    kills: KILLS,
    seed: SEED,
    afterKill: () => {
      deepEqual(emulator.tree.walkFiles("/Jotta/Archive/d"), []);
      return Promise.resolve();
    },
  });
  assertRun(last, { stderr: /^Copied 1 file \(64\.0 MiB\) in .*; \d.* saved by going on where .*\n$/ });
  ok(emulator.stats.uploadedBytes <= SIZE * 1.01, `${emulator.stats.uploadedBytes} bytes were sent`);
  const { md5, size } = (await listed(environment))[0] ?? {};
  deepEqual([md5, size], [await md5Of(environment.path("source", "large")), SIZE]);
});

Deno.test({
  name: "Ctrl-C during a large download keeps what is there, says so, and the next run tells what that saved",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/d/large", noise(16 * MIB), { modified: FIXED_TIME });
  const back = environment.path("back");
  const child = await environment.start({}, "copy", "jotta:d", "back", "--bwlimit", "2M");
  await child.until(() => unfinishedSize(back) >= 2 * MIB);
  child.kill("SIGINT");
  const stopped = await child.result();
  equal(stopped.status, 130, stopped.stderr);
  match(
    stopped.stderr,
    /^Run the same command again: 1 file goes on where it was \(\d+\.\d MiB there already\)$/m,
  );
  const [kept = 0] = await unfinishedIn(back);
  ok(kept >= 2 * MIB);

  const again = await environment.run("copy", "jotta:d", "back", "--json");
  equal(again.status, 0, again.stderr);
  const { items, totals } = JSON.parse(again.stdout);
  deepEqual([totals.resumedFiles, totals.resumedBytes, totals.bytesSent], [1, kept, 16 * MIB - kept]);
  equal(items.find((item: { action: string }) => item.action === "transferred").bytesSent, 16 * MIB - kept);
  deepEqual(await unfinishedIn(back), []);
});

Deno.test({
  name: "bytes that change on the disk between two runs are found and fetched again",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const content = noise(16 * MIB);
  environment.emulator.tree.putFile("/Jotta/Archive/d/large", content, { modified: FIXED_TIME });
  const back = environment.path("back");
  await killedRuns({
    environment,
    words: ["copy", "jotta:d", "back", ...SLOW],
    size: 16 * MIB,
    arrived: () => unfinishedSize(back),
    kills: 2,
    seed: SEED,
    afterKill: async () => {
      const [entry] = [...Deno.readDirSync(back)];
      using file = await Deno.open(join(back, entry?.name ?? ""), { write: true });
      await file.write(new TextEncoder().encode("not what the service sent"));
    },
  });
  deepEqual(await Deno.readFile(join(back, "large")), content);
  deepEqual([...Deno.readDirSync(back)].length, 1);
});

Deno.test({
  name: "two runs that download the same large file at once both end well",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const content = noise(16 * MIB);
  environment.emulator.tree.putFile("/Jotta/Archive/d/large", content, { modified: FIXED_TIME });
  const words = ["copy", "jotta:d", "back", "--bwlimit", "8M"];
  const results = await Promise.all([environment.run(...words), environment.run(...words)]);
  for (const result of results) equal(result.status, 0, result.stderr);
  deepEqual(await Deno.readFile(environment.path("back", "large")), content);
  deepEqual([...Deno.readDirSync(environment.path("back"))].length, 1);
});

Deno.test({
  name: "what a killed run leaves of small files is gone after the next run, and never copied",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  for (const name of ["a", "b", "c"]) {
    emulator.tree.putFile(`/Jotta/Archive/d/${name}`, noise(200_000, name.charCodeAt(0)), {
      modified: FIXED_TIME,
    });
  }
  const stall = { kind: "stall", afterResponseBytes: 100_000 } as const;
  emulator.addFault({ match: { path: "/d/", query: "mode=bin" }, times: 3, action: stall });
  const child = await environment.start({}, "copy", "jotta:d", "back");
  await child.until(() => emulator.stats.faultsFired >= 3);
  child.kill("SIGKILL");
  await child.result();
  equal((await unfinishedIn(environment.path("back"))).length, 3);
  emulator.clearFaults();
  assertRun(await environment.run("copy", "back", "jotta:other"), { stderr: /3 skipped/ });
  deepEqual(emulator.tree.walkFiles("/Jotta/Archive/other"), []);
  assertRun(await environment.run("copy", "jotta:d", "back"), { stderr: /^Copied 3 files/ });
  deepEqual(Object.keys(await readFiles(environment.path("back"))), ["a", "b", "c"]);
});

async function listed(
  environment: Environment,
): Promise<{ readonly md5?: string; readonly size?: number }[]> {
  const { stdout } = await environment.run("lsjson", "jotta:d", "--hash");
  return JSON.parse(stdout).map((
    { Size, Hashes }: { readonly Size: number; readonly Hashes?: Readonly<Record<string, string>> },
  ) => ({ size: Size, md5: Hashes?.["md5"] ?? Hashes?.["MD5"] }));
}

async function md5Of(path: string): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("md5").update(await Deno.readFile(path)).digest("hex");
}
