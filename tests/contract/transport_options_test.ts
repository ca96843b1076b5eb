/** The transport as the options of the network change it: where it connects from, and for how long it tries. */
import { equal, match, ok, rejects, throws } from "node:assert/strict";
import type { HttpRequest } from "../../lib/edges.ts";
import { ConfigError, NetworkError } from "../../lib/errors.ts";
import { createDenoTransport, type TransportOptions } from "../../lib/sys/deno_transport.ts";
import { fakeEnv } from "../fakes/fake_env.ts";
import { patternChunks, startRawServer, streamOf } from "./transport_servers.ts";

const NO_ENV = fakeEnv();

function requestTo(url: string, { isUpload }: { readonly isUpload: boolean }): HttpRequest {
  const body = isUpload ? { length: 10, ...streamOf(patternChunks(10)) } : "0123456789";
  return { method: "POST", url, headers: {}, body };
}

async function textOf(request: HttpRequest, options: TransportOptions): Promise<string> {
  const transport = createDenoTransport({ env: NO_ENV, ...options });
  try {
    return await new Response((await transport.send(request)).body).text();
  } finally {
    transport.close();
  }
}

Deno.test("send() connects from the local address that it was told, both ways", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request, { remoteAddr }) => {
      await request.arrayBuffer();
      return new Response(remoteAddr.hostname);
    },
  );
  const url = `http://127.0.0.1:${server.addr.port}/`;
  // Linux has all of 127.0.0.0/8; elsewhere there is one address only.
  const own = Deno.build.os === "linux" ? "127.0.0.9" : "127.0.0.1";
  for (const isUpload of [false, true]) {
    equal(await textOf(requestTo(url, { isUpload }), { localAddress: own }), own);
    equal(await textOf(requestTo(url, { isUpload }), { localAddress: "0.0.0.0" }), "127.0.0.1");
    await rejects(textOf(requestTo(url, { isUpload }), { localAddress: "::1" }), (error) => {
      ok(error instanceof NetworkError);
      equal(error.data.network, "no-route", error.message);
      return true;
    });
  }
});

Deno.test("createDenoTransport() refuses an address that this machine does not have, and names those it has", () => {
  for (const localAddress of ["192.0.2.9", "no-such-host.invalid", ""]) {
    throws(() => createDenoTransport({ env: NO_ENV, localAddress }), (error) => {
      ok(error instanceof ConfigError);
      equal(error.message, `Cannot connect from "${localAddress}": this machine has no such address`);
      match(error.hint ?? "", /^Its addresses are: .*127\.0\.0\.1/);
      return true;
    });
  }
});

/** Listens without accepting, with a queue that is full: the system leaves further connections unanswered. */
async function startDeafServer() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 0 });
  const { port } = listener.addr;
  const filling = await Deno.connect({ hostname: "127.0.0.1", port });
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.dispose]: () => {
      filling.close();
      listener.close();
    },
  };
}

Deno.test({
  name: "send() gives up a connection that is not made in time, long before the silence of a made one",
  ignore: Deno.build.os !== "linux",
  async fn() {
    using server = await startDeafServer();
    const options = { timeoutMs: 60_000, connectTimeoutMs: 400 };
    for (const isUpload of [false, true]) {
      const startedAt = performance.now();
      await rejects(textOf(requestTo(server.url, { isUpload }), options), (error) => {
        ok(error instanceof NetworkError);
        match(error.message, /^no connection to "127\.0\.0\.1:\d+" could be made within 0\.4 s$/);
        equal(error.retry, "now");
        return true;
      });
      ok(performance.now() - startedAt < 20_000);
    }
  },
});

Deno.test("send() waits for an answer longer than for a connection", async () => {
  for (const isUpload of [false, true]) {
    const requests: string[] = [];
    await using server = startRawServer(async (connection) => {
      const head = await connection.readHead();
      // The connection that only looks whether there is a way says nothing.
      if (head === undefined) return;
      requests.push(head.method);
      await connection.readBody(10);
      await new Promise((resolve) => setTimeout(resolve, 300));
      await connection.answer("200 OK", "late");
    });
    const request = requestTo(`${server.origin}/`, { isUpload });
    equal(await textOf(request, { timeoutMs: 60_000, connectTimeoutMs: 100 }), "late");
    equal(requests.length, 1);
  }
});

Deno.test("send() without an end to its patience waits for an answer", async () => {
  for (const isUpload of [false, true]) {
    await using server = startRawServer(async (connection) => {
      await connection.readHead();
      await connection.readBody(10);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await connection.answer("200 OK", "there");
    });
    const request = requestTo(`${server.origin}/`, { isUpload });
    equal(await textOf(request, { timeoutMs: Infinity, connectTimeoutMs: Infinity }), "there");
  }
});
