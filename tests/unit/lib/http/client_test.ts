import assert from "node:assert/strict";
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import { AuthError, NetworkError } from "../../../../lib/errors.ts";
import type { Authorizer } from "../../../../lib/http/authorizer.ts";
import {
  HttpClient,
  type HttpClientOptions,
  parseRetryAfter,
  readText,
} from "../../../../lib/http/client.ts";
import { Logger, SILENT_LOGGER } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { type RequestHandler, ScriptedTransport } from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const ASK = { action: 'list "a"', method: "GET", url: "https://x.example/a" } as const;

function clientWith(handler: RequestHandler, more: Partial<HttpClientOptions> = {}) {
  const transport = new ScriptedTransport(handler);
  const clock = new FakeClock({ autoAdvance: true });
  const lines: string[] = [];
  const client = new HttpClient({
    transport,
    clock,
    random: new SeededRandom(),
    log: new Logger("debug", (line) => lines.push(line)),
    userAgent: "test/1",
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 5 },
    isTrusted: (url) => new URL(url).hostname === "x.example",
    ...more,
  });
  return { client, transport, clock, lines };
}

/** Hands out t1, t2, ... and knows which were refused. */
class Tokens implements Authorizer {
  readonly refused: string[] = [];
  accessToken(): Promise<string> {
    return Promise.resolve(`t${this.refused.length + 1}`);
  }
  renew(rejected: string): Promise<string> {
    this.refused.push(rejected);
    return this.accessToken();
  }
}

/** A body that tells whether it was let go. */
function watchedBody() {
  const state = { isCancelled: false, pulls: 0 };
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => {
      state.pulls++;
      controller.enqueue(new Uint8Array(10));
    },
    cancel: () => void (state.isCancelled = true),
  }, { highWaterMark: 0 });
  return { state, stream };
}

Deno.test("HttpClient.request() sends user agent and token, and gives any status", async () => {
  for (const status of [200, 201, 302, 400, 404, 460]) {
    const { client, transport } = clientWith(() => ({ status, body: "text" }), { authorizer: new Tokens() });
    const response = await client.request({ ...ASK, headers: { range: "bytes=1-" } });
    assert.equal(response.status, status);
    assert.equal(await readText(response, 100), "text");
    assert.deepEqual(transport.requests[0]?.headers, {
      "user-agent": "test/1",
      "accept-encoding": "identity",
      range: "bytes=1-",
      authorization: "Bearer t1",
    });
  }
});

Deno.test("HttpClient.request() without an authorizer goes out without a token", async () => {
  const { client, transport } = clientWith(() => ({ status: 401 }));
  assert.equal((await client.request(ASK)).status, 401);
  assert.equal(transport.requests.length, 1);
  assert.equal(transport.requests[0]?.headers["authorization"], undefined);
});

Deno.test("HttpClient.request() renews a refused token once", async () => {
  const authorizer = new Tokens();
  const { client, transport } = clientWith(
    ({ headers }) => ({ status: headers["authorization"] === "Bearer t2" ? 200 : 401 }),
    { authorizer },
  );
  assert.equal((await client.request(ASK)).status, 200);
  assert.deepEqual(authorizer.refused, ["t1"]);
  assert.equal(transport.requests.length, 2);
  const always = clientWith(() => ({ status: 401 }), { authorizer: new Tokens() });
  assert.equal((await always.client.request(ASK)).status, 401);
  assert.equal(always.transport.requests.length, 2);
});

Deno.test("HttpClient.request() stops renewing when the service refuses every token", async () => {
  const authorizer = new Tokens();
  let isRefusing = true;
  const { client, transport } = clientWith(() => ({ status: isRefusing ? 401 : 200 }), { authorizer });
  for (let count = 0; count < 2; count++) assert.equal((await client.request(ASK)).status, 401);
  for (let count = 0; count < 50; count++) await assert.rejects(client.request(ASK), AuthError);
  assert.deepEqual(authorizer.refused, ["t1", "t2"]);
  assert.equal(transport.requests.length, 54);
  isRefusing = false;
  assert.equal((await client.request(ASK)).status, 200);
  isRefusing = true;
  assert.equal((await client.request(ASK)).status, 401);
});

Deno.test("HttpClient.request() sends nothing, and asks for no token, where a token may not go", async () => {
  const asked: string[] = [];
  const authorizer: Authorizer = {
    accessToken: () => Promise.resolve(`t${asked.push("a token")}`),
    renew: () => Promise.resolve(`t${asked.push("a renewal")}`),
  };
  for (const retry of [true, false]) {
    const { client, transport, clock, lines } = clientWith(() => ({}), { authorizer });
    const { state, stream } = watchedBody();
    const url = "https://up.other.example:8443/upload/capability?sig=secret";
    await assert.rejects(
      client.request({ action: 'upload "a"', method: "POST", url, body: { length: 10, stream }, retry }),
      {
        name: "ProtocolError",
        message:
          'Cannot upload "a": the service named an address outside its own hosts: up.other.example:8443',
        retry: "never",
      },
    );
    assert.deepEqual([transport.requests, asked, clock.sleeps, lines], [[], [], [], []]);
    assert.ok(state.isCancelled);
  }
});

Deno.test("HttpClient.request() trusts the service's own hosts only, unless told otherwise", async () => {
  const bare = {
    transport: new ScriptedTransport(() => ({})),
    clock: new FakeClock(),
    authorizer: new Tokens(),
  };
  const random = new SeededRandom();
  const client = new HttpClient({ ...bare, random, log: SILENT_LOGGER, userAgent: "test/1" });
  await client.request({ ...ASK, url: "https://jfs.jottacloud.com/jfs/u" });
  assert.equal(bare.transport.requests[0]?.headers["authorization"], "Bearer t1");
  await assert.rejects(client.request(ASK), { code: "protocol" });
  assert.equal(bare.transport.requests.length, 1);
});

Deno.test("HttpClient.request() goes anywhere without a token", async () => {
  const { client, transport } = clientWith(() => ({}));
  await client.request({ ...ASK, url: "https://id.other.example/token" });
  assert.equal(transport.requests.length, 1);
});

Deno.test("HttpClient.request() follows no redirect", async () => {
  const headers = { location: "https://other.example/elsewhere" };
  for (const method of ["GET", "POST", "DELETE"] as const) {
    for (const status of [301, 302, 303, 307, 308]) {
      const { client, transport } = clientWith(() => ({ status, headers }), { authorizer: new Tokens() });
      assert.equal((await client.request({ ...ASK, method })).status, status);
      assert.deepEqual(transport.requests.map(({ url }) => url), [ASK.url]);
    }
  }
});

Deno.test("HttpClient.request() does not send a streamed body twice when the token is refused", async () => {
  const authorizer = new Tokens();
  const { client, transport } = clientWith(() => ({ status: 401 }), { authorizer });
  const body = { length: 3, stream: ReadableStream.from([new Uint8Array(3)]) };
  await assert.rejects(client.request({ ...ASK, method: "POST", body, retry: false }), {
    code: "service",
    retry: "now",
  });
  assert.equal(transport.requests.length, 1);
  assert.deepEqual(authorizer.refused, ["t1"]);
});

Deno.test("HttpClient.request() cancels a streamed body that was never begun", async () => {
  const failing: Authorizer = {
    accessToken: () => Promise.reject(new AuthError("signed out")),
    renew: () => Promise.reject(new AuthError("signed out")),
  };
  const { client } = clientWith(() => ({}), { authorizer: failing });
  const { state, stream } = watchedBody();
  await assert.rejects(client.request({ ...ASK, body: { length: 10, stream }, retry: false }), AuthError);
  assert.ok(state.isCancelled);
});

Deno.test("HttpClient.request() tries again what the service cannot do for now, and lets go of the answers", async () => {
  for (const status of [429, 500, 502, 503, 504, 509]) {
    const bodies = Array.from({ length: 5 }, watchedBody);
    let round = 0;
    const { client, clock } = clientWith(() => {
      const body = bodies[round++]?.stream ?? "";
      return round < 4 ? { status, body, headers: { "retry-after": "3" } } : { status: 200 };
    });
    assert.equal((await client.request(ASK)).status, 200);
    assert.deepEqual(clock.sleeps, [3_000, 3_000, 3_000]);
    assert.deepEqual(bodies.map(({ state }) => state.isCancelled), [true, true, true, false, false]);
  }
});

Deno.test("HttpClient.request() gives the last answer when the service stays unable", async () => {
  const { client, transport } = clientWith(() => ({ status: 503, body: "why" }));
  const response = await client.request(ASK);
  assert.equal(response.status, 503);
  assert.equal(await readText(response, 100), "why");
  assert.equal(transport.requests.length, 5);
});

Deno.test("HttpClient.request() tries dead lines three times before the first answer, more often after it", async () => {
  let isDead = true;
  const { client, transport } = clientWith(() => {
    if (isDead) throw new NetworkError('"x" refused the connection', { hint: "Check it" });
    return {};
  });
  const failure = {
    message: 'Cannot list "a": "x" refused the connection',
    retry: "later",
    hint: "Check it",
  };
  await assert.rejects(client.request(ASK), failure);
  assert.equal(transport.requests.length, 3);
  isDead = false;
  await client.request(ASK);
  isDead = true;
  transport.requests.length = 0;
  await assert.rejects(client.request(ASK), failure);
  assert.equal(transport.requests.length, 5);
});

Deno.test("HttpClient.request() goes on trying when the first answer of the run is an unable one", async () => {
  let round = 0;
  const { client } = clientWith(() => {
    round++;
    if (round < 3) throw new NetworkError("cut");
    return { status: round < 5 ? 503 : 200 };
  });
  assert.equal((await client.request(ASK)).status, 200);
});

Deno.test("HttpClient.request() with retry off tries once and leaves the verdict to its caller", async () => {
  const broken = clientWith(() => {
    throw new NetworkError("cut");
  });
  await assert.rejects(broken.client.request({ ...ASK, retry: false }), { retry: "now" });
  const unable = clientWith(() => ({ status: 503, headers: { "retry-after": "9" } }));
  const response = await unable.client.request({ ...ASK, retry: false });
  assert.equal(response.status, 503);
  assert.equal(unable.client.retryAfterMs(response), 9_000);
  assert.equal(unable.transport.requests.length, 1);
});

Deno.test("HttpClient.request() hands on errors that are not about the line, and stops with the signal", async () => {
  const odd = clientWith(() => {
    throw new TypeError("bug");
  });
  await assert.rejects(odd.client.request(ASK), TypeError);
  assert.equal(odd.transport.requests.length, 1);
  const stopped = clientWith(() => ({}));
  await assert.rejects(
    stopped.client.request({ ...ASK, signal: AbortSignal.abort(new Error("stop")) }),
    /stop/,
  );
});

Deno.test("HttpClient gives a body that breaks off the words of the task, and passes cancellation on", async () => {
  const cut = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.error(new NetworkError('"x" cut its answer short')),
  });
  const { client } = clientWith(() => ({ body: cut }));
  await assert.rejects(readText(await client.request(ASK), 10), {
    message: 'Cannot list "a": "x" cut its answer short',
    retry: "now",
  });
  const { state, stream } = watchedBody();
  const other = clientWith(() => ({ body: stream }));
  const response = await other.client.request(ASK);
  assert.equal(state.pulls, 0);
  await response.body.cancel();
  assert.ok(state.isCancelled);
});

Deno.test("readText() reads no more than it may and lets go of the rest", async () => {
  const { state, stream } = watchedBody();
  const { client } = clientWith(() => ({ body: stream }));
  await assert.rejects(readText(await client.request(ASK), 95), { code: "protocol" });
  assert.equal(state.pulls, 10);
  assert.ok(state.isCancelled);
});

Deno.test("HttpClient logs no token and no upload URL, whatever its path", async () => {
  const { client, lines } = clientWith(() => ({}), { authorizer: new Tokens() });
  const body = { length: 1, stream: ReadableStream.from([new Uint8Array(1)]) };
  await client.request({
    ...ASK,
    url: "https://x.example/odd/capability?sig=secret",
    method: "POST",
    body,
    retry: false,
  });
  const text = lines.join("\n");
  assert.match(text, /https:\/\/x\.example\/\*\*\*/);
  for (const secret of ["capability", "secret", "t1"]) assert.ok(!text.includes(secret), text);
});

Deno.test("parseRetryAfter() reads seconds and dates", () => {
  const now = Date.UTC(2026, 0, 1);
  const cases: readonly (readonly [string | null, number | undefined])[] = [
    [null, undefined],
    ["", undefined],
    ["soon", undefined],
    ["0", 0],
    [" 120 ", 120_000],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
  ];
  for (const [value, expected] of cases) assert.equal(parseRetryAfter(value, now), expected, String(value));
});
