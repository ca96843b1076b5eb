/** Where the access token goes over the real line: to the service, and never to a place that the service names. */
import assert from "node:assert/strict";
import { ApiClient } from "../../lib/api/client.ts";
import { HttpClient } from "../../lib/http/client.ts";
import { trustedHosts } from "../../lib/http/trusted_hosts.ts";
import { Logger } from "../../lib/log.ts";
import { createDenoTransport } from "../../lib/sys/deno_transport.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

const ACTION = { action: 'upload "a"' };
const MD5 = "5eb63bbbe01eeed093cb22bb8f5acdc3";
const TIMES = { created: "2024-04-01T08:00:00Z", modified: "2024-04-02T09:00:00Z" };
const FILE = { path: "/jfs/Jotta/Archive/a", bytes: 11, md5: MD5, ...TIMES };

/** A server on 127.0.0.1 that keeps what it was asked, as in `GET /path Bearer t`. */
function startServer(answer: (request: Request) => Response) {
  const seen: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    seen.push(`${request.method} ${pathname}${search} ${request.headers.get("authorization") ?? "nobody"}`);
    await request.arrayBuffer();
    return answer(request);
  });
  return {
    seen,
    origin: `http://127.0.0.1:${server.addr.port}`,
    /** The same server under a name that is not the endpoint's. */
    foreignOrigin: `http://localhost:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function withClient(
  endpoint: string,
  work: (http: HttpClient, lines: readonly string[]) => Promise<void>,
): Promise<void> {
  const transport = createDenoTransport();
  const lines: string[] = [];
  const http = new HttpClient({
    transport,
    clock: new FakeClock({ autoAdvance: true }),
    random: new SeededRandom(),
    log: new Logger("debug", (line) => lines.push(line)),
    userAgent: "test",
    authorizer: { accessToken: () => Promise.resolve("t1"), renew: () => Promise.resolve("t2") },
    isTrusted: trustedHosts(endpoint),
  });
  try {
    await work(http, lines);
  } finally {
    transport.close();
  }
}

function content() {
  const stream = ReadableStream.from([new TextEncoder().encode("hello world")]);
  return { size: 11, md5: MD5, body: { length: 11, stream } };
}

Deno.test("An upload to an address outside the service's hosts never leaves, and its path is not told", async () => {
  await using elsewhere = startServer(() => new Response("{}"));
  const slot = {
    state: "INCOMPLETE",
    upload_url: `${elsewhere.foreignOrigin}/upload/capability`,
    resume_pos: 0,
  };
  await using service = startServer(() => Response.json(slot));
  await withClient(service.origin, async (http, lines) => {
    const api = new ApiClient(http, service.origin);
    const allocation = await api.allocate(FILE, ACTION);
    const host = new URL(elsewhere.foreignOrigin).host;
    await assert.rejects(api.upload(allocation, content(), ACTION), {
      name: "ProtocolError",
      message: `Cannot upload "a": the service named an address outside its own hosts: ${host}`,
    });
    assert.ok(!lines.join().includes("capability"));
  });
  assert.deepEqual(elsewhere.seen, []);
  assert.deepEqual(service.seen, ["POST /files/v1/allocate Bearer t1"]);
});

Deno.test("An upload goes to another port of the endpoint's host with the token", async () => {
  await using uploads = startServer(() => Response.json({ bytes: 11, md5: MD5 }));
  const slot = { state: "INCOMPLETE", upload_url: `${uploads.origin}/upload/a`, resume_pos: 0 };
  await using service = startServer(() => Response.json(slot));
  await withClient(service.origin, async (http) => {
    const api = new ApiClient(http, service.origin);
    await api.upload(await api.allocate(FILE, ACTION), content(), ACTION);
  });
  assert.deepEqual(uploads.seen, ["POST /upload/a Bearer t1"]);
});

Deno.test("A redirect is an answer: what it points at is never asked, with or without the token", async (t) => {
  for (const status of [301, 302, 303, 307, 308]) {
    await t.step(`${status}`, async () => {
      await using elsewhere = startServer(() => new Response("found me"));
      const headers = { location: `${elsewhere.foreignOrigin}/stolen` };
      await using service = startServer(() => new Response(null, { status, headers }));
      await withClient(service.origin, async (http) => {
        for (const method of ["GET", "POST", "DELETE"] as const) {
          const response = await http.request({ action: "look", method, url: `${service.origin}/${method}` });
          await response.body.cancel();
          assert.equal(response.status, status);
        }
        const api = new ApiClient(http, service.origin);
        const allocation = { isComplete: false, uploadUrl: `${service.origin}/upload/a`, resumePosition: 0 };
        await assert.rejects(api.upload(allocation, content(), ACTION), {
          message: `Cannot upload "a": the service answered ${status}`,
        });
      });
      assert.deepEqual(elsewhere.seen, []);
      assert.equal(service.seen.length, 4);
    });
  }
});
