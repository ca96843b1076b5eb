/** The real disk: the suite, and what only a real disk does. */
import assert from "node:assert/strict";
import { ConflictError, JottashError, LocalError } from "../../lib/errors.ts";
import { createDenoFileSystem } from "../../lib/sys/deno_file_system.ts";
import { testLocalLinks } from "./local_links_suite.ts";
import { testLocalResume } from "./local_resume_suite.ts";
import { type LocalDisk, LocalWorld, testLocalTree } from "./local_suite.ts";
import { testLocalVerbs } from "./local_verbs_suite.ts";
import { testLocalWriting } from "./local_writing_suite.ts";

const IS_WINDOWS = Deno.build.os === "windows";
const IS_LINUX = Deno.build.os === "linux";

async function withDisk(work: (disk: LocalDisk) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "jottash-test-" });
  try {
    await work({
      fileSystem: createDenoFileSystem(),
      // Not the temporary directory itself: what is beside it is looked at.
      directory: `${directory}/root`,
      link: (target, path) => Deno.symlink(target, path),
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function withWorld(work: (world: LocalWorld) => Promise<void>): Promise<void> {
  await withDisk(async (disk) => {
    await disk.fileSystem.makeDirectory(disk.directory);
    await work(new LocalWorld(disk));
  });
}

/** What cannot be done with Deno's own calls: names as bytes, pipes. */
async function shell(script: string, directory: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd: directory }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

for (const suite of [testLocalTree, testLocalVerbs, testLocalLinks, testLocalWriting, testLocalResume]) {
  suite("disk", (work) =>
    withDisk(async (disk) => {
      await disk.fileSystem.makeDirectory(disk.directory);
      await work(disk);
    }));
}

Deno.test("list() reports names that are not valid UTF-8 (disk)", { ignore: !IS_LINUX }, async () => {
  await withWorld(async (world) => {
    const script = `: > "$(printf 'caf\\351.txt')"; : > "$(printf 'two\\377')"; : > "$(printf 'two\\376')"
      : > "$(printf 'real\\357\\277\\275')"; : > plain`;
    await shell(script, world.disk.directory);
    const entries = await world.tree.list("");
    const unreadable = entries.flatMap((entry) => entry.kind === "unreadable" ? [entry] : []);
    assert.deepEqual(unreadable.map(({ path }) => path).sort(), ["caf\ufffd.txt", "two\ufffd", "two\ufffd"]);
    for (const { error } of unreadable) {
      assert.ok(error instanceof LocalError);
      assert.match(error.message, /^Cannot read ".*\ufffd.*": its name is not valid UTF-8$/);
      assert.ok(error.hint);
    }
    const files = entries.flatMap((entry) => entry.kind === "file" ? [entry.path] : []).sort();
    assert.deepEqual(files, ["plain", "real\ufffd"]);
  });
});

Deno.test("list() names no file where a damaged name hides behind a whole one (disk)", {
  ignore: !IS_LINUX,
}, async () => {
  await withWorld(async (world) => {
    await shell(`: > "$(printf 'x\\377')"; : > "$(printf 'x\\357\\277\\275')"`, world.disk.directory);
    assert.deepEqual((await world.tree.list("")).map(({ kind }) => kind), ["unreadable", "unreadable"]);
  });
});

Deno.test(
  "list() shows pipes as special and stat() refuses them (disk)",
  { ignore: IS_WINDOWS },
  async () => {
    await withWorld(async (world) => {
      await shell("mkfifo pipe", world.disk.directory);
      assert.deepEqual(await world.tree.list(""), [
        { kind: "special", path: "pipe", reason: "it is a device, a pipe or a socket" },
      ]);
      await assert.rejects(world.tree.stat("pipe"), ConflictError);
    });
  },
);

Deno.test("list() gives every one of thousands of names (disk)", async () => {
  await withWorld(async (world) => {
    for (let i = 0; i < 1201; i++) Deno.writeTextFileSync(world.path(`file ${i}`), "");
    const paths = (await world.tree.list("")).map(({ path }) => path);
    assert.equal(new Set(paths).size, 1201);
  });
});

Deno.test("list() knows what it may not look at (disk)", {
  ignore: IS_WINDOWS || Deno.uid() === 0,
}, async () => {
  await withWorld(async (world) => {
    await world.tree.makeDirectory("closed");
    await world.put("closed/a", "");
    await Deno.chmod(world.path("closed"), 0o400);
    try {
      assert.deepEqual((await world.tree.list("closed")).map(({ kind }) => kind), ["unreadable"]);
      await Deno.chmod(world.path("closed"), 0);
      await assert.rejects(world.tree.list("closed"), hasOsCode("EACCES", /permission denied$/));
    } finally {
      await Deno.chmod(world.path("closed"), 0o700);
    }
  });
});

Deno.test("makeDirectory() and beginWrite() call a file in the way a conflict (disk)", async () => {
  await withWorld(async (world) => {
    await world.put("file", "");
    await assert.rejects(world.tree.makeDirectory("file/sub"), ConflictError);
    await assert.rejects(world.tree.beginWrite("file/new", 1), {
      name: "ConflictError",
      message: /^Cannot write ".*\/file\/new": /,
    });
  });
});

Deno.test("beginWrite() names the file, not its temporary name, when the name is too long (disk)", async () => {
  await withWorld(async (world) => {
    const name = "x".repeat(300);
    await assert.rejects(world.tree.beginWrite(name, 1), hasOsCode("ENAMETOOLONG", /too long/));
    assert.deepEqual(await world.names(), []);
  });
});

Deno.test("a pending file names its target when the disk is full (disk)", { ignore: !IS_LINUX }, async () => {
  await withDisk(async (disk) => {
    const real = disk.fileSystem;
    await real.makeDirectory(disk.directory);
    const full: LocalDisk = {
      ...disk,
      fileSystem: {
        ...real,
        open: async (path, mode) => {
          // The place is taken on the real disk, the bytes go to a disk that is always full.
          const place = await real.open(path, mode);
          const sink = await real.open("/dev/full", { write: true, shownPath: mode.shownPath ?? path });
          const close = () => [place, sink].forEach((file) => file.close());
          return { ...place, write: sink.write, close, [Symbol.dispose]: close };
        },
      },
    };
    const world = new LocalWorld(full);
    {
      await using pending = await world.tree.beginWrite("a.txt", 3);
      await assert.rejects(pending.write(new Uint8Array(3)), (error) => {
        assert.ok(error instanceof LocalError);
        assert.equal(error.message, `Cannot write "${world.path("a.txt")}": the disk is full`);
        assert.equal(error.data.osCode, "ENOSPC");
        return true;
      });
    }
    assert.deepEqual(await world.names(), []);
  });
});

Deno.test(
  "open() and md5() do not wait for a pipe in the place of a file (disk)",
  { ignore: IS_WINDOWS },
  async () => {
    await withWorld(async (world) => {
      await world.put("a.txt", "hello");
      const entry = await world.file("a.txt");
      await Deno.remove(world.path("a.txt"));
      await shell("mkfifo a.txt", world.disk.directory);
      await assert.rejects(world.tree.open(entry), { code: "source-changed" });
      await assert.rejects(world.tree.md5(entry), { code: "source-changed" });
      await Deno.remove(world.path("a.txt"));
      await Deno.mkdir(world.path("a.txt"));
      await assert.rejects(world.tree.md5(entry), { code: "source-changed" });
    });
  },
);

Deno.test("stat(), open() and the root itself may be symbolic links (disk)", async () => {
  await withWorld(async (world) => {
    await world.put("a.txt", "hello");
    await Deno.symlink("a.txt", world.path("link"));
    const entry = await world.file("link");
    assert.equal(await new Response(await world.tree.open(entry)).text(), "hello");
    assert.equal(await world.tree.stat("nowhere"), undefined);
    await Deno.symlink(world.disk.directory, `${world.disk.directory}-link`);
    const linked = new LocalWorld({ ...world.disk, directory: `${world.disk.directory}-link` });
    assert.equal((await linked.tree.list("")).length, 2);
  });
});

Deno.test(
  "a move to another disk is refused, and nothing changed (disk)",
  { ignore: !IS_LINUX },
  async () => {
    const elsewhere = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "jottash-test-" }).catch(() =>
      undefined
    );
    if (elsewhere === undefined) return;
    try {
      await withWorld(async (world) => {
        await world.put("file", "x");
        await world.tree.makeDirectory("directory");
        const other = world.treeAt(elsewhere);
        const isOneDisk = (await Deno.stat(elsewhere)).dev === (await Deno.stat(world.disk.directory)).dev;
        if (isOneDisk) return;
        const work = { source: world.tree, from: "file", to: "a/b/file" };
        await assert.rejects(other.moveFile(work), { code: "other-disk" });
        await assert.rejects(other.moveDirectory({ ...work, from: "directory" }), { code: "other-disk" });
        assert.deepEqual(await Array.fromAsync(Deno.readDir(elsewhere)), []);
        assert.deepEqual(await world.names(), ["directory", "file"]);
      });
    } finally {
      await Deno.remove(elsewhere, { recursive: true });
    }
  },
);

Deno.test("moveFile() takes two names of one file for two files (disk)", { ignore: IS_WINDOWS }, async () => {
  await withWorld(async (world) => {
    await world.put("a", "x");
    await Deno.link(world.path("a"), world.path("A"));
    const work = { source: world.tree, from: "a", to: "A" };
    await assert.rejects(world.tree.moveFile(work), ConflictError);
    assert.deepEqual(await world.names(), ["A", "a"]);
    await world.tree.moveFile({ ...work, overwrite: true });
    assert.deepEqual(await world.names(), ["A"]);
    assert.equal(await world.text("A"), "x");
  });
});

Deno.test("a link whose target is not valid UTF-8 is unreadable (disk)", { ignore: !IS_LINUX }, async () => {
  await withDisk(async (disk) => {
    await disk.fileSystem.makeDirectory(disk.directory);
    const world = new LocalWorld(disk, { links: "translate" });
    await shell(
      `ln -s "$(printf 'caf\\351')" bad; ln -s "$(printf 'caf\\357\\277\\275')" good`,
      disk.directory,
    );
    const entries = (await world.tree.list("")).map(({ kind, path }) => [kind, path]);
    assert.deepEqual(entries.sort(), [["file", "good.rclonelink"], ["unreadable", "bad"]]);
  });
});

function hasOsCode(osCode: string, text: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof JottashError && error.data.osCode === osCode && text.test(error.message);
}
