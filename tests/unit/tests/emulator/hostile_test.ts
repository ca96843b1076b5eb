/** Clients that send nonsense, too much, or nothing: an answer or a closed connection, never a crash, hang or leak. */
import assert from "node:assert/strict";
import { RawClient } from "./raw_client.ts";
import { md5Of, type Session, startSession } from "./session.ts";

const A = "/Jotta/Archive";
const GET = "GET /files/v1/x HTTP/1.1\r\n";

/** Everything the emulator answers to raw input before it closes. */
async function answerTo(session: Session, input: string | Uint8Array): Promise<string> {
  using client = await RawClient.connect(session.emulator.endpoint);
  await client.send(input);
  return await client.read();
}

async function stillServes(session: Session): Promise<void> {
  assert.equal((await session.get(A)).status, 200);
}

Deno.test("what is no HTTP request gets 400 or 431 and the connection ends", async () => {
  await using session = await startSession();
  const cases: [string, RegExp][] = [
    ["nonsense\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["GET /a b HTTP/1.1\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["GET / HTTP/2.0\r\n\r\n", /^HTTP\/1\.1 400 /],
    ["\u0016\u0003\u0001\u0002\r\n\r\n", /^HTTP\/1\.1 400 /],
    [`${GET}content-length: -5\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [`${GET}content-length: 0x10\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [`${GET}content-length: 99999999999999999999\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [`${GET}content-length: 5\r\ncontent-length: 6\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [`${GET}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [`${GET}transfer-encoding: gzip\r\n\r\n`, /^HTTP\/1\.1 400 /],
    [`${GET}x: ${"y".repeat(300_000)}`, /^HTTP\/1\.1 431 /],
    [`GET /jfs/${"z".repeat(100_000)} HTTP/1.1\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ];
  for (const [input, expected] of cases) {
    const text = await answerTo(session, input);
    assert.match(text, expected, input.slice(0, 80));
    assert.match(text, /\r\nconnection: close\r\n/);
  }
  await stillServes(session);
});

Deno.test("malformed chunked bodies drop the connection", async () => {
  await using session = await startSession();
  const start = `POST /files/v1/allocate HTTP/1.1\r\nauthorization: Bearer ${session.token}\r\n` +
    "transfer-encoding: chunked\r\n\r\n";
  for (const body of ["zz\r\n", "-5\r\n", `${"0".repeat(600_000)}`, `0\r\n${"t".repeat(600_000)}`]) {
    assert.equal(await answerTo(session, start + body), "", body.slice(0, 10));
  }
  await stillServes(session);
});

Deno.test("paths with wrong escapes, dots, nothing or very long names are answered", async () => {
  await using session = await startSession();
  const { username } = session.emulator;
  const long = `/jfs/${username}/Jotta/Archive/${Array(150).fill("x".repeat(300)).join("/")}`;
  const cases: [string, number][] = [
    ["/jfs/%", 400],
    [`/jfs/${username}/%zz`, 400],
    [`/jfs/${username}/Jotta/Archive/%C3%28`, 400],
    [`/jfs/${username}/Jotta/Archive/%00`, 404],
    [`/jfs/${username}/../../etc/passwd`, 404],
    [long, 404],
    ["//", 404],
    ["*", 404],
    ["http://elsewhere/jfs/", 404],
  ];
  for (const [path, status] of cases) {
    const text = await answerTo(
      session,
      `GET ${path} HTTP/1.1\r\nauthorization: Bearer ${session.token}\r\nconnection: close\r\n\r\n`,
    );
    assert.ok(text.startsWith(`HTTP/1.1 ${status} `), `${path.slice(0, 60)}: ${text.slice(0, 60)}`);
  }
  assert.equal((await session.post(`${long.slice(`/jfs/${username}`.length)}?mkDir=true`)).status, 400);
});

Deno.test("odd parameters of the identity service are refused, not fatal", async () => {
  await using session = await startSession();
  const { tokenUrl } = session.emulator;
  const basic = { authorization: `Basic ${btoa("%zz%:x")}` };
  const answer = await session.call(tokenUrl, {
    method: "POST",
    headers: basic,
    body: "grant_type=password",
  });
  assert.deepEqual([answer.status, JSON.parse(answer.text).error], [401, "invalid_client"]);
  const query = new URLSearchParams({ client_id: "desktop", redirect_uri: "http://localhost:99999/" });
  assert.equal((await session.call(`${tokenUrl.replace(/token$/, "auth")}?${query}`)).status, 400);
});

Deno.test("HEAD is answered with a head only, so the next answer on the connection is whole", async () => {
  await using session = await startSession();
  const text = await answerTo(
    session,
    "HEAD /jfs/x HTTP/1.1\r\n\r\nGET /files/v1/x HTTP/1.1\r\nconnection: close\r\n\r\n",
  );
  const [head = "", ...rest] = text.split("\r\n\r\n");
  assert.match(head, /^HTTP\/1\.1 405 /);
  assert.match(rest[0] ?? "", /^HTTP\/1\.1 401 /);
});

Deno.test("HTTP/1.0 and Connection: close end the connection, on admin paths too", async () => {
  await using session = await startSession();
  const requests = [
    "GET /files/v1/x HTTP/1.0\r\n\r\n",
    "GET /emulator/state HTTP/1.1\r\nconnection: close\r\n\r\n",
  ];
  for (const request of requests) assert.match(await answerTo(session, request), /connection: close/);
});

Deno.test("Expect: 100-continue on a refused upload is not greeted after the answer", async () => {
  await using session = await startSession();
  const text = await answerTo(
    session,
    "POST /upload/nothing HTTP/1.1\r\ncontent-length: 10\r\nexpect: 100-continue\r\n\r\n",
  );
  assert.match(text, /^HTTP\/1\.1 401 [^]*connection: close/);
  assert.doesNotMatch(text, /100 Continue/);
});

Deno.test("the answer to a refused large upload arrives although its body is not wanted", async () => {
  await using session = await startSession();
  const size = 80_000_000;
  using client = await RawClient.connect(session.emulator.endpoint);
  await client.send(`POST /upload/nothing HTTP/1.1\r\ncontent-length: ${size}\r\n\r\n`);
  for (let sent = 0; sent < size; sent += 1_000_000) await client.send(new Uint8Array(1_000_000));
  assert.match(await client.read((text) => text.endsWith("}")), /^HTTP\/1\.1 401 /);
  await client.send("GET /files/v1/x HTTP/1.1\r\nconnection: close\r\n\r\n");
  assert.match(await client.read(), /^HTTP\/1\.1 401 /);
});

Deno.test("a client that closes its sending half still gets its answer; half a request gets none", async () => {
  await using session = await startSession();
  const { hostname, port } = new URL(session.emulator.endpoint);
  for (const [input, expected] of [[`${GET}\r\n`, /^HTTP\/1\.1 401 /], [GET, /^$/]] as const) {
    using conn = await Deno.connect({ hostname, port: Number(port) });
    await conn.write(new TextEncoder().encode(input));
    await conn.closeWrite();
    assert.match(await new Response(conn.readable).text(), expected);
  }
});

Deno.test("many idle, slow and unread connections do not keep others waiting nor stop() from ending", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/big`, new Uint8Array(20_000_000));
  const clients = await Promise.all(
    Array.from({ length: 150 }, () => RawClient.connect(session.emulator.endpoint)),
  );
  try {
    const { pathname } = new URL(session.jfs(`${A}/big`));
    const unread = `GET ${pathname}?mode=bin HTTP/1.1\r\nauthorization: Bearer ${session.token}\r\n\r\n`;
    for (const [index, client] of clients.entries()) {
      await client.send(["", "GET /jf", unread][index % 3] ?? "");
    }
    await stillServes(session);
    const before = performance.now();
    await session.emulator.stop();
    assert.ok(performance.now() - before < 2000);
  } finally {
    for (const client of clients) client.close();
  }
});

Deno.test("200 parallel clients upload and download their own files", async () => {
  await using session = await startSession();
  const work = Array.from({ length: 200 }, async (_, index) => {
    const content = `content ${index} `.repeat(index * 40);
    await session.put(`${A}/p${index % 7}/f${index}`, content);
    assert.equal(md5Of((await session.get(`${A}/p${index % 7}/f${index}?mode=bin`)).text), md5Of(content));
  });
  await Promise.all(work);
  assert.equal(session.emulator.tree.walkFiles(A).length, 200);
  assert.equal(session.emulator.stats.openUploads, 0);
});
