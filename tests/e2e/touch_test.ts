/** touch: times without content on the line, empty files, on remotes and local paths alike. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";

const TREE = "/Jotta/Archive";
const OLD = new Date("2020-02-03T04:05:06Z");
const FILES = { "a.txt": "a", "sub/b.txt": "bb", "sub/deep/c.txt": "ccc" };

async function withBoxes(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await makeTree(environment.path("box"), FILES);
  for (const [path, content] of Object.entries(FILES)) {
    environment.emulator.tree.putFile(`${TREE}/box/${path}`, content, { modified: OLD });
    await Deno.utime(environment.path("box", path), OLD, OLD);
  }
  return environment;
}

/** Paths and times, as `lsf` tells them. */
async function timesIn(environment: Environment, place: string): Promise<string[]> {
  const { stdout } = await environment.run("lsf", "-R", "--files-only", "--format", "tp", place);
  return stdout.trimEnd().split("\n").sort((a, b) => a.slice(20) < b.slice(20) ? -1 : 1);
}

for (const box of ["jotta:box", "box"]) {
  Deno.test(`touch sets the time of a file, of a folder's files, and with -R of all below (${box})`, async () => {
    await using environment = await withBoxes();
    const touch = (...words: string[]) => environment.run("touch", ...words);
    assertRun(await touch("-t", "2024-05-01T12:00:00", `${box}/a.txt`), { stdout: "", stderr: "" });
    assertRun(await touch("-t", "170801", `${box}/sub`), { stdout: "", stderr: "" });
    deepEqual(await timesIn(environment, box), [
      "2024-05-01 12:00:00;a.txt",
      "2017-08-01 00:00:00;sub/b.txt",
      "2020-02-03 04:05:06;sub/deep/c.txt",
    ]);
    const dry = await touch("-n", "-R", box);
    deepEqual(dry.stderr.trimEnd().split("\n").sort(), [
      'Would touch "a.txt"',
      'Would touch "sub/b.txt"',
      'Would touch "sub/deep/c.txt"',
    ]);
    const verbose = await touch("-v", "-R", "-t", "2001-02-03T04:05:06.789", box);
    deepEqual(verbose.stderr.trimEnd().split("\n").sort(), [
      'info: touched path="a.txt"',
      'info: touched path="sub/b.txt"',
      'info: touched path="sub/deep/c.txt"',
    ]);
    ok((await timesIn(environment, box)).every((line) => line.startsWith("2001-02-03 04:05:06;")));
  });

  Deno.test(`touch makes an empty file with its parents, unless told not to (${box})`, async () => {
    await using environment = await withBoxes();
    const touch = (...words: string[]) => environment.run("touch", ...words);
    assertRun(await touch("-n", `${box}/new/file`), {
      stderr: new RegExp(`(^|\\n)Would make the empty file "${box}/new/file"\\n$`),
    });
    for (const [flag, option] of [["-C", "--no-create"], ["-R", "--recursive"]] as const) {
      assertRun(await touch(flag, `${box}/new/file`), {
        stderr: `Left alone "${box}/new/file": it is not there, and ${option} makes none\n`,
      });
    }
    deepEqual((await timesIn(environment, box)).length, 3);
    const before = Math.floor(Date.now() / 1000) * 1000;
    equal((await touch(`${box}/new/file`)).status, 0);
    equal((await touch("-t", "2010-01-02T03:04:05", `${box}/new/old`)).status, 0);
    const [, made = "", old] = await timesIn(environment, box);
    equal(old, "2010-01-02 03:04:05;new/old");
    ok(Date.parse(`${made.slice(0, 19)}Z`) >= before, made);
    assertRun(await environment.run("cat", `${box}/new`), { stdout: "" });
    // Known content now: a second empty file needs no bytes.
    equal((await touch(`${box}/another`)).status, 0);
    assertFailure(await touch(`${box}/a.txt/below`), {
      status: 12,
      error: box.includes(":")
        ? `Cannot make the file "${box}/a.txt/below": "jotta:box/a.txt" is a file, not a folder`
        : `Cannot write "${
          environment.path(box)
        }/a.txt/below": it is, or lies below, something that is not a directory`,
      ...box.includes(":") ? { hint: "Choose another name" } : {},
    });
  });
}

Deno.test("touch -t is UTC, with --localtime the zone of the machine; what is no time is refused", async () => {
  await using environment = await withBoxes();
  const env = { TZ: "Europe/Oslo" };
  const run = (...words: string[]) => environment.runWith({ env }, "touch", ...words);
  equal((await run("-t", "2024-07-01T12:00:00", "jotta:box/a.txt")).status, 0);
  equal((await run("-t", "2024-07-01T12:00:00", "--localtime", "jotta:box/sub/b.txt")).status, 0);
  const { tree } = environment.emulator;
  equal(tree.getFile(`${TREE}/box/a.txt`)?.modified.toISOString(), "2024-07-01T12:00:00.000Z");
  equal(tree.getFile(`${TREE}/box/sub/b.txt`)?.modified.toISOString(), "2024-07-01T10:00:00.000Z");
  for (const wrong of ["bogus", "17.10.30", "2024-02-30", "12:00", "171330"]) {
    assertFailure(await run("-t", wrong, "jotta:box/a.txt"), {
      status: 2,
      error: `Cannot use "${wrong}" for --timestamp: it is not a time`,
      hint: "Write it as 2006-01-02T15:04:05, with or without a fraction, or as YYMMDD",
    });
  }
});

Deno.test("touch of a remote sends no content, and keeps the time of creation", async () => {
  await using environment = await withBoxes();
  equal((await environment.run("touch", "-R", "jotta:box")).status, 0);
  const { stats, tree } = environment.emulator;
  deepEqual([stats.uploads, stats.downloads, stats.allocations], [0, 0, 0]);
  const file = tree.getFile(`${TREE}/box/sub/deep/c.txt`);
  equal(file?.created.getTime(), OLD.getTime());
  equal(file?.revisions.length, 1);
});

Deno.test("touch goes on after a file that fails, and says so", async () => {
  await using environment = await withBoxes();
  environment.emulator.addFault({
    match: { path: "/b.txt", query: "cphash" },
    times: 99,
    action: { kind: "status", status: 409 },
  });
  assertRun(await environment.run("touch", "-R", "-t", "2001-01-01", "jotta:box"), {
    status: 6,
    stderr:
      'jottash: Cannot set the time of "jotta:box/sub/b.txt": something of that name is in the way (409)\n' +
      'jottash: Cannot touch all files in "jotta:box": 1 entry failed\n',
  });
  deepEqual((await timesIn(environment, "jotta:box")).map((line) => line.slice(0, 4)), [
    "2001",
    "2020",
    "2001",
  ]);
});

Deno.test("touch does not put a file in the place of a link that leads nowhere", async () => {
  await using environment = await Environment.signedIn();
  await Deno.symlink("nowhere", environment.path("link"));
  for (const words of [["-n", "link"], ["link"]]) {
    assertFailure(await environment.run("touch", ...words), {
      status: 12,
      error: 'Cannot make the file "link": a link that leads nowhere has the name',
      hint: 'Delete the link with: jottash deletefile "link"',
    });
  }
  equal(await Deno.readLink(environment.path("link")), "nowhere");
});
