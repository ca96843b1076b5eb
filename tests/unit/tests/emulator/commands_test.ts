/** JFS commands except moves: every row of API reference 3.3, 3.4, 5.5, 5.6, 5.8, 6.1, 6.4. */
import assert from "node:assert/strict";
import { cphash, runCommands } from "./command_cases.ts";
import { md5Of, startSession, textOf } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("devices: creation is always 201, unknown words 500, deletion permanent", async () => {
  await using session = await startSession();
  await runCommands(session, [
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
  await runCommands(session, [
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
  await runCommands(session, [["/PC/Docs?rm=true", 200, /<device /], ["/PC/Docs?rm=true", 404]]);
  assert.doesNotMatch((await session.get("/PC")).text, /Docs/);
});

Deno.test("mkDir makes parents, keeps the first spelling, revives only the folder itself, refuses live files", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  await runCommands(session, [
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
  await runCommands(session, [
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
  await runCommands(session, [
    [`${A}/d?dl=true`, 404],
    [`${A}/d?rm=true`, 404],
    [`${A}/d/f.txt?dlDir=true`, 404],
    [`${A}/d/f.txt?rmDir=true`, 404],
  ]);
  assert.equal(tree.exists(`${A}/d/f.txt`), true);
  await runCommands(session, [[`${A}/d/f.txt?dl=true`, 200]]);
  session.clock.nowMs += 5000;
  await runCommands(session, [
    [`${A}/d/f.txt?dl=true`, 200, /<file name="f.txt" uuid="[^"]+" deleted="2024-05-01-T10:00:00Z"/],
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
  await runCommands(session, [[`${A}/nothing?dl=true`, 404, /NoSuchFileException: File .* does not exist/]]);
  tree.makeFolder(`${A}/gone`);
  session.emulator.setSwitches({ dlOnFolder: "vanish" });
  await runCommands(session, [[`${A}/gone?dl=true`, 200]]);
  assert.equal(tree.kindOf(`${A}/gone`), undefined);
});

Deno.test("unknown commands are 500, octet-stream posts without upload query 404", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/f.txt`, "x");
  await runCommands(session, [
    [`${A}/f.txt`, 500, /missing multipart content or command parameters/],
    [`${A}/f.txt?restore=true`, 500],
  ]);
  const octet = await session.post(`${A}/f.txt?dl=true`, { "content-type": "application/octet-stream" });
  assert.equal(octet.status, 404);
  assert.equal(session.emulator.tree.isTrashed(`${A}/f.txt`), false);
  assert.equal((await session.call(session.jfs(A), { method: "PUT" })).status, 405);
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
