/** The transport against servers that behave: what is on the wire, and what comes back. */
import assert from "node:assert/strict";
import type { HttpResponse, Transport } from "../../lib/edges.ts";
import { NetworkError } from "../../lib/errors.ts";
import { createDenoTransport, type TransportOptions } from "../../lib/sys/deno_transport.ts";
import { isPattern, patternChunks, startRawServer, streamOf } from "./transport_servers.ts";
import { fakeEnv } from "../fakes/fake_env.ts";

const NO_ENV = fakeEnv();

function open(options: TransportOptions = {}): Transport & Disposable {
  const transport = createDenoTransport({ env: NO_ENV, ...options });
  return { ...transport, [Symbol.dispose]: () => transport.close() };
}

async function textOf(response: HttpResponse): Promise<string> {
  return await new Response(response.body).text();
}

Deno.test("send() asks what it was told to ask and gives back head and body", async () => {
  await using server = startRawServer(async (connection) => {
    const head = await connection.readHead();
    assert.equal(head?.method, "GET");
    assert.equal(head?.target, "/a%20b?x=1");
    assert.equal(head?.headers.get("user-agent"), "test/1");
    assert.equal(head?.headers.get("accept-encoding"), "identity");
    assert.equal(head?.headers.get("x-own"), "yes");
    await connection.write("HTTP/1.1 206 Partial\r\nx-a: 1\r\ncontent-length: 5\r\n\r\nhello");
  });
  using transport = open();
  const headers = { "user-agent": "test/1", "accept-encoding": "identity", "x-own": "yes" };
  const response = await transport.send({ method: "GET", url: `${server.origin}/a%20b?x=1`, headers });
  assert.equal(response.status, 206);
  assert.equal(response.headers.get("x-a"), "1");
  assert.equal(await textOf(response), "hello");
});

Deno.test("send() sends a text body with its length in bytes", async () => {
  await using server = startRawServer(async (connection) => {
    const head = await connection.readHead();
    assert.equal(head?.headers.get("content-length"), "6");
    assert.equal(head?.headers.get("transfer-encoding"), null);
    assert.equal(new TextDecoder().decode(await connection.readBody(6)), "a=é12");
    await connection.answer("200 OK", "");
  });
  using transport = open();
  const request = { method: "POST", url: server.origin, headers: {}, body: "a=é12" } as const;
  const response = await transport.send(request);
  assert.equal(await textOf(response), "");
});

Deno.test("send() hands a redirect to the caller", async () => {
  await using server = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.write(
      "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    );
  });
  using transport = open();
  const response = await transport.send({ method: "GET", url: server.origin, headers: {} });
  assert.equal(response.status, 302);
  assert.equal(response.headers.get("location"), "http://127.0.0.1:1/");
  await response.body.cancel();
});

Deno.test("send() uploads exactly the declared bytes with Content-Length and without chunks", async (t) => {
  for (const length of [0, 1, 65_536, 3 * 1024 * 1024 + 7]) {
    await t.step(`${length} bytes`, async () => {
      await using server = startRawServer(async (connection) => {
        const head = await connection.readHead();
        assert.equal(head?.method, "POST");
        assert.equal(head?.target, "/u?key=1");
        assert.equal(head?.headers.get("content-length"), String(length));
        assert.equal(head?.headers.get("transfer-encoding"), null);
        assert.equal(head?.headers.get("x-own"), "yes");
        const body = await connection.readBody(length);
        assert.equal(body.length, length);
        assert.ok(isPattern(body));
        await connection.answer("200 OK", "stored");
        assert.equal((await connection.readBody()).length, 0, "nothing follows the body");
      });
      using transport = open();
      const { stream } = streamOf(patternChunks(length));
      const response = await transport.send({
        method: "POST",
        url: `${server.origin}/u?key=1`,
        headers: { "x-own": "yes" },
        body: { length, stream },
      });
      assert.equal(response.status, 200);
      assert.equal(await textOf(response), "stored");
    });
  }
});

Deno.test("send() uses one connection for one upload after the other", async () => {
  await using server = startRawServer(async (connection) => {
    for (;;) {
      const head = await connection.readHead();
      if (head === undefined) return;
      await connection.readBody(Number(head.headers.get("content-length")));
      await connection.answer("200 OK", "{}");
    }
  });
  using transport = open();
  for (let i = 0; i < 3; i++) {
    const { stream } = streamOf(patternChunks(1000));
    const body = { length: 1000, stream };
    await textOf(await transport.send({ method: "POST", url: server.origin, headers: {}, body }));
  }
  assert.equal(server.connections(), 1);
});

Deno.test("send() reads an answer no faster than the caller does", async () => {
  let sentBytes = 0;
  const piece = new Uint8Array(1024 * 1024);
  await using server = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.write(`HTTP/1.1 200 OK\r\ncontent-length: ${256 * piece.length}\r\n\r\n`);
    while (sentBytes < 256 * piece.length && await connection.write(piece)) sentBytes += piece.length;
  });
  using transport = open();
  const response = await transport.send({ method: "GET", url: server.origin, headers: {} });
  const reader = response.body.getReader();
  await reader.read();
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(sentBytes < 64 * piece.length, `${sentBytes} bytes were taken from the server`);
  await reader.cancel();
});

Deno.test("send() uploads through HTTP_PROXY, but not to the hosts of NO_PROXY and not to this machine", async () => {
  const targets: string[] = [];
  await using server = startRawServer(async (connection) => {
    const head = await connection.readHead();
    targets.push(head?.target ?? "");
    await connection.readBody(4);
    await connection.answer("200 OK", "");
  });
  const upload = async (url: string, variables: Record<string, string>) => {
    using transport = open({ env: fakeEnv({ HTTP_PROXY: server.origin, ...variables }) });
    const { stream } = streamOf(patternChunks(4));
    await textOf(await transport.send({ method: "POST", url, headers: {}, body: { length: 4, stream } }));
  };
  await upload("http://upload.invalid/x", { NO_PROXY: "other.invalid" });
  await upload(`${server.origin}/direct`, {});
  await upload(`${server.origin.replace("127.0.0.1", "localhost")}/named`, {});
  assert.deepEqual(targets, ["http://upload.invalid/x", "/direct", "/named"]);
  await assert.rejects(upload("http://upload.invalid/x", { NO_PROXY: "upload.invalid" }), NetworkError);
});
