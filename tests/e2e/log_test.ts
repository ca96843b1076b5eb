/** Where messages go: --log-file, --use-json-log, --log-level, --stats. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise } from "./local_tree.ts";

Deno.test("--log-file takes all messages, appended, and stderr none, also of a failure", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("here"), { "a.txt": "a" });
  assertRun(await environment.run("copy", "-v", "--log-file", "log", "here", "jotta:t"), {
    stdout: "",
    stderr: "",
  });
  assertRun(await environment.run("purge", "--log-file", "log", "jotta:nosuch"), {
    status: 3,
    stdout: "",
    stderr: "",
  });
  const lines = (await Deno.readTextFile(environment.path("log"))).trimEnd().split("\n");
  for (const line of lines) {
    match(line, /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (ERROR|WARN|NOTICE|INFO|DEBUG) {0,2}: /);
  }
  const said = lines.map((line) => line.slice(20));
  ok(
    said.some((line) => /^INFO {2}: copied path="a\.txt" how="transferred" size=1$/.test(line)),
    said.join("\n"),
  );
  ok(said.some((line) => /^NOTICE: Copied 1 file \(1 B\) in /.test(line)), said.join("\n"));
  equal(said.at(-1), 'ERROR : Cannot purge "jotta:nosuch": there is no such folder');
});

Deno.test("--log-file that cannot be opened is told at once, and nothing is done", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  assertFailure(await environment.run("deletefile", "--log-file", "no/such/log", "jotta:a.txt"), {
    status: 6,
    error: 'Cannot write the log to "no/such/log": it does not exist',
    hint: "Name another file with --log-file",
  });
  equal(environment.emulator.tree.isTrashed("/Jotta/Archive/a.txt"), false);
});

Deno.test("--use-json-log makes each message an object a line, secrets blotted out", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("here"), { "a.txt": "a" });
  const { stderr } = await environment.run("copy", "--use-json-log", "-vv", "here", "jotta:t");
  const records = stderr.trimEnd().split("\n").map((line): Record<string, unknown> => JSON.parse(line));
  for (const { level, msg, time } of records) {
    ok(["error", "warning", "notice", "info", "debug"].includes(String(level)), String(level));
    equal(typeof msg, "string");
    match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
  const copied = records.find(({ msg }) => msg === "copied");
  deepEqual([copied?.level, copied?.object, copied?.how, copied?.size], ["info", "a.txt", "transferred", 1]);
  ok(records.some(({ level, msg }) => level === "notice" && /^Copied 1 file/.test(String(msg))));
  const failed = await environment.run("purge", "--use-json-log", "jotta:nosuch");
  const { level, code, msg } = JSON.parse(failed.stderr);
  deepEqual([level, code, msg], [
    "error",
    "directory-not-found",
    'Cannot purge "jotta:nosuch": there is no such folder',
  ]);
});

Deno.test("--log-level says as much as -q, -v and -vv, and is not given with them", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("here"), { "a.txt": "a" });
  await Deno.symlink("a.txt", environment.path("here", "link"));
  const said = async (...flags: string[]) =>
    (await environment.run("copy", ...flags, "-n", "here", "jotta:t")).stderr;
  equal(await said("--log-level", "ERROR"), "");
  equal(await said("-q"), 'jottash: warning: Left out "link": it is a symbolic link\n');
  equal(await said("--log-level", "NOTICE"), await said());
  match(await said("--log-level", "DEBUG"), /^debug: /m);
  assertFailure(await environment.run("ls", "-v", "--log-level", "INFO", "jotta:"), {
    status: 2,
    error: "Cannot use --log-level with -v: both say how much is said",
    hint: /-vv is DEBUG/,
  });
});

Deno.test("--stats prints lines without --progress; 0 and a quiet run print none", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/d/f", noise(400_000, 1), { modified: FIXED_TIME });
  const run = async (...flags: string[]) => {
    emulator.addFault({
      match: { path: "/d/f", query: "mode=bin" },
      times: 1,
      action: { kind: "stall", ms: 1_000, afterResponseBytes: 200_000 },
    });
    await Deno.remove(environment.path("back"), { recursive: true }).catch(() => {});
    const { stderr } = await environment.run("copy", ...flags, "jotta:d", "back");
    return stderr.split("\n").filter((line) => /^\d.* B\/s|\d% *,/.test(line) || /0\/1 files/.test(line));
  };
  ok((await run("--stats", "100ms")).length > 2);
  deepEqual(await run(), []);
  deepEqual(await run("--progress", "--stats", "0"), []);
  deepEqual(await run("-q", "--stats", "100ms"), []);
});

Deno.test("lines of progress carry numbers in a JSON log", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/d/f", noise(400_000, 1), { modified: FIXED_TIME });
  emulator.addFault({
    match: { path: "/d/f", query: "mode=bin" },
    times: 1,
    action: { kind: "stall", ms: 800, afterResponseBytes: 200_000 },
  });
  const { stderr } = await environment.run("copy", "--stats", "100ms", "--use-json-log", "jotta:d", "back");
  const stats = stderr.trimEnd().split("\n").map((line) => JSON.parse(line).stats).filter((each) => each);
  ok(stats.length > 0);
  deepEqual(Object.keys(stats[0]).slice(0, 4), ["bytes", "totalBytes", "transfers", "totalTransfers"]);
});
