/** What the stores promise on every disk: run for the disk in memory and for the real one. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import type { FileSystem } from "../../lib/edges.ts";
import { ConfigError, LockedError } from "../../lib/errors.ts";
import { writeFileAtomically } from "../../lib/store/atomic_file.ts";
import { ConfigStore } from "../../lib/store/config_file.ts";
import { acquireLock } from "../../lib/store/lock_file.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

/** One disk with an empty directory to work in. */
export interface StoreDisk {
  readonly fileSystem: FileSystem;
  /** The same disk as another process sees it. */
  readonly otherProcess: FileSystem;
  readonly directory: string;
  link(target: string, path: string): Promise<void>;
  readonly hasModes: boolean;
}

export function testStores(
  name: string,
  withDisk: (work: (disk: StoreDisk) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, work: (disk: StoreDisk) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withDisk(work));
  const contextOf = (fileSystem: FileSystem) => ({
    fileSystem,
    clock: new FakeClock({ autoAdvance: true }),
    random: new SeededRandom(),
  });
  const namesIn = async (disk: StoreDisk, path: string) =>
    (await disk.fileSystem.readDirectory(path)).map((item) => item.name).sort();

  test("writeFileAtomically() makes the directory and the file for the owner only", async (disk) => {
    const path = `${disk.directory}/a/b/file`;
    await writeFileAtomically(contextOf(disk.fileSystem), path, "new");
    strictEqual(await disk.fileSystem.readText(path), "new");
    deepStrictEqual(await namesIn(disk, `${disk.directory}/a/b`), ["file"]);
    if (!disk.hasModes) return;
    strictEqual(((await disk.fileSystem.stat(path)).mode ?? 0) & 0o777, 0o600);
    strictEqual(((await disk.fileSystem.stat(`${disk.directory}/a/b`)).mode ?? 0) & 0o777, 0o700);
  });

  test("writeFileAtomically() never loosens the mode of a file", async (disk) => {
    if (!disk.hasModes) return;
    const cases = [[0o644, 0o600, 0o600], [0o400, 0o600, 0o400], [0o600, 0o644, 0o600], [
      0o644,
      0o644,
      0o644,
    ]] as const;
    for (const [index, [existing, mode, wanted]] of cases.entries()) {
      const path = `${disk.directory}/file${index}`;
      await writeFileAtomically(contextOf(disk.fileSystem), path, "old");
      await disk.fileSystem.setMode(path, existing);
      await writeFileAtomically(contextOf(disk.fileSystem), path, "new", { mode });
      strictEqual(((await disk.fileSystem.stat(path)).mode ?? 0) & 0o777, wanted);
      strictEqual(await disk.fileSystem.readText(path), "new");
    }
  });

  test("writeFileAtomically() writes through a symbolic link", async (disk) => {
    const target = `${disk.directory}/dotfiles/real.conf`;
    const link = `${disk.directory}/link.conf`;
    await writeFileAtomically(contextOf(disk.fileSystem), target, "old");
    await disk.link(target, link);
    await writeFileAtomically(contextOf(disk.fileSystem), link, "new");
    strictEqual((await disk.fileSystem.lstat(link)).kind, "symlink");
    strictEqual(await disk.fileSystem.readText(target), "new");
    await disk.link(`${disk.directory}/nowhere`, `${disk.directory}/broken`);
    await rejects(
      writeFileAtomically(contextOf(disk.fileSystem), `${disk.directory}/broken`, "x"),
      /symbolic link to a file that does not exist/,
    );
  });

  test("writeFileAtomically() refuses a directory and leaves nothing behind", async (disk) => {
    await disk.fileSystem.makeDirectory(`${disk.directory}/d`);
    await rejects(writeFileAtomically(contextOf(disk.fileSystem), `${disk.directory}/d`, "x"), /not a file/);
    deepStrictEqual(await namesIn(disk, disk.directory), ["d"]);
  });

  test("acquireLock() keeps other processes and other tasks out, and names the file", async (disk) => {
    const path = `${disk.directory}/sub/c.conf`;
    const lock = await acquireLock(contextOf(disk.fileSystem), path);
    for (const fileSystem of [disk.fileSystem, disk.otherProcess]) {
      await rejects(acquireLock(contextOf(fileSystem), path, { timeoutMs: 200 }), (error: unknown) => {
        return error instanceof LockedError && error.message.includes(path) && error.data["path"] === path;
      });
    }
    lock[Symbol.dispose]();
    lock[Symbol.dispose]();
    using _other = await acquireLock(contextOf(disk.otherProcess), path, { timeoutMs: 0 });
  });

  test("acquireLock() waits for its turn", async (disk) => {
    const path = `${disk.directory}/c.conf`;
    const order: string[] = [];
    const hold = async (fileSystem: FileSystem, name: string) => {
      using _lock = await acquireLock(contextOf(fileSystem), path);
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push(`${name} out`);
    };
    await Promise.all([hold(disk.fileSystem, "a"), hold(disk.otherProcess, "b"), hold(disk.fileSystem, "c")]);
    strictEqual(order.length, 6);
    for (let index = 0; index < 6; index += 2) {
      strictEqual(order[index]?.replace(" in", " out"), order[index + 1]);
    }
  });

  test("acquireLock() stops waiting when told", async (disk) => {
    const path = `${disk.directory}/c.conf`;
    using _lock = await acquireLock(contextOf(disk.fileSystem), path);
    const clock = new FakeClock();
    const stop = new AbortController();
    const waiting = acquireLock({ ...contextOf(disk.otherProcess), clock }, path, { signal: stop.signal });
    const rejected = rejects(waiting, /stop it/);
    while (clock.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    stop.abort(new Error("stop it"));
    await rejected;
  });

  test("ConfigStore.load() takes a missing file for an empty document", async (disk) => {
    const store = new ConfigStore(contextOf(disk.fileSystem), `${disk.directory}/none/c.conf`);
    deepStrictEqual((await store.load()).sections(), []);
    deepStrictEqual(await namesIn(disk, disk.directory), []);
  });

  test("ConfigStore.update() loses no change of two processes", async (disk) => {
    const path = `${disk.directory}/c.conf`;
    await writeFileAtomically(contextOf(disk.fileSystem), path, "# mine\n[s3]\ntype = s3\n");
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const fileSystem = index % 2 === 0 ? disk.fileSystem : disk.otherProcess;
        const store = new ConfigStore(contextOf(fileSystem), path);
        return store.update((document) => document.set("jotta", `key${index}`, String(index)));
      }),
    );
    const document = await new ConfigStore(contextOf(disk.fileSystem), path).load();
    strictEqual(document.entries("jotta").length, 10);
    strictEqual(document.toString().startsWith("# mine\n[s3]\ntype = s3\n\n[jotta]\n"), true);
    deepStrictEqual(await namesIn(disk, disk.directory), ["c.conf", "c.conf.lock"]);
  });

  test("ConfigStore.update() through a link and beside it meets at one lock", async (disk) => {
    const path = `${disk.directory}/c.conf`;
    await writeFileAtomically(contextOf(disk.fileSystem), path, "[a]\n");
    await disk.link(path, `${disk.directory}/link`);
    const stores = [path, `${disk.directory}/link`].map((name) =>
      new ConfigStore(contextOf(disk.fileSystem), name)
    );
    await Promise.all(
      stores.map((store, index) => store.update((document) => document.set("a", `k${index}`, "v"))),
    );
    deepStrictEqual((await new ConfigStore(contextOf(disk.fileSystem), path).load()).entries("a").sort(), [
      ["k0", "v"],
      ["k1", "v"],
    ]);
  });

  test("ConfigStore.update() writes nothing when the change fails or changes nothing", async (disk) => {
    const path = `${disk.directory}/c.conf`;
    await writeFileAtomically(contextOf(disk.fileSystem), path, "[a]\nx = 1\n");
    const store = new ConfigStore(contextOf(disk.fileSystem), path);
    const { identity } = await disk.fileSystem.stat(path);
    await rejects(
      store.update((document) => {
        document.set("a", "x", "2");
        throw new Error("changed my mind");
      }),
      /changed my mind/,
    );
    await store.update((document) => document.set("a", "x", "1"));
    strictEqual((await disk.fileSystem.stat(path)).identity, identity);
  });

  test("ConfigStore never overwrites a file it cannot read", async (disk) => {
    const path = `${disk.directory}/c.conf`;
    const files = [
      new TextEncoder().encode("[a]\nbroken\n"),
      new TextEncoder().encode("RCLONE_ENCRYPT_V0:\nAAAA"),
      Uint8Array.of(0x5b, 0x61, 0x5d, 0x0a, 0x78, 0x3d, 0xff),
    ];
    for (const bytes of files) {
      await writeFileAtomically(contextOf(disk.fileSystem), path, bytes);
      const { identity } = await disk.fileSystem.stat(path);
      const store = new ConfigStore(contextOf(disk.fileSystem), path);
      await rejects(store.load(), ConfigError);
      await rejects(store.update((document) => document.set("a", "x", "2")), ConfigError);
      strictEqual((await disk.fileSystem.stat(path)).identity, identity);
    }
  });
}
