/** dedupe: which files go, which stay, and what is said, on remotes and local paths alike. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";
import { DOWN, ENTER, PseudoTerminal } from "./pseudo_terminal.ts";

const TREE = "/Jotta/Archive";
const SAME = "51037a4a37730f52c8732586d3aaa316";
/** Path, content, year. */
const FILES = [
  ["b", "same", 2020],
  ["a/1", "same", 2021],
  ["c", "same", 2019],
  ["a/single", "single", 2020],
  ["x/é 1", "pair", 2018],
  ["x/é 2", "pair", 2017],
] as const;

/** The same files as `jotta:box` and as `box` below the home directory. */
async function withBoxes(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await makeTree(
    environment.path("box"),
    Object.fromEntries(FILES.map(([path, content]) => [path, content])),
  );
  for (const [path, content, year] of FILES) {
    const modified = new Date(Date.UTC(year, 0, 1));
    environment.emulator.tree.putFile(`${TREE}/box/${path}`, content, { modified });
    await Deno.utime(environment.path("box", path), modified, modified);
  }
  return environment;
}

async function namesIn(environment: Environment, place: string): Promise<string[]> {
  const { stdout, status, stderr } = await environment.run("lsf", "-R", "--files-only", place);
  equal(status, 0, stderr);
  return stdout.trimEnd().split("\n").filter((line) => line !== "").sort();
}

const LISTED = [
  `${SAME}: 3 duplicates`,
  "  1:            4 bytes, 2020-01-01 00:00:00.000000000, b",
  "  2:            4 bytes, 2019-01-01 00:00:00.000000000, c",
  "  3:            4 bytes, 2021-01-01 00:00:00.000000000, a/1",
];

for (const box of ["jotta:box", "box"]) {
  Deno.test(`dedupe --by-hash list shows what ${box} has more than once, as rclone writes it`, async () => {
    await using environment = await withBoxes();
    const { stdout, stderr, status } = await environment.run("dedupe", "--by-hash", "list", box);
    equal(status, 0, stderr);
    const lines = stdout.split("\n");
    deepEqual(lines.slice(0, 4), LISTED);
    match(lines[4] ?? "", /^[0-9a-f]{32}: 2 duplicates$/);
    deepEqual(lines.slice(5), [
      "  1:            4 bytes, 2018-01-01 00:00:00.000000000, x/é 1",
      "  2:            4 bytes, 2017-01-01 00:00:00.000000000, x/é 2",
      "",
    ]);
    equal(stderr, "2 files have copies; all are kept\n");
    equal((await namesIn(environment, box)).length, FILES.length);
  });

  for (
    const [mode, kept] of [
      ["first", ["a/single", "b", "x/é 1"]],
      ["newest", ["a/1", "a/single", "x/é 1"]],
      ["oldest", ["a/single", "c", "x/é 2"]],
      ["largest", ["a/1", "a/single", "x/é 2"]],
      ["smallest", ["a/single", "b", "x/é 1"]],
    ] as const
  ) {
    Deno.test(`dedupe --by-hash ${mode} of ${box} keeps one of each, and a second run finds nothing`, async () => {
      await using environment = await withBoxes();
      const said = "3 extra copies (12 B) of 2 files\n";
      const dry = await environment.run("dedupe", "--by-hash", "-n", mode, box);
      match(dry.stderr, /^(Would delete "[^"]+" \(4 B\)\n){3}Would delete /);
      ok(dry.stderr.endsWith(`Would delete ${said}`), dry.stderr);
      equal((await namesIn(environment, box)).length, FILES.length);
      assertRun(await environment.run("dedupe", "--by-hash", "--dedupe-mode", mode, box), {
        stdout: "",
        stderr: `Deleted ${said}`,
      });
      deepEqual(await namesIn(environment, box), kept);
      if (box.includes(":")) equal(environment.emulator.tree.list(`${TREE}/box/x`, { all: true }).length, 2);
      assertRun(await environment.run("dedupe", "--by-hash", mode, box), {
        stderr: "Nothing to do: there are no duplicates\n",
      });
    });
  }

  Deno.test(`dedupe --by-hash skip of ${box} keeps all; filters say what is looked at`, async () => {
    await using environment = await withBoxes();
    assertRun(await environment.run("dedupe", "--by-hash", "skip", box), {
      stderr: "2 files have copies; all are kept\n",
    });
    assertRun(
      await environment.run("dedupe", "--by-hash", "first", "--exclude", "a/**", "--exclude", "x/**", box),
      {
        stderr: "Deleted 1 extra copy (4 B) of 1 file\n",
      },
    );
    deepEqual(await namesIn(environment, box), ["a/1", "a/single", "b", "x/é 1", "x/é 2"]);
  });
}

Deno.test("dedupe --hard-delete destroys, and --json tells what went", async () => {
  await using environment = await withBoxes();
  const run = await environment.run("dedupe", "--by-hash", "--hard-delete", "--json", "oldest", "jotta:box");
  equal(run.status, 0, run.stderr);
  const { items, totals } = JSON.parse(run.stdout);
  deepEqual(items.map(({ action, path }: { action: string; path: string }) => `${action} ${path}`).sort(), [
    "deleted a/1",
    "deleted b",
    "deleted x/é 1",
  ]);
  equal(totals.deletedFiles, 3);
  deepEqual(environment.emulator.tree.list(`${TREE}/box`, { all: true }), ["a", "c", "x"]);
});

Deno.test("dedupe removes nothing whose other copy goes away meanwhile", async () => {
  await using environment = await withBoxes();
  const { emulator } = environment;
  // The kept one is looked at by itself after the listing: then the service has another content there.
  emulator.addFault({ match: { path: "/box/c" }, times: 9, action: { kind: "status", status: 404 } });
  const { status, stderr } = await environment.run(
    "dedupe",
    "--by-hash",
    "oldest",
    "--max-depth",
    "1",
    "jotta:box",
  );
  equal(status, 6);
  match(stderr, /Cannot delete "b": "c", which is kept, has changed meanwhile/);
  deepEqual(emulator.tree.list(`${TREE}/box`), ["a", "b", "c", "x"]);
});

Deno.test("dedupe says what it does not do", async () => {
  await using environment = await withBoxes();
  const refused = (...words: string[]) => environment.run("dedupe", ...words);
  assertFailure(await refused("oldest", "jotta:box"), {
    status: 2,
    error: "Cannot look for files of the same name: no folder can hold two of them",
    hint: "--by-hash finds files of the same content",
  });
  const hint = "Known: interactive, skip, first, newest, oldest, largest, smallest, list";
  assertFailure(await refused("--by-hash", "rename", "jotta:box"), {
    status: 2,
    error: 'Cannot use the mode "rename": it would name all copies after their MD5, in one folder',
    hint,
  });
  assertFailure(await refused("--by-hash", "best", "jotta:box"), {
    status: 2,
    error: 'Cannot use the mode "best": there is no such mode',
    hint,
  });
  assertFailure(await refused("--by-hash", "jotta:box"), {
    status: 2,
    error: "Cannot ask which files are to be kept: a terminal is needed",
    hint: "Name a mode, as in: jottash dedupe --by-hash oldest PLACE",
  });
  assertFailure(await refused("--by-hash", "list", "--json", "jotta:box"), {
    status: 2,
    error: "Cannot use --json with the mode list: both write to standard output",
  });
  assertFailure(await refused("--by-hash", "first", "--copy-links", "box"), {
    status: 2,
    error: "Cannot use --copy-links with dedupe: a file and a link to it are not two files",
  });
  assertFailure(await refused("--by-hash", "first", "jotta:box/b"), {
    status: 12,
    error: 'Cannot look for duplicates in "jotta:box/b": it is a file',
  });
  assertFailure(await refused("--by-hash"), {
    status: 2,
    error: 'Cannot run "dedupe": the argument PLACE is missing',
    hint: 'See "jottash help dedupe"',
  });
  equal((await namesIn(environment, "jotta:box")).length, FILES.length);
});

Deno.test({ name: "dedupe takes hard links for one file", ignore: Deno.build.os === "windows" }, async () => {
  await using environment = await Environment.create();
  await makeTree(environment.path("box"), { a: "same" });
  await Deno.link(environment.path("box/a"), environment.path("box/b"));
  await Deno.symlink("a", environment.path("box/link"));
  const { status, stderr } = await environment.run("dedupe", "--by-hash", "first", "box");
  equal(status, 0, stderr);
  match(stderr, /Left alone "b": it is the same file as "a"/);
  deepEqual(await namesIn(environment, "box"), ["a", "b"]);
});

Deno.test({
  name: "dedupe asks which one is to be kept, and stops asking when told",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using environment = await withBoxes();
  {
    await using terminal = await PseudoTerminal.start(environment, ["dedupe", "--by-hash", "jotta:box"]);
    await terminal.answer(/3 files have the same content \(4 B\)\. Keep which one\?/, DOWN + DOWN + ENTER);
    await terminal.answer(/2 files have the same content \(4 B\)\. Keep which one\?/, ENTER);
    await terminal.until(/Deleted 2 extra copies \(8 B\) of 2 files/);
    equal(await terminal.exitCode(), 0);
  }
  deepEqual(await namesIn(environment, "jotta:box"), ["a/single", "c", "x/é 1", "x/é 2"]);
  await using terminal = await PseudoTerminal.start(environment, ["dedupe", "--by-hash", "box"]);
  await terminal.answer(/3 files have the same content/, DOWN.repeat(4) + ENTER);
  await terminal.until(/2 files have copies; all are kept/);
  equal(await terminal.exitCode(), 0);
});
