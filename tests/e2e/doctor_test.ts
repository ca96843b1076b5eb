/** doctor: what listings hide is told, finished or cleared; nothing that is whole is ever touched. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { parseResult } from "./json_result.ts";
import { makeTree } from "./local_tree.ts";

const ROOT = "/Jotta/Archive/d";
const OLD_CONTENT = "whole";

/** Two hours ago, so that nothing counts as being at work; the clock of the service is then put right. */
async function withTrouble(): Promise<Environment> {
  let nowMs = Date.now() - 7_200_000;
  const environment = await Environment.create({ now: () => nowMs });
  const { tree } = environment.emulator;
  tree.putFile(`${ROOT}/fine.txt`, "fine");
  tree.seedIncomplete(`${ROOT}/half.bin`, "0123456789", 4);
  tree.seedIncomplete(`${ROOT}/sub/z`, "zzzz", 0);
  tree.seedCorrupt(`${ROOT}/sub/rotten`, "rotten");
  tree.putFile(`${ROOT}/kept.txt`, OLD_CONTENT);
  tree.seedIncomplete(`${ROOT}/kept.txt`, "newer content", 5);
  tree.putFile(`${ROOT}/kept too.txt`, OLD_CONTENT);
  tree.seedCorrupt(`${ROOT}/kept too.txt`, "other");
  nowMs = Date.now();
  await environment.writeConfig(environment.remoteSection("jotta"));
  return environment;
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "").sort();

Deno.test("doctor tells what is broken, since when, how much is there and what to do, and changes nothing", async () => {
  await using environment = await withTrouble();
  const { emulator } = environment;
  const result = await environment.run("doctor", "jotta:d");
  equal(result.status, 11, result.stderr);
  const lines = linesOf(result.stdout);
  equal(lines.length, 5, result.stdout);
  const line = (path: string) => lines.find((each) => each.startsWith(`"${path}": `)) ?? "";
  match(
    line("half.bin"),
    /an unfinished upload of \d{4}-\d\d-\d\d .*, 4 B of it are there; no file is to be seen, and nothing else can have the name.*--finish SOURCE/,
  );
  match(line("sub/z"), /0 B of it are there; .* no folder either\./);
  match(line("sub/rotten"), /a damaged upload of .*; no file is to be seen.*--clean/);
  match(
    line("kept.txt"),
    /an unfinished upload .* 5 B of it are there; everybody still gets the whole version of \d{4}/,
  );
  match(line("kept too.txt"), /a damaged upload .*; everybody still gets the whole version of \d{4}/);
  match(result.stderr, /^5 problems found in 2 folders$/m);
  deepEqual(
    emulator.requests.filter(({ method, path }) => method === "POST" && path.startsWith("/jfs/")),
    [],
  );
  const json = parseResult((await environment.run("doctor", "--json", "jotta:d")).stdout);
  equal(json.status, 11);
  deepEqual(json.items.map(({ path, problem }) => `${problem} ${path}`).sort(), [
    "corrupt-upload sub/rotten",
    "corrupt-version kept too.txt",
    "incomplete-upload half.bin",
    "incomplete-upload sub/z",
    "incomplete-version kept.txt",
  ]);
  equal(json.items.find(({ path }) => path === "half.bin")?.bytes, 4);
});

Deno.test("doctor --clean frees names that nothing whole has, and only those", async () => {
  await using environment = await withTrouble();
  const { tree } = environment.emulator;
  assertRun(await environment.run("mkdir", "jotta:d/sub/z"), { status: 12 });
  const dry = await environment.run("doctor", "--clean", "-n", "jotta:d");
  equal(dry.status, 11);
  match(dry.stderr, /Would delete "half\.bin", for good/);
  equal(tree.kindOf(`${ROOT}/half.bin`), "file");
  const result = await environment.run("doctor", "--clean", "jotta:d");
  equal(result.status, 11, result.stderr);
  match(result.stderr, /^5 problems found in 2 folders, 3 mended$/m);
  for (const name of ["half.bin", "sub/z", "sub/rotten"]) {
    equal(tree.kindOf(`${ROOT}/${name}`), undefined, name);
  }
  for (const name of ["kept.txt", "kept too.txt"]) {
    equal(new TextDecoder().decode(tree.getFile(`${ROOT}/${name}`)?.bytes()), OLD_CONTENT);
  }
  assertRun(await environment.run("mkdir", "jotta:d/sub/z"), {});
  equal(linesOf((await environment.run("doctor", "jotta:d")).stdout).length, 2);
});

Deno.test("doctor --clean leaves an upload alone that may be going on", async () => {
  await using environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  tree.seedIncomplete(`${ROOT}/young`, "young", 2);
  const result = await environment.run("doctor", "--clean", "jotta:d");
  equal(result.status, 11);
  match(result.stderr, /Left alone "young": an upload that young may still be going on/);
  equal(tree.kindOf(`${ROOT}/young`), "file");
  assertRun(await environment.run("doctor", "--clean", "--older-than", "0s", "jotta:d"), {});
  equal(tree.kindOf(`${ROOT}/young`), undefined);
});

Deno.test("doctor --finish sends the rest of what is the same file here, and nothing else", async () => {
  await using environment = await withTrouble();
  const { emulator } = environment;
  await makeTree(environment.path("src"), { "half.bin": "0123456789", "sub/z": "else" });
  const before = emulator.stats.uploadedBytes;
  const result = await environment.run("doctor", "--finish", "src", "--upload-resume-limit", "1B", "jotta:d");
  equal(result.status, 11, result.stderr);
  match(result.stderr, /"sub\/z" in "src" has other content by now: not finished/);
  equal(new TextDecoder().decode(emulator.tree.getFile(`${ROOT}/half.bin`)?.bytes()), "0123456789");
  equal(emulator.stats.uploadedBytes - before, 6);
  equal(emulator.tree.getFile(`${ROOT}/sub/z`)?.size, 0);
});

Deno.test("doctor tells of a clock that is wrong, a session that is gone and a place where no state can be kept", async () => {
  await using environment = await Environment.create({ now: () => Date.now() + 600_000 });
  environment.emulator.tree.makeFolder(ROOT);
  await environment.writeConfig(environment.remoteSection("jotta"));
  await Deno.writeTextFile(environment.path("file"), "");
  const state = { XDG_STATE_HOME: environment.path("file") };
  const result = await environment.runWith({ env: state }, "doctor", "jotta:d");
  equal(result.status, 11, result.stderr);
  match(
    result.stdout,
    /"jotta:d": the clock of this machine is (?:9m59s|10m0?s?|10m0s).* behind that of the service/,
  );
  match(result.stdout, /"state": Cannot /);
  await environment.writeConfig("[jotta]\ntype = jottacloud\n");
  const none = await environment.run("doctor", "jotta:d");
  equal(none.status, 7);
  match(none.stdout, /"jotta:": .*nobody is signed in/);
});

Deno.test("doctor finds nothing where nothing is wrong, and refuses what is no folder of a remote", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile(`${ROOT}/fine.txt`, "fine");
  assertRun(await environment.run("doctor", "jotta:d"), {
    stdout: "",
    stderr: "0 problems found in 1 folder\n",
  });
  equal((await environment.run("doctor", "jotta:none")).status, 3);
  assertFailure(await environment.run("doctor", "here"), {
    status: 2,
    error: 'Cannot look for problems in "here": it is a path of this machine, not a remote',
    hint: /config list/,
  });
  ok((await environment.run("doctor", "--jottacloud-trashed-only", "jotta:d")).status === 2);
});

Deno.test("doctor goes on where a folder cannot be read, and says that it did not see all", async () => {
  await using environment = await withTrouble();
  environment.emulator.addFault({
    match: { method: "GET", path: /\/d\/sub$/ },
    times: 100,
    action: { kind: "status", status: 400, body: "xml" },
  });
  const result = await environment.run("doctor", "jotta:d");
  equal(result.status, 6, result.stderr);
  equal(linesOf(result.stdout).length, 3);
  match(result.stderr, /Cannot look into "jotta:d\/sub"/);
  match(result.stderr, /Cannot look after all of "jotta:d": 1 entry failed/);
});
