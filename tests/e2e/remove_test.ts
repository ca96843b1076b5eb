/** delete, rmdir, rmdirs and cleanup: they remove what they say and nothing else, on remotes and local paths alike. */
import { deepEqual, equal } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";

const TREE = "/Jotta/Archive";
const FILES = { "a.txt": "a", "sub/b.txt": "bb", "sub/deep/c.txt": "ccc" };

/** The same tree as `jotta:box` and as `box` below the home directory, with empty folders besides. */
async function withBoxes(): Promise<Environment> {
  const environment = await Environment.signedIn();
  for (const [path, content] of Object.entries(FILES)) {
    environment.emulator.tree.putFile(`${TREE}/box/${path}`, content);
  }
  await makeTree(environment.path("box"), FILES);
  for (const path of ["empty/inner/most", "sub/hollow"]) {
    environment.emulator.tree.makeFolder(`${TREE}/box/${path}`);
    await Deno.mkdir(environment.path("box", path), { recursive: true });
  }
  return environment;
}

async function namesIn(environment: Environment, place: string): Promise<string[]> {
  const { stdout, status, stderr } = await environment.run("lsf", "-R", place);
  equal(status, 0, stderr);
  return stdout.trimEnd().split("\n").filter((line) => line !== "").sort();
}

for (const box of ["jotta:box", "box"]) {
  const noun = box.includes(":") ? "folder" : "directory";

  Deno.test(`delete removes the files of ${box} and keeps its folders`, async () => {
    await using environment = await withBoxes();
    const { stderr } = await environment.run("delete", "-n", box);
    deepEqual(stderr.trimEnd().split("\n").sort(), [
      'Would delete "a.txt" (1 B)',
      'Would delete "sub/b.txt" (2 B)',
      'Would delete "sub/deep/c.txt" (3 B)',
    ]);
    assertRun(await environment.run("delete", `${box}/sub/deep`), { stdout: "", stderr: "" });
    const verbose = await environment.run("delete", "-v", box);
    equal(verbose.status, 0, verbose.stderr);
    deepEqual(verbose.stderr.trimEnd().split("\n").sort(), [
      'info: deleted path="a.txt" size=1',
      'info: deleted path="sub/b.txt" size=2',
    ]);
    deepEqual(await namesIn(environment, box), [
      "empty/",
      "empty/inner/",
      "empty/inner/most/",
      "sub/",
      "sub/deep/",
      "sub/hollow/",
    ]);
  });

  Deno.test(`delete --rmdirs of ${box} removes the folders too, but not itself; of a file it deletes that`, async () => {
    await using environment = await withBoxes();
    assertRun(await environment.run("delete", `${box}/sub/b.txt`), { stdout: "", stderr: "" });
    deepEqual((await namesIn(environment, box)).includes("sub/b.txt"), false);
    assertRun(await environment.run("delete", "--rmdirs", box), { stdout: "", stderr: "" });
    deepEqual(await namesIn(environment, box), []);
    assertFailure(await environment.run("delete", `${box}/none`), {
      status: 3,
      error: `Cannot find "${box}/none": there is no such file or ${noun}`,
    });
  });

  Deno.test(`rmdir removes ${box}/… only where nothing is in it`, async () => {
    await using environment = await withBoxes();
    const run = (...words: string[]) => environment.run("rmdir", ...words);
    assertFailure(await run(`${box}/empty`), {
      status: 12,
      error: `Cannot remove the ${noun} "${box}/empty": it is not empty`,
      hint: 'Empty folders in it are removed by "rmdirs", all that is in it by "purge"',
    });
    assertFailure(await run("-n", `${box}/sub`), {
      status: 12,
      error: `Cannot remove the ${noun} "${box}/sub": it is not empty`,
      hint: 'Empty folders in it are removed by "rmdirs", all that is in it by "purge"',
    });
    assertFailure(await run(`${box}/none`), {
      status: 3,
      error: `Cannot remove the ${noun} "${box}/none": there is no such ${noun}`,
    });
    assertFailure(await run(`${box}/a.txt`), {
      status: 12,
      error: `Cannot remove the ${noun} "${box}/a.txt": it is a file`,
      hint: `Delete a file with: jottash deletefile "${box}/a.txt"`,
    });
    assertRun(await run("-n", `${box}/empty/inner/most`), {
      stderr: `Would remove the empty ${noun} "${box}/empty/inner/most"\n`,
    });
    assertRun(await run(`${box}/empty/inner/most`), { stdout: "", stderr: "" });
    assertRun(await run(`${box}/empty/inner`), { stdout: "", stderr: "" });
    deepEqual((await namesIn(environment, box)).filter((name) => name.startsWith("empty")), ["empty/"]);
  });

  Deno.test(`rmdirs removes the empty folders of ${box} from the inside out, and the root where it is empty`, async () => {
    await using environment = await withBoxes();
    const dry = await environment.run("rmdirs", "-n", box);
    deepEqual(dry.stderr.trimEnd().split("\n").sort(), [
      `Would remove the empty ${noun} "empty"`,
      `Would remove the empty ${noun} "empty/inner"`,
      `Would remove the empty ${noun} "empty/inner/most"`,
      `Would remove the empty ${noun} "sub/hollow"`,
    ]);
    assertRun(await environment.run("rmdirs", "--leave-root", `${box}/empty`), { stdout: "", stderr: "" });
    deepEqual((await namesIn(environment, box)).filter((name) => name.startsWith("empty")), ["empty/"]);
    const { stderr } = await environment.run("rmdirs", "-v", box);
    deepEqual(stderr.trimEnd().split("\n").sort(), [
      'info: removed a folder path="empty"',
      'info: removed a folder path="sub/hollow"',
    ]);
    deepEqual(await namesIn(environment, box), ["a.txt", "sub/", "sub/b.txt", "sub/deep/", "sub/deep/c.txt"]);
    await environment.run("delete", box);
    assertRun(await environment.run("rmdirs", box), { stdout: "", stderr: "" });
    assertFailure(await environment.run("rmdirs", box), {
      status: 3,
      error: `Cannot find "${box}": there is no such file or ${noun}`,
    });
  });
}

Deno.test("what delete, rmdir and rmdirs take from a remote is in its trash, with --hard-delete gone", async () => {
  await using environment = await withBoxes();
  const { tree } = environment.emulator;
  await environment.run("delete", "jotta:box/sub");
  await environment.run("rmdirs", "jotta:box/empty");
  deepEqual(
    ["sub/b.txt", "sub/deep/c.txt", "empty", "empty/inner/most"].map((path) =>
      tree.isTrashed(`${TREE}/box/${path}`)
    ),
    [true, true, true, true],
  );
  await environment.run("delete", "--hard-delete", "jotta:box");
  await environment.run("rmdir", "--hard-delete", "jotta:box/sub/hollow");
  equal(tree.kindOf(`${TREE}/box/a.txt`), undefined);
  equal(tree.kindOf(`${TREE}/box/sub/hollow`), undefined);
});

Deno.test("rmdirs and rmdir leave a whole mountpoint, and rmdirs the directory one is in", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.makeFolder(`${TREE}/a/b`);
  assertRun(await environment.run("rmdirs", "jotta:"), { stdout: "", stderr: "" });
  equal(environment.emulator.tree.exists(TREE), true);
  assertFailure(await environment.run("rmdir", "jotta:"), {
    status: 2,
    error: 'Cannot remove the folder "jotta:": it is the whole mountpoint',
    hint: "Name a folder below it; a mountpoint is never deleted by jottash",
  });
  await Deno.mkdir(environment.path("here/empty"), { recursive: true });
  assertRun(await environment.runWith({ cwd: environment.path("here") }, "rmdirs", "."), { stderr: "" });
  deepEqual([...Deno.readDirSync(environment.path("here"))], []);
});

Deno.test("delete of a whole disk is refused", async () => {
  await using environment = await Environment.create();
  assertFailure(await environment.run("delete", "-n", "/"), {
    status: 2,
    error: 'Cannot delete the files in "/": it is a whole disk',
    hint: "Name a directory below it",
  });
});

Deno.test("one file that cannot be deleted does not keep the others, and the status says so", async () => {
  await using environment = await withBoxes();
  environment.emulator.addFault({
    match: { path: "/c.txt", query: "dl=true" },
    times: 99,
    action: { kind: "status", status: 409, body: "json" },
  });
  const { status, stderr } = await environment.run("delete", "--rmdirs", "jotta:box");
  equal(status, 6, stderr);
  equal(
    stderr,
    'jottash: Cannot delete "jotta:box/sub/deep/c.txt": something of that name is in the way (409)\n' +
      'jottash: Cannot delete all files in "jotta:box": 1 entry failed\n',
  );
  deepEqual(environment.emulator.tree.walkFiles(`${TREE}/box`), ["sub/deep/c.txt"]);
  equal(environment.emulator.tree.exists(`${TREE}/box/empty`), true);
});

Deno.test("cleanup empties the trash of the account and says how much that was", async () => {
  await using environment = await withBoxes();
  const { tree } = environment.emulator;
  tree.putFile("/Laptop/Backup/old", "x");
  tree.trash("/Laptop/Backup/old");
  tree.trash(`${TREE}/box/sub`);
  assertRun(await environment.run("cleanup", "-n", "jotta:"), {
    stdout: "",
    stderr: "Would empty the trash of the account: 1 file, 1 folder with all that is in them\n",
  });
  equal(tree.kindOf("/Laptop/Backup/old"), "file");
  assertRun(await environment.run("cleanup", "jotta:"), {
    stdout: "",
    stderr: "Emptied the trash of the account: 3 files, 3 folders\n",
  });
  equal(tree.kindOf("/Laptop/Backup/old"), undefined);
  equal(tree.kindOf(`${TREE}/box/sub`), undefined);
  equal(tree.exists(`${TREE}/box/a.txt`), true);
  assertRun(await environment.run("cleanup", "-n", "jotta:"), {
    stderr: "Nothing to do: the trash is empty\n",
  });
  assertFailure(await environment.run("cleanup", "box"), {
    status: 2,
    error: 'Cannot empty the trash of "box": it is a path of this machine, not a remote',
    hint: "Write it as NAME:path; remotes are listed by: jottash config list",
  });
});

Deno.test({
  name: "SIGINT during delete ends it with status 130, and what was not deleted yet stays",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    for (let index = 0; index < 6; index++) emulator.tree.putFile(`${TREE}/box/f${index}`, `${index}`);
    emulator.addFault({ match: { query: "dl=true" }, times: 9, skip: 2, action: { kind: "stall" } });
    const child = await environment.start({}, "delete", "--checkers", "2", "--rmdirs", "jotta:box");
    await child.until(() => emulator.stats.faultsFired >= 2);
    child.kill("SIGINT");
    const { status, stderr } = await child.result();
    equal(status, 130, stderr);
    equal(stderr, "jottash: Stopped\n");
    equal(emulator.tree.walkFiles(`${TREE}/box`).length, 4);
  },
});

Deno.test("a variable that makes all remotes delete for good is named by whatever deletes", async () => {
  await using environment = await withBoxes();
  const warningOf = (name: string) => `jottash: warning: Deletes for good, past the trash: ${name} is set\n`;
  const commands = [
    ["deletefile", "box/a.txt"],
    ["rmdir", "box/sub/hollow"],
    ["rmdirs", "box/empty"],
    ["delete", "box/sub/deep"],
    ["purge", "box"],
  ];
  for (const name of ["RCLONE_JOTTACLOUD_HARD_DELETE", "JOTTASH_HARD_DELETE"]) {
    for (const [command = "", path] of commands) {
      const result = await environment.runWith(
        { env: { [name]: "true" } },
        command,
        "-q",
        "-n",
        `jotta:${path}`,
      );
      assertRun(result, { stderr: warningOf(name) });
    }
  }
  const off = { env: { RCLONE_JOTTACLOUD_HARD_DELETE: "true" } };
  assertRun(await environment.runWith(off, "deletefile", "jotta,hard_delete=false:box/a.txt"), {
    stderr: "",
  });
  equal(environment.emulator.tree.isTrashed(`${TREE}/box/a.txt`), true);
  assertRun(await environment.run("deletefile", "--hard-delete", "jotta:box/sub/b.txt"), { stderr: "" });
  equal(environment.emulator.tree.kindOf(`${TREE}/box/sub/b.txt`), undefined);
});
