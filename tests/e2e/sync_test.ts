/** `sync`: what is copied, deleted and kept, and when nothing may be deleted. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, readFiles, readTree, type TreeSpec } from "./local_tree.ts";

const ARCHIVE = "/Jotta/Archive";

/** Names as they were, not as they are stored. */
function pathsBelow({ emulator }: Environment, folder: string): string[] {
  return emulator.tree.walkFiles(folder).map((path) => path.replaceAll("\uff05", "%"));
}

const SOURCE: TreeSpec = { "a.txt": "a", "sub/b + #%.txt": "b", "sub/deep/c.txt": "c" };

/** A local tree at `source`, and at `jotta:t` what an older sync may have left. */
async function withBoth(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await makeTree(environment.path("source"), SOURCE);
  for (const path of ["a.txt", "gone.txt", "old/x.txt", "sub/gone #2.txt"]) {
    environment.emulator.tree.putFile(`${ARCHIVE}/t/${path}`, `old ${path}`);
  }
  return environment;
}

function filesOf(environment: Environment, folder = "t"): string[] {
  return pathsBelow(environment, `${ARCHIVE}/${folder}`);
}

const SYNCED = ["a.txt", "sub/b + #%.txt", "sub/deep/c.txt"];
const BEFORE = ["a.txt", "gone.txt", "old/x.txt", "sub/gone #2.txt"];

for (const flags of [[], ["--delete-before"], ["--delete-during"], ["--delete-after"], ["--track-renames"]]) {
  Deno.test(`sync ${flags.join(" ")} makes a remote folder the same, and does nothing the second time`, async () => {
    await using environment = await withBoth();
    const { tree } = environment.emulator;
    const first = await environment.run("sync", ...flags, "source", "jotta:t");
    assertRun(first, { stdout: "", stderr: /[Cc]opied 3 files .*deleted 3 files/ });
    deepEqual(filesOf(environment), SYNCED);
    equal(tree.exists(`${ARCHIVE}/t/old`), false, "an empty folder is left");
    ok(tree.isTrashed(`${ARCHIVE}/t/gone.txt`), "a deleted file is not in the trash");
    const { uploads, allocations } = environment.emulator.stats;
    assertRun(await environment.run("sync", ...flags, "source", "jotta:t"), {
      stderr: "Nothing to do: 3 files are already the same\n",
    });
    deepEqual([environment.emulator.stats.uploads, environment.emulator.stats.allocations], [
      uploads,
      allocations,
    ]);
    assertRun(await environment.run("check", "source", "jotta:t"), {});
  });
}

Deno.test("sync brings a folder down, from disk to disk, and from folder to folder of an account", async () => {
  await using environment = await withBoth();
  const same = async (from: string, to: string) => {
    assertRun(await environment.run("sync", from, to), {});
    assertRun(await environment.run("check", from, to), {});
  };
  await makeTree(environment.path("here"), { "a.txt": "other", "rest/of.txt": "x", "empty": null });
  await same("jotta:t", "here");
  deepEqual(Object.keys(await readFiles(environment.path("here"))), BEFORE);
  equal("rest" in await readTree(environment.path("here")), false);
  await same("source", "here");
  deepEqual(await readFiles(environment.path("here")), await readFiles(environment.path("source")));
  await same("source", "jotta:u/new");
  const { uploads, downloads } = environment.emulator.stats;
  await same("jotta:u/new", "jotta:t");
  deepEqual(filesOf(environment), SYNCED);
  const after = environment.emulator.stats;
  deepEqual([after.uploads, after.downloads], [uploads, downloads]);
});

Deno.test("sync goes from one account to another", async () => {
  await using environment = await withBoth();
  await using other = await Environment.signedIn();
  const section = other.remoteSection("other");
  await environment.writeConfig(environment.remoteSection("jotta") + section);
  const target = `other,endpoint="${other.emulator.endpoint}":t`;
  other.emulator.tree.putFile(`${ARCHIVE}/t/gone`, "gone");
  assertRun(await environment.run("sync", "jotta:t", target), {});
  deepEqual(filesOf(other), BEFORE);
  deepEqual(filesOf(environment), BEFORE);
});

Deno.test("sync --dry-run says what would be done, and changes nothing", async () => {
  await using environment = await withBoth();
  const result = await environment.run("sync", "-n", "source", "jotta:t");
  assertRun(result, { stdout: "" });
  const lines = result.stderr.trimEnd().split("\n");
  for (const path of ["gone.txt", "old/x.txt", "sub/gone #2.txt"]) {
    ok(lines.some((line) => line.startsWith(`Would delete "${path}"`)), result.stderr);
  }
  for (const path of SYNCED) ok(lines.some((line) => line.startsWith(`Would copy "${path}"`)), result.stderr);
  deepEqual(filesOf(environment), BEFORE);
  const { uploads, allocations } = environment.emulator.stats;
  deepEqual([uploads, allocations], [0, 0]);
});

Deno.test("sync leaves alone what filters leave out, and deletes it with --delete-excluded", async () => {
  await using environment = await withBoth();
  const { tree } = environment.emulator;
  tree.putFile(`${ARCHIVE}/t/keep.log`, "log");
  tree.putFile(`${ARCHIVE}/t/logs/keep.log`, "log");
  const words = ["--exclude", "*.log", "source", "jotta:t"];
  assertRun(await environment.run("sync", ...words), {});
  deepEqual(filesOf(environment), [...SYNCED, "keep.log", "logs/keep.log"].sort());
  assertRun(await environment.run("sync", "--delete-excluded", ...words), {});
  deepEqual(filesOf(environment), SYNCED);
});

Deno.test("sync from an empty source deletes nothing unless told", async () => {
  await using environment = await withBoth();
  await makeTree(environment.path("empty"), { "only/directories": null });
  for (const flags of [[], ["--delete-before"], ["--delete-during"]]) {
    const refused = await environment.run("sync", ...flags, "empty", "jotta:t");
    equal(refused.status, 12, refused.stderr);
    match(refused.stderr, /the source holds no files/);
    match(refused.stderr, /--allow-empty-source/);
    deepEqual(filesOf(environment), BEFORE);
  }
  assertRun(await environment.run("sync", "--allow-empty-source", "empty", "jotta:t"), {});
  deepEqual(filesOf(environment), []);
});

Deno.test("sync from a source that is not there deletes nothing", async () => {
  await using environment = await withBoth();
  assertFailure(await environment.run("sync", "nosuch", "jotta:t"), {
    status: 3,
    error: 'Cannot find "nosuch": there is no such file or directory',
  });
  assertFailure(await environment.run("sync", "--allow-empty-source", "jotta:nosuch", "source"), {
    status: 3,
    error: 'Cannot find "jotta:nosuch": there is no such file or folder',
  });
  deepEqual(filesOf(environment), BEFORE);
  equal(Object.keys(await readFiles(environment.path("source"))).length, 3);
});

Deno.test("sync --max-delete and --max-delete-size delete nothing when it would be too much", async () => {
  await using environment = await withBoth();
  for (const flags of [["--max-delete", "2"], ["--max-delete", "0"], ["--max-delete-size", "10B"]]) {
    for (const when of [[], ["--delete-before"]]) {
      const refused = await environment.run("sync", ...flags, ...when, "source", "jotta:t");
      equal(refused.status, 12, refused.stderr);
      match(refused.stderr, /^jottash: Cannot delete in "jotta:t": /m);
      match(refused.stderr, new RegExp(flags[0] ?? ""));
      deepEqual(BEFORE.filter((path) => !filesOf(environment).includes(path)), []);
    }
  }
  assertRun(
    await environment.run("sync", "--max-delete", "3", "--max-delete-size", "1k", "source", "jotta:t"),
    {},
  );
  deepEqual(filesOf(environment), SYNCED);
});

Deno.test({
  name: "sync deletes nothing when an entry failed, unless told",
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using environment = await withBoth();
  await makeTree(environment.path("source"), { "sub/B + #%.TXT": "two names that meet" });
  const failed = await environment.run("sync", "source", "jotta:t");
  equal(failed.status, 6, failed.stderr);
  match(failed.stderr, /Cannot delete/);
  deepEqual(BEFORE.filter((path) => !filesOf(environment).includes(path)), []);
  equal((await environment.run("sync", "--ignore-errors", "source", "jotta:t")).status, 6);
  deepEqual(filesOf(environment), ["a.txt", "sub/deep/c.txt"]);
});

Deno.test("sync --backup-dir and --suffix keep what is replaced or deleted", async () => {
  await using environment = await withBoth();
  const { tree } = environment.emulator;
  assertRun(
    await environment.run("sync", "--backup-dir", "jotta:kept", "--suffix", ".old", "source", "jotta:t"),
    {},
  );
  deepEqual(filesOf(environment), SYNCED);
  deepEqual(filesOf(environment, "kept"), BEFORE.map((path) => `${path}.old`));
  equal(new TextDecoder().decode(tree.getFile(`${ARCHIVE}/kept/a.txt.old`)?.bytes()), "old a.txt");

  await makeTree(environment.path("source"), { "a.txt": "newer" });
  await Deno.remove(environment.path("source/sub/deep/c.txt"));
  const words = ["--suffix", "-1", "--suffix-keep-extension", "source", "jotta:t"];
  assertRun(await environment.run("sync", ...words), {});
  const beside = ["a-1.txt", "a.txt", "sub/b + #%.txt", "sub/deep/c-1.txt"];
  deepEqual(filesOf(environment), beside);
  assertRun(await environment.run("sync", ...words), {});
  deepEqual(filesOf(environment), beside);
});

Deno.test("sync --track-renames moves at the target what has only moved in the source", async () => {
  await using environment = await withBoth();
  assertRun(await environment.run("sync", "source", "jotta:t"), {});
  await Deno.mkdir(environment.path("source/moved"));
  await Deno.rename(environment.path("source/sub/deep/c.txt"), environment.path("source/moved/d.txt"));
  const { uploads, allocations } = environment.emulator.stats;
  assertRun(await environment.run("sync", "--track-renames", "source", "jotta:t"), {
    stderr: /[Rr]enamed 1 file/,
  });
  deepEqual(filesOf(environment), ["a.txt", "moved/d.txt", "sub/b + #%.txt"]);
  deepEqual([environment.emulator.stats.uploads, environment.emulator.stats.allocations], [
    uploads,
    allocations,
  ]);
});

Deno.test("sync --track-renames-strategy says what two files must have in common", async (t) => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "new/name": "aaaa", "new/other": "cccc", "rest": "rest" });
  const modified = (await Deno.stat(environment.path("source/new/name"))).mtime ?? new Date();
  const { tree } = environment.emulator;
  tree.putFile(`${ARCHIVE}/t/old/name`, "bbbb", { modified });
  tree.putFile(`${ARCHIVE}/t/old/content`, "cccc");
  const cases = {
    "": "new/other",
    "hash": "new/other",
    "hash,leaf": "",
    "modtime,leaf": "new/name",
    "leaf,size": "new/name",
  };
  for (const [strategy, expected] of Object.entries(cases)) {
    await t.step(strategy, async () => {
      const flags = strategy === "" ? [] : ["--track-renames-strategy", strategy];
      const { status, stderr } = await environment.run(
        "sync",
        "-n",
        "--track-renames",
        ...flags,
        "source",
        "jotta:t",
      );
      equal(status, 0, stderr);
      const renamed = stderr.split("\n").filter((line) => /^Would (rename|move) "/.test(line));
      equal(renamed.length, expected === "" ? 0 : 1, stderr);
      ok(renamed.every((line) => line.includes(`"${expected}"`)), stderr);
    });
  }
});

Deno.test("sync of a single file copies it into the folder, and deletes nothing", async () => {
  await using environment = await withBoth();
  assertRun(await environment.run("sync", "source/a.txt", "jotta:t"), {});
  deepEqual(filesOf(environment), BEFORE);
  equal(new TextDecoder().decode(environment.emulator.tree.getFile(`${ARCHIVE}/t/a.txt`)?.bytes()), "a");
  assertFailure(await environment.run("sync", "--exclude", "*.log", "source/a.txt", "jotta:t"), {
    status: 2,
    error: 'Cannot use filters for "a.txt": it is a single file',
    hint: "Name the folder that holds it",
  });
});

Deno.test("sync --create-empty-src-dirs keeps and makes empty folders", async () => {
  await using environment = await withBoth();
  await makeTree(environment.path("source"), { "hollow/in": null });
  environment.emulator.tree.makeFolder(`${ARCHIVE}/t/other`);
  assertRun(await environment.run("sync", "--create-empty-src-dirs", "source", "jotta:t"), {});
  deepEqual(environment.emulator.tree.list(`${ARCHIVE}/t`), ["a.txt", "hollow", "sub"]);
});

Deno.test("sync deletes for good only where that is asked for", async () => {
  await using environment = await withBoth();
  assertRun(await environment.run("sync", "--hard-delete", "source", "jotta:t"), {});
  equal(environment.emulator.tree.isTrashed(`${ARCHIVE}/t/gone.txt`), false);
  deepEqual(filesOf(environment), SYNCED);
});

Deno.test("limits end a run with their own statuses, and nothing to do is one too", async () => {
  await using environment = await withBoth();
  const run = (...words: string[]) => environment.run("sync", ...words, "source", "jotta:limited");
  equal((await run("--max-transfer", "1B", "--cutoff-mode", "soft", "--transfers", "1")).status, 8);
  equal((await run("--max-transfer", "1B", "--cutoff-mode", "CAUTIOUS")).status, 8);
  equal((await run("--max-duration", "1ms")).status, 10);
  assertRun(await run("--error-on-no-transfer"), { status: 0 });
  assertRun(await run("--error-on-no-transfer"), { status: 9 });
  assertRun(await run(), { status: 0 });
});
