/**
 * Laws of listings from one stream: whatever the tree, the order of the stream and the way its bytes are cut, it tells
 * what listings of the folders tell; a stream that has lost anything is an error.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ProtocolError } from "../../lib/errors.ts";
import { readListStream } from "../../lib/jfs/list_stream.ts";
import { ListingStore } from "../../lib/remote/fast_list_store.ts";
import { joinPath, nameOf, parentOf } from "../../lib/tree/tree.ts";
import { walkTree } from "../../lib/tree/walk.ts";
import { withEmulator } from "../contract/remote_worlds.ts";

const NAME = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "c",
    "d",
    "é",
    "Ærø",
    "50%",
    "＋",
    "a b",
    " ",
    ".x",
    "‛",
    "‛‛",
    "％",
    "&'",
    "\u{1d11e}",
  ),
  fc.string({
    minLength: 1,
    maxLength: 4,
    unit: fc.constantFrom("x", "Y", "%", "％", "‛", " ", ".", ";", "#", "+"),
  }),
).filter((name) => name !== "." && name !== "..");
const PATH = fc.array(NAME, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const TREE = fc.record({
  files: fc.array(fc.record({ path: PATH, size: fc.nat({ max: 40 }) }), { maxLength: 25 }),
  folders: fc.array(PATH, { maxLength: 8 }),
});

interface Record {
  readonly folder: string;
  /** Undefined for the folder itself. */
  readonly name: string | undefined;
  readonly size: number;
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function xmlOf({ folder, name, size }: Record): string {
  const path = `<path>${escaped(`/Archive${folder === "" ? "" : `/${folder}`}`)}</path>`;
  if (name === undefined) return `<folder>${path}</folder>`;
  return `<file>${path}<filename>${escaped(name)}</filename><md5>${
    String(size % 10).repeat(32)
  }</md5><size>${size}</size><modified>2024-04-02T09:00:0${
    size % 10
  }.000Z</modified><created></created></file>`;
}

/** Records of a tree in the order of `shuffled`: no element of a folder after a file of it, each folder told somehow. */
function recordsOf(
  files: ReadonlyMap<string, number>,
  folders: ReadonlySet<string>,
  order: readonly number[],
): Record[] {
  const withFiles = new Set([...files.keys()].map(parentOf));
  const elements = [...folders].filter((folder, index) =>
    !withFiles.has(folder) || (order[index] ?? 0) % 2 === 0
  )
    .map((folder) => ({ folder, name: undefined, size: 0 }));
  const records = [
    ...elements,
    ...[...files].map(([path, size]) => ({ folder: parentOf(path), name: nameOf(path), size })),
  ];
  const shuffled = records.map((record, index) => ({ record, key: order[index % order.length] ?? 0 }))
    .sort((left, right) => left.key - right.key).map(({ record }) => record);
  const named = new Set(elements.map(({ folder }) => folder));
  const early = shuffled.filter(({ name }) => name === undefined);
  const late = shuffled.filter(({ name }) => name !== undefined);
  return late.flatMap((record) => {
    const first = named.delete(record.folder) ? early.filter(({ folder }) => folder === record.folder) : [];
    return [...first, record];
  }).concat(early.filter(({ folder }) => named.has(folder)));
}

function streamOf(text: string, cuts: readonly number[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  let from = 0;
  return ReadableStream.from(ends.map((end) => bytes.slice(from, from = end)));
}

const ORDER = fc.array(fc.nat(), { minLength: 1, maxLength: 60 });
const CUTS = fc.array(fc.nat(), { maxLength: 30 });
const PLAIN_NAME = fc.constantFrom("a", "b", "c", "d", "e é", "f&<");
const PLAIN_PATH = fc.array(PLAIN_NAME, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));

function treeOf(paths: readonly string[]): { files: Map<string, number>; folders: Set<string> } {
  const folders = new Set([""]);
  for (const path of paths) {
    for (let each = parentOf(path); each !== ""; each = parentOf(each)) folders.add(each);
  }
  const files = new Map(paths.filter((path) => !folders.has(path)).map((path, index) => [path, index]));
  return { files, folders };
}

Deno.test("a store filled from a stream in any order, cut anywhere, holds each entry once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(PLAIN_PATH, { maxLength: 30 }), ORDER, CUTS, async (paths, order, cuts) => {
      const { files, folders } = treeOf(paths);
      const records = recordsOf(files, folders, order);
      const stats = `<stats><folders>${folders.size}</folders><files>${files.size}</files></stats>`;
      const body = streamOf(`<list>${records.map(xmlOf).join("")}${stats}</list>`, cuts);
      const store = new ListingStore();
      for await (const { folder, item } of readListStream(body, ["Archive"])) store.add(folder, item);
      const found: string[] = [];
      for (const folder of folders) {
        for (const item of store.take(folder) ?? assert.fail(`no listing of "${folder}"`)) {
          const size = item.kind === "file" ? item.current?.size : "folder";
          found.push(`${joinPath(folder, item.name)} ${size}`);
          if (item.kind === "file") {
            assert.equal(item.current?.md5, String((item.current?.size ?? 0) % 10).repeat(32));
          }
        }
        assert.equal(store.take(folder), undefined, "taken twice");
      }
      const expected = [...files].map(([path, size]) => `${path} ${size}`)
        .concat([...folders].filter((path) => path !== "").map((path) => `${path} folder`));
      assert.deepEqual(found.sort(), expected.sort());
    }),
  );
});

Deno.test("a stream that has lost a record is never whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(PLAIN_PATH, { minLength: 1, maxLength: 20 }),
      ORDER,
      fc.nat(),
      async (paths, order, lost) => {
        const { files, folders } = treeOf(paths);
        const records = recordsOf(files, folders, order);
        const stats = `<stats><folders>${folders.size}</folders><files>${files.size}</files></stats>`;
        const { name, folder } = records[lost % records.length] ?? assert.fail("no records");
        const rest = records.filter((_, index) => index !== lost % records.length);
        // A folder may be named twice, by itself and by its files: its element alone is no loss.
        fc.pre(name !== undefined || !rest.some((record) => record.folder === folder));
        const body = streamOf(`<list>${rest.map(xmlOf).join("")}${stats}</list>`, []);
        await assert.rejects(Array.fromAsync(readListStream(body, ["Archive"])), ProtocolError);
      },
    ),
  );
});

Deno.test("of any tree a stream tells what listings of the folders tell, in one request or after some", async () => {
  await fc.assert(
    fc.asyncProperty(
      TREE,
      fc.integer({ min: 1, max: 5 }),
      fc.nat({ max: 4_000 }),
      async (tree, checkers, cut) => {
        await withEmulator(
          { switches: { listStreamFolders: cut % 2 === 0 ? "all" : "withoutFiles" } },
          async (world) => {
            const { emulator } = world;
            const put = (work: () => void) => {
              try {
                work();
              } catch { /* a name that the service refuses, or one that is taken by the other kind */ }
            };
            for (const path of tree.folders) put(() => emulator.tree.makeFolder(`/Jotta/Archive/${path}`));
            for (const { path, size } of tree.files) {
              put(() => emulator.tree.putFile(`/Jotta/Archive/${path}`, "x".repeat(size)));
            }
            const walk = async (mode: "auto" | "always" | undefined, by: "walkAll" | "list") => {
              const remote = mode === undefined
                ? world.remote()
                : world.remote().fastListed({ mode, checkers });
              const listable = by === "walkAll" ? remote : { list: remote.list.bind(remote) };
              const entries = await Array.fromAsync(walkTree(listable, { checkers }));
              return entries.map((entry) =>
                entry.kind === "file"
                  ? JSON.stringify({ ...entry, mimeType: undefined })
                  : entry.kind === "unreadable"
                  ? `${entry.path}: ${entry.error.message}`
                  : entry.path
              ).sort();
            };
            const expected = await walk(undefined, "list");
            for (const by of ["walkAll", "list"] as const) {
              assert.deepEqual(await walk("always", by), expected, `always ${by}`);
              assert.deepEqual(await walk("auto", by), expected, `auto ${by}`);
              const action = { kind: "truncateXml", bytes: cut } as const;
              emulator.addFault({ match: { query: "liststream" }, times: 1, action });
              assert.deepEqual(await walk("always", by), expected, `cut at ${cut}, ${by}`);
            }
          },
        );
      },
    ),
    {
      numRuns: 40,
      // Two names that read the same, of which the stream tells one before it is cut.
      examples: [[
        { files: [{ path: "‛/a", size: 0 }, { path: "a/x", size: 0 }], folders: ["x/a", "‛‛/a"] },
        1,
        788,
      ], [
        // A folder that ordinary listings have shown, but not looked into.
        { files: [], folders: ["50%", "a", ".x/a"] },
        1,
        0,
      ]],
    },
  );
});
