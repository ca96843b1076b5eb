/** Places on a disk that is mounted twice; all else is in `tests/contract/local_writing_suite.ts`. */
import assert from "node:assert/strict";
import type { FileInfo, FileSystem } from "../../../../lib/edges.ts";
import { DiskPlaces } from "../../../../lib/local/disk_places.ts";
import { createLocalPaths } from "../../../../lib/local/local_path.ts";
import { PLAIN_LOCAL_RULES } from "../../../../lib/local/local_rules.ts";
import { createLocalNames } from "../../../../lib/names/local_name.ts";

/** `/one` and `/two` are one directory; or nobody tells. */
function placesAt(root: string, { hasIdentities }: { readonly hasIdentities: boolean }): DiskPlaces {
  const stat = (path: string): Promise<FileInfo> => {
    const identity = hasIdentities ? `1:${path.replace(/^\/(one|two)/, "")}` : undefined;
    const unknown = { size: 0, modifiedAtMs: 0, createdAtMs: undefined, mode: undefined };
    return Promise.resolve({ kind: "directory", identity, ...unknown });
  };
  const realPath = (path: string) => Promise.resolve(path);
  return new DiskPlaces({
    fileSystem: { stat, realPath } as unknown as FileSystem,
    root,
    names: createLocalNames("linux"),
    paths: createLocalPaths("linux"),
    rules: PLAIN_LOCAL_RULES,
  });
}

Deno.test("realOf() is the same in a directory that is mounted twice, and differs by path where nobody tells", async () => {
  for (const hasIdentities of [true, false]) {
    const [one, two] = [placesAt("/one", { hasIdentities }), placesAt("/two", { hasIdentities })];
    for (const path of ["file", "d/file"]) {
      assert.equal(await one.realOf(path) === await two.realOf(path), hasIdentities);
      assert.equal(await one.realOf(path), await one.realOf(path));
    }
    assert.notEqual(await one.realOf("file"), await two.realOf("other"));
    assert.notEqual(await one.realOf("file"), await two.realOf("d/file"));
  }
});
