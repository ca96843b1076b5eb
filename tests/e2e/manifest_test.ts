/** --manifest of copy, sync and move, and verify --manifest: what was copied can be proven without the other side. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree } from "./local_tree.ts";

const FILES = { "a.txt": "aaaa", "b/c d.txt": "cc", "empty": "" };
/** As this program calls what has a line end in its name on the disk. */
const ODD = 'odd␊name\\"é.txt';

interface Line {
  readonly path?: string;
  readonly size?: number;
  readonly md5?: string;
  readonly modified?: string;
  readonly files?: number;
  readonly isWhole?: boolean;
}

async function readLines(path: string): Promise<Line[]> {
  const text = await Deno.readTextFile(path);
  return text.trimEnd().split("\n").filter((line) => line.startsWith("#")).map((line) =>
    JSON.parse(line.slice(1))
  );
}

const pathsOf = (lines: readonly Line[]) => lines.flatMap(({ path }) => path ?? []).sort();

async function md5sumCheck(list: string, directory: string): Promise<string> {
  const child = new Deno.Command("md5sum", {
    args: ["--strict", "-c", list],
    cwd: directory,
    stderr: "piped",
  });
  const { code, stdout, stderr } = await child.output();
  equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("copy --manifest lists name, size, MD5 and time of what was sent and of what was there, for md5sum too", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("one"), { ...FILES, [ODD.replace("␊", "\n")]: "odd" });
  const manifest = environment.path("m");
  assertRun(await environment.run("copy", "--manifest", "m", "one", "jotta:one"), {});
  const first = await readLines(manifest);
  deepEqual(pathsOf(first), [...Object.keys(FILES), ODD].sort());
  const line = first.find(({ path }) => path === "a.txt");
  equal(line?.size, 4);
  equal(line?.md5, "74b87337454200d4d33f80c4663dc5e5");
  equal(line?.modified, FIXED_TIME.toISOString());
  deepEqual([first.at(-1)?.files, first.at(-1)?.isWhole], [4, true]);
  const said = await md5sumCheck(manifest, environment.path("one"));
  equal(said.split("\n").filter((each) => /: (OK|.+OK.*)$/.test(each)).length, 4, said);
  // All of it is there now: the manifest of the next run says the same of each.
  await environment.run("copy", "--manifest", "m2", "one", "jotta:one");
  const second = await readLines(environment.path("m2"));
  deepEqual(new Set(pathsOf(second)), new Set(pathsOf(first)));
  const sumsOf = (lines: readonly Line[]) =>
    lines.flatMap(({ path, md5 }) => path === undefined ? [] : [`${path} ${md5}`]);
  deepEqual(sumsOf(second).sort(), sumsOf(first).sort());
});

Deno.test("verify --manifest proves a place without the other side, here and on the service", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await makeTree(environment.path("one"), { ...FILES, [ODD.replace("␊", "\n")]: "odd" });
  await environment.run("sync", "--manifest", "m", "one", "jotta:one");
  const before = emulator.stats.downloadedBytes;
  assertRun(await environment.run("verify", "--manifest", "m", "jotta:one"), {
    stderr: "0 differences found, 4 matching files\n",
  });
  equal(emulator.stats.downloadedBytes - before, 9);
  assertRun(await environment.run("verify", "--manifest", "m", "one"), {});
  emulator.tree.putFile("/Jotta/Archive/one/a.txt", "bbbb");
  emulator.tree.putFile("/Jotta/Archive/one/empty", "not");
  emulator.tree.remove("/Jotta/Archive/one/b/c d.txt");
  const result = await environment.run("verify", "--manifest", "m", "--combined", "-", "jotta:one");
  equal(result.status, 11);
  deepEqual(result.stdout.split("\n").filter((line) => /^[*+] /.test(line)).sort(), [
    "* a.txt",
    "* empty",
    "+ b/c d.txt",
  ]);
  assertRun(
    await environment.run("verify", "--manifest", "m", "--exclude", "{a.txt,empty,b/**}", "jotta:one"),
    {},
  );
});

Deno.test("--manifest of a download, a move on the service, a single file, a copy on this disk, and of a dry run", async () => {
  await using environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  tree.putFile("/Jotta/Archive/r/x.txt", "x", { modified: FIXED_TIME });
  tree.putFile("/Jotta/Archive/r/y/z.txt", "zz", { modified: FIXED_TIME });
  const run = async (command: string, ...words: string[]) => {
    assertRun(await environment.run(command, "--manifest", "m", ...words), {});
    return pathsOf(await readLines(environment.path("m")));
  };
  deepEqual(await run("copy", "jotta:r", "down"), ["x.txt", "y/z.txt"]);
  deepEqual(await run("copy", "jotta:r", "down"), ["x.txt", "y/z.txt"]);
  deepEqual(await run("copy", "down", "twin"), ["x.txt", "y/z.txt"]);
  assertRun(await environment.run("verify", "--manifest", "m", "twin"), {});
  deepEqual(await run("copyto", "down/x.txt", "jotta:other name.txt"), ["other name.txt"]);
  deepEqual(await run("move", "jotta:r", "jotta:moved"), ["x.txt", "y/z.txt"]);
  assertRun(await environment.run("verify", "--manifest", "m", "jotta:moved"), {});
  assertFailure(await environment.run("sync", "--manifest", "twin/m", "down", "twin"), {
    status: 2,
    error: 'Cannot write the manifest "twin/m": the sync would delete it, as it is in its target',
    hint: "Put it elsewhere",
  });
  await Deno.remove(environment.path("m"));
  await environment.run("copy", "-n", "--manifest", "m", "down", "jotta:dry");
  equal(await Deno.stat(environment.path("m")).catch(() => undefined), undefined);
});

Deno.test("the manifest of a run that failed in part says so, and verify warns of it", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("one"), FILES);
  environment.emulator.addFault({
    match: { method: "POST", path: "/files/v1/allocate" },
    times: 1,
    action: { kind: "status", status: 400, body: "json" },
  });
  const run = await environment.run("copy", "--retries", "1", "--manifest", "m", "one", "jotta:one");
  equal(run.status, 6, run.stderr);
  const lines = await readLines(environment.path("m"));
  deepEqual([lines.at(-1)?.files, lines.at(-1)?.isWhole], [2, false]);
  const verified = await environment.run("verify", "--manifest", "m", "jotta:one");
  equal(verified.status, 0);
  match(verified.stderr, /"m" is of a run that did not do all its work/);
});

Deno.test("verify refuses a manifest that is cut, changed or none, and lines that leave nothing to compare with", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("one"), FILES);
  await environment.run("copy", "--manifest", "m", "one", "jotta:one");
  const text = await Deno.readTextFile(environment.path("m"));
  const cases = {
    "it ends in the middle": text.slice(0, -40).replace(/\n[^\n]*$/, "\n"),
    "it is damaged, or was changed": text.replace("74b87337", "84b87337"),
    "it does not begin as a manifest": "74b87337454200d4d33f80c4663dc5e5  a.txt\n",
    "it is empty": "",
  };
  for (const [reason, content] of Object.entries(cases)) {
    await Deno.writeTextFile(environment.path("bad"), content);
    assertFailure(await environment.run("verify", "--manifest", "bad", "jotta:one"), {
      status: 2,
      error: `Cannot use "bad" as a manifest: ${reason}`,
    });
  }
  for (const words of [["jotta:one"], ["--manifest", "m", "jotta:one", "one"]]) {
    equal((await environment.run("verify", ...words)).status, 2);
  }
});
