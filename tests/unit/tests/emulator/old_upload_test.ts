/** The old upload host's three forms: API reference 5.15. */
import assert from "node:assert/strict";
import { md5Of, type Session, startSession, textOf } from "./session.ts";

const A = "/Jotta/Archive";
const OCTETS = { "content-type": "application/octet-stream" };

function headersFor(content: string): Record<string, string> {
  return { jmd5: md5Of(content), jsize: String(content.length), jmodified: "2024-04-02-T09:00:00Z" };
}

function raw(session: Session, content: string, body: string) {
  const headers = { ...OCTETS, ...headersFor(content) };
  return session.call(session.jfs(`${A}/d/f.txt?umode=nomultipart`), { method: "POST", headers, body });
}

Deno.test("raw form: 201 for right, short and wrong content; resuming sends the rest", async () => {
  await using session = await startSession();
  const good = await raw(session, "hello", "hello");
  assert.equal(good.status, 201);
  assert.equal(textOf(good.text, "state"), "COMPLETED");
  assert.equal(textOf(good.text, "modified"), "2024-04-02-T09:00:00Z");
  const short = await raw(session, "0123456789", "0123");
  assert.equal(short.status, 201);
  assert.match(short.text, /<currentRevision>[^]*<latestRevision>[^]*INCOMPLETE[^]*<size>4<\/size>/);
  const rest = await raw(session, "0123456789", "456789");
  assert.equal(textOf(rest.text, "md5"), md5Of("0123456789"));
  const wrong = await raw(session, "promise", "deceive");
  assert.equal(wrong.status, 201);
  assert.match(wrong.text, /<latestRevision>[^]*CORRUPT/);
  const long = await raw(session, "abc", "abcdef");
  assert.match(long.text, /<latestRevision>[^]*CORRUPT/);
  assert.equal((await session.get(`${A}/d/f.txt?mode=bin`)).text, "0123456789");
});

Deno.test("multipart form and the empty file by cphash query", async () => {
  await using session = await startSession();
  const form = new FormData();
  form.set("md5", md5Of("part"));
  form.set("file", new File(["part"], "f.txt", { type: "application/octet-stream" }));
  const multipart = await session.call(session.jfs(`${A}/m.txt`), {
    method: "POST",
    headers: headersFor("part"),
    body: form,
  });
  assert.equal(multipart.status, 201, multipart.text);
  assert.equal((await session.get(`${A}/m.txt?mode=bin`)).text, "part");
  const empty = await session.post(`${A}/e.txt?cphash=${md5Of("")}`, { ...OCTETS, jsize: "0" });
  assert.equal(empty.status, 201);
  assert.equal(textOf(empty.text, "size"), "0");
});

Deno.test("missing headers are 400, a virtual mountpoint 404", async () => {
  await using session = await startSession();
  const cases: [string, Record<string, string>, number][] = [
    [`${A}/f?umode=nomultipart`, { jsize: "1" }, 400],
    [`${A}/f?umode=nomultipart`, { jmd5: md5Of("x") }, 400],
    ["/Jotta/Trash/f?umode=nomultipart", headersFor("x"), 404],
  ];
  for (const [path, headers, status] of cases) {
    assert.equal((await session.post(path, { ...OCTETS, ...headers })).status, status, path);
  }
});
