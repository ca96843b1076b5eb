/** The real server for one browser, asked by well-behaved clients and by odd ones. */
import assert from "node:assert/strict";
import type { Page, PageRequest } from "../../../../lib/edges.ts";
import { createDenoLoopback } from "../../../../lib/sys/deno_loopback.ts";

const loopback = createDenoLoopback();
const HTML = { "content-type": "text/html" };

function pageOf(body: string): Page {
  return { status: 200, headers: HTML, body };
}

/** The answer, which comes in one piece, on a connection that has said `text`; empty when it is closed instead. */
async function say(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(65_536);
  const count = await connection.read(buffer).catch(() => null);
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}

/** The connections that a server has said nothing more on when it ends. */
async function isClosed(connection: Deno.Conn): Promise<boolean> {
  return await connection.read(new Uint8Array(10)).catch(() => null) === null;
}

Deno.test("serve() answers with the page for path and query, and uses no connection twice", async () => {
  const seen: PageRequest[] = [];
  await using server = await loopback.serve(0, (request) => {
    seen.push(request);
    return { status: 400, headers: HTML, body: "<p>æ" };
  });
  const response = await fetch(`http://127.0.0.1:${server.port}/?code=a%20b&state=ø#x`);
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("content-type"), "text/html");
  assert.equal(await response.text(), "<p>æ");
  assert.deepEqual(seen, [{ method: "GET", target: "/?code=a%20b&state=%C3%B8" }]);
  const raw = await say(server.port, "GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
  assert.match(raw, /\r\nconnection: close\r\n/i);
});

Deno.test("serve() gives odd requests an answer and goes on", async () => {
  const seen: string[] = [];
  await using server = await loopback.serve(0, ({ method, target }) => {
    seen.push(`${method} ${target}`);
    return pageOf("page");
  });
  const { port } = server;
  const cases = [
    ["HEAD /?a HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 200 .*\r\n\r\n$/s],
    ["POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", /^HTTP\/1\.1 200 .*page$/s],
    ["GET /b HTTP/1.1\r\nHost: a b:::c\r\n\r\n", /^HTTP\/1\.[01] [245]\d\d /],
    ["GET http://evil.example/c?d HTTP/1.1\r\nHost: evil.example\r\n\r\n", /^HTTP\/1\.1 200 /],
    ["OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", /^HTTP\/1\.1 \d\d\d /],
    ["GET /e HTTP/1.0\r\n\r\n", /^HTTP\/1\.0 200 /],
    [`GET /${"f".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, /^HTTP\/1\.1 [24]\d\d /],
    ["nonsense\r\n\r\n", /^(HTTP\/1\.1 400 |$)/],
    ["\x16\x03\x01\x00\xa5", /^(HTTP\/1\.1 400 |$)/],
  ] as const;
  for (const [text, expected] of cases) assert.match(await say(port, text), expected, text.slice(0, 60));
  assert.deepEqual(seen.slice(0, 2), ["HEAD /?a", "POST /"]);
  assert.ok(seen.includes("GET /c?d"), seen.join());
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "page");
});

Deno.test("serve() tells a browser, and nobody else, that a page failed", async () => {
  const said: unknown[] = [];
  const { error } = console;
  console.error = (...words) => void said.push(...words);
  try {
    await using server = await loopback.serve(0, () => {
      throw new Error("with code=secret");
    });
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    assert.equal(response.status, 500);
    assert.equal(await response.text(), "Unexpected failure");
  } finally {
    console.error = error;
  }
  assert.deepEqual(said, []);
});

Deno.test("serve() listens on 127.0.0.1 and nowhere else", async () => {
  await using server = await loopback.serve(0, () => pageOf(""));
  const others = Deno.networkInterfaces().map(({ address }) => address)
    .filter((address) => address !== "127.0.0.1" && !address.startsWith("fe80"));
  // Every address of 127/8 is this machine on Linux.
  if (Deno.build.os === "linux") others.push("127.0.0.2");
  for (const hostname of others) {
    await assert.rejects(Deno.connect({ hostname, port: server.port }), Error, hostname);
  }
  assert.ok(Deno.build.os !== "linux" || others.length > 0);
});

Deno.test("serve() says that a port is taken, and takes it when it is free again", async () => {
  const first = await loopback.serve(0, () => pageOf("first"));
  const { port } = first;
  await assert.rejects(loopback.serve(port, () => pageOf("second")), {
    name: "LocalError",
    message: `Cannot listen on 127.0.0.1:${port}: another program does`,
    data: { port, osCode: "EADDRINUSE" },
  });
  await say(port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await first[Symbol.asyncDispose]();
  await using second = await loopback.serve(port, () => pageOf("second"));
  assert.equal(second.port, port);
});

Deno.test("A server that is disposed ends idle connections at once, and finishes its answers first", async () => {
  const { promise: asked, resolve: note } = Promise.withResolvers<void>();
  const { promise: mayAnswer, resolve: goOn } = Promise.withResolvers<void>();
  const server = await loopback.serve(0, async () => {
    note();
    await mayAnswer;
    return pageOf("the whole answer");
  });
  // Browsers open connections before they need them.
  using unused = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  using begun = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await begun.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHo"));
  const answer = fetch(`http://127.0.0.1:${server.port}/`).then((response) => response.text());
  await asked;
  const startedAt = Date.now();
  const disposing = server[Symbol.asyncDispose]();
  goOn();
  await disposing;
  assert.equal(await answer, "the whole answer");
  assert.ok(await isClosed(unused));
  assert.ok(await isClosed(begun));
  assert.ok(Date.now() - startedAt < 2_000);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port: server.port }));
});
