/** JFS commands: every row of API reference 3.3, 3.4, 5.5-5.10, 6.1, 6.4. */
import assert from "node:assert/strict";
import { md5Of, type Session, startSession, textOf } from "./session.ts";

const A = "/Jotta/Archive";

/** [request path and query, expected status, text in the answer] */
type Case = readonly [string, number, RegExp?];

async function run(session: Session, cases: readonly Case[]): Promise<void> {
  for (const [path, status, text] of cases) {
    const answer = await session.post(path);
    assert.equal(answer.status, status, `${path}\n${answer.text}`);
    if (text) assert.match(answer.text, text, path);
  }
}

function cphash(session: Session, path: string, content: string, modified = "2024-04-02-T09:00:00Z") {
  return session.post(`${path}?cphash=true`, {
    jsize: String(content.length),
    jmd5: md5Of(content),
    jcreated: "2024-04-01-T08:00:00Z",
    jmodified: modified,
  });
}

Deno.test("devices: creation is always 201, unknown words 500, deletion permanent", async () => {
  await using session = await startSession();
  await run(session, [
    ["/PC?type=WORKSTATION", 201, /<type>WORKSTATION<\/type>/],
    ["/pc?type=LAPTOP", 201, /<name xml:space="preserve">PC</],
    ["/PC", 500],
    ["/PC/Backup", 201, /<mountPoint /],
    ["/PC/backup", 200, /<name xml:space="preserve">Backup</],
    ["/PC/Auto/x/y?mkDir=true", 200, /<folder name="y"/],
    ["/None/Mount", 404],
    ["", 500],
    ["/PC?rm=true", 200, /<user /],
    ["/PC?rm=true", 404],
  ]);
  assert.equal((await session.get("/PC")).status, 404);
  const created = await session.post("/Mac?type=IMAC");
  assert.doesNotMatch(created.text, /mountPoints|metadata/);
});

Deno.test("mountpoints: trash shows them as folders, purge removes them, moves do not work", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile("/PC/Docs/a.txt", "x");
  await run(session, [
    [`/PC/Docs?mvDir=${session.target("/PC/Docs2")}`, 404],
    ["/PC/Docs?dlDir=true", 404],
    ["/PC/Docs?dl=true", 200, /<mountPoint [^]*<deleted>2024-05-01-T10:00:00Z<\/deleted>/],
  ]);
  const device = await session.get("/PC");
  assert.match(
    device.text,
    /<name[^>]*>Docs<\/name>\s+<deleted>2024-05-01-T10:00:00Z<\/deleted>\s+<abspath [^>]*>\/[0-9a-f]+\/PC</,
  );
  const trash = await session.get("/Jotta/Trash");
  assert.match(
    trash.text,
    /<folder name="Docs" deleted="[^"]+" contextType="TRASH">\s+<abspath [^>]*>\/[0-9a-f]+\/PC</,
  );
  await run(session, [["/PC/Docs?rm=true", 200, /<device /], ["/PC/Docs?rm=true", 404]]);
  assert.doesNotMatch((await session.get("/PC")).text, /Docs/);
});

Deno.test("mkDir makes parents, keeps the first spelling, revives only the folder itself, refuses live files", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  await run(session, [
    [`${A}/A/b/C?mkDir=true`, 200, /<folder name="C"/],
    [`${A}/a/B/c?mkDir=true`, 200, /<folder name="C"/],
    [`${A}?mkDir=true`, 200, /<mountPoint /],
  ]);
  tree.putFile(`${A}/A/f.txt`, "x");
  tree.trash(`${A}/A`);
  const revived = await session.post(`${A}/a?mkDir=true`);
  assert.doesNotMatch(revived.text, /deleted=|<metadata|<files/);
  assert.equal(tree.isTrashed(`${A}/A/f.txt`), true);
  tree.putFile(`${A}/live.txt`, "x");
  await run(session, [
    [`${A}/live.txt?mkDir=true`, 409, /UniqueFileException/],
    [`${A}/live.txt/below?mkDir=true`, 409, /UniqueFileException/],
  ]);
  assert.equal(tree.kindOf(`${A}/live.txt`), "file");
});

Deno.test("names the service refuses are 400; odd but allowed ones work", async () => {
  await using session = await startSession();
  const refused = ['"', "*", ":", "<", ">", "?", "|", "\u0001", "\u007f", "\ufeff", "\ufffe"];
  for (const bad of refused) {
    const answer = await session.post(`${A}/${encodeURIComponent(`a${bad}b`)}?mkDir=true`);
    assert.equal(answer.status, 400, JSON.stringify(bad));
    assert.match(answer.text, /InvalidArgumentException/);
    const allocated = await session.allocate(`${A}/a${bad}b`, "x");
    assert.deepEqual(
      [allocated.status, allocated.error_id],
      [400, "InvalidArgumentException"],
      JSON.stringify(bad),
    );
  }
  for (const good of ["a\\b", " lead", "trail ", "dot.", "a;b", "#1", "ünï", "😀", "x".repeat(255)]) {
    assert.equal((await session.post(`${A}/${encodeURIComponent(good)}?mkDir=true`)).status, 200, good);
    assert.equal((await session.get(`${A}/${encodeURIComponent(good)}`)).status, 200, good);
  }
  assert.equal((await session.post(`${A}/${"x".repeat(256)}?mkDir=true`)).status, 400);
  assert.equal((await session.post(`${A}/${encodeURIComponent("😀".repeat(128))}?mkDir=true`)).status, 400);
  assert.deepEqual(session.emulator.tree.list(A, { all: true }).length, 9);
});

Deno.test("dl, dlDir, rm, rmDir act on their own kind only", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/f.txt`, "x");
  await run(session, [
    [`${A}/d?dl=true`, 404],
    [`${A}/d?rm=true`, 404],
    [`${A}/d/f.txt?dlDir=true`, 404],
    [`${A}/d/f.txt?rmDir=true`, 404],
  ]);
  assert.equal(tree.exists(`${A}/d/f.txt`), true);
  await run(session, [
    [`${A}/d/f.txt?dl=true`, 200, /<file name="f.txt" uuid="[^"]+" deleted="2024-05-01-T10:00:00Z"/],
    [`${A}/d/f.txt?dl=true`, 200, /deleted=/],
    [`${A}/nothing?dl=true`, 200],
    [`${A}/nothing?rm=true`, 404, /NoSuchFileException/],
    [`${A}/nothing?dlDir=true`, 404, /NoSuchPathException/],
    [`${A}/d/f.txt?rm=true`, 200, /<folder name="d"/],
    [`${A}/d/f.txt?rm=true`, 404],
    [`${A}/d?dlDir=true`, 200, /<folder name="d" deleted=/],
    [`${A}/d?rmDir=true`, 200, /<mountPoint /],
    [`${A}/d?rmDir=true`, 404],
  ]);
  session.emulator.setSwitches({ dlMissingStatus: 404 });
  await run(session, [[`${A}/nothing?dl=true`, 404, /NoSuchFileException: File .* does not exist/]]);
  tree.makeFolder(`${A}/gone`);
  session.emulator.setSwitches({ dlOnFolder: "vanish" });
  await run(session, [[`${A}/gone?dl=true`, 200]]);
  assert.equal(tree.kindOf(`${A}/gone`), undefined);
});

Deno.test("unknown commands are 500, octet-stream posts without upload query 404", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/f.txt`, "x");
  await run(session, [
    [`${A}/f.txt`, 500, /missing multipart content or command parameters/],
    [`${A}/f.txt?restore=true`, 500],
  ]);
  const octet = await session.post(`${A}/f.txt?dl=true`, { "content-type": "application/octet-stream" });
  assert.equal(octet.status, 404);
  assert.equal(session.emulator.tree.isTrashed(`${A}/f.txt`), false);
  assert.equal((await session.call(session.jfs(A), { method: "PUT" })).status, 405);
});

Deno.test("mv moves and renames a file, keeping uuid and times and leaving no tombstone", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/f.txt`, "x", { modified: new Date(0) });
  const { uuid } = tree.getFile(`${A}/f.txt`) ?? {};
  await run(session, [[`${A}/f.txt?mv=${session.target("/PC/Docs/new/g+h.txt")}`, 404]]);
  await session.post("/PC?type=WORKSTATION");
  await run(session, [
    [`${A}/f.txt?mv=${session.target("/PC/Docs/new/g+h.txt")}`, 200, /<file name="g\+h.txt"/],
    [
      `${A}/f.txt?mv=${session.target("/PC/Docs/new/again.txt")}`,
      404,
      /NoSuchFileException: Source file .* does not exist/,
    ],
    [`/PC/Docs/new/g%2Bh.txt?mv=${session.target("/PC/Docs/new/G+H.TXT")}`, 200, /<file name="G\+H.TXT"/],
    [`/PC/Docs/new?mv=${session.target("/PC/Docs/x")}`, 404],
  ]);
  const moved = tree.getFile("/PC/Docs/new/g+h.txt");
  assert.equal(moved?.uuid, uuid);
  assert.equal(moved?.name, "G+H.TXT");
  assert.equal(moved?.modified.getTime(), 0);
  assert.equal(tree.kindOf(`${A}/f.txt`), undefined);
  assert.equal(textOf((await session.get("/PC/Docs")).text, "size"), "1");
  assert.equal(textOf((await session.get(A)).text, "size"), "0");
});

Deno.test("mv onto a live file is 409, onto a tombstone replaces it, or fails by switch", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  for (const name of ["one", "two", "three"]) tree.putFile(`${A}/${name}`, name);
  await run(session, [[`${A}/one?mv=${session.target(`${A}/TWO`)}`, 409, /UniqueFileException/]]);
  tree.trash(`${A}/two`);
  session.emulator.setSwitches({ mvOntoTombstoneFails: true });
  await run(session, [[`${A}/one?mv=${session.target(`${A}/two`)}`, 409]]);
  session.emulator.setSwitches({ mvOntoTombstoneFails: false });
  await run(session, [[`${A}/one?mv=${session.target(`${A}/two`)}`, 200]]);
  assert.deepEqual(tree.list(A, { all: true }), ["three", "two"]);
  assert.equal(new TextDecoder().decode(tree.getFile(`${A}/two`)?.bytes()), "one");
  await run(session, [
    [`${A}/two?mv=${session.target("/Jotta/Trash/x")}`, 404],
    [`${A}/two?mv=${session.target(`${A}/three/below`)}`, 409],
    [`${A}/two?mv=${encodeURIComponent("/somebody/Jotta/Archive/x")}`, 401],
    [`${A}/two?mv=${session.target(`${A}/${'a"b'}`)}`, 400],
  ]);
});

Deno.test("mvDir needs the trailing slash, creates parents, refuses live targets and itself", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/s/f.txt`, "x");
  tree.makeFolder(`${A}/taken`);
  const to = (path: string) => session.target(`${A}${path}`);
  await run(session, [
    [`${A}/d?mvDir=${to("/e")}`, 404, /NoSuchPathException: Source directory/],
    [`${A}/d/?mvDir=${to("/taken")}`, 409],
    [`${A}/d/?mvDir=${to("/d/s/x")}`, 400],
    [`${A}/nothing/?mvDir=${to("/e")}`, 404],
    [`${A}/d/?mvDir=${to("/new/parent/e")}`, 200, /<folder name="e"/],
    [`${A}/d/?mvDir=${to("/again")}`, 404],
  ]);
  assert.deepEqual(tree.walkFiles(A), ["new/parent/e/s/f.txt"]);
  session.emulator.setSwitches({ mvDirNeedsSlash: false, mvDirAnswers500AfterMoving: true });
  await run(session, [[`${A}/new?mvDir=${to("/moved")}`, 500]]);
  assert.deepEqual(tree.walkFiles(A), ["moved/parent/e/s/f.txt"]);
});

Deno.test("cp copies the current revision with its times; onto a tombstone the copy stays trashed", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/src`, "v1");
  tree.putFile(`${A}/src`, "v2", { modified: new Date("2020-01-02T03:04:05Z") });
  await run(session, [[`${A}/src?cp=${session.target(`${A}/deep/copy`)}`, 200, /<number>1<\/number>/]]);
  const copy = tree.getFile(`${A}/deep/copy`);
  assert.equal(copy?.modified.toISOString(), "2020-01-02T03:04:05.000Z");
  assert.notEqual(copy?.uuid, tree.getFile(`${A}/src`)?.uuid);
  assert.equal(copy?.revisions.length, 1);
  tree.putFile(`${A}/live`, "old");
  tree.putFile(`${A}/dead`, "old");
  tree.trash(`${A}/dead`);
  await run(session, [
    [`${A}/src?cp=${session.target(`${A}/live`)}`, 200, /<number>2<\/number>/],
    [`${A}/src?cp=${session.target(`${A}/dead`)}`, 200, /<file name="dead" uuid="[^"]+" deleted=/],
    [`${A}/nope?cp=${session.target(`${A}/x`)}`, 404],
    [`${A}/deep?cp=${session.target(`${A}/x`)}`, 404],
  ]);
  assert.equal((await cphash(session, `${A}/dead`, "v2")).status, 200);
  assert.equal(tree.isTrashed(`${A}/dead`), false);
  session.emulator.setSwitches({ cpOntoTombstoneStaysTrashed: false });
  tree.trash(`${A}/dead`);
  await run(session, [[`${A}/src?cp=${session.target(`${A}/dead`)}`, 200]]);
  assert.equal(tree.isTrashed(`${A}/dead`), false);
});

Deno.test("cphash touches, changes, creates, restores, and is 404 for unknown content", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/f`, "one");
  tree.putFile(`${A}/other`, "two");
  const touched = await cphash(session, `${A}/d/f`, "one", "2021-01-01-T12:00:00+0200");
  assert.equal(textOf(touched.text, "modified"), "2021-01-01-T10:00:00Z");
  assert.equal(textOf(touched.text, "number"), "1");
  assert.equal(textOf((await cphash(session, `${A}/d/f`, "two")).text, "number"), "2");
  assert.equal((await cphash(session, `${A}/made/here`, "one")).status, 200);
  assert.equal((await cphash(session, `${A}/never`, "unknown")).status, 404);
  assert.equal(tree.kindOf(`${A}/never`), undefined);
  tree.putFile(`${A}/d/sibling`, "s");
  tree.trash(`${A}/d`);
  const restored = await cphash(session, `${A}/d/f`, "two");
  assert.doesNotMatch(restored.text, /deleted=/);
  assert.deepEqual([tree.exists(`${A}/d`), tree.exists(`${A}/d/f`), tree.exists(`${A}/d/sibling`)], [
    true,
    true,
    false,
  ]);
  const bad = await session.post(`${A}/d/f?cphash=true`);
  assert.equal(bad.status, 400);
  const odd = await session.post(`${A}/d/f?cphash=true`, {
    jsize: "3",
    jmd5: md5Of("two").toUpperCase(),
    jmodified: "rubbish",
  });
  assert.equal(textOf(odd.text, "modified"), "2024-05-01-T10:00:00Z", "unreadable times mean now");
});

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
