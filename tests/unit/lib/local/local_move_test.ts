/** Moves where the system tells no identities, as on Windows, or the same ones twice; all else is in `tests/contract/local_verbs_suite.ts`. */
import assert from "node:assert/strict";
import type { FileInfo, FileSystem } from "../../../../lib/edges.ts";
import { ConflictError, FileNotFoundError, LocalError, UsageError } from "../../../../lib/errors.ts";
import { moveLocalDirectory, moveLocalFile } from "../../../../lib/local/local_move.ts";
import { createLocalPaths } from "../../../../lib/local/local_path.ts";

const paths = createLocalPaths("windows");

/** As much of a disk of Windows as a move looks at: kinds by path, whatever the case. */
function windowsDisk(entries: Readonly<Record<string, "file" | "directory">>) {
  const renames: string[] = [];
  const made: string[] = [];
  const kinds = new Map(Object.entries(entries).map(([path, kind]) => [path.toLowerCase(), kind]));
  const look = (path: string): Promise<FileInfo> => {
    const kind = kinds.get(path.toLowerCase());
    if (kind === undefined) return Promise.reject(new FileNotFoundError(path));
    const unknown = { createdAtMs: undefined, mode: undefined, identity: undefined };
    return Promise.resolve({ kind, size: 0, modifiedAtMs: 0, ...unknown });
  };
  const fileSystem = {
    lstat: look,
    stat: look,
    makeDirectory: (path: string) => Promise.resolve(void made.push(path)),
    rename: (from: string, to: string) => Promise.resolve(void renames.push(`${from} -> ${to}`)),
  } as unknown as FileSystem;
  return { fileSystem, renames, made };
}

Deno.test("moveLocalFile() changes the case of a name where no identity is told", async () => {
  const { fileSystem, renames } = windowsDisk({ "C:\\": "directory", "C:\\readme": "file", "C:\\b": "file" });
  await moveLocalFile(fileSystem, { from: "C:\\readme", to: "C:\\README", paths });
  assert.deepEqual(renames, ["C:\\readme -> C:\\README"]);
  await assert.rejects(moveLocalFile(fileSystem, { from: "C:\\readme", to: "C:\\B", paths }), ConflictError);
});

Deno.test("moveLocalFile() makes the parents with the separators of Windows", async () => {
  const { fileSystem, renames, made } = windowsDisk({ "C:\\": "directory", "C:\\a": "file" });
  await moveLocalFile(fileSystem, { from: "C:\\a", to: "C:\\x\\y\\a", paths });
  assert.deepEqual([made, renames], [["C:\\x\\y"], ["C:\\a -> C:\\x\\y\\a"]]);
});

Deno.test("moveLocalDirectory() refuses a target inside where no identity is told", async () => {
  const disk = windowsDisk({ "C:\\": "directory", "C:\\a": "directory", "C:\\ab": "directory" });
  for (const to of ["C:\\a\\b", "C:\\A\\b\\c"]) {
    await assert.rejects(moveLocalDirectory(disk.fileSystem, { from: "C:\\a", to, paths }), UsageError);
  }
  await moveLocalDirectory(disk.fileSystem, { from: "C:\\a", to: "C:\\ab\\a", paths });
  assert.deepEqual([disk.made, disk.renames], [[], ["C:\\a -> C:\\ab\\a"]]);
});

Deno.test("moveLocalDirectory() calls a directory where another disk begins one on another disk", async () => {
  const { fileSystem } = windowsDisk({ "C:\\": "directory", "C:\\a": "directory" });
  const busy = new LocalError("busy", { data: { osCode: "EBUSY" } });
  const refusing = { ...fileSystem, rename: () => Promise.reject(busy) };
  const move = { from: "C:\\a", to: "C:\\b", paths };
  await assert.rejects(moveLocalDirectory(refusing, move), { code: "other-disk" });
});

Deno.test("moveLocalFile() never removes the only file of a directory that is mounted twice", async () => {
  const removed: string[] = [];
  const look = (path: string): Promise<FileInfo> => {
    const isFile = path.endsWith("file");
    const identity = isFile ? "1:9" : /^\/(one|two)$/.test(path) ? "1:5" : `1:${path}`;
    const kind = isFile ? "file" : "directory";
    return Promise.resolve({
      kind,
      size: 0,
      modifiedAtMs: 0,
      createdAtMs: undefined,
      mode: undefined,
      identity,
    });
  };
  const fileSystem = {
    lstat: look,
    stat: look,
    readDirectory: () => Promise.resolve([{ name: "file" }, { name: "other file" }]),
    remove: (path: string) => Promise.resolve(void removed.push(path)),
  } as unknown as FileSystem;
  const move = (to: string) =>
    moveLocalFile(fileSystem, {
      from: "/one/file",
      to,
      paths: createLocalPaths("linux"),
      overwrite: true,
    });
  await assert.rejects(move("/two/file"), ConflictError);
  assert.deepEqual(removed, []);
  for (const to of ["/two/other file", "/three/file"]) await move(to); // hard links
  assert.deepEqual(removed, ["/one/file", "/one/file"]);
});
