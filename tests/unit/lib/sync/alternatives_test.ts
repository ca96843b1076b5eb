import { deepEqual, equal, rejects } from "node:assert/strict";
import { NetworkError } from "../../../../lib/errors.ts";
import { createAlternatives } from "../../../../lib/sync/alternatives.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";
import { fileEntry } from "./file_entries.ts";

const FILE = fileEntry("a/b", { size: 3 });

function remoteWith(path: string, content: string): MemoryRemote {
  const remote = new MemoryRemote();
  remote.put(path, content);
  return remote;
}

const sameSize = (file: FileEntry, other: FileEntry) => Promise.resolve(file.size === other.size);

Deno.test("createAlternatives() finds a file in the first tree that has an equal one", async () => {
  const [other, first, second] = [
    remoteWith("a/b", "12"),
    remoteWith("a/b", "123"),
    remoteWith("a/b", "321"),
  ];
  const trees = [new MemoryRemote(), other, first, second];
  const found = await createAlternatives({ act: "copy", trees }).find(FILE, sameSize);
  equal(found?.act === "copy" && found.tree, first);
  equal(found?.act === "copy" && found.file.path, "a/b");
  equal(second.calls.length, 0);
  deepEqual(await createAlternatives({ act: "skip", trees }).find(FILE, sameSize), { act: "skip" });
});

Deno.test("createAlternatives() finds nothing in trees that have another file, a folder, or nothing there", async () => {
  const folder = new MemoryRemote();
  folder.putFolder("a/b");
  const trees = [folder, remoteWith("a/b", "other"), remoteWith("b", "123")];
  const compared: string[] = [];
  const found = await createAlternatives({ act: "skip", trees }).find(FILE, (file, other) => {
    compared.push(other.path);
    return sameSize(file, other);
  });
  equal(found, undefined);
  deepEqual(compared, ["a/b"]);
  equal(await createAlternatives({ act: "skip", trees: [] }).find(FILE, sameSize), undefined);
});

Deno.test("createAlternatives() never takes a tree that cannot be looked at for one without the file", async () => {
  const broken = remoteWith("a/b", "123");
  broken.beforeCall = () => {
    throw new NetworkError("no answer");
  };
  const find = createAlternatives({ act: "skip", trees: [broken, remoteWith("a/b", "123")] }).find;
  await rejects(find(FILE, sameSize), NetworkError);
});
