/** Every fault action, its matching, and the admin path. */
import assert from "node:assert/strict";
import type { FaultAction } from "../../../emulator/mod.ts";
import { startSession } from "./session.ts";

const A = "/Jotta/Archive";
const CONTENT = "0123456789".repeat(10);

async function startWithFile() {
  const session = await startSession();
  session.emulator.tree.putFile(`${A}/f.bin`, CONTENT);
  const fault = (action: FaultAction, match: { method?: string; path?: string; query?: string } = {}) =>
    session.emulator.addFault({ match, times: 1, action });
  return { session, fault, download: () => session.get(`${A}/f.bin?mode=bin`) };
}

Deno.test("status: code, Retry-After and body kind, once, then all is well", async () => {
  const { session, fault, download } = await startWithFile();
  await using _ = session;
  fault({ kind: "status", status: 429, retryAfterSeconds: 7, body: "json" });
  fault({ kind: "status", status: 503, body: "xml" });
  fault({ kind: "status", status: 502 });
  const answers = [await download(), await download(), await download(), await download()];
  assert.deepEqual(answers.map(({ status }) => status), [429, 503, 502, 200]);
  assert.equal(answers[0]?.headers.get("retry-after"), "7");
  assert.equal(JSON.parse(answers[0]?.text ?? "").code, 429);
  assert.match(answers[1]?.text ?? "", /<error>\s+<code>503<\/code>/);
  assert.equal(session.emulator.stats.faultsFired, 3);
});

Deno.test("status with afterEffect has done the work, without has not", async () => {
  const { session, fault } = await startWithFile();
  await using _ = session;
  fault({ kind: "status", status: 500 }, { query: "dl=true" });
  assert.equal((await session.post(`${A}/f.bin?dl=true`)).status, 500);
  assert.equal(session.emulator.tree.isTrashed(`${A}/f.bin`), false);
  fault({ kind: "status", status: 500, afterEffect: true });
  assert.equal((await session.post(`${A}/f.bin?dl=true`)).status, 500);
  assert.equal(session.emulator.tree.isTrashed(`${A}/f.bin`), true);
});

Deno.test("dropBeforeResponse loses the request, or with afterEffect the answer", async () => {
  const { session, fault } = await startWithFile();
  await using _ = session;
  fault({ kind: "dropBeforeResponse" }, { method: "POST" });
  await assert.rejects(session.post(`${A}/f.bin?dl=true`), TypeError);
  assert.equal(session.emulator.tree.isTrashed(`${A}/f.bin`), false);
  assert.equal(session.emulator.requests.at(-1)?.status, 0);
  fault({ kind: "dropBeforeResponse", afterEffect: true }, { method: "POST" });
  await assert.rejects(session.post(`${A}/f.bin?dl=true`), TypeError);
  assert.equal(session.emulator.tree.isTrashed(`${A}/f.bin`), true);
});

Deno.test("a lost refresh answer costs the family when the client tries again", async () => {
  const { session, fault } = await startWithFile();
  await using _ = session;
  const { refreshToken } = session.emulator.issueTokens();
  const refresh = () =>
    session.call(session.emulator.tokenUrl, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: refreshToken,
        client_id: "jottacli",
      }),
    });
  fault({ kind: "dropBeforeResponse", afterEffect: true }, { path: "/openid-connect/token" });
  await assert.rejects(refresh(), TypeError);
  assert.equal((await refresh()).status, 400);
});

Deno.test("dropRequestAfterBytes kills an upload and keeps what was read", async () => {
  const { session, fault } = await startWithFile();
  await using _ = session;
  const content = "abcdefghij".repeat(100_000);
  const { upload_url } = await session.allocate(`${A}/up`, content);
  fault({ kind: "dropRequestAfterBytes", bytes: 123_456 }, { path: "/upload/" });
  await assert.rejects(session.send(upload_url, content), TypeError);
  const again = await session.allocate(`${A}/up`, content);
  assert.equal(again.resume_pos, 123_456);
  assert.equal((await session.send(again.upload_url, content.slice(123_456), 123_456)).status, 200);
});

Deno.test("dropResponseAfterBytes breaks the answer off", async () => {
  const { session, fault, download } = await startWithFile();
  await using _ = session;
  fault({ kind: "dropResponseAfterBytes", bytes: 42 });
  const response = await fetch(session.jfs(`${A}/f.bin?mode=bin`), {
    headers: { authorization: `Bearer ${session.token}` },
  });
  assert.equal(response.headers.get("content-length"), "100");
  await assert.rejects(response.arrayBuffer());
  assert.equal(session.emulator.requests.at(-1)?.status, 200);
  fault({ kind: "dropResponseAfterBytes", bytes: 10 });
  await assert.rejects(session.get(A));
  assert.equal((await download()).text, CONTENT);
});

Deno.test("stall: a while, until the client goes, or in mid answer", async () => {
  const { session, fault, download } = await startWithFile();
  await using _ = session;
  fault({ kind: "stall", ms: 5 });
  assert.equal((await download()).text, CONTENT);
  fault({ kind: "stall", ms: 5, afterResponseBytes: 50 });
  assert.equal((await download()).text, CONTENT);
  fault({ kind: "stall" });
  fault({ kind: "stall", afterResponseBytes: 50 });
  for (const expected of [0, 50]) {
    const abort = new AbortController();
    let received = 0;
    const call = (async () => {
      const headers = { authorization: `Bearer ${session.token}` };
      const response = await fetch(session.jfs(`${A}/f.bin?mode=bin`), { headers, signal: abort.signal });
      for await (const chunk of response.body ?? []) {
        received += chunk.length;
        if (received === expected) abort.abort();
      }
    })();
    if (expected === 0) setTimeout(() => abort.abort(), 5);
    await assert.rejects(call, { name: "AbortError" });
    assert.equal(received, expected);
  }
});

Deno.test("bodies: truncated, corrupted, malformed XML, truncated XML, all with tidy framing", async () => {
  const { session, fault, download } = await startWithFile();
  await using _ = session;
  fault({ kind: "truncateBody", bytes: 30 });
  assert.equal((await download()).text, CONTENT.slice(0, 30));
  fault({ kind: "truncateBody" });
  assert.equal((await download()).text, CONTENT.slice(0, 50));
  fault({ kind: "corruptBody", at: 3 });
  const corrupt = (await download()).text;
  assert.notEqual(corrupt, CONTENT);
  assert.equal(corrupt.slice(-90), CONTENT.slice(-90));
  const good = (await session.get(A)).text;
  fault({ kind: "malformedXml" });
  const malformed = (await session.get(A)).text;
  assert.ok(malformed.startsWith(good) && malformed.length > good.length);
  fault({ kind: "truncateXml" });
  const truncated = (await session.get(A)).text;
  assert.ok(good.startsWith(truncated) && truncated.length > 0 && truncated.length < good.length);
});

Deno.test("matching: skip, times, method, path part or pattern, query; first due rule wins", async () => {
  const { session } = await startWithFile();
  await using _ = session;
  const { emulator } = session;
  const status = (code: number): FaultAction => ({ kind: "status", status: code });
  emulator.addFault({
    match: { path: "/f\\.bin$/", query: "mode=bin" },
    skip: 1,
    times: 2,
    action: status(503),
  });
  emulator.addFault({ match: { path: /archive$/i, method: "get" }, times: 1, action: status(504) });
  emulator.addFault({ match: { path: "Archive" }, times: Infinity, action: status(500) });
  const codes: number[] = [];
  const paths = ["/f.bin?mode=bin", "/f.bin?mode=bin", "/f.bin?mode=bin", "/f.bin?mode=bin", "", "/f.bin"];
  for (const path of paths) codes.push((await session.get(A + path)).status);
  assert.deepEqual(codes, [500, 503, 503, 500, 504, 500]);
  assert.equal((await session.get("")).status, 200);
  emulator.clearFaults();
  assert.equal((await session.get(A)).status, 200);
});

Deno.test("admin paths script faults and switches from outside and leave no trace in the record", async () => {
  const { session } = await startWithFile();
  await using _ = session;
  const admin = (path: string, method: string, body?: unknown) =>
    session.call(`/emulator/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  assert.equal(
    (await admin("faults", "POST", [{ match: { path: "/jfs" }, action: { kind: "status", status: 509 } }]))
      .status,
    200,
  );
  assert.equal((await session.get("")).status, 509);
  assert.equal((await session.get("")).status, 200, "times defaults to one");
  await admin("faults", "POST", { match: {}, times: 9, action: { kind: "dropBeforeResponse" } });
  await admin("faults", "DELETE");
  assert.equal((await session.get("")).status, 200);
  for (const bad of [{}, { action: { kind: "explode" } }, { match: 1, action: { kind: "stall" } }, "x"]) {
    assert.equal((await admin("faults", "POST", bad)).status, 400);
  }
  assert.equal((await admin("switches", "POST", { percentNamesFail: false })).status, 200);
  assert.equal((await admin("switches", "POST", { noSuchSwitch: 1 })).status, 400);
  const state = JSON.parse((await admin("state", "GET")).text);
  assert.deepEqual([state.requests, state.faultsFired], [3, 1]);
  const requests = JSON.parse((await admin("requests", "GET")).text);
  assert.equal(requests.length, 3);
  const { loginToken } = JSON.parse((await admin("login-token", "POST")).text);
  assert.notEqual(loginToken, session.emulator.loginToken);
  assert.equal((await admin("nothing", "GET")).status, 404);
});

Deno.test("write lock refuses changes and leaves reading alone", async () => {
  const { session, download } = await startWithFile();
  await using _ = session;
  session.emulator.setSwitches({ writeLocked: true });
  assert.equal((await session.post(`${A}/f.bin?dl=true`)).status, 403);
  assert.equal((await session.allocate(`${A}/g`, "x")).status, 403);
  assert.equal((await download()).status, 200);
  assert.equal(JSON.parse((await session.call("/account/v1/customer")).text).write_locked, true);
});

Deno.test("shortenRequest leads to 420 and corruptRequest to 421, as real uploads would", async () => {
  const { session, fault } = await startWithFile();
  await using _ = session;
  const short = await session.allocate(`${A}/up`, "0123456789");
  fault({ kind: "shortenRequest", bytes: 4 }, { path: "/upload/" });
  assert.equal((await session.send(short.upload_url, "0123456789")).status, 420);
  assert.equal((await session.allocate(`${A}/up`, "0123456789")).resume_pos, 4);
  fault({ kind: "corruptRequest" }, { path: "/upload/" });
  assert.equal((await session.send(short.upload_url, "456789", 4)).status, 421);
  assert.equal(session.emulator.tree.getFile(`${A}/up`)?.revisions[0]?.state, "CORRUPT");
});

Deno.test("admin paths refuse rules and switches that would fail later", async () => {
  await using session = await startSession();
  const admin = async (path: string, body: unknown) =>
    (await session.call(`/emulator/${path}`, { method: "POST", body: JSON.stringify(body) })).status;
  const action = { kind: "stall" };
  const faults: unknown[] = [
    { match: { path: "/(/" }, action },
    { match: { method: 5 }, action },
    { match: { host: "x" }, action },
    { action, times: "2" },
    { action: { kind: "status" } },
    { action: { kind: "status", status: 500, body: "html" } },
    { action: { kind: "dropRequestAfterBytes", bytes: "4" } },
    { action: { kind: "dropBeforeResponse", afterEffect: "yes" } },
    { action: { kind: "stall", seconds: 5 } },
    { action: { kind: "toString" } },
  ];
  for (const rule of faults) assert.equal(await admin("faults", rule), 400, JSON.stringify(rule));
  const switches: object[] = [
    { percentNamesFail: "no" },
    { dlMissingStatus: 500 },
    { listStreamFolders: "some" },
    { authorizationError: 1 },
    { toString: true },
  ];
  for (const change of switches) assert.equal(await admin("switches", change), 400, JSON.stringify(change));
  for (
    const change of [{ authorizationError: "access_denied" }, {
      authorizationError: null,
      dlMissingStatus: 404,
    }]
  ) {
    assert.equal(await admin("switches", change), 200, JSON.stringify(change));
  }
  assert.equal((await session.get(A)).status, 200);
});
