/** The commands that look and the small ones that change, on a remote and on this machine. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise } from "./local_tree.ts";

async function withTree(): Promise<Environment> {
  const environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  tree.putFile("/Jotta/Archive/notes.txt", "hello\n", { modified: FIXED_TIME });
  tree.putFile("/Jotta/Archive/photos/2024/a.jpg", "aaaa", { modified: FIXED_TIME });
  tree.putFile("/Jotta/Archive/photos/2024/b c.jpg", "bb", { modified: FIXED_TIME });
  tree.makeFolder("/Jotta/Archive/photos/empty");
  await makeTree(environment.path("here"), {
    "notes.txt": "hello\n",
    "photos/2024/a.jpg": "aaaa",
    "photos/2024/b c.jpg": "bb",
    "photos/empty": null,
  });
  return environment;
}

const FILES = "        6 notes.txt\n        4 photos/2024/a.jpg\n        2 photos/2024/b c.jpg\n";

for (const place of ["jotta:", "here"]) {
  Deno.test(`ls, lsl, lsd and cat of ${place} show what is there, data on stdout alone`, async () => {
    await using environment = await withTree();
    const inside = (path: string) => place.endsWith(":") ? `${place}${path}` : `${place}/${path}`;
    assertRun(await environment.run("ls", place), { stdout: FILES, stderr: "" });
    assertRun(await environment.run("ls", inside("photos/2024/a.jpg")), {
      stdout: "        4 a.jpg\n",
      stderr: "",
    });
    assertRun(await environment.run("lsl", inside("photos")), {
      stdout: "        4 2024-03-05 06:07:08.000000000 2024/a.jpg\n" +
        "        2 2024-03-05 06:07:08.000000000 2024/b c.jpg\n",
      stderr: "",
    });
    const folders = (await environment.run("lsd", "-R", place)).stdout.trimEnd().split("\n");
    deepEqual(folders.map((line) => line.slice(43)), ["photos", "photos/2024", "photos/empty"]);
    for (const line of folders) match(line, /^ {10}-1 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d {8}-1 \S/);
    equal((await environment.run("lsd", place)).stdout.trimEnd().split("\n").length, 1);
    assertRun(await environment.run("cat", inside("notes.txt")), { stdout: "hello\n", stderr: "" });
    assertRun(await environment.run("cat", inside("photos")), { stdout: "aaaabb", stderr: "" });
  });

  Deno.test(`mkdir, deletefile and purge of ${place} change what they say and nothing else`, async () => {
    await using environment = await withTree();
    const inside = (path: string) => place.endsWith(":") ? `${place}${path}` : `${place}/${path}`;
    const noun = place.endsWith(":") ? "folder" : "directory";
    for (let again = 0; again < 2; again++) {
      assertRun(await environment.run("mkdir", inside("new/deep")), { stdout: "", stderr: "" });
    }
    assertRun(await environment.run("lsd", "-R", inside("new")), {});
    assertRun(await environment.run("deletefile", inside("notes.txt")), { stdout: "", stderr: "" });
    assertFailure(await environment.run("deletefile", inside("notes.txt")), {
      status: 4,
      error: `Cannot delete "${inside("notes.txt")}": there is no such file`,
    });
    assertFailure(await environment.run("deletefile", inside("photos")), {
      status: 12,
      error: `Cannot delete "${inside("photos")}": it is a ${noun}`,
      hint: `Delete it with all that is in it: jottash purge "${inside("photos")}"`,
    });
    assertFailure(await environment.run("purge", inside("photos/2024/a.jpg")), {
      status: 12,
      error: `Cannot purge "${inside("photos/2024/a.jpg")}": it is a file`,
      hint: `Delete a file with: jottash deletefile "${inside("photos/2024/a.jpg")}"`,
    });
    assertRun(await environment.run("ls", place), { stdout: FILES.replace(/.*notes.txt\n/, "") });
    assertRun(await environment.run("purge", inside("photos")), { stdout: "", stderr: "" });
    assertFailure(await environment.run("purge", inside("photos")), {
      status: 3,
      error: `Cannot purge "${inside("photos")}": there is no such ${noun}`,
    });
    assertRun(await environment.run("ls", place), { stdout: "" });
  });
}

Deno.test("what deletefile and purge delete on a remote is in the trash of the account", async () => {
  await using environment = await withTree();
  assertRun(await environment.run("deletefile", "jotta:notes.txt"), {});
  assertRun(await environment.run("purge", "jotta:photos"), {});
  const { tree } = environment.emulator;
  deepEqual(
    [tree.isTrashed("/Jotta/Archive/notes.txt"), tree.isTrashed("/Jotta/Archive/photos")],
    [true, true],
  );
});

Deno.test("purge never deletes a whole mountpoint", async () => {
  await using environment = await withTree();
  for (const place of ["jotta:", "jotta:/", "jotta:photos/.."]) {
    assertFailure(await environment.run("purge", place), {
      status: 2,
      error: `Cannot purge "${place}": it is the whole mountpoint`,
      hint: "Name a folder below it; a mountpoint is never deleted by jottash",
    });
  }
  assertRun(await environment.run("ls", "jotta:"), { stdout: FILES });
});

Deno.test("purge never deletes a whole disk, nor the directory that one is in", async () => {
  await using environment = await withTree();
  const hint = "Name a directory below it";
  // With --dry-run: should the refusal be missing, this test must not be what finds out.
  for (const place of [".", environment.home, "..", "photos/.."]) {
    assertFailure(await environment.run("purge", "-n", place), {
      status: 2,
      error: `Cannot purge "${place}": the current directory is in it`,
      hint,
    });
  }
  assertFailure(await environment.run("purge", "-n", "/"), {
    status: 2,
    error: 'Cannot purge "/": it is a whole disk',
    hint,
  });
});

Deno.test({
  name: "deletefile deletes a link that leads nowhere, and offers no purge of a whole mountpoint",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using environment = await withTree();
    await Deno.symlink("nowhere", environment.path("here", "broken"));
    assertRun(await environment.run("deletefile", "-n", "here/broken"), {
      stderr: 'Would delete "here/broken"\n',
    });
    assertRun(await environment.run("deletefile", "here/broken"), { stdout: "", stderr: "" });
    const gone = { status: 4, error: 'Cannot delete "here/broken": there is no such file' };
    assertFailure(await environment.run("deletefile", "here/broken"), gone);
    assertFailure(await environment.run("deletefile", "nosuch/broken"), {
      status: 4,
      error: 'Cannot delete "nosuch/broken": there is no such file',
    });
    assertFailure(await environment.run("deletefile", "jotta:"), {
      status: 12,
      error: 'Cannot delete "jotta:": it is a folder',
    });
  },
});

Deno.test("about shows total, used and free space, and only what is used of an unlimited account", async () => {
  await using limited = await Environment.signedIn({ quotaBytes: 5 * 2 ** 30 });
  limited.emulator.tree.putFile("/Jotta/Archive/a", noise(1536));
  assertRun(await limited.run("about", "jotta:"), {
    stdout: "Total:   5 GiB\nUsed:    1.500 KiB\nFree:    5.000 GiB\n",
    stderr: "",
  });
  await using unlimited = await Environment.signedIn();
  assertRun(await unlimited.run("about", "jotta:"), { stdout: "Used:    0 B\n", stderr: "" });
  assertRun(await limited.run("about", "--full", "jotta:"), {
    stdout: "Total:   5368709120\nUsed:    1536\nFree:    5368707584\n",
  });
  assertRun(await unlimited.run("about", "--json", "jotta:"), { stdout: '{\n\t"used": 0\n}\n' });
});

Deno.test("about of a path of this machine shows its disk", async () => {
  await using environment = await Environment.create();
  const { stdout, stderr } = await environment.run("about", "--full", ".");
  match(stdout, /^Total: {3}\d+\nUsed: {4}\d+\nFree: {4}\d+\n$/, stderr);
  assertFailure(await environment.run("about", "none"), {
    status: 3,
    error: `Cannot tell the space of "${environment.path("none")}": no such directory`,
  });
});

Deno.test("version and help need neither a config nor a network", async () => {
  await using environment = await Environment.create();
  const offline = { env: { JOTTASH_ENDPOINT: "http://nowhere.invalid", HOME: "/nonexistent" } };
  const version = await environment.runWith(offline, "version");
  match(version.stdout, /^jottash \d+\.\d+\.\d+\n- runtime: \S+ \S+\n- platform: \S+ \S+\n$/);
  equal(version.status, 0);
  for (const words of [["--version"], ["-V"], ["version", "-q"]]) {
    assertRun(await environment.runWith(offline, ...words), { stdout: version.stdout, stderr: "" });
  }
  const help = await environment.runWith(offline, "help");
  assertRun(help, { stderr: "" });
  for (const words of [[], ["--help"], ["-h"], ["-q", "--help"], ["-v"]]) {
    assertRun(await environment.runWith(offline, ...words), { stdout: help.stdout, stderr: "" });
  }
  const copy = await environment.runWith(offline, "help", "copy");
  match(copy.stdout, /^Usage: jottash copy SOURCE TARGET \[OPTION\.\.\.\]\n/);
  for (const words of [["copy", "--help"], ["--help", "copy"], ["copy", "-h", "a"], ["-h", "copy"]]) {
    assertRun(await environment.runWith(offline, ...words), { stdout: copy.stdout, stderr: "" });
  }
});

Deno.test("a reader that goes away ends a listing quietly", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.seedSynthetic({ folders: 40, filesPerFolder: 200 });
  const piped = await environment.shell('jottash ls jotta: | head -1; echo "${PIPESTATUS[0]}"');
  equal(piped.stderr, "");
  match(piped.stdout, /^ {7}\d\d folder-000001\/file-000001\.bin\n0\n$/);
});

Deno.test("a reader that goes away ends the content of a file quietly", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/big.txt", "0123456789".repeat(500_000));
  const piped = await environment.shell(
    'jottash cat jotta:big.txt | head -c 10; echo; echo "${PIPESTATUS[0]}"',
  );
  equal(piped.stderr, "");
  match(piped.stdout, /^0123456789\n/);
});

Deno.test({
  name: "a full standard output is an error of ls and cat",
  ignore: Deno.build.os !== "linux",
  fn: async (t) => {
    await using environment = await withTree();
    for (const command of ["ls", "cat"]) {
      await t.step(command, async () => {
        const { stdout, stderr } = await environment.shell(`jottash ${command} jotta: > /dev/full; echo $?`);
        equal(stdout, "6\n");
        equal(
          stderr,
          'jottash: Cannot write to "standard output": the disk is full\n' +
            "  Free some space and run the same command again\n",
        );
      });
    }
  },
});

Deno.test("cat tells with status 14 when the bytes are not those that the service announced", async () => {
  await using environment = await withTree();
  environment.emulator.addFault({
    match: { path: "/notes.txt", query: "mode=bin" },
    times: 99,
    action: { kind: "corruptBody" },
  });
  const { status, stderr } = await environment.run("cat", "jotta:notes.txt");
  equal(status, 14, stderr);
  match(
    stderr,
    /^jottash: Cannot trust the bytes of "notes.txt": they are not those that the service announced\n$/,
  );
});
