/** `--fast-list`: what it changes is the number of requests, never what is shown, copied or deleted. */
import assert from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

const FOLDERS = 60;

/** Requests for listings since the last look. */
function takeCounts({ emulator }: Environment): { streams: number; listings: number } {
  const requests = emulator.requests.filter(({ method, path, query }) =>
    method === "GET" && path.startsWith("/jfs/") && query !== "mode=bin"
  );
  emulator.clearRequests();
  const streams = requests.filter(({ query }) => query === "mode=liststream").length;
  return { streams, listings: requests.length - streams };
}

async function withTree(work: (environment: Environment) => Promise<void>): Promise<void> {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.seedSynthetic({ folders: FOLDERS, filesPerFolder: 2 });
  environment.emulator.tree.putFile("/Jotta/Archive/folder-000001/note.txt", "a note");
  await work(environment);
}

function test(title: string, work: (environment: Environment) => Promise<void>): void {
  Deno.test(title, () => withTree(work));
}

function sortedLines(text: string): string[] {
  return text.trimEnd().split("\n").sort();
}

const RECURSIVE_COMMANDS = [
  ["ls", "jotta:"],
  ["lsl", "jotta:"],
  ["lsd", "-R", "jotta:"],
  ["lsf", "-R", "--format", "psth", "jotta:"],
  ["lsjson", "-R", "--no-mimetype", "jotta:"],
  ["size", "jotta:"],
  ["tree", "jotta:"],
  ["md5sum", "jotta:"],
  ["ls", "--exclude", "*1.bin", "jotta:"],
  ["cat", "--include", "note.txt", "jotta:"],
  ["rmdirs", "--dry-run", "jotta:"],
] as const;

test("recursive commands show the same with one request as with one for each folder", async (environment) => {
  for (const words of RECURSIVE_COMMANDS) {
    const expected = await environment.run(...words, "--fast-list=false");
    assertRun(expected, {});
    assert.equal(takeCounts(environment).streams, 0, words.join(" "));
    for (const flag of ["--fast-list=auto", "--fast-list"]) {
      const actual = await environment.run(...words, flag);
      assertRun(actual, {});
      // The last line of JSON has no comma, whichever it is.
      const lines = (text: string) => sortedLines(text).map((line) => line.replace(/,$/, ""));
      assert.deepEqual(lines(actual.stdout), lines(expected.stdout), words.join(" "));
      assert.deepEqual(lines(actual.stderr), lines(expected.stderr), words.join(" "));
      const { streams, listings } = takeCounts(environment);
      assert.equal(streams, 1, `${words.join(" ")} ${flag}`);
      assert.ok(listings < FOLDERS, `${words.join(" ")} ${flag}: ${listings} listings`);
    }
  }
});

test("what a stream does not tell, or would tell for nothing, is listed folder by folder", async (environment) => {
  for (
    const words of [
      ["lsjson", "-R", "jotta:"],
      ["lsf", "-R", "--format", "m", "jotta:"],
      ["ls", "--max-depth", "2", "jotta:"],
      ["ls", "--exclude-if-present", "note.txt", "jotta:"],
      ["lsf", "jotta:"],
    ]
  ) {
    assertRun(await environment.run(...words, "--fast-list"), {});
    assert.equal(takeCounts(environment).streams, 0, words.join(" "));
  }
  // With auto, also where filters leave out most of it.
  assertRun(await environment.run("ls", "--include", "/folder-00000*/**", "jotta:"), {});
  assert.equal(takeCounts(environment).streams, 0);
});

test("delete and check take the tree from one request", async (environment) => {
  assertRun(await environment.run("copy", "jotta:", "here"), {});
  takeCounts(environment);
  assertRun(await environment.run("check", "here", "jotta:"), {});
  assert.equal(takeCounts(environment).streams, 1);
  await Deno.writeTextFile(environment.path("here", "folder-000002", "new"), "x");
  assertRun(await environment.run("check", "here", "jotta:"), { status: 11 });
  assertRun(await environment.run("delete", "--rmdirs", "--exclude", "note.txt", "jotta:"), {});
  const { tree } = environment.emulator;
  assert.deepEqual(tree.walkFiles("/Jotta/Archive"), ["folder-000001/note.txt"]);
  assert.ok(!tree.exists("/Jotta/Archive/folder-000002"));
});

for (const command of ["copy", "sync"]) {
  test(`${command} of many folders that are the same sends a handful of requests, both ways`, async (environment) => {
    assertRun(await environment.run(command, "jotta:", "here"), {});
    takeCounts(environment);
    for (const [from, to] of [["jotta:", "here"], ["here", "jotta:"]] as const) {
      for (const flag of ["--fast-list", "--fast-list=auto"]) {
        assertRun(await environment.run(command, from, to, flag), {});
        const { streams, listings } = takeCounts(environment);
        assert.equal(streams, 1, `${from} ${flag}`);
        assert.ok(listings < FOLDERS / 2, `${from} ${flag}: ${listings} listings`);
      }
    }
    assertRun(await environment.run(command, "here", "jotta:", "--fast-list=false"), {});
    assert.ok(takeCounts(environment).listings >= FOLDERS);
  });
}

test("sync deletes nothing for want of a stream that was cut, and what is really gone", async (environment) => {
  const { emulator } = environment;
  assertRun(await environment.run("copy", "jotta:", "here"), {});
  const before = emulator.tree.walkFiles("/Jotta/Archive");
  emulator.addFault({
    match: { query: "liststream" },
    times: 100,
    action: { kind: "truncateXml", bytes: 6_000 },
  });
  const local = () => Array.from(walkLocal(environment.path("here"))).length;
  const count = local();
  const result = await environment.run("sync", "jotta:", "here", "--fast-list", "-v");
  assertRun(result, { stderr: /not all could be listed with one request/ });
  assert.equal(local(), count);
  assertRun(await environment.run("sync", "here", "jotta:", "--fast-list"), {});
  assert.deepEqual(emulator.tree.walkFiles("/Jotta/Archive"), before);
  emulator.clearFaults();
  await Deno.remove(environment.path("here", "folder-000003"), { recursive: true });
  assertRun(await environment.run("sync", "here", "jotta:", "--fast-list"), {});
  assert.deepEqual(
    emulator.tree.walkFiles("/Jotta/Archive"),
    before.filter((path) => !path.startsWith("folder-000003/")),
  );
});

function* walkLocal(directory: string): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    if (entry.isDirectory) yield* walkLocal(`${directory}/${entry.name}`);
    else yield entry.name;
  }
}

test("--fast-list takes rclone's words, its variable and auto, and refuses others", async (environment) => {
  assertRun(
    await environment.runWith({ env: { RCLONE_FAST_LIST: "true" } }, "size", "jotta:folder-000001"),
    {},
  );
  assert.equal(takeCounts(environment).streams, 1);
  assertRun(await environment.runWith({ env: { RCLONE_FAST_LIST: "false" } }, "size", "jotta:"), {});
  assert.equal(takeCounts(environment).streams, 0);
  assertFailure(await environment.run("ls", "jotta:", "--fast-list=often"), {
    status: 2,
    error: 'Cannot use "often" for --fast-list: it is none of auto, true and false',
  });
});
