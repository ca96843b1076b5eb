/** verify: proof by reading, what each kind of damage is called, budgets and state files over several runs, manifests. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { parseResult } from "./json_result.ts";
import { FIXED_TIME, makeTree } from "./local_tree.ts";

const FILES = { "a.txt": "aaaa", "b/c.txt": "cc", "b/d e.txt": "d".repeat(1_000), "empty": "" };

/** `one` on this machine and the same at `jotta:one`, as though it had been copied long ago. */
async function withTrees(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await makeTree(environment.path("one"), FILES);
  for (const [path, content] of Object.entries(FILES)) {
    environment.emulator.tree.putFile(`/Jotta/Archive/one/${path}`, content, { modified: FIXED_TIME });
  }
  return environment;
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "").sort();

Deno.test("verify reads every byte of both sides again, and tells that all is well", async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  assertRun(await environment.run("verify", "--combined", "-", "jotta:one", "one"), {
    stderr: "0 differences found, 4 matching files\n",
  });
  equal(emulator.stats.downloadedBytes, 1_006);
  // What was computed or found once is believed by nobody.
  assertRun(await environment.run("verify", "jotta:one", "one"), {});
  equal(emulator.stats.downloadedBytes, 2_012);
  const names = Array.from(Deno.readDirSync(environment.home), ({ name }) => name);
  deepEqual(names.filter((name) => !name.startsWith(".")), ["one"]);
});

Deno.test("verify names the way in which each file differs, and goes on", async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  const put = (name: string, content: string) => emulator.tree.putFile(`/Jotta/Archive/one/${name}`, content);
  await makeTree(environment.path("one"), {
    "gone.txt": "x",
    "told.txt": "here",
    "size.txt": "longer",
    "rot.txt": "good",
  });
  put("told.txt", "else");
  put("size.txt", "long");
  put("rot.txt", "good");
  put("only there.txt", "y");
  emulator.addFault({
    match: { method: "GET", path: "rot.txt", query: "mode=bin" },
    times: 2,
    action: { kind: "corruptBody" },
  });
  const result = await environment.run("verify", "--combined", "-", "jotta:one", "one");
  equal(result.status, 11, result.stderr);
  deepEqual(linesOf(result.stdout), [
    "* rot.txt",
    "* size.txt",
    "* told.txt",
    "+ gone.txt",
    "= a.txt",
    "= b/c.txt",
    "= b/d e.txt",
    "= empty",
  ]);
  match(result.stderr, /"gone\.txt" is not in "jotta:one"\n/);
  match(result.stderr, /"size\.txt" differs: 4 bytes, not 6\n/);
  match(
    result.stderr,
    /"told\.txt" differs: the MD5 that the service tells is [0-9a-f]{32}, not [0-9a-f]{32}\n/,
  );
  match(
    result.stderr,
    /"rot\.txt" differs: the MD5 of the bytes that came is [0-9a-f]{32}, not [0-9a-f]{32}\n/,
  );
  const both = await environment.run("verify", "--both-ways", "--missing-on-src", "-", "jotta:one", "one");
  equal(both.stdout, "only there.txt\n");
  const json = await environment.run("verify", "--json", "jotta:one", "one");
  equal(json.status, 11);
  deepEqual(
    parseResult(json.stdout).items.map(({ action, path, how }) => `${action} ${path} ${how}`).sort(),
    [
      "different gone.txt missing",
      "different size.txt size",
      "different told.txt md5-told",
    ],
  );
  assertFailure(await environment.run("verify", "--json", "--match", "-", "jotta:one", "one"), {
    status: 2,
    error: "Cannot write a report to standard output: --json writes there",
  });
});

Deno.test("verify does not take a bit that the line flipped for damage, and goes on where a line broke", async () => {
  await using environment = await withTrees();
  const query = "mode=bin";
  environment.emulator.addFault({
    match: { path: "a.txt", query },
    times: 1,
    action: { kind: "corruptBody" },
  });
  environment.emulator.addFault({
    match: { path: /d%20e/, query },
    times: 1,
    action: { kind: "dropResponseAfterBytes", bytes: 400 },
  });
  assertRun(await environment.run("verify", "jotta:one", "one"), {
    stderr: "0 differences found, 4 matching files\n",
  });
  equal(environment.emulator.stats.faultsFired, 2);
});

Deno.test("verify --budget with --state goes on with what was never read, then with what was read longest ago", async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  const night = async () => {
    const before = emulator.stats.downloadedBytes;
    const result = await environment.run(
      "verify",
      "--state",
      "s.state",
      "--budget",
      "1000B",
      "--match",
      "-",
      "jotta:one",
      "one",
    );
    equal(result.status, 0, result.stderr);
    ok(emulator.stats.downloadedBytes - before <= 1_000);
    return { read: linesOf(result.stdout), said: result.stderr };
  };
  const first = await night();
  const second = await night();
  deepEqual(
    [...first.read, ...second.read.filter((path) => !first.read.includes(path))].sort(),
    Object.keys(FILES).sort(),
  );
  match(first.said, /^The budget is spent: \d files?, .* left for another run\n/m);
  // As old as it gets: what the first night read comes before what the second one read.
  const third = await night();
  ok(first.read.some((path) => third.read.includes(path)), `${first.read} ${second.read} ${third.read}`);
  assertRun(
    await environment.run("verify", "--state", "s.state", "--again-after", "1h", "jotta:one", "one"),
    {
      stderr: "0 differences found, 0 matching files\n",
    },
  );
  assertFailure(await environment.run("verify", "--state", "s.state", "jotta:", "one"), {
    status: 2,
    error: 'Cannot use the state file "s.state": it is about "jotta:one" and "one"',
    hint: /own$/,
  });
});

Deno.test("verify keeps telling of a damaged file until it has been read whole", async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  emulator.addFault({
    match: { path: "a.txt", query: "mode=bin" },
    times: 2,
    action: { kind: "corruptBody" },
  });
  const words = ["verify", "--state", "s.state", "--again-after", "1h", "--differ", "-", "jotta:one", "one"];
  assertRun(await environment.run(...words), { status: 11, stdout: "a.txt\n" });
  const again = await environment.run(...words);
  assertRun(again, { status: 11, stdout: "a.txt\n" });
  match(again.stderr, /the MD5 of the bytes that came is .* \(as read 20/);
  assertRun(await environment.run(...words.filter((word) => !/again|1h/.test(word))), { stdout: "" });
  assertRun(await environment.run(...words), { stdout: "" });
});

Deno.test("verify --sample reads a part that a seed chooses, and says which", async () => {
  await using environment = await Environment.signedIn();
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`f${at}`, `${at}`]));
  await makeTree(environment.path("many"), files);
  for (const [path, content] of Object.entries(files)) {
    environment.emulator.tree.putFile(`/Jotta/Archive/many/${path}`, content);
  }
  const sample = (...words: string[]) =>
    environment.run("verify", "--sample", "50%", "--match", "-", ...words, "jotta:many", "many");
  const first = await sample();
  const seed = /--sample-seed (\S+)/.exec(first.stderr)?.[1] ?? "";
  const read = linesOf(first.stdout);
  ok(read.length > 10 && read.length < 50, `${read.length}`);
  deepEqual(linesOf((await sample("--sample-seed", seed)).stdout), read);
  assertFailure(await environment.run("verify", "--sample", "120%", "jotta:many", "many"), {
    status: 2,
    error: 'Cannot use "120%" for --sample: it is not a part of 100 such as 5% or 0.5%',
  });
});

Deno.test("verify killed at any time has noted what it had read", async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  emulator.addFault({ match: { path: /d%20e/, query: "mode=bin" }, times: 1, action: { kind: "stall" } });
  const words = ["verify", "--state", "s.state", "--transfers", "1", "jotta:one", "one"];
  const child = await environment.start({}, ...words);
  while (emulator.stats.faultsFired === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  child.kill("SIGKILL");
  await child.result();
  const read = emulator.requests.filter(({ query }) => query.includes("mode=bin")).length - 1;
  emulator.clearFaults();
  emulator.clearRequests();
  assertRun(
    await environment.run("verify", "--state", "s.state", "--again-after", "1h", "jotta:one", "one"),
    {
      stderr: /0 differences found/,
    },
  );
  const after = emulator.requests.filter(({ query }) => query.includes("mode=bin")).length;
  // A file without content needs no request.
  equal(read + after, 3);
});

Deno.test("verify says of what it could not read that it does not know, and ends with another status", async () => {
  await using environment = await withTrees();
  environment.emulator.addFault({
    match: { path: "a.txt", query: "mode=bin" },
    times: 100,
    action: { kind: "status", status: 404, body: "xml" },
  });
  for (const words of [[], ["--state", "s.state"]]) {
    const result = await environment.run("verify", ...words, "--combined", "-", "jotta:one", "one");
    equal(result.status, 6, result.stderr);
    deepEqual(linesOf(result.stdout), ["! a.txt", "= b/c.txt", "= b/d e.txt", "= empty"]);
    match(result.stderr, /Cannot verify all of "one" with "jotta:one": 1 entry could not be read/);
  }
  environment.emulator.clearFaults();
  // What could not be read is not noted.
  const again = ["--state", "s.state", "--again-after", "1h", "--match", "-"];
  assertRun(await environment.run("verify", ...again, "jotta:one", "one"), { stdout: "a.txt\n" });
});

Deno.test("verify compares a single file, and says what it needs", async () => {
  await using environment = await withTrees();
  for (const place of ["jotta:one", "jotta:one/a.txt"]) {
    assertRun(await environment.run("verify", "--match", "-", place, "one/a.txt"), { stdout: "a.txt\n" });
  }
  equal((await environment.run("verify", "jotta:one/b", "one/a.txt")).status, 11);
  assertFailure(await environment.run("verify", "--again-after", "1h", "jotta:one", "one"), {
    status: 2,
    error: "Cannot use --again-after: it needs --state",
  });
});
