/** What `rclone lsf` lists under filters (tests/fixtures/filter/vectors.json), from the real executable on the same tree. */
import { deepEqual, equal, ok } from "node:assert/strict";
import data from "../fixtures/filter/vectors.json" with { type: "json" };
import tree from "../fixtures/filter/tree.json" with { type: "json" };
import { Environment } from "./environment.ts";

interface ListingVector {
  readonly id: string;
  readonly kind: string;
  readonly argv: readonly string[];
  /** Files that the words name, by name. */
  readonly files?: Readonly<Record<string, string>>;
  readonly listed: readonly string[];
  /** What rclone says when it refuses; ours is a usage error. */
  readonly error?: string;
}

const vectors = (data as unknown as readonly ListingVector[]).filter(({ kind }) => kind === "listing");

async function buildTree(root: string): Promise<void> {
  for (const path of tree.emptyDirs) await Deno.mkdir(`${root}/${path}`, { recursive: true });
  for (const { path, size, mtime } of tree.files) {
    const file = `${root}/${path}`;
    await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(file, new Uint8Array(size));
    await Deno.utime(file, mtime, mtime);
  }
}

Deno.test("lsf lists what rclone lists under the same filters", async (t) => {
  await using environment = await Environment.create();
  await buildTree(environment.path("tree"));
  equal(vectors.length, 29);
  for (const { id, argv, files = {}, listed, error } of vectors) {
    await t.step(`${id}: ${argv.join(" ")}`, async () => {
      for (const [name, text] of Object.entries(files)) {
        await Deno.writeTextFile(environment.path(name), text);
      }
      const words = argv.map((word) => word === "{TREE}" ? environment.path("tree") : word);
      const { status, stdout, stderr } = await environment.run(...words);
      if (error !== undefined) {
        deepEqual([status, stdout], [2, ""]);
        return ok(stderr.startsWith("jottash: Cannot "), stderr);
      }
      deepEqual([status, stderr.replace(/^jottash: warning: All --include.*\n/, "")], [0, ""]);
      deepEqual(stdout.trimEnd().split("\n").sort(), [...listed].sort());
    });
  }
});
