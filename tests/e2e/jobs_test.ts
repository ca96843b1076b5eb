/** Jobs: runs that keep a journal, and are picked up by another process. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise, readFiles } from "./local_tree.ts";

const IS_WINDOWS = Deno.build.os === "windows";

interface ShownJob {
  readonly id: string;
  readonly state: string;
  readonly words: readonly string[] | null;
  readonly obstacle: string | null;
  readonly attempts: number;
  readonly totals: { readonly files: number };
  readonly failed: number;
  readonly failures?: readonly { readonly path: string; readonly code: string }[];
}

async function jobsOf(environment: Environment): Promise<readonly ShownJob[]> {
  const listed = await environment.run("jobs", "--json");
  assertRun(listed, { stderr: "" });
  return JSON.parse(listed.stdout);
}

async function onlyJob(environment: Environment): Promise<ShownJob> {
  const [job, ...others] = await jobsOf(environment);
  ok(job !== undefined);
  deepEqual(others, []);
  return job;
}

Deno.test("a copy is a job that is done, a dry run is none, and forgetting it leaves nothing", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a", "d/b.txt": "b" });
  assertRun(await environment.run("copy", "-n", "source", "jotta:"), {});
  const none = await environment.run("jobs");
  assertRun(none, { stdout: "", stderr: "There are no jobs\n" });
  assertRun(await environment.run("copy", "source", "jotta:my files"), {});
  const job = await onlyJob(environment);
  match(job.id, /^[a-z]{4}$/);
  deepEqual([job.state, job.words, job.attempts, job.totals.files, job.failed], [
    "done",
    ["copy", "source", "jotta:my files"],
    1,
    2,
    0,
  ]);
  const table = await environment.run("jobs");
  match(
    table.stdout,
    /^ID {4}BEGUN +STATE +DONE +FAILED +COMMAND\n[a-z]{4} .* done +2 +0 +jottash copy source 'jotta:my files'\n$/,
  );
  const shown = await environment.run("jobs", "show", job.id.slice(0, 3));
  match(shown.stdout, /^State: +done$/m);
  assertRun(await environment.run("jobs", "resume", job.id), {
    stderr: `Nothing to do: the job "${job.id}" is done\n`,
  });
  assertRun(await environment.run("jobs", "resume"), { stderr: "Nothing to do: no job is unfinished\n" });
  assertRun(await environment.run("jobs", "forget", "-n", "--done"), { stderr: /^Would forget the job / });
  assertRun(await environment.run("jobs", "forget", "--done"), { stderr: /^Forgot the job / });
  deepEqual([...Deno.readDirSync(environment.path(".local", "state", "jottash", "jobs"))], []);
  assertFailure(await environment.run("jobs", "show", job.id), {
    status: 4,
    error: `Cannot find the job "${job.id}": there is no such job`,
    hint: "All are listed by: jottash jobs",
  });
});

Deno.test({
  name: "a copy that is killed is interrupted, and another process goes on with it from any directory",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  for (let index = 0; index < 6; index++) {
    emulator.tree.putFile(`/Jotta/Archive/d/f${index}`, noise(50_000, index + 1), { modified: FIXED_TIME });
  }
  const stall = { kind: "stall", afterResponseBytes: 20_000 } as const;
  emulator.addFault({ match: { path: "/d/f", query: "mode=bin" }, times: 4, skip: 2, action: stall });
  const child = await environment.start({}, "copy", "--transfers", "2", "jotta:d", "back");
  await child.until(() => emulator.stats.faultsFired >= 2);
  const running = await onlyJob(environment);
  equal(running.state, "running");
  const locked = `Cannot take the job "${running.id}": another process works on it`;
  const hint = "Wait until it has finished; how far it is shows: jottash jobs";
  assertFailure(await environment.run("jobs", "resume", running.id), { status: 13, error: locked, hint });
  assertFailure(await environment.run("jobs", "forget", running.id), { status: 13, error: locked, hint });
  child.kill("SIGKILL");
  await child.result();
  equal((await onlyJob(environment)).state, "interrupted");

  emulator.clearFaults();
  await Deno.mkdir(environment.path("elsewhere"));
  const resumed = await environment.runWith(
    { cwd: environment.path("elsewhere") },
    "jobs",
    "resume",
    "--json",
  );
  assertRun(resumed, {
    stderr: new RegExp(
      `^Going on with the job "${running.id}": jottash copy --transfers 2 jotta:d back\nCopied 4 files .*; 2 unchanged\n$`,
    ),
  });
  const result = JSON.parse(resumed.stdout);
  deepEqual([result.command, result.totals.files], ["copy", 4]);
  equal(Object.keys(await readFiles(environment.path("back"))).length, 6);
  const done = await onlyJob(environment);
  deepEqual([done.id, done.state, done.attempts], [running.id, "done", 2]);
});

Deno.test("two processes that resume the same job: one does it, the other ends with status 13", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/d/a.txt", "a", { modified: FIXED_TIME });
  const content = { path: "/d/a.txt", query: "mode=bin" };
  emulator.addFault({ match: content, times: 1, action: { kind: "status", status: 400 } });
  const failing = await environment.run("copy", "--retries", "1", "jotta:d", "back");
  equal(failing.status, 6, failing.stderr);
  emulator.addFault({ match: content, times: 1, action: { kind: "stall" } });
  const first = await environment.start({}, "jobs", "resume");
  await first.until(() => emulator.stats.faultsFired >= 2);
  const { id } = await onlyJob(environment);
  equal((await environment.run("jobs", "resume", id)).status, 13);
  equal((await environment.run("jobs", "retry-failed", id)).status, 13);
  // One that is being worked on is not what "the last" means.
  assertRun(await environment.run("jobs", "resume"), { stderr: "Nothing to do: no job is unfinished\n" });
  first.kill("SIGKILL");
  await first.result();
  assertRun(await environment.run("jobs", "resume"), {});
  equal((await onlyJob(environment)).state, "done");
});

Deno.test("retry-failed touches only what failed, and the job is done then", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  for (const name of ["a.txt", "e/bad.txt", "e/c.txt"]) {
    emulator.tree.putFile(`/Jotta/Archive/d/${name}`, name, { modified: FIXED_TIME });
  }
  const bad = { path: "/d/e/bad.txt", query: "mode=bin" };
  emulator.addFault({ match: bad, times: 1, action: { kind: "status", status: 400 } });
  const failing = await environment.run("copy", "--retries", "1", "jotta:d", "back");
  equal(failing.status, 6, failing.stderr);
  const failed = await onlyJob(environment);
  deepEqual([failed.state, failed.failed, failed.totals.files], ["failed", 1, 2]);
  const shown: ShownJob = JSON.parse(
    (await environment.run("jobs", "show", failed.id, "--json")).stdout,
  );
  deepEqual(shown.failures?.map(({ path }) => path), ["e/bad.txt"]);
  // Gone since: it was done, and nobody asks for it to be done again.
  await Deno.remove(environment.path("back", "a.txt"));
  await Deno.remove(environment.path("back", "e", "c.txt"));
  assertRun(await environment.run("jobs", "retry-failed"), {
    stderr: /^Going on with the job .*\nCopied 1 file .*\n$/,
  });
  deepEqual(Object.keys(await readFiles(environment.path("back"))), ["e/bad.txt"]);
  const done = await onlyJob(environment);
  deepEqual([done.state, done.failed, done.attempts], ["done", 0, 2]);
  assertRun(await environment.run("jobs", "retry-failed"), {
    stderr: "Nothing to do: no job has failures\n",
  });
});

Deno.test("retry-failed of a sync deletes nothing that the failures do not name", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  for (const name of ["a.txt", "bad.txt"]) {
    emulator.tree.putFile(`/Jotta/Archive/d/${name}`, name, { modified: FIXED_TIME });
  }
  await makeTree(environment.path("back"), { "other.txt": "other", "kept.log": "kept" });
  emulator.addFault({
    match: { path: "/d/bad.txt", query: "mode=bin" },
    times: 1,
    action: { kind: "status", status: 400 },
  });
  const words = ["sync", "--retries", "1", "--delete-excluded", "--ignore-errors", "--exclude", "*.log"];
  const failing = await environment.run(...words, "--delete-before", "jotta:d", "back");
  equal(failing.status, 6, failing.stderr);
  await makeTree(environment.path("back"), { "new.txt": "new", "new.log": "new" });
  assertRun(await environment.run("jobs", "retry-failed"), {});
  deepEqual(Object.keys(await readFiles(environment.path("back"))), [
    "a.txt",
    "bad.txt",
    "new.log",
    "new.txt",
  ]);
});

Deno.test("a job that is resumed later looks at the same files: their ages count from its beginning", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  const modified = new Date(Date.now() + 3_000);
  emulator.tree.putFile("/Jotta/Archive/d/a.txt", "a", { modified });
  emulator.addFault({
    match: { path: "/d/a.txt", query: "mode=bin" },
    times: 1,
    action: { kind: "status", status: 400 },
  });
  equal((await environment.run("copy", "--retries", "1", "--max-age", "1s", "jotta:d", "back")).status, 6);
  await new Promise((resolve) => setTimeout(resolve, modified.getTime() + 1_100 - Date.now()));
  assertRun(await environment.run("copy", "-n", "--max-age", "1s", "jotta:d", "back"), {
    stderr: /^Nothing to do/,
  });
  assertRun(await environment.run("jobs", "resume"), { stderr: /\nCopied 1 file .*\n$/ });
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `${signal} lets a file that is nearly done come to its end, begins no other, and says how to go on`,
    ignore: IS_WINDOWS,
  }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    for (let index = 0; index < 4; index++) {
      emulator.tree.putFile(`/Jotta/Archive/d/f${index}`, noise(50_000, index + 1), { modified: FIXED_TIME });
    }
    const pause = { kind: "stall", ms: 700, afterResponseBytes: 40_000 } as const;
    emulator.addFault({ match: { path: "/d/f", query: "mode=bin" }, times: 1, action: pause });
    const child = await environment.start({}, "copy", "--transfers", "1", "jotta:d", "back");
    await child.until(() => emulator.stats.faultsFired >= 1);
    child.kill(signal);
    const stopped = await child.result();
    equal(stopped.status, signal === "SIGINT" ? 130 : 143, stopped.stderr);
    const job = await onlyJob(environment);
    equal(job.state, "stopped");
    match(
      stopped.stderr,
      new RegExp(`^Copied 1 file .*\njottash: Stopped\n {2}Go on with: jottash jobs resume ${job.id}\n$`),
    );
    equal(Object.keys(await readFiles(environment.path("back"))).length, 1);
    assertRun(await environment.run("jobs", "resume"), { stderr: /\nCopied 3 files .*; 1 unchanged\n$/ });
    equal((await onlyJob(environment)).state, "done");
  });
}

Deno.test(
  { name: "a second Ctrl-C stops at once, and the job can be resumed", ignore: IS_WINDOWS },
  async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    emulator.tree.putFile("/Jotta/Archive/d/f", noise(50_000), { modified: FIXED_TIME });
    emulator.addFault({
      match: { path: "/d/f", query: "mode=bin" },
      times: 1,
      action: { kind: "stall", afterResponseBytes: 40_000 },
    });
    const child = await environment.start({}, "copy", "jotta:d", "back");
    await child.until(() => emulator.stats.faultsFired >= 1);
    child.kill("SIGINT");
    child.kill("SIGINT");
    const stopped = await child.result();
    equal(stopped.status, 130);
    match(stopped.stderr, /jottash: Stopped\n {2}Go on with: jottash jobs resume [a-z]{4}\n$/);
    assertRun(await environment.run("jobs", "resume"), { stderr: /\nCopied 1 file .*\n$/ });
  },
);

Deno.test("a line that holds a secret is not kept, and says that it cannot be run again", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a" });
  const place = "jotta,client_secret=Geheimnis:x";
  assertRun(await environment.run("copy", "source", place), {});
  const job = await onlyJob(environment);
  equal(job.words, null);
  match(job.obstacle ?? "", /may hold a secret/);
  const directory = environment.path(".local", "state", "jottash", "jobs");
  for (const { name } of Deno.readDirSync(directory)) {
    const text = await Deno.readTextFile(`${directory}/${name}`);
    ok(!text.includes("Geheimnis"), text);
  }
});

Deno.test({
  name: "a journal that cannot be written is a warning, and the files are copied",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a" });
  await Deno.mkdir(environment.path(".local", "state", "jottash"), { recursive: true });
  await Deno.writeTextFile(environment.path(".local", "state", "jottash", "jobs"), "in the way");
  assertRun(await environment.run("copy", "source", "jotta:"), {
    stderr:
      /^jottash: warning: This run cannot be picked up later, for its journal is missing: .*\nCopied 1 file .*\n$/,
  });
});

Deno.test("a damaged journal is listed and told about, and nothing of it is run", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a" });
  assertRun(await environment.run("copy", "source", "jotta:"), {});
  const { id } = await onlyJob(environment);
  const path = environment.path(".local", "state", "jottash", "jobs", `${id}.jsonl`);
  const text = await Deno.readTextFile(path);
  await Deno.writeTextFile(path, text.replace('"source"', '"sOurce"').replace('"done"', '"dOne"'));
  const shown = await environment.run("jobs", "show", id);
  match(shown.stdout, /^Damaged: +2 lines of the journal cannot be read$/m);
  match(shown.stdout, /^State: +interrupted: /m);
  assertFailure(await environment.run("jobs", "resume", id), {
    status: 2,
    error: `Cannot go on with the job "${id}": the line that says what it is cannot be read`,
  });
});

Deno.test("a run that a limit ended goes on as a job, and its directory has to be there", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  for (const name of ["a", "b"]) {
    emulator.tree.putFile(`/Jotta/Archive/d/${name}`, noise(20_000, 1), { modified: FIXED_TIME });
  }
  await Deno.mkdir(environment.path("work"));
  const words = [
    "copy",
    "--max-transfer",
    "15k",
    "--cutoff-mode",
    "soft",
    "--transfers",
    "1",
    "jotta:d",
    "back",
  ];
  const limited = await environment.runWith({ cwd: environment.path("work") }, ...words);
  equal(limited.status, 8, limited.stderr);
  const { id } = await onlyJob(environment);
  const shown = await environment.run("jobs", "show", id);
  match(shown.stdout, /^State: +failed: Cannot transfer more: .*$/m);
  match(shown.stdout, new RegExp(`^Go on with: +jottash jobs resume ${id}$`, "m"));
  await Deno.rename(environment.path("work"), environment.path("moved"));
  const directory = environment.path("work");
  assertFailure(await environment.run("jobs", "resume", id), {
    status: 2,
    error: `Cannot go on with the job "${id}" in "${directory}": the directory is not there`,
  });
  await Deno.rename(environment.path("moved"), environment.path("work"));
  const flags = ["--transfers", "2", "-v", "--log-file", "log"];
  assertRun(await environment.run("jobs", "resume", ...flags, id), { stderr: "" });
  // What is typed now counts from here.
  match(await Deno.readTextFile(environment.path("log")), /Copied 1 file .*; 1 unchanged\n$/);
});
