import assert from "node:assert/strict";
import { startTlsBridge, type TlsBridge } from "./tls_bridge.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Upstream for these tests: hands each accepted connection to `serve`, one after the other. */
function startUpstream(serve: (conn: Deno.Conn) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const done = (async () => {
    for await (const conn of listener) {
      await serve(conn);
      conn.close();
    }
  })();
  return {
    endpoint: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

async function connectThrough(bridge: TlsBridge, hostname: string): Promise<Deno.TlsConn> {
  const conn = await tunnel(bridge, `${hostname}:443`);
  assert.match(await readText(conn, /\r\n\r\n/), /^HTTP\/1\.1 200 /);
  return await Deno.startTls(conn, { hostname, caCerts: [await Deno.readTextFile(bridge.caPath)] });
}

async function tunnel(bridge: TlsBridge, authority: string): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(bridge.proxyUrl).port) });
  await conn.write(encoder.encode(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`));
  return conn;
}

async function readText(conn: Deno.Conn, until: RegExp): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(4096);
  while (!until.test(text)) {
    const count = await conn.read(buffer);
    if (count === null) break;
    text += decoder.decode(buffer.subarray(0, count));
  }
  return text;
}

Deno.test("startTlsBridge() passes request heads on byte for byte, with one added header", async () => {
  const heads: string[] = [];
  await using upstream = startUpstream(async (conn) => {
    for (const answer of ["one", "two"]) {
      heads.push(await readText(conn, /\r\n\r\n/));
      await conn.write(encoder.encode(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n${answer}`));
    }
  });
  await using bridge = await startTlsBridge(upstream.endpoint);
  using conn = await connectThrough(bridge, "jfs.jottacloud.com");
  const lines = [
    "GET /jfs/u//a/../b%2Bc+d;e%5C%7Ef?mv=%2Fx+y&z HTTP/1.1",
    "Host: jfs.jottacloud.com",
    "X-Odd:  a ",
  ];
  for (const answer of ["one", "two"]) {
    await conn.write(encoder.encode(lines.join("\r\n") + "\r\n\r\n"));
    assert.ok((await readText(conn, /(one|two)$/)).endsWith(answer));
  }
  const expected = [...lines, "x-forwarded-proto: https", "", ""].join("\r\n");
  assert.deepEqual(heads, [expected, expected]);
});

Deno.test("startTlsBridge() streams 64 MiB both ways and finds the next request behind a body", async () => {
  const size = 64 * 1024 * 1024;
  await using upstream = startUpstream(async (conn) => {
    const buffer = new Uint8Array(256 * 1024);
    const head = await readText(conn, /\r\n\r\n/);
    await conn.write(encoder.encode(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`));
    for (let left = size - (head.length - head.indexOf("\r\n\r\n") - 4); left > 0;) {
      left -= await conn.read(buffer) ?? left;
    }
    for (let left = size; left > 0;) left -= await conn.write(buffer.subarray(0, left));
    await readText(conn, /GET \/next .*\r\n\r\n/s);
    await conn.write(encoder.encode("HTTP/1.1 204 Next\r\n\r\n"));
  });
  await using bridge = await startTlsBridge(upstream.endpoint);
  using conn = await connectThrough(bridge, "up.jottacloud.com");
  await conn.write(encoder.encode(`POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: ${size}\r\n\r\n`));
  const chunk = new Uint8Array(256 * 1024);
  for (let left = size; left > 0;) left -= await conn.write(chunk.subarray(0, left));
  let received = 0;
  for (const head = "HTTP/1.1 200 OK\r\ncontent-length: 67108864\r\n\r\n"; received < size + head.length;) {
    received += await conn.read(chunk) ?? Infinity;
  }
  await conn.write(encoder.encode("GET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
  assert.match(await readText(conn, /\r\n\r\n/), /^HTTP\/1\.1 204 Next/);
});

Deno.test("startTlsBridge() delivers a whole answer that ends with the connection", async () => {
  const size = 5_000_000;
  await using upstream = startUpstream(async (conn) => {
    await readText(conn, /\r\n\r\n/);
    const answer = encoder.encode("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + "x".repeat(size));
    for (let at = 0; at < answer.length;) at += await conn.write(answer.subarray(at));
  });
  await using bridge = await startTlsBridge(upstream.endpoint);
  using conn = await connectThrough(bridge, "api.jottacloud.com");
  await conn.write(encoder.encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  const head = await readText(conn, /\r\n\r\n/);
  let received = head.length - head.indexOf("\r\n\r\n") - 4;
  const buffer = new Uint8Array(64 * 1024);
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    received += count;
  }
  assert.equal(received, size);
});

Deno.test("startTlsBridge() lets nothing through but the service's hosts", async () => {
  await using upstream = startUpstream(() => Promise.resolve());
  await using bridge = await startTlsBridge(upstream.endpoint);
  for (const authority of ["example.com:443", "jottacloud.com.evil.example:443", "jfs.jottacloud.com:80"]) {
    using conn = await tunnel(bridge, authority);
    assert.match(await readText(conn, /\r\n\r\n/), /^HTTP\/1\.1 403 /, authority);
  }
});

Deno.test("startTlsBridge() serves the identity domains of the brands with its one certificate", async () => {
  await using upstream = startUpstream(() => Promise.resolve());
  await using bridge = await startTlsBridge(upstream.endpoint);
  for (
    const host of [
      "cloud.elkjop.no",
      "mediamarkt.jottacloud.com",
      "cloud-auth.telia.se",
      "up-101.jottacloud.com",
    ]
  ) {
    using conn = await connectThrough(bridge, host);
    await conn.handshake();
  }
});

Deno.test("stop() ends open connections, removes the certificate and may be called twice", async () => {
  await using upstream = startUpstream(async (conn) => void await readText(conn, /never/));
  const bridge = await startTlsBridge(upstream.endpoint);
  using conn = await connectThrough(bridge, "jfs.jottacloud.com");
  await conn.write(encoder.encode("GET / HTTP/1.1\r\n"));
  await bridge.stop();
  await bridge.stop();
  await assert.rejects(Deno.stat(bridge.caPath), Deno.errors.NotFound);
  const rest = await conn.read(new Uint8Array(10)).catch(() => null);
  assert.equal(rest, null);
});
