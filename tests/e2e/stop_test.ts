/** Runs that are stopped by the user or the system. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise, readFiles } from "./local_tree.ts";

/** It has no signals that a program could take note of. */
const IS_WINDOWS = Deno.build.os === "windows";

const CASES = [["SIGINT", 130], ["SIGTERM", 143]] as const;

for (const [signal, status] of CASES) {
  Deno.test({
    name: `${signal} during a download ends it with status ${status} and leaves nothing unfinished`,
    ignore: IS_WINDOWS,
  }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    for (let index = 0; index < 6; index++) {
      emulator.tree.putFile(`/Jotta/Archive/d/f${index}`, noise(200_000, index + 1), {
        modified: FIXED_TIME,
      });
    }
    // Two files arrive, the next ones hang half way.
    const stall = { kind: "stall", afterResponseBytes: 100_000 } as const;
    emulator.addFault({ match: { path: "/d/f", query: "mode=bin" }, times: 4, skip: 2, action: stall });
    const child = await environment.start({}, "copy", "--transfers", "2", "jotta:d", "back");
    await child.until(() => emulator.stats.faultsFired >= 2);
    const stoppedAt = Date.now();
    child.kill(signal);
    const stopped = await child.result();
    equal(stopped.status, status, stopped.stderr);
    ok(Date.now() - stoppedAt < 3_000);
    match(stopped.stderr, /^Copied 2 files \(390\.6 KiB\) in .*\njottash: Stopped\n$/);
    equal(Object.keys(await readFiles(environment.path("back"))).length, 2);

    emulator.clearFaults();
    assertRun(await environment.run("copy", "jotta:d", "back"), {
      stderr: /^Copied 4 files .*; 2 unchanged\n$/,
    });
  });

  Deno.test({
    name: `${signal} during an upload ends it with status ${status}, and the next run goes on`,
    ignore: IS_WINDOWS,
  }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    await makeTree(environment.path("source"), { "a.txt": "a", "b.bin": noise(3_000_000) });
    emulator.addFault({
      match: { method: "POST", path: "/upload" },
      times: 1,
      skip: 1,
      action: { kind: "stall" },
    });
    const child = await environment.start({}, "copy", "--transfers", "1", "source", "jotta:");
    await child.until(() => emulator.stats.faultsFired >= 1);
    child.kill(signal);
    const stopped = await child.result();
    equal(stopped.status, status, stopped.stderr);
    match(stopped.stderr, /jottash: Stopped\n$/);
    emulator.clearFaults();
    assertRun(await environment.run("copy", "source", "jotta:"), {
      stderr: /^Copied 1 file .*; 1 unchanged\n$/,
    });
    deepEqual(emulator.tree.walkFiles("/Jotta/Archive"), ["a.txt", "b.bin"]);
  });
}

Deno.test(
  { name: "SIGINT while the service does not answer ends a listing at once", ignore: IS_WINDOWS },
  async () => {
    await using environment = await Environment.signedIn();
    environment.emulator.addFault({ match: { path: "/jfs/" }, times: 9, action: { kind: "stall" } });
    const child = await environment.start({}, "ls", "jotta:");
    await child.until(() => environment.emulator.stats.faultsFired >= 1);
    child.kill("SIGINT");
    const stopped = await child.result();
    equal(stopped.status, 130);
    equal(stopped.stderr, "jottash: Stopped\n");
  },
);

Deno.test({
  name: "two signals during a refresh of the session wait for its answer, so that the session lives on",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  const section = environment.remoteSection("jotta");
  await environment.writeConfig(section.replace(/"expiry":"[^"]+"/, '"expiry":"2020-01-01T00:00:00Z"'));
  emulator.addFault({
    match: { path: "/token" },
    times: 1,
    action: { kind: "stall", ms: 300, afterResponseBytes: 1 },
  });
  const child = await environment.start({}, "ls", "jotta:");
  await child.until(() => emulator.stats.faultsFired >= 1);
  child.kill("SIGINT");
  child.kill("SIGTERM");
  const stopped = await child.result();
  ok(stopped.status === 130 || stopped.status === 143, stopped.stderr);
  assertRun(await environment.run("ls", "jotta:"), {});
  equal(emulator.stats.revocations, 0);
});
