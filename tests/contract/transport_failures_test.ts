/** The transport against servers that misbehave, and callers that change their mind. */
import assert from "node:assert/strict";
import type { StreamBody, Transport } from "../../lib/edges.ts";
import { LocalError, NetworkError } from "../../lib/errors.ts";
import { createDenoTransport, type TransportOptions } from "../../lib/sys/deno_transport.ts";
import { patternChunks, type RawConnection, startRawServer, streamOf } from "./transport_servers.ts";
import { fakeEnv } from "../fakes/fake_env.ts";

const NO_ENV = fakeEnv();
const SHORT_MS = 40;
const ENDLESS = 1024 ** 4;

function open(options: TransportOptions = {}): Transport & Disposable {
  const transport = createDenoTransport({ env: NO_ENV, ...options });
  return { ...transport, [Symbol.dispose]: () => transport.close() };
}

/** A body that goes on for as long as anybody reads. */
function endless(): StreamBody & { readonly isCancelled: () => boolean } {
  return { length: ENDLESS, ...streamOf(patternChunks(ENDLESS)) };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return await work.then(() => assert.fail("it should have failed"), (error: unknown) => error);
}

function assertNetworkError(error: unknown, text: RegExp): asserts error is NetworkError {
  assert.ok(error instanceof NetworkError, String(error));
  assert.match(error.message, text);
  assert.match(error.message, /"127\.0\.0\.1:\d+"/);
  assert.doesNotMatch(JSON.stringify([error.message, error.hint, error.data]), /secret/);
  assert.equal(error.cause, undefined);
}

const silence = async (connection: RawConnection) => void await connection.readBody();

Deno.test("send() calls a refused connection by its name", async (t) => {
  const { port } = await closedPort();
  using transport = open();
  const url = `http://127.0.0.1:${port}/secret?secret`;
  await t.step("fetch", async () => {
    const error = await failureOf(transport.send({ method: "GET", url, headers: {} }));
    assertNetworkError(error, /refused the connection/);
    assert.equal(error.retry, "now");
  });
  await t.step("upload", async () => {
    const body = endless();
    const error = await failureOf(transport.send({ method: "POST", url, headers: {}, body }));
    assertNetworkError(error, /refused the connection/);
    assert.ok(body.isCancelled());
  });
});

Deno.test("send() says that a port is blocked and not worth another try", async () => {
  using transport = open();
  const error = await failureOf(transport.send({ method: "GET", url: "http://127.0.0.1:9/", headers: {} }));
  assertNetworkError(error, /blocked/);
  assert.equal(error.retry, "never");
});

Deno.test("send() reports a connection that closes without an answer", async (t) => {
  await using server = startRawServer(async (connection) => void await connection.readSome());
  using transport = open();
  const url = `${server.origin}/secret?secret`;
  await t.step("fetch", async () => {
    const error = await failureOf(transport.send({ method: "GET", url, headers: {} }));
    assertNetworkError(error, /closed the connection/);
  });
  await t.step("upload", async () => {
    const body = endless();
    const error = await failureOf(transport.send({ method: "POST", url, headers: {}, body }));
    assertNetworkError(error, /closed the connection/);
    assert.equal(error.retry, "now");
    assert.ok(body.isCancelled());
  });
});

Deno.test("send() lets a request with `once` leave only once, also when a connection could be used again", async () => {
  const seen: string[] = [];
  // Answers the first request of a connection, then closes it at the second without an answer.
  await using server = startRawServer(async (connection) => {
    const first = await connection.readHead();
    if (first === undefined) return;
    seen.push(first.target);
    if (first.target === "/spend") return;
    await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    const second = await connection.readHead();
    if (second !== undefined) seen.push(second.target);
  });
  using transport = open();
  const get = await transport.send({ method: "GET", url: `${server.origin}/before`, headers: {} });
  assert.equal(await new Response(get.body).text(), "ok");
  // The connection comes back to the pool a moment after the body has ended.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const spend = {
    method: "POST",
    url: `${server.origin}/spend`,
    headers: {},
    body: "x=1",
    once: true,
  } as const;
  assertNetworkError(await failureOf(transport.send(spend)), /closed the connection/);
  assert.deepEqual(seen, ["/before", "/spend"]);
});

Deno.test("send() lets an upload leave only once, and reports at once that its used connection has closed", async (t) => {
  for (const length of [0, 1_000, 100_000, 2_000_000]) {
    await t.step(`${length} bytes`, async () => {
      const seen: string[] = [];
      // Answers the first request of a connection, then closes it at the second without an answer.
      await using server = startRawServer(async (connection) => {
        for (let count = 1; count <= 2; count++) {
          const head = await connection.readHead();
          if (head === undefined) return;
          seen.push(head.target);
          if (head.target === "/before") {
            await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
          }
        }
      });
      using transport = open();
      const upload = (path: string, length: number) =>
        transport.send({
          method: "POST",
          url: `${server.origin}${path}`,
          headers: {},
          body: { length, stream: ReadableStream.from(length === 0 ? [] : [new Uint8Array(length)]) },
        });
      assert.equal(await new Response((await upload("/before", 0)).body).text(), "ok");
      await new Promise((resolve) => setTimeout(resolve, 20));
      const startedAt = performance.now();
      assertNetworkError(await failureOf(upload("/slot", length)), /closed the connection/);
      assert.ok(performance.now() - startedAt < 500);
      assert.deepEqual(seen, ["/before", "/slot"]);
    });
  }
});

Deno.test("send() reports an answer that is not HTTP", async (t) => {
  await using server = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.write("220 ftp.example ready\r\n\r\n");
    await connection.readBody();
  });
  using transport = open();
  const request = { url: server.origin, headers: {} };
  await t.step("fetch", async () => {
    assertNetworkError(await failureOf(transport.send({ method: "GET", ...request })), /not HTTP/);
  });
  await t.step("upload", async () => {
    const error = await failureOf(transport.send({ method: "POST", ...request, body: endless() }));
    assertNetworkError(error, /not HTTP/);
  });
});

Deno.test("send() fails the body of an answer that is cut short", async (t) => {
  await using server = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
  });
  using transport = open();
  for (const body of [undefined, { length: 0, ...streamOf([]) }]) {
    await t.step(body === undefined ? "fetch" : "upload", async () => {
      const response = await transport.send({ method: "POST", url: server.origin, headers: {}, body });
      assertNetworkError(await failureOf(new Response(response.body).text()), /cut its answer short/);
    });
  }
});

Deno.test("send() gives up on a server that is silent for too long", async (t) => {
  await using server = startRawServer(silence);
  await using staller = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    await connection.readBody();
  });
  let release = () => {};
  const released = new Promise<void>((resolve) => release = resolve);
  await using deaf = startRawServer(() => released);
  using transport = open({ timeoutMs: SHORT_MS });
  const quiet = /gave no answer for 0\.04 s/;
  await t.step("no head", async () => {
    const error = await failureOf(transport.send({ method: "GET", url: server.origin, headers: {} }));
    assertNetworkError(error, quiet);
    assert.equal(error.retry, "now");
  });
  await t.step("no head after an upload", async () => {
    const body = { length: 10, ...streamOf(patternChunks(10)) };
    const error = await failureOf(transport.send({ method: "POST", url: server.origin, headers: {}, body }));
    assertNetworkError(error, quiet);
  });
  await t.step("half a body", async () => {
    const response = await transport.send({ method: "GET", url: staller.origin, headers: {} });
    assertNetworkError(await failureOf(new Response(response.body).text()), quiet);
  });
  await t.step("half a body after an upload", async () => {
    const body = { length: 10, ...streamOf(patternChunks(10)) };
    const response = await transport.send({ method: "POST", url: staller.origin, headers: {}, body });
    assertNetworkError(await failureOf(new Response(response.body).text()), quiet);
  });
  await t.step("an upload that nobody takes", async () => {
    const body = endless();
    const error = await failureOf(transport.send({ method: "POST", url: deaf.origin, headers: {}, body }));
    assertNetworkError(error, quiet);
    assert.ok(body.isCancelled());
  });
  release();
});

Deno.test("send() does not hold the caller's own slowness against the server", async () => {
  await using server = startRawServer(async (connection) => {
    const head = await connection.readHead();
    await connection.readBody(Number(head?.headers.get("content-length") ?? 0));
    await connection.answer("200 OK", "all");
  });
  // Long enough for a server on a busy machine, shorter than the pauses.
  using transport = open({ timeoutMs: 250 });
  const pause = () => new Promise((resolve) => setTimeout(resolve, 400));
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async start(controller) {
      await pause();
      controller.enqueue(new Uint8Array(10));
      controller.close();
    },
  });
  const body = { length: 10, stream };
  const uploading = transport.send({ method: "POST", url: server.origin, headers: {}, body });
  const fetched = await transport.send({ method: "GET", url: server.origin, headers: {} });
  const uploaded = await uploading;
  await pause();
  assert.equal(await new Response(uploaded.body).text(), "all");
  assert.equal(await new Response(fetched.body).text(), "all");
});

Deno.test("send() breaks off an upload whose source has another length than declared", async (t) => {
  for (
    const [title, actual] of [["shorter", 700_000], ["longer", 1_000_001], [
      "much longer",
      2_000_000,
    ]] as const
  ) {
    await t.step(title, async () => {
      let received = 0;
      await using server = startRawServer(async (connection) => {
        await connection.readHead();
        received = (await connection.readBody()).length;
      });
      using transport = open();
      const body = { length: 1_000_000, ...streamOf(patternChunks(actual)) };
      const error = await failureOf(
        transport.send({ method: "POST", url: server.origin, headers: {}, body }),
      );
      assert.ok(error instanceof LocalError);
      assert.equal(error.code, "source-changed");
      assert.equal(error.retry, "now");
      await server[Symbol.asyncDispose]();
      assert.ok(received < 1_000_000, `the server saw ${received} bytes`);
    });
  }
});

Deno.test("send() passes on what the source of an upload failed with", async () => {
  await using server = startRawServer(silence);
  using transport = open();
  const failure = new LocalError("Cannot read");
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({ pull: () => Promise.reject(failure) });
  const request = { method: "POST", url: server.origin, headers: {}, body: { length: 10, stream } } as const;
  assert.equal(await failureOf(transport.send(request)), failure);
});

Deno.test("send() delivers an early answer and stops the upload", async (t) => {
  for (const [status, readBytes] of [[401, 0], [420, 3_000_000], [500, 1]] as const) {
    await t.step(`${status} after ${readBytes} bytes`, async () => {
      let isClosed = false;
      await using server = startRawServer(async (connection) => {
        await connection.readHead();
        if (readBytes > 0) await connection.readBody(readBytes);
        await connection.answer(`${status} No`, '{"why":"because"}');
        while (await connection.readSome() !== undefined);
        isClosed = true;
      });
      using transport = open();
      const body = endless();
      const response = await transport.send({ method: "POST", url: server.origin, headers: {}, body });
      assert.equal(response.status, status);
      assert.equal(await new Response(response.body).text(), '{"why":"because"}');
      assert.ok(body.isCancelled());
      await server[Symbol.asyncDispose]();
      assert.ok(isClosed, "the connection is not used again");
    });
  }
});

Deno.test("send() delivers an early answer while the source is slow", async () => {
  await using server = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.answer("401 No", "");
    await connection.readBody();
  });
  using transport = open();
  let pulls = 0;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (pulls++ < 2) return controller.enqueue(new Uint8Array(10));
      return new Promise<void>(() => {});
    },
  });
  const body = { length: 100, stream };
  const response = await transport.send({ method: "POST", url: server.origin, headers: {}, body });
  assert.equal(response.status, 401);
  await response.body.cancel();
});

Deno.test("send() rejects with the reason of the caller's signal", async (t) => {
  const reason = new Error("changed my mind");
  await using server = startRawServer(silence);
  await using staller = startRawServer(async (connection) => {
    await connection.readHead();
    await connection.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
    await connection.readBody();
  });
  using transport = open();
  for (const isUpload of [false, true]) {
    const kind = isUpload ? "upload" : "fetch";
    const request = (url: string, signal: AbortSignal) => {
      const body = isUpload ? endless() : undefined;
      return { sent: transport.send({ method: "POST", url, headers: {}, body, signal }), body };
    };
    await t.step(`${kind}: before`, async () => {
      const { sent, body } = request(server.origin, AbortSignal.abort(reason));
      assert.equal(await failureOf(sent), reason);
      assert.ok(body?.isCancelled() ?? true);
    });
    await t.step(`${kind}: while it waits`, async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(reason), 10);
      const { sent, body } = request(server.origin, controller.signal);
      assert.equal(await failureOf(sent), reason);
      assert.ok(body?.isCancelled() ?? true);
    });
    await t.step(`${kind}: in the body`, async () => {
      const controller = new AbortController();
      const response = await request(staller.origin, controller.signal).sent;
      setTimeout(() => controller.abort(reason), 10);
      assert.equal(await failureOf(new Response(response.body).text()), reason);
    });
  }
});

/** A port on which nobody listens. */
async function closedPort(): Promise<{ readonly port: number }> {
  await using server = startRawServer(silence);
  return { port: server.port };
}
