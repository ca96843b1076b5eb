/** Public links: API reference 5.10; section 7 rows 16, 26. */
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { type Session, startSession, textOf } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("links: enabling is idempotent, works on folders, survives the trash, downloads without a token", async () => {
  await using session = await startSession();
  const { emulator } = session;
  emulator.tree.putFile(`${A}/d/f.txt`, "shared");
  const first = await session.get(`${A}/d/f.txt?mode=enableShare`);
  const uri = textOf(first.text, "publicURI") ?? "";
  assert.match(uri, /^[0-9a-f]{32}$/);
  assert.match(textOf(first.text, "publicSharePath") ?? "", /^\/s\/[\w-]{22}$/);
  assert.equal(textOf((await session.get(`${A}/d/f.txt?mode=enableShare`)).text, "publicURI"), uri);
  assert.match((await session.get(`${A}/d?mode=enableShare`)).text, /<folder name="d"[^]*<publicURI>/);
  const download = () => fetch(`${emulator.endpoint}/opin/io/downloadPublic/${emulator.username}/${uri}`);
  assert.equal(await (await download()).text(), "shared");
  emulator.tree.trash(`${A}/d/f.txt`);
  const gone = await download();
  assert.equal(gone.status, 404);
  await gone.body?.cancel();
  assert.match(
    (await session.get("/Jotta/Links")).text,
    /<searchresult [^]*<file name="f.txt"[^>]* deleted=[^]*<publicURI>/,
  );
  const off = await session.get(`${A}/d/f.txt?mode=disableShare`);
  assert.equal(textOf(off.text, "publicURI"), undefined);
  assert.equal((await session.get(`${A}/none?mode=enableShare`)).status, 404);
});

async function share(session: Session, path: string): Promise<string> {
  return textOf((await session.get(`${path}?mode=enableShare`)).text, "publicURI") ?? "";
}

Deno.test("links: every variant of the address, pages in both forms, disabling twice", async () => {
  await using session = await startSession();
  const { tree, username } = session.emulator;
  tree.putFile(`${A}/p.png`, "picture");
  const { text } = await session.get(`${A}/p.png?mode=enableShare`);
  const uri = textOf(text, "publicURI") ?? "";
  const page = textOf(text, "publicSharePath") ?? "";
  session.token = "";
  const cases: [string, number][] = [
    [`/opin/io/downloadPublic/${username}/${uri}`, 200],
    [`/opin/io/streamPublic/${username}/${uri}`, 200],
    [`/opin/io/publicThumb/${username}/${uri}`, 200],
    [`/opin/io/downloadPublic/somebody/${uri}`, 404],
    [`/opin/io/downloadPublic/${username}/${"0".repeat(32)}`, 404],
    [page, 200],
    [`${page}x`, 404],
    [`/p/${username}/${uri}`, 200],
    [`/p/somebody/${uri}`, 404],
  ];
  for (const [path, status] of cases) assert.equal((await session.call(path)).status, status, path);
  session.token = session.emulator.issueTokens().accessToken;
  for (let round = 0; round < 2; round += 1) {
    assert.equal((await session.get(`${A}/p.png?mode=disableShare`)).status, 200);
  }
  assert.equal((await session.call(page)).status, 404);
});

interface Unzipped {
  readonly name: string;
  readonly text: string;
}

/** Reads a stored archive by its central directory and checks every size and CRC on the way. */
function unzip(bytes: Uint8Array): Unzipped[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const textAt = (at: number, length: number) => new TextDecoder().decode(bytes.subarray(at, at + length));
  const end = bytes.length - 22;
  assert.equal(view.getUint32(end, true), 0x06054b50);
  const found: Unzipped[] = [];
  let at = view.getUint32(end + 16, true);
  assert.equal(at + view.getUint32(end + 12, true), end);
  for (let index = 0; index < view.getUint16(end + 10, true); index += 1) {
    assert.equal(view.getUint32(at, true), 0x02014b50);
    const size = view.getUint32(at + 24, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    assert.equal(view.getUint32(local, true), 0x04034b50);
    assert.equal(textAt(local + 30, nameLength), textAt(at + 46, nameLength));
    const content = bytes.subarray(local + 30 + nameLength, local + 30 + nameLength + size);
    assert.equal(crc32(content), view.getUint32(at + 16, true));
    found.push({ name: textAt(at + 46, nameLength), text: new TextDecoder().decode(content) });
    at += 46 + nameLength;
  }
  return found;
}

Deno.test("links: a folder and a mountpoint download as a zip of what is live and complete", async () => {
  await using session = await startSession();
  const { emulator } = session;
  emulator.tree.putFile(`${A}/d/s/ø.txt`, "deep", { modified: new Date("1975-01-01T00:00:00Z") });
  emulator.tree.putFile(`${A}/d/f.txt`, "flat");
  emulator.tree.putFile(`${A}/d/empty.txt`, "");
  emulator.tree.putFile(`${A}/d/gone.txt`, "x");
  emulator.tree.trash(`${A}/d/gone.txt`);
  emulator.tree.seedIncomplete(`${A}/d/half.txt`, "half", 2);
  for (const [path, top] of [[`${A}/d`, "d"], [A, "Archive/d"]] as const) {
    const uri = await share(session, path);
    const response = await fetch(`${emulator.endpoint}/opin/io/downloadPublic/${emulator.username}/${uri}`);
    assert.equal(response.headers.get("content-type"), "application/zip");
    const bytes = await response.bytes();
    assert.equal(response.headers.get("content-length"), String(bytes.length));
    const files = unzip(bytes).filter(({ name }) => name.startsWith(top) && !name.endsWith("/"));
    assert.deepEqual(files, [
      { name: `${top}/s/ø.txt`, text: "deep" },
      { name: `${top}/f.txt`, text: "flat" },
      { name: `${top}/empty.txt`, text: "" },
    ]);
  }
  assert.equal(emulator.stats.blobs, 4, "contents are let go of again");
  emulator.tree.trash(`${A}/d`);
  const gone = await session.call(
    `/opin/io/downloadPublic/${emulator.username}/${await share(session, `${A}/d`)}`,
  );
  assert.equal(gone.status, 404);
});

Deno.test("links: a folder of too many entries for a plain zip is refused clearly", async () => {
  await using session = await startSession();
  session.emulator.tree.seedSynthetic({ under: `${A}/many`, folders: 1, filesPerFolder: 70_000 });
  const uri = await share(session, `${A}/many`);
  const answer = await session.call(`/opin/io/downloadPublic/${session.emulator.username}/${uri}`);
  assert.equal(answer.status, 501);
  assert.match(answer.text, /more than 4 GiB or 65535 entries/);
});

Deno.test("links: destroying the object ends the link for good, moving it does not", async () => {
  await using session = await startSession();
  const { tree, username } = session.emulator;
  tree.putFile(`${A}/d/f`, "x");
  const uri = await share(session, `${A}/d/f`);
  await session.post(`${A}/d/f?mv=${session.target(`${A}/d/g`)}`);
  const download = async () => (await session.call(`/opin/io/downloadPublic/${username}/${uri}`)).status;
  assert.equal(await download(), 200);
  await session.post(`${A}/d?rmDir=true`);
  assert.equal(await download(), 404);
  assert.doesNotMatch((await session.get("/Jotta/Links")).text, /<file /);
});
