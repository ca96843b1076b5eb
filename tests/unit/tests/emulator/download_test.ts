/** Downloads and recursive listings: API reference 4.7, 5.2, 5.3; section 7 rows 12, 13, 25, 29. */
import assert from "node:assert/strict";
import { RawClient } from "./raw_client.ts";
import { normalise, startSession } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("ranges: 206 with Content-Range, 416 outside, suffix and open end work", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/f.txt`, "0123456789");
  const cases: [string, number, string, string | null][] = [
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=0-9", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=5-500", 206, "56789", "bytes 5-9/10"],
    ["bytes=10-", 416, "", null],
    ["bytes=5-4", 416, "", null],
    ["rubbish", 416, "", null],
  ];
  for (const [range, status, body, contentRange] of cases) {
    const answer = await session.get(`${A}/f.txt?mode=bin`, { range });
    assert.deepEqual([answer.status, answer.headers.get("content-range")], [status, contentRange], range);
    if (status === 206) assert.equal(answer.text, body, range);
    else assert.match(answer.text, /RequestedRangeNotSatisfiedException/);
  }
  const whole = await session.get(`${A}/f.txt?mode=bin`);
  assert.deepEqual([whole.status, whole.text, whole.headers.get("content-length")], [
    200,
    "0123456789",
    "10",
  ]);
  assert.equal(whole.headers.get("content-type"), "text/plain");
});

Deno.test("older revisions by number; folders, unknown numbers and unknown modes are refused", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  for (const content of ["one", "two", "three"]) tree.putFile(`${A}/f`, content);
  assert.equal((await session.get(`${A}/f?mode=bin&revision=1`)).text, "one");
  assert.equal((await session.get(`${A}/f?mode=bin&revision=3`)).text, "three");
  assert.equal((await session.get(`${A}/f?mode=bin&revision=9`)).status, 404);
  assert.equal((await session.get(`${A}?mode=bin`)).status, 404);
  assert.equal((await session.get(`${A}/f?mode=nonsense`)).status, 400);
});

Deno.test("liststream: exact text, live completed files only, folders counted once", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  const times = { created: new Date("2024-04-01T08:00:00Z"), modified: new Date("2024-04-02T09:00:00Z") };
  tree.putFile(`${A}/Reports/a.txt`, "hello world", times);
  tree.putFile(`${A}/Reports/gone.txt`, "x");
  tree.trash(`${A}/Reports/gone.txt`);
  tree.seedIncomplete(`${A}/Reports/half`, "xx", 1);
  tree.seedCorrupt(`${A}/Reports/bad`, "xx");
  tree.makeFolder(`${A}/Reports/2024`);
  tree.makeFolder(`${A}/Reports/old`);
  tree.trash(`${A}/Reports/old`);
  const file = "<file><path>/Archive/Reports</path><filename>a.txt</filename>" +
    "<md5>5eb63bbbe01eeed093cb22bb8f5acdc3</md5><size>11</size><modified>2024-04-02T09:00:00.000Z</modified>" +
    "<created>2024-04-01T08:00:00.000Z</created></file>";
  const folder = (path: string) => `<folder><path>${path}</path></folder>`;
  const stats = "<stats><folders>2</folders><files>1</files></stats>";
  const prolog = '<?xml version="1.0" encoding="UTF-8"?><list>';
  const list = async () => (await session.get(`${A}/reports?mode=liststream`)).text;
  assert.equal(await list(), `${prolog}${file}${folder("/Archive/Reports/2024")}${stats}</list>`);
  session.emulator.setSwitches({ listStreamFolders: "all" });
  assert.equal(
    await list(),
    `${prolog}${folder("/Archive/Reports")}${file}${folder("/Archive/Reports/2024")}${stats}</list>`,
  );
  session.emulator.setSwitches({ listStreamWrongStats: true });
  assert.match(await list(), /<files>2<\/files>/);
  session.emulator.setSwitches({ listStreamTruncated: true });
  assert.doesNotMatch(await list(), /stats/);
  assert.equal((await session.get(`${A}/Reports/a.txt?mode=liststream`)).status, 404);
  assert.equal((await session.get(`${A}/Reports/old?mode=liststream`)).status, 404);
});

Deno.test("mode=list: flat, start first, everything included", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.makeFolder(`${A}/e/empty`);
  tree.seedCorrupt(`${A}/e/bad`, "x");
  const text = normalise((await session.get(`${A}/e?mode=list`)).text, session);
  assert.equal(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>

<filedirlist time="2024-05-01-T10:00:00Z" host="dn-101">
  <folders>
    <folder name="e">
      <path xml:space="preserve">/USER/Jotta/Archive</path>
      <abspath xml:space="preserve">/USER/Jotta/Archive</abspath>
      <files>
        <file name="bad" uuid="UUID">
          <latestRevision>
            <number>1</number>
            <state>CORRUPT</state>
            <created>2024-05-01-T10:00:00Z</created>
            <modified>2024-05-01-T10:00:00Z</modified>
            <mime>application/octet-stream</mime>
            <updated>2024-05-01-T10:00:00Z</updated>
          </latestRevision>
        </file>
      </files>
    </folder>
    <folder name="empty">
      <path xml:space="preserve">/USER/Jotta/Archive/e</path>
      <abspath xml:space="preserve">/USER/Jotta/Archive/e</abspath>
    </folder>
  </folders>
</filedirlist>
`,
  );
});

/** The counting rule of 5.2, as a client applies it. */
function countedStats(chunk: string, state: { seen: Set<string>; folders: number; files: number }): void {
  for (const match of chunk.matchAll(/<(folder|file)><path>([^<]*)</g)) {
    const [, kind, path = ""] = match;
    if (kind === "folder") state.folders += 1;
    else {
      state.files += 1;
      if (!state.seen.has(path)) state.folders += 1;
    }
    state.seen.add(path);
  }
}

/** Of this thread only: other test files run in the same process. */
function memoryHeld(): number {
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

Deno.test("200,000 entries stream in bounded memory with right stats", async () => {
  await using session = await startSession();
  session.emulator.tree.seedSynthetic({ folders: 200, filesPerFolder: 1000 });
  const response = await fetch(`${session.jfs(A)}?mode=liststream`, {
    headers: { authorization: `Bearer ${session.token}` },
  });
  const before = memoryHeld();
  const state = { seen: new Set<string>(), folders: 0, files: 0 };
  let rest = "";
  let peak = 0;
  let bytes = 0;
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    bytes += chunk.length;
    rest += chunk;
    const end = rest.lastIndexOf("<");
    const safe = Math.max(rest.lastIndexOf("</file>", end), rest.lastIndexOf("</folder>", end), 0);
    countedStats(rest.slice(0, safe), state);
    rest = rest.slice(safe);
    peak = Math.max(peak, memoryHeld());
  }
  assert.deepEqual([state.folders, state.files], [201, 200_000]);
  assert.match(rest, /<stats><folders>201<\/folders><files>200000<\/files><\/stats><\/list>$/);
  assert.ok(bytes > 40e6);
  assert.ok(peak - before < 100e6, `grew by ${peak - before} bytes`);
});

Deno.test("a listing and a download are produced only as fast as they are read", async () => {
  await using session = await startSession();
  session.emulator.tree.seedSynthetic({ folders: 200, filesPerFolder: 1000 });
  session.emulator.tree.putFile(`${A}/big`, new Uint8Array(60_000_000));
  for (const path of [`${A}?mode=liststream`, `${A}/big?mode=bin`]) {
    using client = await RawClient.connect(session.emulator.endpoint);
    const { pathname, search } = new URL(session.jfs(path));
    await client.send(
      `GET ${pathname}${search} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${session.token}\r\n\r\n`,
    );
    await client.read((text) => text.length > 100_000);
    await new Promise((done) => setTimeout(done, 20));
    const sent = session.emulator.requests.at(-1)?.sentBytes ?? 0;
    assert.ok(sent > 0 && sent < 20e6, `sent ${sent} bytes to a reader that stopped`);
  }
});

Deno.test("synthetic files can be downloaded", async () => {
  await using session = await startSession();
  session.emulator.tree.seedSynthetic({ under: `${A}/many`, folders: 1, filesPerFolder: 3 });
  const answer = await session.get(`${A}/many/folder-000001/file-000002.bin?mode=bin`);
  assert.equal(answer.text, "synthetic content 1\n");
});

Deno.test("thumbnails: images only, known sizes only", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/p.JPG`, "not really");
  session.emulator.tree.putFile(`${A}/t.txt`, "text");
  for (const size of ["WS", "WM", "WL", "WXL"]) {
    const answer = await session.get(`${A}/p.JPG?mode=thumb&ts=${size}`);
    assert.equal(answer.headers.get("content-type"), "image/gif", size);
  }
  assert.equal((await session.get(`${A}/p.JPG?mode=thumb&ts=HUGE`)).status, 400);
  assert.equal((await session.get(`${A}/t.txt?mode=thumb&ts=WS`)).status, 404);
});
