/** Disks that are full, forbidden or hold names that are not text. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, noise, readFiles } from "./local_tree.ts";

const IS_LINUX = Deno.build.os === "linux";

async function run(program: string, ...args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()
    .catch(() => ({ success: false }));
  return success;
}

Deno.test({
  name: "a local target where no directory can be made is told once",
  ignore: !IS_LINUX,
  fn: async () => {
    await using environment = await Environment.signedIn();
    for (let index = 0; index < 5; index++) {
      environment.emulator.tree.putFile(`/Jotta/Archive/d/${index}`, "x");
    }
    assertFailure(await environment.run("copy", "jotta:d", "/proc/jottash/x"), {
      status: 6,
      error: 'Cannot make the directory "/proc/jottash/x": the system allows none there',
      hint: "Name another directory",
    });
    equal(environment.emulator.stats.downloads, 0);
  },
});

async function canMount(): Promise<boolean> {
  const directory = await Deno.makeTempDir();
  const isMounted = await run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory);
  if (isMounted) await run("umount", directory);
  await Deno.remove(directory);
  return isMounted;
}

const mayMount = IS_LINUX && await canMount();

Deno.test({
  name: `a disk that fills up fails the files that do not fit, keeps the others${
    mayMount ? "" : " (skipped: it needs the right to mount a tmpfs)"
  }`,
  ignore: !mayMount,
  fn: async () => {
    await using environment = await Environment.signedIn();
    const disk = environment.path("disk");
    await Deno.mkdir(disk);
    ok(await run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk));
    try {
      environment.emulator.tree.putFile("/Jotta/Archive/d/big.bin", noise(2_000_000));
      environment.emulator.tree.putFile("/Jotta/Archive/d/small.txt", "small");
      const copied = await environment.run("copy", "--transfers", "1", "jotta:d", "disk");
      equal(copied.status, 6, copied.stderr);
      match(
        copied.stderr,
        /^jottash: Cannot write(?: to)? "\S*disk\/big\.bin": the disk is full\n {2}Free some space/,
      );
      match(copied.stderr, /Copied 1 file \(5 B\).*; 1 failed\n/);
      deepEqual(Object.keys(await readFiles(disk)), ["small.txt"]);

      assertFailure(await environment.run("copy", "jotta:d/big.bin", "disk"), {
        status: 6,
        error: `Cannot write "${disk}/big.bin": the disk is full`,
        hint: "Free some space and run the same command again",
      });

      const { logins } = environment.emulator.stats;
      await Deno.writeFile(`${disk}/filler`, new Uint8Array(400_000));
      await Deno.writeFile(`${disk}/filler2`, new Uint8Array(200_000)).catch(() => {});
      const created = await environment.runWith(
        { stdin: environment.emulator.loginToken },
        "config",
        "create",
        "jotta",
        "--login-token-stdin",
        "--config",
        "disk/jottash.conf",
      );
      equal(created.status, 2, created.stderr);
      match(
        created.stderr,
        /the disk is full\n {2}The config cannot be saved; name another one with --config/,
      );
      equal(environment.emulator.stats.logins, logins);
    } finally {
      await run("umount", disk);
    }
  },
});

Deno.test({
  name: `rcat says with one line that the temporary directory is full, and leaves nothing there${
    mayMount ? "" : " (skipped: it needs the right to mount a tmpfs)"
  }`,
  ignore: !mayMount,
  fn: async () => {
    await using environment = await Environment.signedIn();
    const disk = environment.path("disk");
    await Deno.mkdir(disk);
    ok(await run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk));
    try {
      const words = ["rcat", "--md5-memory-limit", "100k", "--temp-dir", disk, "jotta:big.bin"];
      const hint = "Choose another directory with --temp-dir, or more memory with --md5-memory-limit";
      assertFailure(await environment.runWith({ stdin: noise(2_000_000) }, ...words), {
        status: 6,
        error: `Cannot keep the content in "${disk}": it is full, after 512.0 KiB`,
        hint,
      });
      assertFailure(await environment.runWith({ stdin: noise(2_000_000) }, ...words, "--size", "2000000"), {
        status: 6,
        error: `Cannot keep the content in "${disk}": 1.9 MiB are needed at least, 512.0 KiB are free`,
        hint,
      });
      deepEqual(await readFiles(disk), {});
      assertRun(await environment.runWith({ stdin: noise(400_000) }, ...words), {});
      equal(environment.emulator.stats.allocations, 1);
    } finally {
      await run("umount", disk);
    }
  },
});

Deno.test({
  name: "local names that are not UTF-8 are reported one by one, and the rest is copied",
  ignore: !IS_LINUX,
  fn: async () => {
    await using environment = await Environment.signedIn();
    await makeTree(environment.path("source"), { "fine.txt": "fine", "d/also fine.txt": "too" });
    ok(
      await run(
        "bash",
        "-c",
        `cd "$0" && : > $'bad\\xff' && mkdir $'d/dir\\xfe' && : > $'d/dir\\xfe/in'`,
        environment.path("source"),
      ),
    );
    const copied = await environment.run("copy", "source", "jotta:");
    equal(copied.status, 6);
    for (const name of ["bad\ufffd", "d/dir\ufffd"]) {
      match(
        copied.stderr,
        new RegExp(`^jottash: Cannot read "\\S*/${name}": its name is not valid UTF-8$`, "m"),
      );
    }
    // Once is enough: a full account would say the same of every file.
    equal(copied.stderr.match(/^ {2}Rename it/gm)?.length, 1);
    match(copied.stderr, /^Copied 2 files .*; 2 failed\n/m);
    deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive"), ["d/also fine.txt", "fine.txt"]);
    const listed = await environment.run("ls", "source");
    equal(listed.status, 6);
    match(listed.stdout, /fine.txt/);
    match(listed.stderr, /Cannot list all of "source": 2 entries could not be read\n$/);
  },
});

const mayReadAll = Deno.build.os === "windows" || Deno.uid() === 0;

Deno.test({
  name: `a file that cannot be read is reported, and the rest is copied${
    mayReadAll ? " (skipped: this user may read every file)" : ""
  }`,
  ignore: mayReadAll,
  fn: async () => {
    await using environment = await Environment.signedIn();
    await makeTree(environment.path("source"), { "a.txt": "a", "secret.txt": "s" });
    await Deno.chmod(environment.path("source/secret.txt"), 0);
    const copied = await environment.run("copy", "source", "jotta:");
    equal(copied.status, 6);
    match(copied.stderr, /^jottash: Cannot read "\S*secret.txt": permission denied\n/m);
  },
});

Deno.test("an account that is full is told with status 7, and what fits is copied", async () => {
  await using environment = await Environment.signedIn({ quotaBytes: 100_000 });
  await makeTree(environment.path("source"), { "big.bin": noise(200_000), "small.txt": "small" });
  const copied = await environment.run("copy", "source", "jotta:");
  equal(copied.status, 7, copied.stderr);
  match(copied.stderr, /^jottash: Cannot upload "\S*big.bin": the account is full.*\n {2}Free space/m);
  match(copied.stderr, /Copied 1 file \(5 B\).*; 1 failed/);
  assertRun(await environment.run("ls", "jotta:"), { stdout: "        5 small.txt\n" });
});
