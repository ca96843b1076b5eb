/** What a local tree promises of symbolic links, by the rules of the run (--links, --copy-links, --skip-links). */
import assert from "node:assert/strict";
import { ConflictError, FileNotFoundError, JottashError } from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import type { LocalRules } from "../../lib/local/local_rules.ts";
import type { Entry, FileEntry } from "../../lib/tree/tree.ts";
import { type LocalDisk, LocalWorld } from "./local_suite.ts";

const TIME = 1_600_000_000_123;
const byPath = (a: Entry, b: Entry) => a.path < b.path ? -1 : 1;
const bytesOf = (text: string) => new TextEncoder().encode(text);

export function testLocalLinks(
  name: string,
  withDisk: (work: (disk: LocalDisk) => Promise<void>) => Promise<void>,
): void {
  const test = (
    links: LocalRules["links"],
    title: string,
    work: (world: LocalWorld) => Promise<void>,
  ) =>
    Deno.test(`${links}: ${title} (${name})`, () =>
      withDisk((disk) => work(new LocalWorld(disk, { links }))));

  test("skip", "links are left out, and nobody is to be warned", async (world) => {
    await world.disk.link("nowhere", world.path("link"));
    assert.deepEqual(await world.tree.list(""), [
      { kind: "special", path: "link", reason: "it is a symbolic link", isExpected: true },
    ]);
  });

  test("translate", "links of every kind are files that hold where they lead", async (world) => {
    const { tree, disk } = world;
    await tree.makeDirectory("sub/deep");
    await world.put("file", "hello");
    const links = {
      "to-file": "file",
      "to-directory": "sub",
      broken: "nø/where",
      loop: ".",
      "sub/deep/up": "../..",
    };
    for (const [path, target] of Object.entries(links)) {
      await disk.link(target, world.path(path));
      await disk.fileSystem.setLinkTimes(world.path(path), TIME);
    }
    const listed = [...await tree.list(""), ...await tree.list("sub/deep")].sort(byPath);
    assert.deepEqual(listed.map(({ path }) => path), [
      "broken.rclonelink",
      "file",
      "loop.rclonelink",
      "sub",
      "sub/deep/up.rclonelink",
      "to-directory.rclonelink",
      "to-file.rclonelink",
    ]);
    for (const [path, target] of Object.entries(links)) {
      const entry = await world.file(`${path}.rclonelink`);
      const found = listed.find((each) => each.path === entry.path);
      assert.deepEqual({ ...found }, { ...entry });
      assert.deepEqual([entry.size, entry.modifiedAtMs], [bytesOf(target).length, TIME]);
      assert.equal(await new Response(await tree.open(entry)).text(), target);
      assert.equal(await new Response(await tree.open(entry, { offset: 1 })).text(), target.slice(1));
      assert.equal(await tree.md5(entry), md5OfBytes(bytesOf(target)));
    }
    assert.equal((await world.file("file")).size, 5);
  });

  test("translate", "a link that is another one by now has changed", async (world) => {
    await world.disk.link("one", world.path("link"));
    const entry = await world.file("link.rclonelink");
    await world.disk.fileSystem.remove(world.path("link"));
    await assert.rejects(world.tree.open(entry), FileNotFoundError);
    await world.disk.link("another", world.path("link"));
    await assert.rejects(world.tree.open(entry), { code: "source-changed" });
    await assert.rejects(world.tree.md5(entry), { code: "source-changed" });
  });

  test("translate", "a file that is called like a link is told, never taken for one", async (world) => {
    await world.put("x.rclonelink", "plain");
    const [entry] = await world.tree.list("");
    assert.ok(entry?.kind === "unreadable");
    assert.equal(
      entry.error.message,
      `Cannot read "${world.path("x.rclonelink")}": with --links, its name stands for a symbolic link`,
    );
    await assert.rejects(world.tree.stat("x.rclonelink"), { code: "name-clash" });
    await assert.rejects(world.tree.removeFile("x.rclonelink"), FileNotFoundError);
    await world.put("x", "no link");
    await assert.rejects(world.tree.removeFile("x.rclonelink"), FileNotFoundError);
    await assert.rejects(world.tree.setTimes("x.rclonelink", 0), FileNotFoundError);
    assert.equal(await world.text("x"), "no link");
  });

  test("translate", "a directory may be called like a link, and a name may be all suffix", async (world) => {
    await world.tree.makeDirectory("d.rclonelink");
    await world.put("d.rclonelink/inside", "x");
    await world.put(".rclonelink", "y");
    assert.equal((await world.tree.stat("d.rclonelink"))?.kind, "directory");
    assert.deepEqual((await world.tree.list("d.rclonelink")).map(({ path }) => path), [
      "d.rclonelink/inside",
    ]);
    assert.equal((await world.file(".rclonelink")).size, 1);
    await world.tree.removeFile(".rclonelink");
  });

  test("translate", "a written link file becomes a link, with its time", async (world) => {
    for (const target of ["file", "/absolute/plåce", "../above", ".", "x".repeat(300)]) {
      for (const modifiedAtMs of [TIME, 0, -157_766_400_500]) {
        await write(world, "a/b/link.rclonelink", target, modifiedAtMs);
        assert.deepEqual(await world.names("a/b"), ["link"]);
        assert.equal(await world.disk.fileSystem.readLink(world.path("a/b/link")), target);
        const { modifiedAtMs: found } = await world.file("a/b/link.rclonelink");
        assert.equal(found, modifiedAtMs);
      }
    }
    await world.tree.setTimes("a/b/link.rclonelink", 5000);
    assert.equal((await world.file("a/b/link.rclonelink")).modifiedAtMs, 5000);
    await world.tree.removeFile("a/b/link.rclonelink");
    assert.deepEqual(await world.names("a/b"), []);
  });

  test("translate", "what is no link target is refused, and nothing is left", async (world) => {
    const targets = [bytesOf(""), bytesOf("a\0b"), Uint8Array.of(0xff, 0xfe), bytesOf("x".repeat(5000))];
    for (const target of targets) {
      await assert.rejects(write(world, "link.rclonelink", target, TIME), ConflictError);
    }
    assert.deepEqual(await world.names(), []);
  });

  test("translate", "a link and a file of one name do not replace each other", async (world) => {
    await world.put("file", "kept");
    await world.disk.link("nowhere", world.path("link"));
    await world.tree.makeDirectory("directory");
    await assert.rejects(write(world, "file.rclonelink", "x", TIME), ConflictError);
    await assert.rejects(write(world, "directory.rclonelink", "x", TIME), ConflictError);
    await assert.rejects(write(world, "link", "x", TIME), ConflictError);
    await using pending = await world.tree.beginWrite("both", 1);
    await assert.rejects(world.tree.beginWrite("both.rclonelink", 1), ConflictError);
    await pending.commit({ modifiedAtMs: TIME });
    assert.deepEqual(await world.names(), ["both", "directory", "file", "link"]);
    assert.equal(await world.text("file"), "kept");
  });

  test("translate", "moveFile() takes the link along under its new name", async (world) => {
    const { tree } = world;
    await world.disk.link("nowhere", world.path("link"));
    await tree.moveFile({ source: tree, from: "link.rclonelink", to: "sub/new.rclonelink" });
    assert.equal(await world.disk.fileSystem.readLink(world.path("sub/new")), "nowhere");
    assert.deepEqual(await world.names(), ["sub"]);
    const work = { source: tree, from: "sub/new.rclonelink", to: "file" };
    await assert.rejects(tree.moveFile(work), { code: "other-disk" });
    assert.deepEqual(await world.names("sub"), ["new"]);
  });

  for (const links of ["warn", "skip", "translate"] as const) {
    test(links, "nothing is written, made or removed through a link below the root", async (world) => {
      const { tree } = world;
      const outside = `${world.disk.directory}-outside`;
      await world.disk.fileSystem.makeDirectory(`${outside}/sub`);
      const elsewhere = new LocalWorld({ ...world.disk, directory: outside });
      await elsewhere.put("kept", "kept", TIME);
      // As a hostile service would have it: the link comes first, then what shall come out behind it.
      if (links === "translate") await write(world, "a.rclonelink", outside, TIME);
      else await world.disk.link(outside, world.path("a"));
      const attempts = [
        () => write(world, "a/x", "bad", TIME),
        () => write(world, "a/sub/x", "bad", TIME),
        () => write(world, "a/new/x", "bad", TIME),
        () => write(world, "a/kept", "bad", TIME),
        () => write(world, "a/link.rclonelink", "bad", TIME),
        () => tree.makeDirectory("a/made"),
        () => tree.makeDirectory("a"),
        () => tree.setTimes("a/kept", 0),
        () => tree.removeFile("a/kept"),
        () => tree.removeDirectory("a/sub"),
        () => tree.purge("a/sub"),
        () => tree.purge("a"),
      ];
      for (const [index, attempt] of attempts.entries()) {
        await assert.rejects(attempt(), ConflictError, String(index));
      }
      assert.deepEqual(await elsewhere.names(), ["kept", "sub"]);
      assert.deepEqual(await elsewhere.names("sub"), []);
      assert.equal((await elsewhere.file("kept")).modifiedAtMs, TIME);
    });
  }

  test("warn", "a link that takes the place of a directory under a write leads it nowhere", async (world) => {
    const outside = `${world.disk.directory}-outside`;
    await world.disk.fileSystem.makeDirectory(outside);
    const real = world.disk.fileSystem;
    let isArmed = true;
    // Right when the file is opened, the directory is a link.
    const fileSystem: LocalDisk["fileSystem"] = new Proxy(real, {
      get(target, key) {
        if (key === "open" && isArmed) {
          return async (...parameters: Parameters<typeof real.open>) => {
            isArmed = false;
            await real.remove(world.path("a"), { recursive: true });
            await world.disk.link(outside, world.path("a"));
            return await real.open(...parameters);
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    await world.tree.makeDirectory("a");
    const raced = new LocalWorld({ ...world.disk, fileSystem });
    await assert.rejects(raced.tree.beginWrite("a/x", 1), ConflictError);
    assert.deepEqual(await real.readDirectory(outside), []);
  });

  test("follow", "links are what they lead to", async (world) => {
    const { tree, disk } = world;
    await disk.fileSystem.makeDirectory(`${disk.directory}-outside/deep`);
    const elsewhere = new LocalWorld({ ...disk, directory: `${disk.directory}-outside` });
    await elsewhere.put("deep/file", "hello", TIME);
    await disk.link(`${disk.directory}-outside`, world.path("out"));
    await disk.link("out/deep/file", world.path("link"));
    const entries = (await tree.list("")).sort(byPath);
    assert.deepEqual(entries.map(({ kind, path }) => [kind, path]), [["file", "link"], ["directory", "out"]]);
    const [file] = entries as [FileEntry];
    assert.deepEqual([file.size, file.modifiedAtMs], [5, TIME]);
    assert.equal(await new Response(await tree.open(file)).text(), "hello");
    assert.deepEqual((await tree.list("out/deep")).map(({ path }) => path), ["out/deep/file"]);
  });

  test("follow", "broken links and circles are told one by one, never taken for missing", async (world) => {
    const { tree, disk } = world;
    await tree.makeDirectory("sub");
    await world.put("sub/file", "x");
    await disk.link("nowhere", world.path("broken"));
    await disk.link("itself", world.path("itself"));
    await disk.link("..", world.path("sub/up"));
    const [root, sub] = [await tree.list(""), await tree.list("sub")];
    const told = [...root, ...sub].sort(byPath).map((entry) =>
      entry.kind === "unreadable" ? [entry.path, entry.error.message.replace(/^.*": /, "")] : [entry.path]
    );
    const circle = `by way of symbolic links it is "${disk.directory}" once more`;
    assert.deepEqual(told.filter(([path]) => path !== "itself"), [
      ["broken", "it is a symbolic link to nothing"],
      ["sub"],
      ["sub/file"],
      ["sub/up", circle],
    ]);
    assert.equal(told.find(([path]) => path === "itself")?.length, 2);
  });

  test("follow", "a circle that leads through a directory above the root ends at the root", async (world) => {
    const { tree, disk } = world;
    await disk.link("..", world.path("above"));
    const own = disk.directory.slice(disk.directory.lastIndexOf("/") + 1);
    const entry = (await tree.list("above")).find(({ path }) => path === `above/${own}`);
    assert.ok(entry?.kind === "unreadable");
    assert.match(entry.error.message, /once more$/);
  });

  test("follow", "a file is written where its link leads, and the link stays", async (world) => {
    const { tree, disk } = world;
    await tree.makeDirectory("sub");
    await world.put("sub/real", "old");
    await disk.link("sub/real", world.path("link"));
    await disk.link("sub", world.path("directory"));
    await disk.link("nowhere", world.path("broken"));
    await write(world, "link", "new", TIME);
    assert.equal(await world.text("sub/real"), "new");
    assert.equal(await disk.fileSystem.readLink(world.path("link")), "sub/real");
    await write(world, "directory/more", "x", TIME);
    assert.deepEqual(await world.names("sub"), ["more", "real"]);
    await assert.rejects(write(world, "broken", "x", TIME), JottashError);
    await assert.rejects(write(world, "directory", "x", TIME), ConflictError);
    await assert.rejects(tree.removeDirectory("directory"), ConflictError);
    for (const path of ["link", "sub/more", "sub/real"]) await tree.removeFile(path);
    await tree.removeDirectory("directory");
    assert.deepEqual(await world.names(), ["broken", "sub"]);
  });
}

async function write(
  world: LocalWorld,
  path: string,
  content: string | Uint8Array,
  modifiedAtMs: number,
): Promise<void> {
  const bytes = typeof content === "string" ? bytesOf(content) : content;
  await using pending = await world.tree.beginWrite(path, bytes.length);
  await pending.write(bytes);
  await pending.commit({ modifiedAtMs });
}
