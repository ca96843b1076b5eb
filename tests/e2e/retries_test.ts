/** --retries: a run in which something failed that may pass is done again, and each failure is told once. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { parseResult } from "./json_result.ts";
import { FIXED_TIME, makeTree, readFiles } from "./local_tree.ts";

const ONE_TRY = ["--low-level-retries", "1", "--transfers", "1"];

async function withFiles(failures: number, status: number): Promise<Environment> {
  const environment = await Environment.signedIn();
  const { emulator } = environment;
  for (const name of ["a", "b", "same"]) {
    emulator.tree.putFile(`/Jotta/Archive/d/${name}`, name, { modified: FIXED_TIME });
  }
  await environment.run("copy", "jotta:d/same", "back");
  emulator.addFault({
    match: { path: "/d/b", query: "mode=bin" },
    times: failures,
    action: { kind: "status", status },
  });
  return environment;
}

Deno.test("what fails at first and comes through later is no failure, and is counted once", async () => {
  await using environment = await withFiles(2, 503);
  const { stdout, stderr, status } = await environment.run("copy", ...ONE_TRY, "--json", "jotta:d", "back");
  equal(status, 0, stderr);
  const { items, totals } = parseResult(stdout);
  deepEqual(items.map(({ action, path }) => `${action} ${path}`).sort(), ["transferred a", "transferred b"]);
  deepEqual([totals.files, totals.unchangedFiles, totals.failedEntries], [2, 1, 0]);
  match(stderr, /^Copied 2 files .*; 1 unchanged\n$/);
  deepEqual(Object.keys(await readFiles(environment.path("back"))), ["a", "b", "same"]);
});

Deno.test("what fails in every pass is told once, at the end; earlier failures with -v", async () => {
  await using environment = await withFiles(1_000, 503);
  const { stderr, status } = await environment.run("copy", ...ONE_TRY, "-v", "jotta:d", "back");
  equal(status, 6, stderr);
  equal(stderr.match(/^jottash: Cannot .*b"/gm)?.length, 1, stderr);
  equal(stderr.match(/^info: failed for now path="b"/gm)?.length, 2, stderr);
  match(stderr, /^Copied 1 file .*; 1 unchanged; 1 failed\n/m);
});

Deno.test("--retries 1 does it once, and --retries-sleep waits in between", async () => {
  await using environment = await withFiles(1, 503);
  assertRun(await environment.run("copy", ...ONE_TRY, "--retries", "1", "jotta:d", "back"), { status: 6 });
  const startedAt = Date.now();
  environment.emulator.addFault({
    match: { path: "/d/b", query: "mode=bin" },
    times: 1,
    action: { kind: "status", status: 503 },
  });
  assertRun(await environment.run("copy", ...ONE_TRY, "--retries-sleep", "2s", "jotta:d", "back"), {});
  equal(Date.now() - startedAt > 2_000, true);
});

Deno.test("what never passes is told at once, and nothing is done again for it", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("here"), { "a.txt": "a", "A.txt": "A", "b.txt": "b" });
  const { stderr, status } = await environment.run("copy", "-v", "here", "jotta:t");
  equal(status, 6);
  equal(stderr.match(/^jottash: .*name/gm)?.length, 2, stderr);
  doesNotMatch(stderr, /trying again/);
});

Deno.test("a limit that the user set ends the run: nothing is done again, the result tells why", async () => {
  await using environment = await withFiles(1_000, 503);
  const words = ["copy", ...ONE_TRY, "-v", "--json", "--max-duration", "1ns", "jotta:d", "back"];
  const { stdout, stderr, status } = await environment.run(...words);
  equal(status, 10, stderr);
  const result = parseResult(stdout);
  deepEqual([result.status, result.error?.code], [10, "time-limit"]);
  doesNotMatch(stderr, /trying again/);
});

Deno.test("--error-on-no-transfer is status 9 when there was nothing to do", async () => {
  await using environment = await withFiles(0, 503);
  assertRun(await environment.run("copy", "--error-on-no-transfer", "jotta:d", "back"), { status: 0 });
  assertRun(await environment.run("copy", "--error-on-no-transfer", "jotta:d", "back"), { status: 9 });
});
