import assert from "node:assert/strict";
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import type { HttpRequest, HttpResponse, Transport } from "../../../../lib/edges.ts";
import { NetworkError } from "../../../../lib/errors.ts";
import { HttpClient, type HttpClientOptions } from "../../../../lib/http/client.ts";
import { Pace } from "../../../../lib/http/pace.ts";
import { Logger } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const ASK = { action: 'list "a"', method: "GET", url: "https://x.example/a" } as const;

function clientWith(
  send: (request: HttpRequest) => Promise<HttpResponse>,
  more: Partial<HttpClientOptions> = {},
) {
  const clock = new FakeClock();
  const lines: string[] = [];
  const transport: Transport = { send, close() {} };
  const client = new HttpClient({
    transport,
    clock,
    random: new SeededRandom(),
    log: new Logger("info", (line) => lines.push(line)),
    userAgent: "test/1",
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 30 },
    pace: new Pace(clock),
    ...more,
  });
  /** Moves the clock until the work is done. */
  const until = async <T>(work: Promise<T>, stepMs = 20): Promise<T> => {
    let isOver = false;
    void work.catch(() => {}).finally(() => isOver = true);
    while (!isOver) await clock.advance(stepMs);
    return await work;
  };
  return { client, clock, lines, until };
}

const answer = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: new Headers(headers),
  body: ReadableStream.from([]),
});

Deno.test("a client with a pace sends as many requests as the service can do, and all get through", async (t) => {
  for (const status of [429, 503]) {
    await t.step(`${status}`, async () => {
      const [capacity, tasks] = [4, 200];
      let active = 0;
      let refused = 0;
      const world = clientWith(async () => {
        if (active >= capacity) {
          refused++;
          return answer(status);
        }
        active++;
        await world.clock.sleep(100);
        active--;
        return answer(200);
      });
      const { client, clock, lines, until } = world;
      const startedAt = clock.now();
      let left = tasks;
      const statuses: number[] = [];
      const worker = async () => {
        while (left-- > 0) statuses.push((await client.request(ASK)).status);
      };
      await until(Promise.all(Array.from({ length: 20 }, worker)));
      assert.deepEqual(new Set(statuses), new Set([200]));
      assert.equal(statuses.length, tasks);
      const bestMs = tasks / capacity * 100;
      assert.ok(
        clock.now() - startedAt < 2.5 * bestMs,
        `${clock.now() - startedAt} ms for ${bestMs} ms of work`,
      );
      assert.ok(refused < tasks / 2, `${refused} were refused`);
      assert.match(lines.join("\n"), /the service sets the pace/);
    });
  }
});

Deno.test("a wait that the service asks one request for holds up the others, too", async () => {
  const sentAt: number[] = [];
  const { client, clock, until } = clientWith(() => {
    sentAt.push(clock.now());
    return Promise.resolve(sentAt.length === 1 ? answer(429, { "retry-after": "30" }) : answer(200));
  });
  const first = client.request(ASK);
  await clock.advance(0);
  await until(Promise.all([first, client.request(ASK), client.request(ASK)]), 500);
  const [begin = 0, ...later] = sentAt;
  assert.equal(later.length, 3);
  for (const at of later) assert.ok(at - begin >= 30_000, `${at - begin} ms`);
});

Deno.test("requests wait for no upload, and uploads for no request", async () => {
  const upload = (stream: ReadableStream<Uint8Array<ArrayBuffer>>) =>
    ({ ...ASK, method: "POST", body: { length: 1, stream }, retry: false }) as const;
  let isUploadOpen = false;
  let refusals = 2;
  const { client, until } = clientWith(async ({ body }) => {
    if (typeof body !== "object") return answer(refusals-- > 0 ? 503 : 200);
    isUploadOpen = true;
    await body.stream.getReader().read();
    return answer(200);
  });
  await until(client.request(ASK));
  // The bytes of this upload come when a request has been answered that is sent meanwhile.
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      assert.ok(isUploadOpen);
      await client.request(ASK);
      controller.enqueue(new Uint8Array(1));
      controller.close();
    },
  }, { highWaterMark: 0 });
  assert.equal((await until(client.request(upload(stream)))).status, 200);
});

Deno.test("a dead line, a stop and a refused token leave no place taken", async () => {
  let count = 0;
  const { client, until } = clientWith(() => {
    count++;
    if (count === 1) return Promise.resolve(answer(503));
    return count < 6
      ? Promise.reject(new NetworkError("cut"))
      : Promise.resolve(answer(count === 6 ? 401 : 200));
  });
  assert.equal((await until(client.request(ASK))).status, 401);
  const stopped = client.request({ ...ASK, signal: AbortSignal.abort(new Error("stopped")) });
  await assert.rejects(stopped, /stopped/);
  const all = Promise.all(Array.from({ length: 10 }, () => client.request(ASK)));
  assert.deepEqual((await until(all)).map(({ status }) => status), Array(10).fill(200));
});

Deno.test("a date to wait for is read by the clock of the service", () => {
  const { client, clock } = clientWith(() => Promise.reject(new Error("nothing is sent")));
  const serviceMs = clock.now() - 3_600_000;
  const date = (ms: number) => new Date(ms).toUTCString();
  const waiting = answer(429, { date: date(serviceMs), "retry-after": date(serviceMs + 9_000) });
  assert.equal(client.retryAfterMs(waiting), 9_000);
  assert.equal(client.retryAfterMs(answer(429, { "retry-after": date(clock.now() + 9_000) })), 9_000);
});

Deno.test("a request is given up when its time is spent, however many tries are left", async () => {
  let count = 0;
  const { client, clock, until } = clientWith(async () => {
    count++;
    if (count === 1) return answer(500);
    await clock.sleep(5 * 60_000);
    throw new NetworkError("no answer");
  });
  await assert.rejects(until(client.request(ASK), 10_000), { retry: "later" });
  assert.ok(count >= 5 && count <= 7, `${count} tries`);
});
