/** `move` in every direction: what arrives leaves the source, what fails stays there. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, readFiles, readTree, type TreeSpec } from "./local_tree.ts";

const ARCHIVE = "/Jotta/Archive";

/** Names as they were, not as they are stored. */
function pathsBelow({ emulator }: Environment, folder: string): string[] {
  return emulator.tree.walkFiles(folder).map((path) => path.replaceAll("\uff05", "%"));
}

const SOURCE: TreeSpec = { "a.txt": "a", "sub/b + #%.txt": "b", "hollow": null };
const PATHS = ["a.txt", "sub/b + #%.txt"];

async function withSource(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await makeTree(environment.path("source"), SOURCE);
  return environment;
}

Deno.test("move up and down leaves the folders of the source, without their files", async () => {
  await using environment = await withSource();
  const { tree } = environment.emulator;
  assertRun(await environment.run("move", "source", "jotta:t"), { stdout: "", stderr: /^Moved 2 files/ });
  deepEqual(pathsBelow(environment, `${ARCHIVE}/t`), PATHS);
  deepEqual(await readTree(environment.path("source")), { "hollow": null, "sub": null });
  assertRun(await environment.run("move", "jotta:t", "back"), { stdout: "", stderr: /^Moved 2 files/ });
  deepEqual(Object.keys(await readFiles(environment.path("back"))), PATHS);
  deepEqual(pathsBelow(environment, `${ARCHIVE}/t`), []);
  deepEqual(tree.list(`${ARCHIVE}/t`), ["sub"]);
  ok(tree.isTrashed(`${ARCHIVE}/t/a.txt`), "what was moved away is not in the trash");
});

Deno.test("move --delete-empty-src-dirs leaves the source without anything in it", async () => {
  await using environment = await withSource();
  const words = ["--delete-empty-src-dirs", "--create-empty-src-dirs"];
  assertRun(await environment.run("move", ...words, "source", "jotta:t"), {});
  deepEqual(environment.emulator.tree.list(`${ARCHIVE}/t`), ["a.txt", "hollow", "sub"]);
  deepEqual(await readTree(environment.path("source")), {});
});

Deno.test("move within an account and within the disk transfers nothing, a new folder goes as a whole", async () => {
  await using environment = await withSource();
  const { tree, stats } = environment.emulator;
  for (const path of [...PATHS, "x/c.txt"]) {
    tree.putFile(`${ARCHIVE}/from/${path.replaceAll("%", "\uff05")}`, path);
  }
  tree.putFile(`${ARCHIVE}/to/a.txt`, "older and longer");
  assertRun(await environment.run("move", "jotta:from", "jotta:to"), { stdout: "" });
  deepEqual(pathsBelow(environment, ARCHIVE), ["to/a.txt", "to/sub/b + #%.txt", "to/x/c.txt"]);
  assertRun(await environment.run("move", "jotta:to", "jotta:deep/new"), { stdout: "" });
  deepEqual(pathsBelow(environment, ARCHIVE), [
    "deep/new/a.txt",
    "deep/new/sub/b + #%.txt",
    "deep/new/x/c.txt",
  ]);
  equal(tree.exists(`${ARCHIVE}/to`), false);
  deepEqual([stats.uploads, stats.downloads, stats.allocations], [0, 0, 0]);

  assertRun(await environment.run("move", "source", "deep/here"), { stdout: "" });
  deepEqual(Object.keys(await readTree(environment.path("deep/here"))), [
    "a.txt",
    "hollow",
    "sub",
    "sub/b + #%.txt",
  ]);
  equal(await Deno.stat(environment.path("source")).then(() => true, () => false), false);
  await makeTree(environment.path("source"), { "a.txt": "newer", "z.txt": "z" });
  assertRun(await environment.run("move", "source", "deep/here"), { stdout: "" });
  deepEqual(Object.keys(await readFiles(environment.path("deep/here"))), [
    "a.txt",
    "sub/b + #%.txt",
    "z.txt",
  ]);
  equal(await Deno.readTextFile(environment.path("deep/here/a.txt")), "newer");
  deepEqual(await readTree(environment.path("source")), {});
});

Deno.test("move takes what filters choose, and leaves the rest", async () => {
  await using environment = await withSource();
  assertRun(await environment.run("move", "--include", "*b*", "source", "jotta:t"), {});
  deepEqual(pathsBelow(environment, `${ARCHIVE}/t`), ["sub/b + #%.txt"]);
  deepEqual(Object.keys(await readFiles(environment.path("source"))), ["a.txt"]);
  assertRun(await environment.run("move", "--exclude", "*b*", "source", "jotta:new"), {});
  deepEqual(pathsBelow(environment, `${ARCHIVE}/new`), ["a.txt"]);
});

Deno.test("move removes what is the same already, and keeps what the target is to keep", async () => {
  await using environment = await withSource();
  assertRun(await environment.run("copy", "source", "jotta:t"), {});
  await makeTree(environment.path("source"), { "a.txt": "newer" });
  assertRun(await environment.run("move", "--ignore-existing", "source", "jotta:t"), {});
  const kept = Object.keys(await readFiles(environment.path("source")));
  ok(kept.includes("a.txt"), "what was not moved is gone");
  assertRun(await environment.run("move", "source", "jotta:t"), {});
  deepEqual(await readFiles(environment.path("source")), {});
  deepEqual(pathsBelow(environment, `${ARCHIVE}/t`), PATHS);
});

Deno.test("move --dry-run changes nothing, whatever would be moved", async () => {
  await using environment = await withSource();
  const { tree } = environment.emulator;
  tree.putFile(`${ARCHIVE}/from/a.txt`, "a");
  tree.putFile(`${ARCHIVE}/there/b.txt`, "b");
  const before = await readTree(environment.path("source"));
  for (const [from, to] of [["source", "jotta:t"], ["source", "new"], ["jotta:from", "jotta:t"]] as const) {
    const result = await environment.run("move", "-n", from, to);
    assertRun(result, { stdout: "", stderr: /^Would move/m });
  }
  assertRun(await environment.run("move", "-n", "jotta:from", "jotta:there"), {
    stderr: /^Would move "a\.txt"/m,
  });
  assertRun(await environment.run("move", "-n", "jotta:from/a.txt", "new"), {
    stderr: /^Would move "a\.txt"/m,
  });
  deepEqual(await readTree(environment.path("source")), before);
  deepEqual(pathsBelow(environment, ARCHIVE), ["from/a.txt", "there/b.txt"]);
  equal(environment.emulator.stats.downloads, 0);
});

Deno.test("move: what failed stays in the source, the rest is moved", async () => {
  await using environment = await withSource();
  environment.emulator.tree.makeFolder(`${ARCHIVE}/t/a.txt`);
  const result = await environment.run("move", "source", "jotta:t");
  equal(result.status, 6, result.stderr);
  match(result.stderr, /"a\.txt"/);
  deepEqual(Object.keys(await readFiles(environment.path("source"))), ["a.txt"]);
  deepEqual(pathsBelow(environment, `${ARCHIVE}/t`), ["sub/b + #%.txt"]);
});

Deno.test("move of a single file takes it into the folder", async () => {
  await using environment = await withSource();
  assertRun(await environment.run("move", "source/a.txt", "jotta:in/here"), { stdout: "" });
  deepEqual(pathsBelow(environment, ARCHIVE), ["in/here/a.txt"]);
  assertRun(await environment.run("move", "jotta:in/here/a.txt", "jotta:"), { stdout: "" });
  deepEqual(pathsBelow(environment, ARCHIVE), ["a.txt"]);
  assertRun(await environment.run("move", "jotta:a.txt", "down"), { stdout: "" });
  deepEqual(pathsBelow(environment, ARCHIVE), []);
  equal(await Deno.readTextFile(environment.path("down/a.txt")), "a");
  assertRun(await environment.run("move", "down/a.txt", "."), { stdout: "" });
  equal(await Deno.readTextFile(environment.path("a.txt")), "a");
  const { uploads, downloads } = environment.emulator.stats;
  deepEqual([uploads, downloads], [1, 1]);
  assertFailure(await environment.run("move", "--min-size", "1k", "a.txt", "jotta:"), {
    status: 2,
    error: 'Cannot use filters for "a.txt": it is a single file',
    hint: "Name the folder that holds it",
  });
});

Deno.test("move goes from one account to another", async () => {
  await using environment = await withSource();
  await using other = await Environment.signedIn();
  await environment.writeConfig(environment.remoteSection("jotta") + other.remoteSection("other"));
  const place = `other,endpoint="${other.emulator.endpoint}":`;
  const { tree } = environment.emulator;
  for (const path of ["f/a.txt", "f/b.txt", "one.txt"]) tree.putFile(`${ARCHIVE}/${path}`, path);
  assertRun(await environment.run("move", "--delete-empty-src-dirs", "jotta:f", `${place}f`), {});
  assertRun(await environment.run("moveto", "jotta:one.txt", `${place}two.txt`), {});
  deepEqual(pathsBelow(other, ARCHIVE), ["f/a.txt", "f/b.txt", "two.txt"]);
  equal(new TextDecoder().decode(other.emulator.tree.getFile(`${ARCHIVE}/f/b.txt`)?.bytes()), "f/b.txt");
  deepEqual(pathsBelow(environment, ARCHIVE), []);
  ok(tree.exists(`${ARCHIVE}/f`), "rclone keeps the folder too");
  ok(tree.isTrashed(`${ARCHIVE}/f/a.txt`), "what was moved away is not in the trash");
});

Deno.test("move --delete-empty-src-dirs leaves the directory that one stands in", async () => {
  await using environment = await withSource();
  const cwd = environment.path("source");
  assertRun(await environment.runWith({ cwd }, "move", "--delete-empty-src-dirs", ".", "jotta:t"), {});
  deepEqual(await readTree(cwd), {});
});

Deno.test("move onto itself does nothing: directly, through a link, through another remote of the account", async () => {
  await using environment = await withSource();
  const section = environment.remoteSection("jotta") + environment.remoteSection("twin");
  await environment.writeConfig(section);
  const { tree } = environment.emulator;
  tree.putFile(`${ARCHIVE}/f/a.txt`, "a");
  const nothing = { stdout: "", stderr: "Nothing to do: 1 file is already the same\n" };
  for (const target of ["jotta:f", "twin:F"]) {
    assertRun(await environment.run("move", "jotta:f/a.txt", target), nothing);
  }
  for (const target of ["jotta:f", "twin:f"]) {
    assertFailure(await environment.run("move", "jotta:f", target), {
      status: 2,
      error: `Cannot move "jotta:f" to "${target}": they are the same`,
    });
  }
  assertFailure(await environment.run("move", "jotta:f", "twin:"), {
    status: 2,
    error: 'Cannot move "jotta:f" to "twin:": the source is inside the target',
  });
  deepEqual(pathsBelow(environment, ARCHIVE), ["f/a.txt"]);
  assertRun(await environment.run("move", "source/a.txt", "source"), nothing);
  if (Deno.build.os === "windows") return;
  await Deno.symlink("source", environment.path("link"));
  assertRun(await environment.run("move", "source/a.txt", "link"), nothing);
  assertRun(await environment.run("moveto", "link/a.txt", "source/a.txt"), nothing);
  assertFailure(await environment.run("move", "link", "source"), {
    status: 2,
    error: 'Cannot move "link" to "source": they are the same',
  });
  equal(await Deno.readTextFile(environment.path("source/a.txt")), "a");
});

Deno.test({
  name: "move of a link to a directory moves what is in the directory",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using environment = await withSource();
  await Deno.symlink("source", environment.path("link"));
  assertRun(await environment.run("move", "link", "new"), { stdout: "" });
  deepEqual(Object.keys(await readFiles(environment.path("new"))), PATHS);
  deepEqual(await readFiles(environment.path("source")), {});
});
