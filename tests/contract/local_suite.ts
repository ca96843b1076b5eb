/** What a local tree promises on every disk: run for the real one and for the one in memory. */
import assert from "node:assert/strict";
import type { FileSystem } from "../../lib/edges.ts";
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  JottashError,
  LocalError,
} from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { DiskTree } from "../../lib/local/disk_tree.ts";
import { type LocalRules, PLAIN_LOCAL_RULES } from "../../lib/local/local_rules.ts";
import { createLocalNames } from "../../lib/names/local_name.ts";
import type { Entry, FileEntry } from "../../lib/tree/tree.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

/** One disk with an empty directory to work in. */
export interface LocalDisk {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  link(target: string, path: string): Promise<void>;
}

/** A tree on that directory, and the disk below it. */
export class LocalWorld {
  readonly disk: LocalDisk;
  readonly tree: DiskTree;

  constructor(disk: LocalDisk, rules: Partial<LocalRules> = {}) {
    this.disk = disk;
    this.tree = this.treeAt(disk.directory, rules);
  }

  treeAt(root: string, rules: Partial<LocalRules> = {}): DiskTree {
    return new DiskTree(
      { fileSystem: this.disk.fileSystem, random: new SeededRandom(), platform: { os: "linux" } },
      { root, label: "here", names: createLocalNames("linux"), rules: { ...PLAIN_LOCAL_RULES, ...rules } },
    );
  }

  path(name: string): string {
    return `${this.disk.directory}/${name}`;
  }

  /** Writes a file past the tree. */
  async put(name: string, content: string | Uint8Array, modifiedAtMs = 1_600_000_000_000): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const mode = { write: true, create: true, truncate: true };
    using file = await this.disk.fileSystem.open(this.path(name), mode);
    await file.write(bytes);
    await file.setTimes(modifiedAtMs);
  }

  async file(name: string): Promise<FileEntry> {
    const entry = await this.tree.stat(name);
    assert.ok(entry?.kind === "file");
    return entry;
  }

  async text(name: string): Promise<string> {
    return await this.disk.fileSystem.readText(this.path(name));
  }

  async names(directory = ""): Promise<string[]> {
    const items = await this.disk.fileSystem.readDirectory(this.path(directory).replace(/\/$/, ""));
    return items.map((item) => item.name).sort();
  }
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const byPath = (a: Entry, b: Entry) => a.path < b.path ? -1 : 1;
const SOME_TIMES = [-157_766_400_500, 0, 1_600_000_000_123, 2_208_988_800_456];

export function testLocalTree(
  name: string,
  withDisk: (work: (disk: LocalDisk) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, work: (world: LocalWorld) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withDisk((disk) => work(new LocalWorld(disk))));

  test("list() gives each file and directory under its standard name", async (world) => {
    await world.put("a.txt", "hello", 1_600_000_000_123);
    await world.put("half：full", "");
    await world.disk.fileSystem.makeDirectory(world.path("sub/deeper"));
    const entries = (await world.tree.list("")).sort(byPath);
    assert.deepEqual(entries.map(({ kind, path }) => [kind, path]), [
      ["file", "a.txt"],
      ["file", createLocalNames("linux").toStandard("half：full")],
      ["directory", "sub"],
    ]);
    const [file] = entries;
    assert.ok(file?.kind === "file");
    assert.equal(file.size, 5);
    assert.equal(file.modifiedAtMs, 1_600_000_000_123);
    assert.equal(file.md5, undefined);
    assert.deepEqual((await world.tree.list("sub")).map(({ path }) => path), ["sub/deeper"]);
  });

  test("list() shows symbolic links as special and does not follow them", async (world) => {
    await world.disk.fileSystem.makeDirectory(world.path("sub"));
    await world.disk.link("sub", world.path("to-directory"));
    await world.disk.link("nowhere", world.path("dangling"));
    const special = (await world.tree.list("")).filter((entry) => entry.kind === "special").sort(byPath);
    assert.deepEqual(special, [
      { kind: "special", path: "dangling", reason: "it is a symbolic link" },
      { kind: "special", path: "to-directory", reason: "it is a symbolic link" },
    ]);
  });

  test("list() tells a missing directory from a file and does not offer unfinished downloads", async (world) => {
    await world.put("a.txt", "");
    await assert.rejects(world.tree.list("missing"), DirectoryNotFoundError);
    await assert.rejects(world.tree.list("a.txt"), ConflictError);
    await using _pending = await world.tree.beginWrite("b.txt", 1);
    const entries = (await world.tree.list("")).sort(byPath);
    assert.deepEqual(entries.map(({ kind }) => kind), ["special", "file"]);
  });

  test("stat() knows files, directories, and what is not there", async (world) => {
    await world.put("a.txt", "hello");
    assert.equal((await world.tree.stat(""))?.kind, "directory");
    assert.equal((await world.file("a.txt")).size, 5);
    assert.equal(await world.tree.stat("b.txt"), undefined);
    assert.equal(await world.tree.stat("a.txt/below"), undefined);
    assert.equal(await world.tree.stat("no/such"), undefined);
  });

  test("open() streams the content from any offset", async (world) => {
    const content = new Uint8Array(2_500_000).map((_, index) => index % 251);
    await world.put("big", content);
    await world.put("empty", "");
    for (const offset of [0, 1, 1_048_576, 2_499_999, 2_500_000]) {
      const stream = await world.tree.open(await world.file("big"), { offset });
      const read = new Uint8Array(await new Response(stream).arrayBuffer());
      assert.equal(md5OfBytes(read), md5OfBytes(content.subarray(offset)));
    }
    assert.equal(await new Response(await world.tree.open(await world.file("empty"))).text(), "");
  });

  test("open() fails for what is not there or is not what it was", async (world) => {
    await world.put("a.txt", "hello");
    const entry = await world.file("a.txt");
    await assert.rejects(world.tree.open({ ...entry, path: "b.txt" }), FileNotFoundError);
    for (const stale of [{ ...entry, size: 4 }, { ...entry, modifiedAtMs: 1 }]) {
      await assert.rejects(world.tree.open(stale), isSourceChanged);
    }
  });

  test("open() fails the stream when the file shrinks or changes under it", async (world) => {
    const content = new Uint8Array(5_000_000);
    for (const change of ["shrink", "rewrite"]) {
      await world.put("a", content);
      const stream = await world.tree.open(await world.file("a"));
      const reader = stream.getReader();
      await reader.read();
      await world.put("a", change === "shrink" ? "short" : content, 1_700_000_000_000);
      await assert.rejects(async () => {
        while (!(await reader.read()).done);
      }, isSourceChanged);
    }
  });

  test("open() ends with the reason of the signal", async (world) => {
    await world.put("a", new Uint8Array(5_000_000));
    const controller = new AbortController();
    const reason = new Error("stop");
    const stream = await world.tree.open(await world.file("a"), { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort(reason);
    await assert.rejects(async () => {
      while (!(await reader.read()).done);
    }, reason);
    const file = await world.file("a");
    await assert.rejects(world.tree.open(file, { signal: controller.signal }), reason);
    await (await world.tree.open(file)).cancel();
  });

  test("md5() reads the whole content and counts it", async (world) => {
    const content = new Uint8Array(3_000_000).map((_, index) => index % 7);
    await world.put("big", content);
    await world.put("empty", "");
    let bytes = 0;
    const md5 = await world.tree.md5(await world.file("big"), { onBytes: (count) => bytes += count });
    assert.equal(md5, md5OfBytes(content));
    assert.equal(bytes, content.length);
    assert.equal(await world.tree.md5(await world.file("empty")), "d41d8cd98f00b204e9800998ecf8427e");
  });

  test("md5() fails for a file that is not what it was, and when stopped", async (world) => {
    await world.put("a", new Uint8Array(3_000_000));
    const entry = await world.file("a");
    await assert.rejects(world.tree.md5({ ...entry, modifiedAtMs: 1 }), isSourceChanged);
    await assert.rejects(world.tree.md5({ ...entry, path: "b" }), FileNotFoundError);
    const reason = new Error("stop");
    const controller = new AbortController();
    const hashing = world.tree.md5(entry, {
      signal: controller.signal,
      onBytes: () => controller.abort(reason),
    });
    await assert.rejects(hashing, reason);
  });

  test("makeDirectory() makes the parents too and is fine with what exists", async (world) => {
    await world.tree.makeDirectory("a/b/c");
    await world.tree.makeDirectory("a/b/c");
    assert.equal((await world.tree.stat("a/b/c"))?.kind, "directory");
    await world.put("file", "");
    await assert.rejects(world.tree.makeDirectory("file"), ConflictError);
  });

  test("removeFile() removes files and links, and nothing else", async (world) => {
    await world.put("a.txt", "");
    await world.tree.makeDirectory("sub");
    await world.disk.link("sub", world.path("link"));
    await world.tree.removeFile("a.txt");
    await world.tree.removeFile("link");
    await assert.rejects(world.tree.removeFile("sub"), ConflictError);
    await assert.rejects(world.tree.removeFile("a.txt"), FileNotFoundError);
    assert.deepEqual(await world.names(), ["sub"]);
  });

  test("purge() removes a directory with all that is in it, and does not follow links", async (world) => {
    await world.tree.makeDirectory("keep");
    await world.put("keep/kept", "x");
    await world.tree.makeDirectory("a/b");
    await world.put("a/b/file", "x");
    await world.disk.link(world.path("keep"), world.path("a/link"));
    await world.disk.link(world.path("keep"), world.path("link"));
    await world.tree.purge("a");
    await assert.rejects(world.tree.purge("a"), DirectoryNotFoundError);
    await assert.rejects(world.tree.purge("keep/kept"), ConflictError);
    await assert.rejects(world.tree.purge("link"), ConflictError);
    assert.deepEqual(await world.names(), ["keep", "link"]);
    assert.deepEqual(await world.names("keep"), ["kept"]);
  });

  test("beginWrite() shows the file only when it is committed, with its time", async (world) => {
    for (const modifiedAtMs of SOME_TIMES) {
      await using pending = await world.tree.beginWrite("x/y/new.txt", 6);
      await pending.write(bytesOf("hel"));
      await pending.write(bytesOf("lo!"));
      assert.equal((await world.names("x/y")).length, modifiedAtMs === SOME_TIMES[0] ? 1 : 2);
      await pending.commit({ modifiedAtMs });
      assert.deepEqual(await world.names("x/y"), ["new.txt"]);
      assert.equal(await world.text("x/y/new.txt"), "hello!");
      assert.equal((await world.file("x/y/new.txt")).modifiedAtMs, modifiedAtMs);
    }
  });

  test("beginWrite() leaves the old file and nothing else when it is not committed", async (world) => {
    await world.put("a.txt", "old");
    {
      await using pending = await world.tree.beginWrite("a.txt", 3);
      await pending.write(bytesOf("new"));
    }
    assert.deepEqual(await world.names(), ["a.txt"]);
    assert.equal(await world.text("a.txt"), "old");
  });

  test("beginWrite() refuses a directory in the place of the file, early or late", async (world) => {
    await world.tree.makeDirectory("there");
    await assert.rejects(world.tree.beginWrite("there", 1), ConflictError);
    {
      await using pending = await world.tree.beginWrite("later", 1);
      await world.tree.makeDirectory("later");
      await assert.rejects(pending.commit({ modifiedAtMs: 0 }), ConflictError);
    }
    assert.deepEqual(await world.names(), ["later", "there"]);
  });

  test("about() tells the space of the disk", async (world) => {
    const { totalBytes = 0, usedBytes, freeBytes = 0 } = await world.tree.about();
    assert.ok(usedBytes >= 0 && freeBytes > 0 && usedBytes + freeBytes <= totalBytes);
  });

  test("removeDirectory() removes an empty directory only, and no link to one", async (world) => {
    await world.tree.makeDirectory("full/empty");
    await world.disk.link("full", world.path("link"));
    await world.put("file", "x");
    await assert.rejects(world.tree.removeDirectory("full"), ConflictError);
    await assert.rejects(world.tree.removeDirectory("link"), ConflictError);
    await assert.rejects(world.tree.removeDirectory("file"), ConflictError);
    await assert.rejects(world.tree.removeDirectory("none"), DirectoryNotFoundError);
    await world.tree.removeDirectory("full/empty");
    await world.tree.removeDirectory("full");
    assert.deepEqual(await world.names(), ["file", "link"]);
  });

  test("setTimes() changes the time only", async (world) => {
    await world.put("a.txt", "hello");
    for (const modifiedAtMs of SOME_TIMES) {
      await world.tree.setTimes("a.txt", modifiedAtMs);
      assert.equal((await world.file("a.txt")).modifiedAtMs, modifiedAtMs);
    }
    await assert.rejects(world.tree.setTimes("b.txt", 0), FileNotFoundError);
  });

  test("no path of a service leads out of the root", async (world) => {
    for (const path of ["..", "../x", "a/../../x", ".", "a//b", "/etc"]) {
      const outcome = await world.tree.beginWrite(path, 0).then(
        async (pending) => {
          await pending.commit({ modifiedAtMs: 0 });
          return "written";
        },
        (error: unknown) => error,
      );
      if (outcome !== "written") assert.ok(outcome instanceof JottashError, `${path}: ${outcome}`);
    }
    const above = world.disk.directory.replace(/\/[^/]*$/, "");
    const outside = await world.disk.fileSystem.readDirectory(above);
    assert.ok(!outside.some((item) => item.name === "x"));
  });
}

export function isSourceChanged(error: unknown): boolean {
  return error instanceof LocalError && error.code === "source-changed" && error.retry === "now" &&
    error.message.endsWith("it changed while it was read");
}
