import assert from "node:assert/strict";
import { FileNotFoundError, JottashError, ProtocolError } from "../../../../lib/errors.ts";
import type { JfsItem } from "../../../../lib/jfs/types.ts";
import { jfsWith, readFixture } from "./fixture.ts";

async function openFixture(name: string) {
  const body = await readFixture(name);
  const { jfs } = jfsWith(() => ({ body }));
  const document = await jfs.open({ segments: [], action: "test" });
  const items: JfsItem[] = [];
  for await (const item of document.items) items.push(item);
  return { document, items };
}

Deno.test("JfsClient.open() reads the account and its devices", async () => {
  const { document, items } = await openFixture("user.xml");
  assert.deepEqual(document.user(), {
    username: "5e1f0c2b7a9d4c3e8b6f1a20",
    capacity: undefined,
    usage: 123456,
    isLocked: false,
  });
  assert.deepEqual(items, [
    { kind: "device", name: "Jotta", type: "JOTTA", size: 123456, modifiedAtMs: Date.UTC(2024, 3, 30, 21) },
    { kind: "device", name: " My & laptop ", type: "LAPTOP", size: undefined, modifiedAtMs: undefined },
  ]);
});

Deno.test("JfsClient.open() knows deleted mountpoints by their element", async () => {
  const { items } = await openFixture("device_with_deleted_mountpoint.xml");
  assert.deepEqual(items.map((item) => item.kind === "mountpoint" && [item.name, item.isDeleted]), [
    ["Archive", false],
    ["OldSet", true],
  ]);
});

Deno.test("JfsClient.open() tells live, trashed, incomplete and corrupt entries apart", async () => {
  const { document, items } = await openFixture("folder_with_all_states.xml");
  const servedAt = "2024-05-01-T10:00:03Z";
  assert.deepEqual(document.root, { kind: "folder", name: "Reports", isDeleted: false, servedAt });
  const seen = items.map((item) =>
    item.kind === "file"
      ? [item.name, item.isDeleted, item.current?.state, item.latest?.state]
      : [item.name, item.kind === "folder" && item.isDeleted]
  );
  assert.deepEqual(seen, [
    ["2024", false],
    ["old", true],
    [" a & b <\u{1F600}>.txt", false, "COMPLETED", undefined],
    ["trashed.txt", true, "COMPLETED", undefined],
    ["incomplete.bin", false, undefined, "INCOMPLETE"],
    ["corrupt.bin", false, undefined, "CORRUPT"],
  ]);
  const [, , first] = items;
  assert.ok(first?.kind === "file");
  assert.equal(first.current?.md5, "5eb63bbbe01eeed093cb22bb8f5acdc3");
  assert.equal(first.current?.modifiedAtMs, undefined);
});

Deno.test("JfsClient.open() reads a file with all its revisions", async () => {
  const { document } = await openFixture("file_with_revisions.xml");
  const file = document.file();
  assert.equal(file.current?.number, 7);
  assert.equal(file.latest?.size, 4);
  assert.equal(file.publicUri, "9c1d0e2f3a4b5c6d7e8f901234567890");
  assert.deepEqual(file.revisions.map(({ number, size, state }) => [number, size, state]), [
    [6, 10, "COMPLETED"],
    [4, undefined, "INCOMPLETE"],
  ]);
});

Deno.test("JfsClient.open() reads the Trash with its empty size", async () => {
  const { document, items } = await openFixture("trash.xml");
  assert.equal(document.root.kind, "mountPoint");
  assert.deepEqual(items.map((item) => "isDeleted" in item && item.isDeleted), [true, true]);
});

Deno.test("JfsClient.open() gives the error of an XML document, of plain text and of nothing", async () => {
  const xml = await readFixture("error_no_such_path.xml");
  const cases = [
    [404, xml, FileNotFoundError, /404 NoSuchPathException/],
    [404, "", FileNotFoundError, /\(404\)/],
    [400, "400 Bad request", JottashError, /\(400\)/],
    [403, "<html>nope", JottashError, /\(403\)/],
    [500, "x".repeat(200_000), JottashError, /\(500\)/],
  ] as const;
  for (const [status, body, kind, message] of cases) {
    const { jfs } = jfsWith(() => ({ status, body }));
    await assert.rejects(jfs.open({ segments: ["a"], action: 'list "a"' }), (error) => {
      assert.ok(error instanceof kind);
      assert.match(error.message, message);
      assert.match(error.message, /^Cannot list "a": /);
      return true;
    });
  }
});

Deno.test("JfsClient.open() refuses every hostile or foreign answer with a ProtocolError that names the task", async () => {
  const file = (inner: string) => `<folder name="x"><files><file name="a">${inner}</file></files></folder>`;
  const revision = (inner: string) =>
    file(`<currentRevision><state>COMPLETED</state>${inner}</currentRevision>`);
  const hostile: readonly (string | Uint8Array<ArrayBuffer>)[] = [
    "",
    " ",
    "plain text",
    '{"json": true}',
    "<html><body>Sign in to the hotel network</body></html>",
    "<!DOCTYPE html><html><p>unclosed",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><folder name="&b;"/>',
    "<folder>&undefined;</folder>",
    '<folder name="x">',
    '<folder name="x"><files><file name="a">',
    '<folder name="x"></folder><folder name="y"/>',
    '<folder name="x"/>trailing',
    '<folder name="x" name="y"/>',
    "<folder>".repeat(200),
    `<folder name="${"x".repeat(3_000_000)}"/>`,
    `<folder name="x"><path>${"y".repeat(3_000_000)}</path></folder>`,
    `<folder name="x">${"<a/>".repeat(200_000)}</folder>`,
    file("<a/>".repeat(200_000)),
    file(`<a x="${"y".repeat(900_000)}"/><b x="${"y".repeat(900_000)}"/>`),
    `<folder name="x"><!--${"c".repeat(3_000_000)}--></folder>`,
    new Uint8Array([0x3c, 0x61, 0xff, 0xfe, 0x3e]),
    new Uint8Array([0xff, 0xfe, 0x3c, 0x00, 0x61, 0x00]),
    "<folder name='\u0001'/>",
    revision("<size>-1</size>"),
    revision("<size>1e3</size>"),
    revision("<size>99999999999999999999</size>"),
    revision("<size>12 </size>"),
    revision("<modified>yesterday</modified>"),
    revision("<modified>2024-13-01-T00:00:00Z</modified>"),
    "<folder name='x'><files><file/></files></folder>",
    "<folder name='x'><folders><folder name=''/></folders></folder>",
    "<device><mountPoints><mountPoint/></mountPoints></device>",
    "<filedirlist/>",
    "<error><code>200</code></error>",
  ];
  for (const body of hostile) {
    const { jfs } = jfsWith(() => ({ body: streamOf(body) }));
    const reading = async () => {
      const document = await jfs.open({ segments: ["a"], action: 'list "a"' });
      for await (const _item of document.items) { /* all of it */ }
    };
    await assert.rejects(reading, (error) => {
      assert.ok(error instanceof ProtocolError, `${shown(body)}: ${error}`);
      assert.match(error.message, /^Cannot list "a": the service sent /);
      assert.ok(error.message.length < 300, error.message.slice(0, 400));
      return true;
    }, shown(body));
  }
});

Deno.test("JfsClient.open() refuses an account that cannot be read", async () => {
  const bodies = [
    "<user><username>u</username><usage>1</usage></user>",
    "<user><username>u</username><usage>1</usage><capacity>lots</capacity></user>",
    "<user><usage>1</usage><capacity>5</capacity></user>",
    "<user><username>u</username><usage></usage><capacity>5</capacity></user>",
    "<folder name='x'/>",
  ];
  for (const body of bodies) {
    const { jfs } = jfsWith(() => ({ body }));
    const document = await jfs.open({ segments: [], action: "ask" });
    for await (const _item of document.items) { /* all of it */ }
    assert.throws(() => document.user(), { code: "protocol", message: /^Cannot ask: the service/ });
  }
});

Deno.test("JfsClient.open() cancels the body when it stops early, for whatever reason", async () => {
  const endless = `<folder name="x"><files>${'<file name="a"/>'.repeat(10)}`;
  for (const way of ["close", "break", "unknown root", "malformed"]) {
    let isCancelled = false;
    const first = way === "unknown root" ? "<html><a></a>" : way === "malformed" ? "<folder><<" : endless;
    const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode(first)),
      cancel: () => void (isCancelled = true),
    }, { highWaterMark: 0 });
    const { jfs } = jfsWith(() => ({ body: stream }));
    const request = { segments: ["a"], action: "test" };
    if (way === "unknown root" || way === "malformed") await assert.rejects(jfs.open(request), ProtocolError);
    else {
      const document = await jfs.open(request);
      if (way === "close") await document.close();
      else for await (const _item of document.items) break;
    }
    assert.ok(isCancelled, way);
  }
});

Deno.test("JfsClient reads a folder of half a million entries with the memory of one", async () => {
  const count = 500_000;
  let given = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (given === count) {
        controller.enqueue(new TextEncoder().encode("\n  </folders>\n</folder>"));
        return controller.close();
      }
      let text = given === 0 ? '<folder name="x">\n  <folders>' : "";
      for (let index = 0; index < 5_000; index++) text += `\n    <folder name="${given++}"/>`;
      controller.enqueue(new TextEncoder().encode(text));
    },
  }, { highWaterMark: 0 });
  const { jfs } = jfsWith(() => ({ body: stream }));
  const document = await jfs.open({ segments: ["a"], action: "test" });
  let seen = 0;
  for await (const _item of document.items) seen++;
  assert.equal(seen, count);
});

Deno.test("JfsClient escapes each name in the path, and refuses those that no URL carries", async () => {
  const { jfs, transport } = jfsWith(() => ({ body: '<folder name="x"/>' }));
  await jfs.command({ segments: ["Jotta", "Archive", "a+b #;%&?.", "é／", "..."], action: "test" }, "mkDir");
  assert.equal(
    transport.requests[0]?.url,
    "https://jfs.example/jfs/user%2B1/Jotta/Archive/a%2Bb%20%23%3B%25%26%3F./%C3%A9%EF%BC%8F/...?mkDir=true",
  );
  assert.equal(transport.requests[0]?.method, "POST");
  assert.equal(transport.requests[0]?.headers["content-type"], undefined);
  assert.equal(transport.requests[0]?.body, "");
  for (const name of ["", ".", "..", "\ud800"]) {
    await assert.rejects(jfs.command({ segments: [name], action: "test" }, "dl"), { code: "usage" });
  }
});

Deno.test("JfsClient.copyByHash() sends content and times in headers", async () => {
  const { jfs, transport } = jfsWith(() => ({ body: "<file name='a'/>" }));
  const times = { createdAtMs: Date.UTC(2024, 3, 1, 8) + 999, modifiedAtMs: -1 };
  await jfs.copyByHash({ segments: ["a"], action: "test" }, { md5: "00ff", size: 11 }, times);
  const { url, headers } = transport.requests[0] ?? {};
  assert.equal(url, "https://jfs.example/jfs/user%2B1/a?cphash=true");
  assert.deepEqual([headers?.["JSize"], headers?.["JMd5"], headers?.["JCreated"], headers?.["JModified"]], [
    "11",
    "00ff",
    "2024-04-01-T08:00:00Z",
    "1969-12-31-T23:59:59Z",
  ]);
});

Deno.test("JfsClient.download() takes only the range it asked for", async () => {
  const cases = [
    [0, 200, undefined, true],
    [0, 206, "bytes 0-9/10", true],
    [4, 206, "bytes 4-9/10", true],
    [4, 206, "bytes 5-9/10", false],
    [4, 206, undefined, false],
    [4, 200, undefined, false],
  ] as const;
  for (const [offset, status, range, isFine] of cases) {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ cancel: () => void (isCancelled = true) });
    const headers: Record<string, string> = range === undefined ? {} : { "content-range": range };
    const { jfs, transport } = jfsWith(() => ({ status, headers, body }));
    const downloading = jfs.download({ segments: ["a"], action: 'download "a"' }, offset);
    if (isFine) await (await downloading).cancel();
    else await assert.rejects(downloading, { code: "protocol", retry: "now" });
    assert.ok(isCancelled);
    assert.equal(transport.requests[0]?.headers["range"], offset === 0 ? undefined : `bytes=${offset}-`);
  }
});

function streamOf(body: string | Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / 65_536) },
    (_, index) => bytes.slice(index * 65_536, (index + 1) * 65_536),
  );
  return ReadableStream.from(pieces);
}

function shown(body: string | Uint8Array): string {
  return typeof body === "string" ? `${body.slice(0, 60)} (${body.length})` : String(body);
}
