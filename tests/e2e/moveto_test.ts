/** moveto and link: what the service does by itself, without a byte of content on the line. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

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
    stderr: 'Would move "jotta:a.txt" to "jotta:new/name.txt"\n',
  });
  equal(tree.exists(`${TREE}/new`), false);
  assertRun(await run("-v", "jotta:a.txt", "jotta:new/name + #1.txt"), {
    stdout: "",
    stderr: 'info: moved path="jotta:a.txt"\n',
  });
  equal(contentAt(environment, "new/name + #1.txt"), "content of a.txt");
  assertRun(await run("jotta:new/name + #1.txt", "jotta:b.txt"), { stdout: "", stderr: "" });
  equal(contentAt(environment, "b.txt"), "content of a.txt");
  assertRun(await run("jotta:b.txt", "jotta:B.TXT"), { stdout: "", stderr: "" });
  assertRun(await run("jotta:B.TXT", "jotta:B.TXT"), { stdout: "", stderr: "" });
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
  assertRun(await run("jotta:from", "jotta:x/y + #"), { stdout: "", stderr: "" });
  assertRun(await run("jotta:x/y + #", "jotta:x/Y + #"), { stdout: "", stderr: "" });
  deepEqual(tree.list(`${TREE}/x`), ["Y + #"]);
  const verbose = await run("-v", "jotta:x/Y + #", "jotta:to");
  equal(verbose.status, 0, verbose.stderr);
  deepEqual(verbose.stderr.trimEnd().split("\n").sort(), [
    'info: moved path="a"',
    'info: moved path="both/c"',
    'info: moved path="hollow"',
    'info: moved path="sub"',
  ]);
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
    assertRun(await environment.run("moveto", "jotta:new", "jotta:old"), { stdout: "", stderr: "" });
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
      'To move it into the folder, name the file too: "jotta:folder/a.txt"',
    ],
    ["jotta:folder", "jotta:a.txt", 12, "a file of that name is in the way"],
    ["jotta:folder", "jotta:folder/sub/x", 2, '"jotta:folder/sub/x" lies inside of it'],
    ["jotta:folder/sub", "jotta:folder", 2, "one lies inside of the other"],
    ["jotta:", "jotta:folder", 2, "a whole mountpoint does not move", "Name a folder below it"],
    [
      "jotta:a.txt",
      "here",
      2,
      "only the places of one remote can be moved by the service",
      'Copy with "jottash copy", then delete the source with "deletefile" or "purge"',
    ],
    [
      "here",
      "jotta:a.txt",
      2,
      "only the places of one remote can be moved by the service",
      'Copy with "jottash copy", then delete the source with "deletefile" or "purge"',
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
    stderr: 'jottash: Cannot move "jotta:from/a" to "jotta:to/a": a folder of that name is in the way\n' +
      'jottash: Cannot move all of "jotta:from" to "jotta:to": 1 entry failed\n',
  });
  deepEqual(environment.emulator.tree.walkFiles(TREE), ["from/a", "to/b", "to/x"]);
});

Deno.test("moveto goes from one mountpoint of the account to another", async () => {
  await using environment = await withFiles("a.txt", "dir/b.txt");
  environment.emulator.tree.makeFolder("/Laptop/Backup");
  const backup = "jotta,device=Laptop,mountpoint=Backup:";
  assertRun(await environment.run("moveto", "jotta:a.txt", `${backup}a.txt`), { stdout: "", stderr: "" });
  assertRun(await environment.run("moveto", "jotta:dir", `${backup}dir`), { stdout: "", stderr: "" });
  deepEqual(environment.emulator.tree.walkFiles("/Laptop/Backup"), ["a.txt", "dir/b.txt"]);
  assertNothingSent(environment);
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
  match(stderr, /^Copied 3 files .*; all of them were known to the service and not sent\n$/);
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
