/** `trashed-only`: what was deleted, where it was; to look at and to copy from. */
import assert from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

const READ_ONLY = "it shows what is in the trash, where nothing can be changed (trashed-only is set)";

async function withTrash(work: (environment: Environment) => Promise<void>): Promise<void> {
  await using environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  const modified = new Date("2024-05-01T10:20:30Z");
  tree.putFile("/Jotta/Archive/docs/live.txt", "live");
  tree.putFile("/Jotta/Archive/docs/gone.txt", "gone for now", { modified });
  tree.trash("/Jotta/Archive/docs/gone.txt");
  tree.putFile("/Jotta/Archive/old/deep/er.txt", "deeper", { modified });
  tree.trash("/Jotta/Archive/old");
  await work(environment);
}

function test(title: string, work: (environment: Environment) => Promise<void>): void {
  Deno.test(title, () => withTrash(work));
}

const LS = "       12 docs/gone.txt\n        6 old/deep/er.txt\n";

test("--trashed-only shows the trashed files where they were", async (environment) => {
  const run = (...words: string[]) => environment.run(...words, "--trashed-only");
  assertRun(await run("ls", "jotta:"), { stdout: LS });
  assertRun(await run("lsl", "jotta:old"), {
    stdout: "        6 2024-05-01 10:20:30.000000000 deep/er.txt\n",
  });
  assertRun(await run("lsf", "-R", "jotta:"), {
    stdout: "docs/\nold/\ndocs/gone.txt\nold/deep/\nold/deep/er.txt\n",
  });
  assertRun(await run("lsjson", "-R", "--files-only", "--no-mimetype", "jotta:docs"), {
    stdout:
      '[\n{"Path":"gone.txt","Name":"gone.txt","Size":12,"ModTime":"2024-05-01T10:20:30Z","IsDir":false}\n]\n',
  });
  assertRun(await run("tree", "jotta:"), {
    stdout:
      "/\n├── docs\n│   └── gone.txt\n└── old\n    └── deep\n        └── er.txt\n\n3 directories, 2 files\n",
  });
  assertRun(await run("size", "jotta:"), { stdout: "Total objects: 2 (2)\nTotal size: 18 B (18 Byte)\n" });
  assertRun(await run("cat", "jotta:docs/gone.txt"), { stdout: "gone for now" });
  assertRun(await run("ls", "jotta:docs/live.txt"), { status: 3 });
  // Not of the whole tree at once, which tells live files only.
  assertRun(await run("ls", "jotta:", "--fast-list"), { stdout: LS });
});

test("what is in the trash is copied from there", async (environment) => {
  assertRun(await environment.run("copy", "jotta:", "back", "--trashed-only"), {});
  assert.equal(await Deno.readTextFile(environment.path("back", "docs", "gone.txt")), "gone for now");
  assert.equal(await Deno.readTextFile(environment.path("back", "old", "deep", "er.txt")), "deeper");
  assert.deepEqual([...Deno.readDirSync(environment.path("back", "docs"))].map(({ name }) => name), [
    "gone.txt",
  ]);
  assertRun(await environment.run("check", "back", "jotta:", "--trashed-only"), {});
});

test("a copy from the trash of a remote to the remote brings files back, without sending them", async (environment) => {
  const { emulator } = environment;
  assertRun(await environment.run("copy", "jotta,trashed_only=true:", "jotta:"), {});
  assert.deepEqual(emulator.tree.walkFiles("/Jotta/Archive"), [
    "docs/gone.txt",
    "docs/live.txt",
    "old/deep/er.txt",
  ]);
  assert.equal(
    emulator.tree.getFile("/Jotta/Archive/docs/gone.txt")?.modified.getTime(),
    Date.UTC(2024, 4, 1, 10, 20, 30),
  );
  assert.deepEqual([emulator.stats.uploadedBytes, emulator.stats.downloadedBytes], [0, 0]);
  assertRun(await environment.run("ls", "jotta:", "--trashed-only"), { stdout: "" });
});

test("trashed-only is a key of the config, a parameter of the remote and a variable, too", async (environment) => {
  assertRun(await environment.run("ls", "jotta,trashed_only=true:"), { stdout: LS });
  for (const name of ["RCLONE_JOTTACLOUD_TRASHED_ONLY", "JOTTASH_TRASHED_ONLY"]) {
    assertRun(await environment.runWith({ env: { [name]: "true" } }, "ls", "jotta:"), { stdout: LS });
  }
  assertRun(await environment.run("ls", "--jottacloud-trashed-only", "jotta:"), { stdout: LS });
  await environment.writeConfig(environment.remoteSection("jotta", { trashed_only: "true" }));
  assertRun(await environment.run("ls", "jotta:"), { stdout: LS });
});

test("nothing is changed where the trash is shown, and one line says so", async (environment) => {
  await Deno.mkdir(environment.path("local"));
  await Deno.writeTextFile(environment.path("local", "a"), "a");
  await Deno.writeTextFile(environment.path("local", "b"), "b");
  const { tree } = environment.emulator;
  const before = tree.list("/Jotta/Archive", { all: true });
  environment.emulator.clearRequests();
  const refusals: readonly (readonly [words: readonly string[], error: string])[] = [
    [["copy", "local", "jotta:"], `Cannot copy "local" to "jotta:": ${READ_ONLY}`],
    [["sync", "local", "jotta:docs"], `Cannot sync "local" to "jotta:docs": ${READ_ONLY}`],
    [["move", "jotta:", "local"], `Cannot delete in "jotta:": ${READ_ONLY}`],
    [["mkdir", "jotta:new"], `Cannot make the folder "jotta:new": ${READ_ONLY}`],
    [["delete", "jotta:"], `Cannot delete in "jotta:": ${READ_ONLY}`],
    [["deletefile", "jotta:docs/gone.txt"], `Cannot delete in "jotta:": ${READ_ONLY}`],
    [["purge", "jotta:old"], `Cannot delete in "jotta:": ${READ_ONLY}`],
    [["rmdir", "jotta:old"], `Cannot delete in "jotta:": ${READ_ONLY}`],
    [["rmdirs", "jotta:"], `Cannot delete in "jotta:": ${READ_ONLY}`],
    [["cleanup", "jotta:"], `Cannot empty the trash of "jotta:": ${READ_ONLY}`],
    [["link", "jotta:docs"], `Cannot make a link to "jotta:docs": ${READ_ONLY}`],
  ];
  for (const [words, error] of refusals) {
    assertFailure(await environment.run(...words, "--trashed-only"), { status: 2, error });
  }
  assert.deepEqual(tree.list("/Jotta/Archive", { all: true }), before);
  const changes = environment.emulator.requests.filter(({ method, path }) =>
    method !== "GET" && /jfs|files/.test(path)
  );
  assert.deepEqual(changes, []);
});
