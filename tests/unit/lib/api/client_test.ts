import assert from "node:assert/strict";
import { ApiClient } from "../../../../lib/api/client.ts";
import { DEFAULT_RETRY_POLICY } from "../../../../lib/async/retry.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { SILENT_LOGGER } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import {
  type RequestHandler,
  type ScriptedAnswer,
  ScriptedTransport,
} from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const MD5 = "5eb63bbbe01eeed093cb22bb8f5acdc3";
const REQUEST = {
  path: "/jfs/Jotta/Archive/a b%.txt",
  bytes: 11,
  md5: MD5,
  created: "2024-04-01T08:00:00Z",
  modified: "2024-04-02T09:00:00Z",
};
const CONTEXT = { action: 'upload "a"' };
const SLOT = { state: "INCOMPLETE", upload_url: "https://up-1.example/upload/x", resume_pos: 0, bytes: 11 };

function apiWith(handler: RequestHandler) {
  const transport = new ScriptedTransport(handler);
  const http = new HttpClient({
    transport,
    clock: new FakeClock({ autoAdvance: true }),
    random: new SeededRandom(),
    log: SILENT_LOGGER,
    userAgent: "test",
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 2 },
  });
  return { api: new ApiClient(http, "https://api.example"), transport };
}

function upload(answer: ScriptedAnswer, resumePosition = 0) {
  const { api, transport } = apiWith(() => answer);
  const length = 11 - resumePosition;
  const body = { length, stream: ReadableStream.from([new Uint8Array(length)]) };
  const allocation = { isComplete: false, uploadUrl: SLOT.upload_url, resumePosition };
  return { sending: api.upload(allocation, { size: 11, md5: MD5, body }, CONTEXT), transport };
}

Deno.test("ApiClient.customer() needs the internal user name only", async () => {
  const { api, transport } = apiWith(() => ({ body: '{"username":"abc","quota":-1,"locked_cause":{}}' }));
  assert.deepEqual(await api.customer({ action: "look" }), { username: "abc", email: "" });
  assert.equal(transport.requests[0]?.url, "https://api.example/account/v1/customer");
});

Deno.test("ApiClient.allocate() sends path and times as they are and reads the slot", async () => {
  const { api, transport } = apiWith(() => ({ body: JSON.stringify({ ...SLOT, resume_pos: 4 }) }));
  assert.deepEqual(await api.allocate(REQUEST, CONTEXT), {
    isComplete: false,
    uploadUrl: SLOT.upload_url,
    resumePosition: 4,
  });
  assert.deepEqual(JSON.parse(transport.requests[0]?.body ?? ""), REQUEST);
  assert.equal(transport.requests[0]?.headers["content-type"], "application/json");
});

Deno.test("ApiClient.allocate() takes any success and any state but COMPLETED as an invitation", async () => {
  for (const state of ["INCOMPLETE", "CORRUPT", "ADDED", "PROCESSING"]) {
    const { api } = apiWith(() => ({ status: 201, body: JSON.stringify({ ...SLOT, state }) }));
    assert.equal((await api.allocate(REQUEST, CONTEXT)).isComplete, false);
  }
  const { api } = apiWith(() => ({ status: 201, body: '{"state":"COMPLETED"}' }));
  assert.equal((await api.allocate(REQUEST, CONTEXT)).isComplete, true);
});

Deno.test("ApiClient.allocate() refuses answers of the wrong shape and unsafe slots", async () => {
  const answers: readonly unknown[] = [
    "text",
    [],
    null,
    7,
    {},
    { ...SLOT, state: 5 },
    { ...SLOT, state: undefined },
    { ...SLOT, resume_pos: "0" },
    { ...SLOT, resume_pos: -1 },
    { ...SLOT, resume_pos: 0.5 },
    { ...SLOT, resume_pos: null },
    { ...SLOT, resume_pos: 12 },
    { ...SLOT, upload_url: null },
    { ...SLOT, upload_url: "" },
    { ...SLOT, upload_url: "/upload/x" },
    { ...SLOT, upload_url: "http://up-1.example/upload/x" },
    { ...SLOT, upload_url: "ftp://up-1.example/upload/x" },
  ];
  for (const answer of answers) {
    const { api } = apiWith(() => ({ body: JSON.stringify(answer) }));
    await assert.rejects(api.allocate(REQUEST, CONTEXT), {
      name: "ProtocolError",
      code: "protocol",
      message: /^Cannot upload "a": the service/,
    }, JSON.stringify(answer));
  }
});

Deno.test("ApiClient.allocate() gives the failure of the table with the service's name for it", async () => {
  const rows: readonly (readonly [number, string, string])[] = [
    [400, '{"error_id":"InvalidArgumentException","code":400}', "service"],
    [401, '{"error_id":null}', "auth"],
    [409, "[]", "conflict"],
    [460, "", "quota"],
    [500, "<html>", "service"],
  ];
  for (const [status, body, code] of rows) {
    const { api } = apiWith(() => ({ status, body }));
    await assert.rejects(api.allocate(REQUEST, CONTEXT), { code }, String(status));
  }
});

Deno.test("ApiClient.upload() sends a range only when it resumes, and takes upper-case MD5s", async () => {
  const body = JSON.stringify({ bytes: 11, md5: MD5.toUpperCase(), path: "x" });
  const whole = upload({ body });
  await whole.sending;
  assert.equal(whole.transport.requests[0]?.headers["range"], undefined);
  const rest = upload({ body }, 4);
  await rest.sending;
  assert.equal(rest.transport.requests[0]?.headers["range"], "bytes=4-10");
});

Deno.test("ApiClient.upload() knows what may be tried again, and how long to wait", async () => {
  const rows: readonly (readonly [number, string, string])[] = [
    [400, "service", "never"],
    [403, "auth", "never"],
    [404, "service", "now"],
    [409, "service", "now"],
    [410, "service", "now"],
    [416, "service", "now"],
    [420, "service", "now"],
    [421, "integrity", "now"],
    [429, "service", "now"],
    [460, "quota", "never"],
    [500, "service", "now"],
    [503, "service", "now"],
  ];
  for (const [status, code, retry] of rows) {
    const { sending, transport } = upload({ status, body: "{}", headers: { "retry-after": "7" } });
    await assert.rejects(sending, (error: Error & { data: Record<string, unknown> }) => {
      if (retry === "now") assert.equal(error.data["retryAfterMs"], 7_000);
      assert.deepEqual(
        [Reflect.get(error, "code"), Reflect.get(error, "retry")],
        [code, retry],
        String(status),
      );
      return true;
    });
    assert.equal(transport.requests.length, 1);
  }
});

Deno.test("ApiClient.upload() does not believe an answer about another content", async () => {
  const wrong = [{ bytes: 10, md5: MD5 }, { bytes: 11, md5: "0".repeat(32) }];
  for (const answer of wrong) {
    await assert.rejects(upload({ body: JSON.stringify(answer) }).sending, {
      code: "integrity",
      retry: "now",
    });
  }
  for (
    const answer of ["{}", "", "null", '{"bytes":"11","md5":"x"}', '{"bytes":11,"md5":null}', '{"bytes":11']
  ) {
    await assert.rejects(upload({ body: answer }).sending, { code: "protocol" });
  }
});
