/** The HTTP front itself: raw paths, framing, keep-alive, cuts. */
import assert from "node:assert/strict";
import { RawClient } from "./raw_client.ts";
import { md5Of, type Session, startSession } from "./session.ts";

const A = "/Jotta/Archive";

function head(session: Session, line: string, headers: Record<string, string> = {}): string {
  const all = { host: "x", authorization: `Bearer ${session.token}`, ...headers };
  return `${line} HTTP/1.1\r\n${
    Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("")
  }\r\n`;
}

/** Polls a condition that becomes true within a few milliseconds. */
async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !condition(); round += 1) {
    await new Promise((done) => setTimeout(done, 1));
  }
  assert.ok(condition());
}

Deno.test("paths arrive raw: no dot segments resolved, no slashes or escapes touched", async () => {
  await using session = await startSession();
  const paths = ["/jfs/x/../y/./z", "/jfs//a//b", "/jfs/a\\b", "/jfs/a+b%2Bc%5Cd", "/jfs/%2e%2e/x"];
  for (const path of paths) {
    using client = await RawClient.connect(session.emulator.endpoint);
    await client.send(head(session, `GET ${path}?q=%2F+x`, { connection: "close" }));
    await client.read();
    const seen = session.emulator.requests.at(-1);
    assert.deepEqual([seen?.path, seen?.query], [path, "q=%2F+x"]);
  }
});

Deno.test("requests follow each other on one connection, also pipelined and after a body", async () => {
  await using session = await startSession();
  using client = await RawClient.connect(session.emulator.endpoint);
  const body = JSON.stringify({ path: `/jfs${A}/f`, bytes: 1, md5: md5Of("a") });
  await client.send(
    head(session, "POST /files/v1/allocate", { "content-length": String(body.length) }) + body +
      head(session, `GET /jfs/${session.emulator.username}`) +
      head(session, "GET /account/v1/customer", { connection: "close" }),
  );
  const text = await client.read();
  assert.deepEqual(text.match(/HTTP\/1\.1 (\d+)/g), ["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 200"]);
});

Deno.test("Expect: 100-continue is greeted before the body, chunked request bodies are read", async () => {
  await using session = await startSession();
  using client = await RawClient.connect(session.emulator.endpoint);
  const body = JSON.stringify({ path: `/jfs${A}/f`, bytes: 1, md5: md5Of("a") });
  await client.send(head(session, "POST /files/v1/allocate", {
    "content-length": String(body.length),
    expect: "100-continue",
  }));
  assert.match(await client.read((text) => text.endsWith("\r\n\r\n")), /^HTTP\/1\.1 100 Continue\r\n\r\n$/);
  await client.send(body);
  assert.match(await client.read((text) => text.endsWith("}")), /^HTTP\/1\.1 200 OK/);
  await client.send(
    head(session, "POST /files/v1/allocate", { "transfer-encoding": "chunked", connection: "close" }),
  );
  for (const part of [body.slice(0, 10), body.slice(10)]) {
    await client.send(`${part.length.toString(16)}\r\n${part}\r\n`);
  }
  await client.send("0\r\n\r\n");
  assert.match(await client.read(), /^HTTP\/1\.1 200 OK/);
});

Deno.test("a connection cut in mid upload keeps the bytes, and resuming from there completes", async () => {
  await using session = await startSession();
  for (const size of [1000, 700_000]) { // collected in memory, written to disk
    const content = "x".repeat(size - 1) + "y";
    const path = `${A}/cut-${size}`;
    const { upload_url } = await session.allocate(path, content);
    const client = await RawClient.connect(session.emulator.endpoint);
    await client.send(
      head(session, `POST ${new URL(upload_url).pathname}`, { "content-length": String(size) }),
    );
    await client.send(content.slice(0, size / 2));
    await until(() => session.emulator.tree.getFile(path)?.revisions[0]?.received === size / 2);
    client.close();
    const again = await session.allocate(path, content);
    assert.equal(again.resume_pos, size / 2);
    const sent = await session.send(again.upload_url, content.slice(size / 2), size / 2);
    assert.equal(sent.status, 200, sent.text);
    assert.equal(session.emulator.tree.getFile(path)?.md5, md5Of(content));
  }
});

Deno.test("a later allocate pushes aside a connection that still sends", async () => {
  await using session = await startSession();
  const content = "0123456789";
  const { upload_url } = await session.allocate(`${A}/f`, content);
  using old = await RawClient.connect(session.emulator.endpoint);
  await old.send(head(session, `POST ${new URL(upload_url).pathname}`, { "content-length": "10" }) + "0123");
  await until(() => session.emulator.tree.getFile(`${A}/f`)?.revisions[0]?.received === 4);
  const again = await session.allocate(`${A}/f`, content);
  assert.equal(again.resume_pos, 4);
  await old.send("XXXXXX");
  assert.equal(await old.read(), "", "the old connection is closed without an answer");
  assert.equal((await session.send(again.upload_url, "456789", 4)).status, 200);
});

Deno.test("stop() ends idle, stalled and half-sent connections, and may be called twice", async () => {
  await using session = await startSession();
  session.emulator.addFault({ match: { path: "/account" }, times: 1, action: { kind: "stall" } });
  using idle = await RawClient.connect(session.emulator.endpoint);
  using stalled = await RawClient.connect(session.emulator.endpoint);
  using half = await RawClient.connect(session.emulator.endpoint);
  await idle.send(head(session, "GET /files/v1/x"));
  await idle.read((text) => text.endsWith("}"));
  await stalled.send(head(session, "GET /account/v1/customer"));
  await half.send("GET /account");
  await until(() => session.emulator.stats.faultsFired === 1);
  await session.emulator.stop();
  assert.deepEqual([await idle.read(), await stalled.read(), await half.read()], ["", "", ""]);
});

Deno.test("the request record tells bytes both ways and can be cleared", async () => {
  await using session = await startSession();
  await session.put(`${A}/f`, "12345");
  await session.get(`${A}/f?mode=bin`, { range: "bytes=1-2" });
  const [upload, download] = session.emulator.requests.slice(-2);
  assert.deepEqual([upload?.method, upload?.status, upload?.receivedBytes], ["POST", 200, 5]);
  assert.deepEqual([download?.status, download?.sentBytes, download?.headers["range"]], [
    206,
    2,
    "bytes=1-2",
  ]);
  session.emulator.clearRequests();
  assert.deepEqual(session.emulator.requests, []);
});

Deno.test("an upload outlives its access token", async () => {
  await using session = await startSession({ tokenLifetimeSeconds: 60 });
  const { upload_url } = await session.allocate(`${A}/f`, "0123456789");
  using client = await RawClient.connect(session.emulator.endpoint);
  const line = `POST ${new URL(upload_url).pathname}`;
  await client.send(head(session, line, { "content-length": "10", connection: "close" }) + "0123");
  await until(() => session.emulator.tree.getFile(`${A}/f`)?.revisions[0]?.received === 4);
  session.clock.nowMs += 61_000;
  assert.equal((await session.get(A)).status, 401);
  await client.send("456789");
  assert.match(await client.read(), /^HTTP\/1\.1 200 /);
});

Deno.test("an old-host upload that is cut keeps its bytes and is resumed by the rest", async () => {
  await using session = await startSession();
  const headers = { "content-type": "application/octet-stream", jmd5: md5Of("0123456789"), jsize: "10" };
  const line = `POST ${new URL(session.jfs(`${A}/f?umode=nomultipart`)).pathname}?umode=nomultipart`;
  const client = await RawClient.connect(session.emulator.endpoint);
  await client.send(head(session, line, { ...headers, "content-length": "10" }) + "0123");
  await until(() => session.emulator.tree.getFile(`${A}/f`)?.revisions[0]?.received === 4);
  client.close();
  using rest = await RawClient.connect(session.emulator.endpoint);
  await rest.send(head(session, line, { ...headers, "content-length": "6", connection: "close" }) + "456789");
  assert.match(await rest.read(), /^HTTP\/1\.1 201 /);
  assert.equal(session.emulator.tree.getFile(`${A}/f`)?.md5, md5Of("0123456789"));
});
