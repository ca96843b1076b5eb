/** moveto and link: what the service and the disk do by themselves, without a byte of content on the line. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, readFiles } from "./local_tree.ts";

const TREE = "/Jotta/Archive";

async function withFiles(...paths: string[]): Promise<Environment> {
  const environment = await Environment.signedIn();
  for (const path of paths) environment.emulator.tree.putFile(`${TREE}/${path}`, `content of ${path}`);
  return environment;
}

function contentAt(environment: Environment, path: string): string {
  return new TextDecoder().decode(environment.emulator.tree.getFile(`${TREE}/${path}`)?.bytes());
}

function assertNothingSent({ emulator: { stats } }: Environment): void {
  deepEqual([stats.uploads, stats.downloads], [0, 0]);
}

Deno.test("moveto moves and renames a file, also over another one", async () => {
  await using environment = await withFiles("a.txt", "b.txt", "c + d #1;2%.txt");
  const { tree } = environment.emulator;
  const run = (...words: string[]) => environment.run("moveto", ...words);
  assertRun(await run("-n", "jotta:a.txt", "jotta:new/name.txt"), {
    stdout: "",
    stderr: /^Would move "a\.txt" to "name\.txt"\nWould move 1 file\n$/,
  });
  equal(tree.exists(`${TREE}/new`), false);
  assertRun(await run("-v", "jotta:a.txt", "jotta:new/name + #1.txt"), {
    stdout: "",
    stderr: /^info: moved path="name \+ #1\.txt" from="a\.txt" size=16\nMoved 1 file/,
  });
  equal(contentAt(environment, "new/name + #1.txt"), "content of a.txt");
  assertRun(await run("jotta:new/name + #1.txt", "jotta:b.txt"), { stdout: "", stderr: /^Moved 1 file/ });
  equal(contentAt(environment, "b.txt"), "content of a.txt");
  assertRun(await run("jotta:b.txt", "jotta:B.TXT"), { stdout: "", stderr: /^Moved 1 file/ });
  assertRun(await run("jotta:B.TXT", "jotta:B.TXT"), { stdout: "", stderr: /^Nothing to do/ });
  equal(tree.walkFiles(TREE).includes("B.TXT"), true);
  assertNothingSent(environment);
});

Deno.test("moveto moves a folder, into a new place, to another case, and into one that is there", async () => {
  await using environment = await withFiles(
    "from/a",
    "from/sub/b",
    "from/both/c",
    "to/a",
    "to/both/c",
    "to/both/d",
  );
  environment.emulator.tree.makeFolder(`${TREE}/from/hollow`);
  const { tree } = environment.emulator;
  const run = (...words: string[]) => environment.run("moveto", ...words);
  assertRun(await run("jotta:from", "jotta:x/y + #"), { stdout: "", stderr: /^Moved 1 folder/ });
  assertRun(await run("jotta:x/y + #", "jotta:x/Y + #"), { stdout: "", stderr: /^Moved 1 folder/ });
  deepEqual(tree.list(`${TREE}/x`), ["Y + #"]);
  const verbose = await run("-v", "jotta:x/Y + #", "jotta:to");
  equal(verbose.status, 0, verbose.stderr);
  const moved = verbose.stderr.split("\n").map((line) => /^info: moved path="?([^" ]*)/.exec(line)?.[1]);
  deepEqual(moved.filter((path) => path !== undefined).sort(), ["a", "both/c", "hollow", "sub"]);
  deepEqual(tree.walkFiles(TREE), ["to/a", "to/both/c", "to/both/d", "to/sub/b"]);
  deepEqual([contentAt(environment, "to/a"), contentAt(environment, "to/both/c")], [
    "content of from/a",
    "content of from/both/c",
  ]);
  deepEqual(tree.list(`${TREE}/to`), ["a", "both", "hollow", "sub"]);
  deepEqual(tree.list(`${TREE}/x`), []);
  assertNothingSent(environment);
});

Deno.test("moveto goes where only the trash is in the way, also where the service refuses that", async () => {
  for (const mvOntoTombstoneFails of [false, true]) {
    await using environment = await withFiles("old/a", "old/gone", "new/a", "new/b/c");
    environment.emulator.setSwitches({ mvOntoTombstoneFails });
    environment.emulator.tree.trash(`${TREE}/old`);
    assertRun(await environment.run("moveto", "jotta:new", "jotta:old"), { stdout: "", stderr: /^Moved / });
    deepEqual(environment.emulator.tree.walkFiles(TREE), ["old/a", "old/b/c"]);
    equal(contentAt(environment, "old/a"), "content of new/a");
    assertNothingSent(environment);
  }
});

Deno.test("moveto says what is in the way, what is missing and what it cannot do", async (t) => {
  await using environment = await withFiles("a.txt", "folder/b.txt", "folder/sub/c.txt");
  const cases: readonly [from: string, to: string, status: number, state: string, hint?: string][] = [
    [
      "jotta:a.txt",
      "jotta:folder",
      12,
      "a folder of that name is in the way",
      'To put it into the folder, name the file too: "jotta:folder/a.txt"',
    ],
    [
      "jotta:folder",
      "jotta:a.txt",
      12,
      "it is a file, not a folder",
      "Name the folder that is to hold the files",
    ],
    [
      "jotta:folder",
      "jotta:folder/sub/x",
      2,
      "the target is inside the source",
      'Leave it out with: --exclude "/sub/x/**"',
    ],
    ["jotta:folder/sub", "jotta:folder", 2, "the source is inside the target"],
    [
      "jotta:a.txt",
      "jotta:",
      2,
      "it is no name of a file",
      'To put it into the folder, name the file too: "jotta:a.txt"',
    ],
  ];
  for (const [from, to, status, state, hint] of cases) {
    await t.step(`${from} ${to}`, async () => {
      const result = await environment.run("moveto", from, to);
      equal(result.status, status, result.stderr);
      const [error, shown] = result.stderr.trimEnd().split("\n");
      equal(error, `jottash: Cannot move "${from}" to "${to}": ${state}`);
      equal(shown, hint === undefined ? undefined : `  ${hint}`);
    });
  }
  deepEqual(environment.emulator.tree.walkFiles(TREE), ["a.txt", "folder/b.txt", "folder/sub/c.txt"]);
  await t.step("a source that is not there", async () => {
    assertFailure(await environment.run("moveto", "jotta:none", "jotta:b"), {
      status: 3,
      error: 'Cannot find "jotta:none": there is no such file or folder',
    });
  });
  await t.step("a mountpoint that is not there", async () => {
    assertFailure(await environment.run("moveto", "jotta:a.txt", "jotta,mountpoint=Arhive:b"), {
      status: 3,
      error: 'Cannot use "jotta:": there is no mountpoint "Arhive" on a device "Jotta"',
      hint: 'Choose another with "jottash config", or with --device and --mountpoint',
    });
    equal(environment.emulator.tree.kindOf("/Jotta/Arhive"), undefined);
  });
});

Deno.test("moveto merges what it can, and what failed is where it was", async () => {
  await using environment = await withFiles("from/a", "from/b", "to/x");
  environment.emulator.tree.makeFolder(`${TREE}/to/a`);
  assertRun(await environment.run("moveto", "jotta:from", "jotta:to"), {
    status: 6,
    stderr:
      /"a".*directory of that name is in the way(.*\n)+.*Cannot move all of "jotta:from": 1 entry failed\n/,
  });
  deepEqual(environment.emulator.tree.walkFiles(TREE), ["from/a", "to/b", "to/x"]);
});

Deno.test("moveto goes from one mountpoint of the account to another", async () => {
  await using environment = await withFiles("a.txt", "dir/b.txt");
  environment.emulator.tree.makeFolder("/Laptop/Backup");
  const backup = "jotta,device=Laptop,mountpoint=Backup:";
  assertRun(await environment.run("moveto", "jotta:a.txt", `${backup}a.txt`), { stderr: /^Moved 1 file/ });
  assertRun(await environment.run("moveto", "jotta:dir", `${backup}dir`), { stderr: /^Moved 1 folder/ });
  deepEqual(environment.emulator.tree.walkFiles("/Laptop/Backup"), ["a.txt", "dir/b.txt"]);
  assertNothingSent(environment);
});

Deno.test("moveto to another case is never done file by file: each file would meet itself", async () => {
  await using environment = await withFiles("Photos/a.txt");
  await environment.writeConfig(environment.remoteSection("jotta") + environment.remoteSection("twin"));
  for (
    const [words, to] of [
      [["--include", "*.txt"], "jotta:photos"],
      [["--compare-dest", "jotta:other"], "jotta:photos"],
      [[], "twin:photos"],
      [["--include", "*.txt"], "twin:Photos"],
    ] as const
  ) {
    const { status, stderr } = await environment.run("moveto", ...words, "jotta:Photos", to);
    equal(stderr.split("\n")[0], `jottash: Cannot move "jotta:Photos" to "${to}": they are the same`);
    equal(status, 2);
  }
  assertRun(await environment.run("moveto", "jotta:Photos/a.txt", "twin:photos/A.txt"), {
    stderr: "Nothing to do: 1 file is already the same\n",
  });
  deepEqual(environment.emulator.tree.walkFiles(TREE), ["Photos/a.txt"]);
});

Deno.test("moveto takes files and folders up, down, and from place to place here", async () => {
  await using environment = await withFiles("x/a.txt");
  await makeTree(environment.path("source"), { "sub/b.txt": "b", "c.txt": "c" });
  const { tree } = environment.emulator;
  const run = (...words: string[]) => environment.run("moveto", ...words);
  assertRun(await run("source/c.txt", "jotta:x/d + #.txt"), { stdout: "", stderr: /^Moved 1 file/ });
  assertRun(await run("source", "jotta:y"), { stdout: "", stderr: /^Moved 1 file/ });
  deepEqual(tree.walkFiles(TREE), ["x/a.txt", "x/d + #.txt", "y/sub/b.txt"]);
  assertRun(await run("jotta:x/d + #.txt", "down/e.txt"), { stdout: "" });
  assertRun(await run("jotta:y", "down"), { stdout: "" });
  deepEqual(tree.walkFiles(TREE), ["x/a.txt"]);
  assertRun(await run("down/e.txt", "down/sub/f.txt"), { stdout: "" });
  assertRun(await run("down", "Down"), { stdout: "" });
  deepEqual(Object.keys(await readFiles(environment.path("Down"))), ["sub/b.txt", "sub/f.txt"]);
  equal(await Deno.readTextFile(environment.path("Down/sub/f.txt")), "c");
  const { stats } = environment.emulator;
  deepEqual([stats.uploads, stats.downloads], [2, 2]);
});

Deno.test("copy within a remote is done by the service, over an older file and onto one in the trash too", async () => {
  await using environment = await withFiles(
    "from/a.txt",
    "from/sub/b + #.txt",
    "from/c.txt",
    "to/a.txt",
    "to/c.txt",
  );
  const { tree, stats } = environment.emulator;
  tree.trash(`${TREE}/to/c.txt`);
  const { status, stderr } = await environment.run("copy", "jotta:from", "jotta:to");
  equal(status, 0, stderr);
  match(stderr, /^Copied 3 files .*; none of them needed a transfer\n$/);
  deepEqual(["a.txt", "sub/b + #.txt", "c.txt"].map((name) => contentAt(environment, `to/${name}`)), [
    "content of from/a.txt",
    "content of from/sub/b + #.txt",
    "content of from/c.txt",
  ]);
  deepEqual([stats.uploads, stats.downloads, stats.allocations], [0, 0, 0]);
  equal(tree.walkFiles(`${TREE}/from`).length, 3);
  assertRun(await environment.run("copy", "jotta:from", "jotta:to"), {
    stderr: "Nothing to do: 3 files are already the same\n",
  });
});

Deno.test("link prints an address that works until it is removed", async () => {
  await using environment = await withFiles("shared file.txt", "folder/a.txt");
  const link = await environment.run("link", "jotta:shared file.txt");
  assertRun(link, { stderr: "" });
  match(link.stdout, /^http:\S+\/opin\/io\/downloadPublic\/\w+\/[0-9a-f]{32}\n$/);
  assertRun(await environment.run("link", "jotta:shared file.txt"), { stdout: link.stdout, stderr: "" });
  equal(await (await fetch(link.stdout.trim())).text(), "content of shared file.txt");
  const folder = await environment.run("link", "jotta:folder/");
  equal((await (await fetch(folder.stdout.trim())).bytes()).length > 0, true);
  assertRun(await environment.run("link", "-n", "--unlink", "jotta:shared file.txt"), {
    stdout: "",
    stderr: 'Would remove the link to "jotta:shared file.txt"\n',
  });
  assertRun(await environment.run("link", "--unlink", "-v", "jotta:shared file.txt"), {
    stdout: "",
    stderr: 'info: removed the link path="jotta:shared file.txt"\n',
  });
  const gone = await fetch(link.stdout.trim());
  await gone.body?.cancel();
  equal(gone.status, 404);
  assertRun(await environment.run("link", "--unlink", "jotta:shared file.txt"), { stdout: "", stderr: "" });
  assertRun(await environment.run("link", "-n", "jotta:shared file.txt"), {
    stdout: "",
    stderr: 'Would make a link to "jotta:shared file.txt"\n',
  });
  equal(environment.emulator.tree.getFile(`${TREE}/shared file.txt`)?.publicUri, null);
});

Deno.test("link refuses an end, a missing file, a trashed one and a path of this machine", async () => {
  await using environment = await withFiles("a.txt", "gone.txt");
  environment.emulator.tree.trash(`${TREE}/gone.txt`);
  assertFailure(await environment.run("link", "--expire", "1d", "jotta:a.txt"), {
    status: 2,
    error: 'Cannot make a link to "jotta:a.txt" that expires: the service has no such links',
    hint: 'Leave out --expire, and remove the link later: jottash link --unlink "jotta:a.txt"',
  });
  assertRun(await environment.run("link", "--expire", "off", "jotta:a.txt"), { stderr: "" });
  for (const name of ["gone.txt", "none"]) {
    assertFailure(await environment.run("link", `jotta:${name}`), {
      status: 3,
      error: `Cannot make a link to "jotta:${name}": there is no such file or folder`,
    });
  }
  assertFailure(await environment.run("link", "-n", "jotta:none"), {
    status: 3,
    error: 'Cannot find "jotta:none": there is no such file or folder',
  });
  assertFailure(await environment.run("link", "a.txt"), {
    status: 2,
    error: 'Cannot make a link to "a.txt": it is a path of this machine, not a remote',
    hint: "Write it as NAME:path; remotes are listed by: jottash config list",
  });
});

Deno.test("a name that the service refuses is told before anything is asked for", async (t) => {
  await using environment = await withFiles("a.txt");
  const place = `jotta:x/${":".repeat(300)}`;
  for (
    const words of [
      ["moveto", "jotta:a.txt", place],
      ["moveto", place, "jotta:b.txt"],
      ["link", place],
      ["touch", place],
      ["delete", place],
      ["rmdir", place],
      ["rmdirs", place],
    ]
  ) {
    await t.step(words[0] ?? "", async () => {
      assertFailure(await environment.run(...words), {
        status: 6,
        error: `Cannot use "${place}": the service refuses the name: it is longer than 255 characters`,
        hint: "Use another name",
      });
    });
  }
  deepEqual(environment.emulator.tree.list(TREE), ["a.txt"]);
});
