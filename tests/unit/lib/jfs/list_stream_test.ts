import assert from "node:assert/strict";
import { ProtocolError } from "../../../../lib/errors.ts";
import { readListStream } from "../../../../lib/jfs/list_stream.ts";

const START = ["Archive", "Reports"];

function folder(path: string): string {
  return `<folder><path>${path}</path></folder>`;
}

function file(path: string, name: string, more = "<size>1</size>"): string {
  return `<file><path>${path}</path><filename>${name}</filename>${more}</file>`;
}

function stats(folders: number | string, files: number | string): string {
  return `<stats><folders>${folders}</folders><files>${files}</files></stats>`;
}

function read(records: string, start: readonly string[] = START) {
  const text = `<?xml version="1.0" encoding="UTF-8"?><list>${records}</list>`;
  return readListStream(new Blob([text]).stream(), start);
}

async function linesOf(records: string, start?: readonly string[]): Promise<string[]> {
  const items = await Array.fromAsync(read(records, start));
  return items.map(({ folder, item }) => `${folder}|${item.name}${item.kind === "folder" ? "/" : ""}`);
}

Deno.test("readListStream() tells a file with all that the service says of it", async () => {
  const more = "<md5>5EB63BBBE01EEED093CB22BB8F5ACDC3</md5><size>11</size>" +
    "<modified>2024-04-02T09:00:00.000Z</modified><created>2024-04-01T08:00:00.000Z</created>";
  const [streamed] = await Array.fromAsync(
    read(file("/Archive/Reports", "a &amp; b.txt", more) + stats(1, 1)),
  );
  assert.equal(streamed?.folder, "");
  assert.ok(streamed?.item.kind === "file");
  assert.equal(streamed.item.name, "a & b.txt");
  assert.deepEqual(streamed.item.current, {
    state: "COMPLETED",
    number: undefined,
    size: 11,
    md5: "5eb63bbbe01eeed093cb22bb8f5acdc3",
    createdAtMs: Date.parse("2024-04-01T08:00:00Z"),
    modifiedAtMs: Date.parse("2024-04-02T09:00:00Z"),
    updatedAtMs: undefined,
    mimeType: undefined,
  });
});

const R = "/Archive/Reports";
const WHOLE: readonly { readonly of: string; readonly records: string; readonly lines: readonly string[] }[] =
  [
    { of: "an empty folder", records: folder(R) + stats(1, 0), lines: [] },
    {
      of: "the sample of the reference",
      records: folder(`${R}/2024`) + file(R, "a.txt") + stats(2, 1),
      lines: ["|2024/", "|a.txt"],
    },
    {
      of: "folders told by their files alone",
      records: file(R, "a") + file(`${R}/x`, "b") + stats(2, 2),
      lines: ["|a", "|x/", "x|b"],
    },
    {
      of: "files of a folder apart",
      records: file(`${R}/x`, "a") + file(R, "b") + file(`${R}/x`, "c") + stats(2, 3),
      lines: ["|x/", "x|a", "|b", "x|c"],
    },
    {
      of: "all folders first",
      records: folder(R) + folder(`${R}/x`) + file(`${R}/x`, "a") + file(R, "b") + stats(2, 2),
      lines: ["|x/", "x|a", "|b"],
    },
    {
      of: "a folder that nothing names",
      records: file(`${R}/x/y/z`, "a") + stats(1, 1),
      lines: ["|x/", "x|y/", "x/y|z/", "x/y/z|a"],
    },
    {
      of: "a folder named after what is in it",
      records: file(`${R}/x/y`, "a") + folder(`${R}/x`) + stats(2, 1),
      lines: ["|x/", "x|y/", "x/y|a"],
    },
    {
      of: "another case of the root",
      records: file("/archive/REPORTS/X", "a") + stats(1, 1),
      lines: ["|X/", "X|a"],
    },
    {
      of: "the names with spaces and line ends",
      records: file(`${R}/ x `, " a\n ") + stats(1, 1),
      lines: ["| x /", " x | a\n "],
    },
    {
      of: "elements that nobody knows",
      records: `<new><path>x</path></new>${file(R, "a", "<size>1</size><x/>")}${stats(1, 1)}`,
      lines: ["|a"],
    },
  ];

for (const { of, records, lines } of WHOLE) {
  Deno.test(`readListStream() reads ${of}`, async () => assert.deepEqual(await linesOf(records), lines));
}

Deno.test("readListStream() reads a whole mountpoint", async () => {
  assert.deepEqual(await linesOf(file("/Archive/a/b", "c") + stats(1, 1), ["Archive"]), [
    "|a/",
    "a|b/",
    "a/b|c",
  ]);
});

const BROKEN: readonly { readonly of: string; readonly records: string; readonly retry?: "never" }[] = [
  { of: "no totals", records: file(R, "a") },
  { of: "one file too few", records: file(R, "a") + stats(1, 2) },
  { of: "one file too many", records: file(R, "a") + file(R, "b") + stats(1, 1) },
  { of: "one folder too few", records: file(R, "a") + stats(2, 1) },
  // As rclone counts: what a file has named before is a second folder.
  { of: "a folder after its files", records: file(R, "a") + folder(R) + stats(1, 1) },
  { of: "totals that are none", records: file(R, "a") + stats("", "") },
  { of: "a path of another folder", records: file("/Archive/Other", "a") + stats(1, 1), retry: "never" },
  { of: "a path of another mountpoint", records: file("/Sync/Reports", "a") + stats(1, 1), retry: "never" },
  { of: "a path above the folder", records: folder("/Archive") + stats(1, 0), retry: "never" },
  { of: "a path without a beginning", records: file("Archive/Reports", "a") + stats(1, 1), retry: "never" },
  { of: "an empty name in a path", records: file(`${R}//x`, "a") + stats(1, 1), retry: "never" },
  { of: "a file without a name", records: file(R, "") + stats(1, 1), retry: "never" },
  {
    of: "a file without a path",
    records: "<file><filename>a</filename></file>" + stats(1, 1),
    retry: "never",
  },
  { of: "a size that is none", records: file(R, "a", "<size>many</size>") + stats(1, 1), retry: "never" },
];

for (const { of, records, retry = "now" } of BROKEN) {
  Deno.test(`readListStream() takes no stream with ${of} for whole`, async () => {
    const error = await Array.fromAsync(read(records)).catch((error) => error);
    assert.ok(error instanceof ProtocolError, String(error));
    assert.equal(error.retry, retry);
  });
}

Deno.test("readListStream() hands out what there is before the stream has ended, and breaks it off", async () => {
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) =>
      controller.enqueue(new TextEncoder().encode(`<list>${file(R, "a")}${file(R, "b")}<fi`)),
    cancel: () => {
      isCancelled = true;
    },
  });
  const items = readListStream(body, START);
  assert.equal((await items.next()).value?.item.name, "a");
  assert.equal((await items.next()).value?.item.name, "b");
  await items.return();
  assert.ok(isCancelled);
});
