import { deepEqual, rejects } from "node:assert/strict";
import { DirectoryNotFoundError } from "../../../../lib/errors.ts";
import { isPlainPath, treeOfPaths } from "../../../../lib/listing/sum_tree.ts";
import { walkTree } from "../../../../lib/tree/walk.ts";

Deno.test("treeOfPaths() has each path once, and each directory above it once", async () => {
  const tree = treeOfPaths(["a", "d/e/f", "d/e/g", "d/b", "a/x"]);
  const seen: string[] = [];
  for await (const { kind, path } of walkTree(tree, { checkers: 2 })) seen.push(`${kind} ${path}`);
  deepEqual(seen.sort(), [
    "directory a",
    "directory d",
    "directory d/e",
    "file a",
    "file a/x",
    "file d/b",
    "file d/e/f",
    "file d/e/g",
  ]);
  deepEqual(await treeOfPaths([]).list(""), []);
  await rejects(treeOfPaths(["a"]).list("b"), DirectoryNotFoundError);
});

Deno.test("isPlainPath() is false for what no walk comes to", () => {
  for (const path of ["a", "a/b c", "...", ".a/b."]) deepEqual(isPlainPath(path), true, path);
  for (const path of ["", "/a", "a/", "a//b", "./a", "a/../b", ".."]) {
    deepEqual(isPlainPath(path), false, path);
  }
});
