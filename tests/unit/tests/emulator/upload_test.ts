/** allocate and upload: API reference 5.13, 5.14, 6.2, 6.3, 6.7. */
import assert from "node:assert/strict";
import { md5Of, startSession } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("a new file: 200 INCOMPLETE, bytes, 200 with facts, then known content is 201 COMPLETED", async () => {
  await using session = await startSession();
  const times = { created: "2024-04-01T08:00:00Z", modified: "2024-04-02T11:00:00.7+02:00" };
  const allocated = await session.allocate(`${A}/b/c/ä%.txt`, "hello world", times);
  assert.deepEqual([allocated.status, allocated.state, allocated.resume_pos], [200, "INCOMPLETE", 0]);
  assert.equal(allocated.path, `/jfs${A}/b/c/ä%.txt`);
  const sent = await session.send(allocated.upload_url, "hello world");
  assert.equal(sent.status, 200);
  const { content_id, ...facts } = JSON.parse(sent.text);
  assert.equal(typeof content_id, "string");
  assert.deepEqual(facts, {
    path: `/jfs${A}/b/c/ä%.txt`,
    bytes: 11,
    md5: md5Of("hello world"),
    modified: Date.UTC(2024, 3, 2, 9, 0, 0),
  });
  const seen = session.emulator.tree.getFile(`${A}/b/c/ä%.txt`);
  assert.equal(seen?.created.toISOString(), "2024-04-01T08:00:00.000Z");
  assert.equal((await session.send(allocated.upload_url, "hello world")).status, 404, "one-shot");
  const known = await session.allocate(`${A}/copy.txt`, "hello world", times);
  assert.deepEqual([known.status, known.state], [201, "COMPLETED"]);
  assert.equal(session.emulator.stats.uploads, 1);
  assert.equal(session.emulator.stats.deduplicated, 1);
});

Deno.test("identical content on the same file touches it in place", async () => {
  await using session = await startSession();
  await session.put(`${A}/f`, "same", { modified: 1_600_000_000_999 });
  session.clock.nowMs += 60_000;
  assert.equal(
    await session.put(`${A}/F`, "same", { modified: "2021-01-01T00:00:00Z", created: 0 }),
    "COMPLETED",
  );
  const seen = session.emulator.tree.getFile(`${A}/f`);
  assert.equal(seen?.name, "f");
  assert.deepEqual(seen?.revisions.map(({ number }) => number), [1]);
  assert.equal(seen?.modified.toISOString(), "2021-01-01T00:00:00.000Z");
  assert.equal(seen?.created.getTime(), 0);
  assert.equal(seen?.revisions[0]?.updated.toISOString(), "2024-05-01T10:01:00.000Z");
});

Deno.test("content in trash and in old revisions needs no bytes", async () => {
  await using session = await startSession();
  await session.put(`${A}/f`, "v1");
  await session.put(`${A}/f`, "v2");
  assert.equal(await session.put(`${A}/g`, "v1"), "COMPLETED");
  session.emulator.tree.remove(`${A}/g`);
  session.emulator.tree.trash(`${A}/f`);
  assert.equal(await session.put(`${A}/h`, "v2"), "COMPLETED");
  assert.equal(await session.put(`${A}/h`, "v1"), "COMPLETED");
});

Deno.test("zero bytes are an ordinary file", async () => {
  await using session = await startSession();
  assert.equal(await session.put(`${A}/empty`, ""), "INCOMPLETE");
  assert.equal(session.emulator.tree.getFile(`${A}/empty`)?.md5, "d41d8cd98f00b204e9800998ecf8427e");
  const download = await session.get(`${A}/empty?mode=bin`);
  assert.deepEqual([download.status, download.text], [200, ""]);
  assert.equal(await session.put(`${A}/empty2`, ""), "COMPLETED");
});

Deno.test("short bodies are 420 and kept, down to one byte at a time", async () => {
  await using session = await startSession();
  const content = "abcde";
  for (let at = 0; at < content.length; at += 1) {
    const allocated = await session.allocate(`${A}/f`, content);
    assert.equal(allocated.resume_pos, at);
    const sent = await session.send(allocated.upload_url, content.charAt(at), at, content.length);
    assert.equal(sent.status, at < 4 ? 420 : 200, sent.text);
    if (at < 4) assert.equal(JSON.parse(sent.text).error_id, "IncompleteUploadOpenApiException");
  }
  assert.equal(session.emulator.tree.getFile(`${A}/f`)?.revisions.length, 1);
});

Deno.test("a wrong start is 416, a body past the end 400, a chunked body 411", async () => {
  await using session = await startSession();
  const { upload_url } = await session.allocate(`${A}/f`, "0123456789");
  const wrong = await session.send(upload_url, "56789", 5, 10);
  assert.equal(wrong.status, 416);
  assert.equal(JSON.parse(wrong.text).error_id, "RequestedRangeNotSatisfiedException");
  assert.equal((await session.send(upload_url, "0123456789x")).status, 400);
  const stream = new Blob(["0123456789"]).stream();
  assert.equal((await session.call(upload_url, { method: "POST", body: stream })).status, 411);
  const past = await session.call(upload_url, {
    method: "POST",
    body: "0123456789",
    headers: { range: "bytes=0-10" },
  });
  assert.equal(past.status, 200, "an end one too large is accepted");
});

Deno.test("wrong bytes are 421, the revision CORRUPT, the current one unharmed", async () => {
  await using session = await startSession();
  await session.put(`${A}/f`, "good");
  const { upload_url } = await session.allocate(`${A}/f`, "promised");
  const sent = await session.send(upload_url, "lies!!!!");
  assert.equal(sent.status, 421);
  assert.equal(JSON.parse(sent.text).error_id, "CorruptUploadOpenApiException");
  assert.equal((await session.get(`${A}/f?mode=bin`)).text, "good");
  assert.deepEqual(session.emulator.tree.getFile(`${A}/f`)?.revisions.map(({ state }) => state), [
    "CORRUPT",
    "COMPLETED",
  ]);
  await session.put(`${A}/f`, "promised");
  assert.equal((await session.get(`${A}/f?mode=bin`)).text, "promised");
});

Deno.test("an unfinished first upload occupies the name, is visible and cannot be downloaded", async () => {
  await using session = await startSession();
  await session.allocate(`${A}/f`, "promised");
  const seen = await session.get(`${A}/f`);
  assert.equal(seen.status, 200);
  assert.match(seen.text, /<latestRevision>[^]*<state>INCOMPLETE<\/state>[^]*<size>0<\/size>/);
  assert.doesNotMatch(seen.text, /currentRevision/);
  assert.equal((await session.get(`${A}/f?mode=bin`)).status, 404);
});

Deno.test("quota: 460 when the account would overflow, and nothing is created", async () => {
  await using session = await startSession({ quotaBytes: 10 });
  await session.put(`${A}/f`, "123456");
  const refused = await session.allocate(`${A}/d/g`, "12345");
  assert.deepEqual([refused.status, JSON.parse(JSON.stringify(refused)).code], [460, 460]);
  assert.equal(session.emulator.tree.kindOf(`${A}/d`), undefined);
  assert.equal((await session.allocate(`${A}/g`, "123456")).status, 460, "known content counts too");
  const hash = { jmd5: md5Of("123456"), jsize: "6" };
  const octets = { "content-type": "application/octet-stream" };
  assert.equal((await session.post(`${A}/g?cphash=true`, hash)).status, 460, "cphash");
  assert.equal((await session.post(`${A}/f?cp=${session.target(`${A}/g`)}`)).status, 460, "cp");
  const old = await session.post(`${A}/g?umode=nomultipart`, { ...octets, ...hash });
  assert.equal(old.status, 460, "old upload host");
  assert.equal(session.emulator.tree.kindOf(`${A}/g`), undefined);
  session.emulator.tree.trash(`${A}/f`);
  assert.equal((await session.post(`${A}/f?cphash=true`, hash)).status, 200, "restoring needs no new space");
  await session.put(`${A}/g`, "1234");
  assert.equal(session.emulator.stats.usedBytes, 10);
});

Deno.test("allocate refuses what it cannot place", async () => {
  await using session = await startSession();
  await session.put(`${A}/file`, "x");
  session.emulator.tree.makeFolder(`${A}/folder`);
  const cases: [string, Record<string, unknown>, number][] = [
    [`${A}/file/below`, {}, 409],
    [`${A}/folder`, {}, 409],
    ["/NoDevice/Mount/f", {}, 404],
    ["/Jotta/Archive", {}, 400],
    [`${A}/f`, { md5: "short" }, 400],
    [`${A}/f`, { bytes: -1 }, 400],
    [`${A}/f`, { modified: "yesterday" }, 400],
    [`${A}/file`, { conflict_handler: "REJECT_CONFLICTS" }, 409],
    [`${A}/file`, { conflict_handler: "CREATE_NEW_REVISION" }, 200],
    [`${A}/f`, { modified: null, created: "2024-05-01-T10:20:30Z" }, 200],
  ];
  for (const [path, extra, status] of cases) {
    assert.equal(
      (await session.allocate(path, "content", extra)).status,
      status,
      `${path} ${JSON.stringify(extra)}`,
    );
  }
  assert.equal(session.emulator.tree.kindOf(`${A}/file`), "file");
  for (const body of ["", "[", "null", "{}"]) {
    assert.equal((await session.call("/files/v1/allocate", { method: "POST", body })).status, 400);
  }
});

Deno.test("the short path form addresses device Jotta; upload_url behind TLS is on the upload host", async () => {
  await using session = await startSession();
  const body = JSON.stringify({ path: "Archive/x/f", bytes: 1, md5: md5Of("a") });
  const answer = await session.call("/files/v1/allocate", {
    method: "POST",
    body,
    headers: { "x-forwarded-proto": "https" },
  });
  const { upload_url, path } = JSON.parse(answer.text);
  assert.match(upload_url, /^https:\/\/up\.jottacloud\.com\/upload\//);
  assert.equal(path, "/jfs/Jotta/Archive/x/f");
  const local = session.emulator.endpoint + new URL(upload_url).pathname;
  assert.equal((await session.send(local, "a")).status, 200);
});

Deno.test("an upload whose file is purged meanwhile is 404", async () => {
  await using session = await startSession();
  const { upload_url } = await session.allocate(`${A}/f`, "abc");
  session.emulator.tree.remove(`${A}/f`);
  assert.equal((await session.send(upload_url, "abc")).status, 404);
  assert.equal((await session.send(`${session.emulator.endpoint}/upload/unknown`, "abc")).status, 404);
});

Deno.test("upload needs the token too", async () => {
  await using session = await startSession();
  const { upload_url } = await session.allocate(`${A}/f`, "abc");
  session.token = "";
  assert.equal((await session.send(upload_url, "abc")).status, 401);
});

Deno.test("content larger than memory's share goes through disk and comes back the same", async () => {
  await using session = await startSession();
  const content = "0123456789abcdef".repeat(64 * 1024); // 1 MiB
  const cut = 700_001;
  const first = await session.allocate(`${A}/big`, content);
  assert.equal((await session.send(first.upload_url, content.slice(0, cut), 0, content.length)).status, 420);
  const second = await session.allocate(`${A}/big`, content);
  assert.equal(second.resume_pos, cut);
  assert.equal((await session.send(second.upload_url, content.slice(cut), cut)).status, 200);
  assert.equal(md5Of((await session.get(`${A}/big?mode=bin`)).text), md5Of(content));
  assert.equal(session.emulator.stats.uploadedBytes, content.length);
});

Deno.test("an upload address lives for 24 hours; the bytes stay for the next one", async () => {
  await using session = await startSession();
  const first = await session.allocate(`${A}/f`, "abc");
  assert.equal((await session.send(first.upload_url, "a", 0, 3)).status, 420);
  session.clock.nowMs += 24 * 3_600_000;
  session.token = session.emulator.issueTokens().accessToken;
  assert.equal((await session.send(first.upload_url, "bc", 1)).status, 404);
  const second = await session.allocate(`${A}/f`, "abc");
  assert.equal(second.resume_pos, 1);
  assert.equal((await session.send(second.upload_url, "bc", 1)).status, 200);
});

Deno.test("an upload replaces both times; numbers as text are read, other text is not", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/f`, "old", { modified: new Date(0), created: new Date(0) });
  await session.put(`${A}/f`, "new", { bytes: "3", modified: "2024-01-02T03:04:05Z" });
  const seen = session.emulator.tree.getFile(`${A}/f`);
  assert.deepEqual([seen?.modified.toISOString(), seen?.created.toISOString()], [
    "2024-01-02T03:04:05.000Z",
    "2024-05-01T10:00:00.000Z",
  ]);
  for (const bytes of ["", "0x3", "3.0", 3.5, null]) {
    assert.equal((await session.allocate(`${A}/f`, "new", { bytes })).status, 400, String(bytes));
  }
  assert.equal((await session.allocate(`${A}/f`, "new", { modified: 1e18 })).status, 400);
});

Deno.test("a refused allocate creates nothing, not even its mountpoint", async () => {
  await using session = await startSession({ quotaBytes: 1 });
  for (
    const [path, status] of [["/Jotta/New/a:b", 400], ["/Jotta/New/\ud800", 400], [
      "/Jotta/New/f",
      460,
    ]] as const
  ) {
    assert.equal((await session.allocate(path, "content")).status, status);
  }
  assert.equal((await session.get("/Jotta/New")).status, 404);
  await session.put("/Jotta/New/f", "x");
  assert.equal((await session.get("/Jotta/New")).status, 200);
});

Deno.test("destroyed uploads are no longer open, and their bytes are gone from the account", async () => {
  await using session = await startSession();
  await session.allocate(`${A}/d/f`, "abc");
  assert.equal(session.emulator.stats.openUploads, 1);
  session.emulator.tree.remove(`${A}/d`);
  assert.equal(session.emulator.stats.openUploads, 0);
});

Deno.test("content is the same only with MD5 and size; a trashed file takes its own content back in place", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  await session.put(`${A}/f`, "same");
  assert.equal((await session.allocate(`${A}/f`, "same", { bytes: 5 })).state, "INCOMPLETE");
  await session.put(`${A}/g`, "same");
  tree.trash(`${A}/g`);
  assert.equal((await session.allocate(`${A}/g`, "same")).state, "COMPLETED");
  assert.equal(tree.isTrashed(`${A}/g`), false);
  assert.deepEqual(tree.getFile(`${A}/g`)?.revisions.map(({ number }) => number), [1]);
});

Deno.test("an allocate that resumes brings its own times", async () => {
  await using session = await startSession();
  await session.allocate(`${A}/f`, "abc", { created: 0, modified: 0 });
  await session.put(`${A}/f`, "abc", { created: 1_000_000, modified: 2_000_000 });
  const seen = session.emulator.tree.getFile(`${A}/f`);
  assert.deepEqual([seen?.created.getTime(), seen?.modified.getTime()], [1_000_000, 2_000_000]);
  assert.equal(seen?.revisions.length, 1);
});
