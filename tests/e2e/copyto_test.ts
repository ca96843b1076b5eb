/** `copyto`: a file under another name, a folder as with `copy`; both in every direction. */
import { deepEqual, equal } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, readFiles } from "./local_tree.ts";

const ARCHIVE = "/Jotta/Archive";

/** Names as they were, not as they are stored. */
function pathsBelow({ emulator }: Environment, folder: string): string[] {
  return emulator.tree.walkFiles(folder).map((path) => path.replaceAll("\uff05", "%"));
}

function contentAt({ emulator }: Environment, path: string): string {
  return new TextDecoder().decode(emulator.tree.getFile(`${ARCHIVE}/${path}`)?.bytes());
}

Deno.test("copyto gives a file another name: up, down, here and within the account", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path(), { "one + #1;2%.txt": "one" });
  const run = (...words: string[]) => environment.run("copyto", ...words);
  assertRun(await run("one + #1;2%.txt", "jotta:new/two + #%.txt"), {
    stdout: "",
    stderr: /^Copied 1 file \(3 B\)/,
  });
  assertRun(await run("jotta:new/two + #%.txt", "jotta:three"), { stdout: "" });
  assertRun(await run("jotta:three", "down/four"), { stdout: "", stderr: /^Copied 1 file/ });
  assertRun(await run("down/four", "down/deep/five"), { stdout: "" });
  deepEqual(pathsBelow(environment, ARCHIVE), ["new/two + #%.txt", "three"]);
  equal(contentAt(environment, "three"), "one");
  const found = await readFiles(environment.path("down"));
  deepEqual(Object.keys(found), ["deep/five", "four"]);
  equal(found["four"], (await readFiles(environment.home))["one + #1;2%.txt"]);
  equal(found["deep/five"], found["four"]);
  const { uploads, downloads } = environment.emulator.stats;
  deepEqual([uploads, downloads], [1, 1]);
  assertRun(await run("down/deep/five", "jotta:three"), {
    stderr: "Nothing to do: 1 file is already the same\n",
  });
});

Deno.test("copyto replaces a file, and copies a folder as copy does", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "new", "sub/b.txt": "b" });
  environment.emulator.tree.putFile(`${ARCHIVE}/x`, "older");
  assertRun(await environment.run("copyto", "source/a.txt", "jotta:x"), { stderr: /^Copied 1 file/ });
  equal(contentAt(environment, "x"), "new");
  assertRun(await environment.run("copyto", "source", "jotta:y"), { stderr: /^Copied 2 files/ });
  deepEqual(pathsBelow(environment, `${ARCHIVE}/y`), ["a.txt", "sub/b.txt"]);
});

Deno.test("copyto --dry-run changes nothing", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "new" });
  const result = await environment.run("copyto", "-n", "source/a.txt", "jotta:x/y");
  assertRun(result, { stdout: "", stderr: /^Would copy "a\.txt" \(3 B\)/ });
  deepEqual(pathsBelow(environment, ARCHIVE), []);
  assertRun(await environment.run("copyto", "-n", "source/a.txt", "down/y"), { stdout: "" });
  deepEqual(Object.keys(await readFiles(environment.home)).filter((path) => path.startsWith("down")), []);
});

Deno.test("copyto says what is in the way and what is no name", async (t) => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path(), { "a.txt": "a", "folder/b.txt": "b" });
  environment.emulator.tree.putFile(`${ARCHIVE}/folder/b.txt`, "b");
  environment.emulator.tree.putFile(`${ARCHIVE}/a.txt`, "a");
  const inside = (path: string) => `To put it into the folder, name the file too: "${path}"`;
  const cases: readonly [from: string, to: string, status: number, state: string, hint?: string][] = [
    ["a.txt", "jotta:folder", 12, "a folder of that name is in the way", inside("jotta:folder/a.txt")],
    ["a.txt", "folder", 12, "a directory of that name is in the way", inside("folder/a.txt")],
    ["a.txt", "jotta:", 2, "it is no name of a file", inside("jotta:a.txt")],
    ["a.txt", "jotta:a.txt/x", 12, '"jotta:a.txt" is a file, not a folder', inside("jotta:a.txt/x/a.txt")],
    ["folder", "jotta:a.txt", 12, "it is a file, not a folder", "Name the folder that is to hold the files"],
    [
      "jotta:a.txt",
      "jotta:A.TXT",
      2,
      "they are the same file",
      'Another case of its name is given by "jottash moveto"',
    ],
  ];
  for (const [from, to, status, state, hint] of cases) {
    await t.step(`${from} ${to}`, async () => {
      const error = `Cannot copy "${from}" to "${to}": ${state}`;
      assertFailure(await environment.run("copyto", from, to), {
        status,
        error,
        ...hint === undefined ? {} : { hint },
      });
    });
  }
  deepEqual(pathsBelow(environment, ARCHIVE), ["a.txt", "folder/b.txt"]);
  for (const place of ["a.txt", "jotta:a.txt"]) {
    assertRun(await environment.run("copyto", "--ignore-times", place, place), {
      stderr: "Nothing to do: 1 file is already the same\n",
    });
  }
});
