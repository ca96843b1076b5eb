/** Moves and copies: API reference 5.7; section 7 rows 6-11, 20, 24. */
import assert from "node:assert/strict";
import { cphash, runCommands } from "./command_cases.ts";
import { md5Of, startSession, textOf } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("mv moves and renames a file, keeping uuid and times and leaving no tombstone", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/f.txt`, "x", { modified: new Date(0) });
  const { uuid } = tree.getFile(`${A}/f.txt`) ?? {};
  await runCommands(session, [[`${A}/f.txt?mv=${session.target("/PC/Docs/new/g+h.txt")}`, 404]]);
  await session.post("/PC?type=WORKSTATION");
  await runCommands(session, [
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
  await runCommands(session, [[`${A}/one?mv=${session.target(`${A}/TWO`)}`, 409, /UniqueFileException/]]);
  tree.trash(`${A}/two`);
  session.emulator.setSwitches({ mvOntoTombstoneFails: true });
  await runCommands(session, [[`${A}/one?mv=${session.target(`${A}/two`)}`, 409]]);
  session.emulator.setSwitches({ mvOntoTombstoneFails: false });
  await runCommands(session, [[`${A}/one?mv=${session.target(`${A}/two`)}`, 200]]);
  assert.deepEqual(tree.list(A, { all: true }), ["three", "two"]);
  assert.equal(new TextDecoder().decode(tree.getFile(`${A}/two`)?.bytes()), "one");
  await runCommands(session, [
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
  await runCommands(session, [
    [`${A}/d?mvDir=${to("/e")}`, 404, /NoSuchPathException: Source directory/],
    [`${A}/d/?mvDir=${to("/taken")}`, 409],
    [`${A}/d/?mvDir=${to("/d/s/x")}`, 400],
    [`${A}/nothing/?mvDir=${to("/e")}`, 404],
    [`${A}/d/?mvDir=${to("/new/parent/e")}`, 200, /<folder name="e"/],
    [`${A}/d/?mvDir=${to("/again")}`, 404],
  ]);
  assert.deepEqual(tree.walkFiles(A), ["new/parent/e/s/f.txt"]);
  session.emulator.setSwitches({ mvDirNeedsSlash: false, mvDirAnswers500AfterMoving: true });
  await runCommands(session, [[`${A}/new?mvDir=${to("/moved")}`, 500]]);
  assert.deepEqual(tree.walkFiles(A), ["moved/parent/e/s/f.txt"]);
});

Deno.test("cp copies the current revision with its times; onto a tombstone the copy stays trashed", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/src`, "v1");
  tree.putFile(`${A}/src`, "v2", { modified: new Date("2020-01-02T03:04:05Z") });
  await runCommands(session, [[
    `${A}/src?cp=${session.target(`${A}/deep/copy`)}`,
    200,
    /<number>1<\/number>/,
  ]]);
  const copy = tree.getFile(`${A}/deep/copy`);
  assert.equal(copy?.modified.toISOString(), "2020-01-02T03:04:05.000Z");
  assert.notEqual(copy?.uuid, tree.getFile(`${A}/src`)?.uuid);
  assert.equal(copy?.revisions.length, 1);
  tree.putFile(`${A}/live`, "old");
  tree.putFile(`${A}/dead`, "old");
  tree.trash(`${A}/dead`);
  await runCommands(session, [
    [`${A}/src?cp=${session.target(`${A}/live`)}`, 200, /<number>2<\/number>/],
    [`${A}/src?cp=${session.target(`${A}/dead`)}`, 200, /<file name="dead" uuid="[^"]+" deleted=/],
    [`${A}/nope?cp=${session.target(`${A}/x`)}`, 404],
    [`${A}/deep?cp=${session.target(`${A}/x`)}`, 404],
  ]);
  assert.equal((await cphash(session, `${A}/dead`, "v2")).status, 200);
  assert.equal(tree.isTrashed(`${A}/dead`), false);
  session.emulator.setSwitches({ cpOntoTombstoneStaysTrashed: false });
  tree.trash(`${A}/dead`);
  await runCommands(session, [[`${A}/src?cp=${session.target(`${A}/dead`)}`, 200]]);
  assert.equal(tree.isTrashed(`${A}/dead`), false);
});

Deno.test("mv changes no time at all, cp only `updated`; the last file's folder stays", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/f`, "x", { modified: new Date(0) });
  session.clock.nowMs += 5000;
  await runCommands(session, [[`${A}/d/f?mv=${session.target(`${A}/g`)}`, 200], [
    `${A}/g?cp=${session.target(`${A}/h`)}`,
    200,
  ]]);
  const times = (path: string) => {
    const [revision] = tree.getFile(path)?.revisions ?? [];
    return [revision?.modified.getTime(), revision?.updated.toISOString()];
  };
  assert.deepEqual(times(`${A}/g`), [0, "2024-05-01T10:00:00.000Z"]);
  assert.deepEqual(times(`${A}/h`), [0, "2024-05-01T10:00:05.000Z"]);
  assert.equal(tree.exists(`${A}/d`), true);
});

Deno.test("cphash takes the hash from its parameter too; trashed sources are not there for mv and cp", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/f`, "content");
  const copied = await session.post(`${A}/g?cphash=${md5Of("content")}`, { jsize: "7" });
  assert.equal(copied.status, 200);
  assert.equal(tree.getFile(`${A}/g`)?.md5, md5Of("content"));
  assert.equal((await session.post(`${A}/g?cphash=${md5Of("content")}`, { jsize: "" })).status, 400);
  tree.trash(`${A}/f`);
  tree.makeFolder(`${A}/d`);
  tree.trash(`${A}/d`);
  await runCommands(session, [
    [`${A}/f?mv=${session.target(`${A}/x`)}`, 404, /Source file/],
    [`${A}/f?cp=${session.target(`${A}/x`)}`, 404, /Source file/],
    [`${A}/d/?mvDir=${session.target(`${A}/x`)}`, 404, /Source directory/],
  ]);
});
