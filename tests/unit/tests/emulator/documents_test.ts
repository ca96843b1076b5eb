/** JFS documents against expectations written from API reference 4.1-4.9. */
import assert from "node:assert/strict";
import { md5Of, normalise, type Session, startSession, textOf } from "./session.ts";

const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n\n';
const STAMP = 'time="2024-05-01-T10:00:00Z" host="dn-101"';

async function document(session: Session, path: string): Promise<string> {
  const answer = await session.get(path);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers.get("content-type") ?? "", /xml/);
  return normalise(answer.text, session);
}

const TIMES = { created: new Date("2024-04-01T08:00:00Z"), modified: new Date("2024-04-02T09:00:00.900Z") };

Deno.test("folder lists live, trashed and unfinished entries with their marks", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.makeFolder("/Jotta/Archive/Reports/2024");
  tree.makeFolder("/Jotta/Archive/Reports/old");
  tree.putFile("/Jotta/Archive/Reports/a & b.txt", "hello world", TIMES);
  tree.seedIncomplete("/Jotta/Archive/Reports/c.bin", "promised", 3);
  tree.trash("/Jotta/Archive/Reports/old");
  assert.equal(
    await document(session, "/Jotta/Archive/Reports"),
    `${PROLOG}<folder name="Reports" ${STAMP}>
  <path xml:space="preserve">/USER/Jotta/Archive</path>
  <abspath xml:space="preserve">/USER/Jotta/Archive</abspath>
  <folders>
    <folder name="2024"/>
    <folder name="old" deleted="2024-05-01-T10:00:00Z">
      <abspath xml:space="preserve">/USER/Jotta/Archive/Reports</abspath>
    </folder>
  </folders>
  <files>
    <file name="a &amp; b.txt" uuid="UUID">
      <currentRevision>
        <number>1</number>
        <state>COMPLETED</state>
        <created>2024-04-01-T08:00:00Z</created>
        <modified>2024-04-02-T09:00:00Z</modified>
        <mime>text/plain</mime>
        <size>11</size>
        <md5>5eb63bbbe01eeed093cb22bb8f5acdc3</md5>
        <updated>2024-05-01-T10:00:00Z</updated>
      </currentRevision>
    </file>
    <file name="c.bin" uuid="UUID">
      <latestRevision>
        <number>1</number>
        <state>INCOMPLETE</state>
        <created>2024-05-01-T10:00:00Z</created>
        <modified>2024-05-01-T10:00:00Z</modified>
        <mime>application/octet-stream</mime>
        <md5>${md5Of("promised")}</md5>
        <updated>2024-05-01-T10:00:00Z</updated>
      </latestRevision>
    </file>
  </files>
  <metadata first="" max="" total="4" num_folders="2" num_files="2"/>
</folder>
`,
  );
});

Deno.test("empty folder omits its collections; a folder below a trashed one is stamped with the same moment", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile("/Jotta/Archive/top/sub/f.txt", "x");
  session.clock.nowMs += 1000;
  tree.trash("/Jotta/Archive/top");
  session.clock.nowMs += 5000;
  const xml = await document(session, "/Jotta/Archive/top");
  assert.match(
    xml,
    /^<folder name="top" deleted="2024-05-01-T10:00:01Z" time="2024-05-01-T10:00:06Z" host="dn-101">$/m,
  );
  assert.match(xml, /<folder name="sub" deleted="2024-05-01-T10:00:01Z">/);
  const sub = await document(session, "/Jotta/Archive/top/sub/f.txt");
  assert.match(sub, /^<file name="f.txt" uuid="UUID" deleted="2024-05-01-T10:00:01Z" time=/m);
  tree.makeFolder("/Jotta/Archive/empty");
  const empty = await document(session, "/Jotta/Archive/empty");
  assert.doesNotMatch(empty, /<files|<folders/);
  assert.match(empty, /total="0" num_folders="0" num_files="0"/);
});

Deno.test("file shows current, newer unfinished and at most four older revisions, newest first", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  const path = "/Jotta/Archive/r.txt";
  for (let round = 1; round <= 7; round += 1) tree.putFile(path, `content ${round}`, TIMES);
  let xml = await document(session, path);
  const numbers = (text: string) => Array.from(text.matchAll(/<number>(\d+)/g), (match) => Number(match[1]));
  assert.deepEqual(numbers(xml), [7, 6, 5, 4, 3]);
  assert.doesNotMatch(xml, /latestRevision/);
  tree.seedIncomplete(path, "content 8", 4);
  xml = await document(session, path);
  assert.deepEqual(numbers(xml), [7, 8, 6, 5, 4]);
  assert.match(
    xml,
    /<latestRevision>\s+<number>8<\/number>\s+<state>INCOMPLETE<\/state>[^]*?<size>4<\/size>/,
  );
  tree.seedCorrupt(path, "content 9");
  xml = await document(session, path);
  assert.deepEqual(numbers(xml), [7, 9, 8, 6, 5]);
  const latest = /<latestRevision>[^]*<\/latestRevision>/.exec(xml)?.[0] ?? "";
  assert.match(latest, /<state>CORRUPT<\/state>/);
  assert.doesNotMatch(latest, /<size>/);
  for (let round = 0; round < 8; round += 1) tree.seedCorrupt(path, `bad ${round}`);
  assert.equal(
    numbers(await document(session, path))[0],
    7,
    "failed attempts never push out the current revision",
  );
  assert.equal(tree.getFile(path)?.revisions.length, 5);
});

Deno.test("mountPoint, device and user documents", async () => {
  await using session = await startSession({ quotaBytes: 1000 });
  session.emulator.tree.putFile("/Jotta/Archive/a.txt", "hello world", TIMES);
  const mount = await document(session, "/Jotta/archive");
  assert.ok(mount.startsWith(`${PROLOG}<mountPoint ${STAMP}>
  <name xml:space="preserve">Archive</name>
  <path xml:space="preserve">/USER/Jotta</path>
  <abspath xml:space="preserve">/USER/Jotta</abspath>
  <size>11</size>
  <modified>2024-05-01-T10:00:00Z</modified>
  <device>Jotta</device>
  <user>USER</user>
  <files>
`));
  const device = await document(session, "/JOTTA");
  assert.deepEqual(
    Array.from(device.matchAll(/^ {6}<name xml:space="preserve">([^<]*)/gm), (match) => match[1]),
    ["Archive", "Shared", "Sync", "Trash"],
  );
  assert.match(device, /<metadata first="" max="" total="4" num_mountpoints="4"\/>\n<\/device>\n$/);
  assert.match(device, /<name xml:space="preserve">Sync<\/name>\s+<size>0<\/size>\s+<modified><\/modified>/);
  const user = await document(session, "");
  assert.equal(textOf(user, "username"), "USER");
  assert.equal(textOf(user, "capacity"), "1000");
  assert.equal(textOf(user, "usage"), "11");
  assert.match(user, /<devices>\n {4}<device>\n {6}<name xml:space="preserve">Jotta</);
});

Deno.test("errors are XML on JFS and JSON on the api host", async () => {
  await using session = await startSession();
  const answer = await session.get("/Jotta/Archive/nope");
  assert.equal(answer.status, 404);
  assert.equal(
    normalise(answer.text, session),
    `${PROLOG}<error>
  <code>404</code>
  <message>no.jotta.backup.errors.NoSuchPathException: Directory /USER/Jotta/Archive/nope does not exist</message>
  <reason>Not Found</reason>
  <cause></cause>
  <hostname>dn-101</hostname>
  <x-id>ID</x-id>
</error>
`,
  );
  const api = await session.call("/files/v1/nothing");
  const { code, error_id, "x-id": id } = JSON.parse(api.text);
  assert.deepEqual([api.status, code, error_id, typeof id], [404, 404, "NoSuchPathException", "string"]);
});

Deno.test("HEAD and OPTIONS are 405, unknown devices and mountpoints 404", async () => {
  await using session = await startSession();
  for (const method of ["HEAD", "OPTIONS"]) {
    assert.equal((await session.call(session.jfs("/Jotta"), { method })).status, 405);
  }
  assert.equal((await session.get("/NoDevice")).status, 404);
  assert.equal((await session.get("/Jotta/NoMount")).status, 404);
  assert.equal(
    (await session.get("/Jotta?unknown=1&paging=2")).status,
    200,
    "unknown parameters are ignored",
  );
});

Deno.test("plus in a path is a space; percent names fail on GET only, by switch; lookup ignores case", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile("/Jotta/Archive/a b+c.txt", "1");
  tree.putFile("/Jotta/Archive/50% Æ.txt", "2");
  for (const path of ["a+b%2Bc.txt", "A%20B%2bC.TXT"]) {
    assert.match((await session.get(`/Jotta/Archive/${path}`)).text, /name="a b\+c.txt"/);
  }
  assert.equal((await session.get("/Jotta/Archive/a+b+c.txt")).status, 404);
  const percent = "/Jotta/Archive/50%25%20%C3%A6.txt";
  const refused = await session.get(percent);
  assert.deepEqual([refused.status, refused.text], [400, "400 Bad request"]);
  tree.putFile("/Jotta/Archive/100%/f", "3");
  assert.equal(
    (await session.get("/Jotta/Archive/100%25/f?mode=bin")).status,
    400,
    "also below such a folder",
  );
  assert.equal((await session.post(`${percent}?dl=true`)).status, 200, "commands are not affected");
  assert.equal((await session.get("/Jotta/Archive")).status, 200);
  session.emulator.setSwitches({ percentNamesFail: false });
  assert.match((await session.get(percent)).text, /name="50% Æ.txt"/);
  assert.equal((await session.get("/Jotta/Archive/%E6")).status, 400, "not UTF-8");
});

Deno.test("switches: empty modified and upper-case MD5 in every listing", async () => {
  await using session = await startSession({ switches: { emptyModified: true, upperCaseMd5: true } });
  session.emulator.tree.putFile("/Jotta/Archive/a.txt", "hello world", TIMES);
  for (const path of ["", "/a.txt", "?mode=liststream", "?mode=list"]) {
    const { text } = await session.get(`/Jotta/Archive${path}`);
    assert.match(text, /<md5>5EB63BBBE01EEED093CB22BB8F5ACDC3<\/md5>/);
    assert.match(text, /<modified><\/modified>/);
  }
});

Deno.test("an unfinished revision shows its size only as the latest one of a file's own document", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile("/Jotta/Archive/f", "complete", TIMES);
  tree.seedIncomplete("/Jotta/Archive/f", "first attempt", 5);
  tree.seedIncomplete("/Jotta/Archive/f", "second attempt", 6);
  const sizes = (xml: string) => Array.from(xml.matchAll(/<size>(\d+)/g), (match) => match[1]);
  const detail = await document(session, "/Jotta/Archive/f");
  assert.deepEqual(sizes(detail), ["8", "6"]);
  assert.match(detail, /<revisions>\s+<revision>\s+<number>2<\/number>\s+<state>INCOMPLETE<\/state>/);
  assert.deepEqual(sizes(await document(session, "/Jotta/Archive?mode=list")), ["8"]);
  const stream = (await session.get("/Jotta/Archive?mode=liststream")).text;
  assert.match(stream, /<filename>f<\/filename><md5>[0-9a-f]{32}<\/md5><size>8<\/size>/);
  tree.putFile("/Jotta/Archive/f", "third attempt", TIMES);
  const settled = await document(session, "/Jotta/Archive/f");
  assert.doesNotMatch(settled, /latestRevision/, "only a newer attempt is the latest");
  assert.match(settled, /<revisions>\s+<revision>\s+<number>3<\/number>\s+<state>INCOMPLETE<\/state>/);
});
