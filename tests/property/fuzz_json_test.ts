/** JSON of a hostile service: each answer is understood, or is a clear error, and nothing in it is shown as it is. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { ApiClient } from "../../lib/api/client.ts";
import { DEFAULT_RETRY_POLICY } from "../../lib/async/retry.ts";
import { JottashError } from "../../lib/errors.ts";
import { HttpClient } from "../../lib/http/client.ts";
import { SILENT_LOGGER } from "../../lib/log.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { type ScriptedAnswer, ScriptedTransport } from "../fakes/scripted_transport.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { HOSTILE_JSON, HOSTILE_NAME, HOSTILE_NUMBER, inTime, resultOrClearError, SEED } from "./hostile.ts";

const RUNS = { seed: SEED, numRuns: 150, endOnFailure: true };
const ACTION = { action: 'upload "a"' };
const CONTENT = { size: 10, md5: "0".repeat(32) };

function apiWith(answer: () => ScriptedAnswer): ApiClient {
  const http = new HttpClient({
    transport: new ScriptedTransport(answer),
    clock: new FakeClock({ autoAdvance: true }),
    random: new SeededRandom(),
    log: SILENT_LOGGER,
    userAgent: "test",
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 2 },
  });
  return new ApiClient(http, "https://api.example");
}

const allocate = (api: ApiClient) =>
  api.allocate(
    { path: "/jfs/Jotta/Archive/a", bytes: 10, md5: CONTENT.md5, created: "", modified: "" },
    ACTION,
  );

function upload(api: ApiClient): Promise<void> {
  const slot = { isComplete: false, uploadUrl: "https://up.example/x", resumePosition: 0 };
  const stream = ReadableStream.from([new Uint8Array(CONTENT.size)]);
  return api.upload(slot, { ...CONTENT, body: { length: CONTENT.size, stream } }, ACTION);
}

/** Fields that answers have, with values that they never have. */
const ANSWER = fc.record({
  username: fc.oneof(HOSTILE_NAME, fc.integer(), fc.constant(null)),
  state: fc.oneof(fc.constantFrom("COMPLETED", "INCOMPLETE", "evil", null), HOSTILE_NAME),
  upload_url: fc.oneof(
    fc.constantFrom(
      "http://evil.example/",
      "file:///etc/passwd",
      "javascript:1",
      "https://user:pass@up.example/",
      "//x",
      "",
      "https://up.example/x",
    ),
    HOSTILE_NAME,
  ),
  resume_pos: fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom(-1, 11, 2 ** 53, null, "5"),
    HOSTILE_NUMBER,
  ),
  bytes: fc.oneof(fc.integer(), fc.constantFrom(-10, 10, 1e300, null, "10")),
  md5: fc.oneof(fc.constant(CONTENT.md5), HOSTILE_NAME, fc.constant(null)),
  error_id: fc.oneof(HOSTILE_NAME, fc.constant("x".repeat(100_000)), fc.integer(), fc.constant(null)),
}, { requiredKeys: [] }).map((answer) => JSON.stringify(answer));

const BODY = fc.oneof(ANSWER, HOSTILE_JSON);
const STATUS = fc.constantFrom(200, 200, 201, 204, 302, 400, 404, 409, 416, 420, 421, 460, 499, 500, 999);

Deno.test("any answer of the API host is understood or a clear error", async () => {
  await fc.assert(
    fc.asyncProperty(BODY, STATUS, async (body, status) => {
      const api = apiWith(() => ({ status, body }));
      await inTime(async () => {
        const customer = await resultOrClearError(() => api.customer(ACTION));
        if (!(customer instanceof JottashError)) {
          // It stands in the path of every request: one segment, which no parser of URLs takes for another.
          const url = new URL(`https://x.example/jfs/${encodeURIComponent(customer.username)}/Jotta`);
          assert.equal(url.pathname.split("/").length, 4);
        }
        const slot = await resultOrClearError(() => allocate(api));
        if (!(slot instanceof JottashError) && !slot.isComplete) {
          assert.ok(slot.resumePosition >= 0 && slot.resumePosition <= CONTENT.size);
          assert.equal(new URL(slot.uploadUrl).protocol, "https:");
        }
        await resultOrClearError(() => upload(api));
        await resultOrClearError(() => api.purgeTrash(ACTION));
      });
    }),
    RUNS,
  );
});

Deno.test("an upload is done only when the service names this size and this MD5", async () => {
  await fc.assert(
    fc.asyncProperty(BODY, async (body) => {
      const result = await resultOrClearError(() => upload(apiWith(() => ({ body }))));
      if (result instanceof JottashError) return;
      const answer = JSON.parse(body);
      assert.deepEqual([answer.bytes, answer.md5.toLowerCase()], [CONTENT.size, CONTENT.md5]);
    }),
    RUNS,
  );
});

Deno.test("names of errors are shown when they are names", async () => {
  const shown = async (errorId: unknown) => {
    const api = apiWith(() => ({ status: 400, body: JSON.stringify({ error_id: errorId }) }));
    return (await resultOrClearError(() => api.customer(ACTION)) as JottashError).message;
  };
  assert.match(await shown("BadThingException"), /\(400 BadThingException\)$/);
  for (const errorId of ["\u001b[2Jcleared", "a sentence", "x".repeat(101), "", 5, null]) {
    assert.match(await shown(errorId), /\(400\)$/);
  }
});

Deno.test("an answer without end is not read to its end", async () => {
  let taken = 0;
  const body = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        taken += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    }, { highWaterMark: 0 });
  for (const status of [200, 400]) {
    taken = 0;
    const result = await inTime(() =>
      resultOrClearError(() => apiWith(() => ({ status, body: body() })).customer(ACTION))
    );
    assert.ok(result instanceof JottashError);
    assert.ok(taken <= 4 << 20, `${taken} bytes were read`);
  }
});
