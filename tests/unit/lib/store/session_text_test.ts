import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { formatSessionRecord, parseSessionRecord } from "../../../../lib/store/session_record.ts";
import { formatEmptySession, formatSession, parseSession } from "../../../../lib/store/session_text.ts";
import type { StoredSession } from "../../../../lib/store/token_store.ts";

const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => value.isWellFormed());
const time = fc.option(fc.integer({ min: 0, max: 4e12 }), { nil: undefined });

// Plain objects, as a parser makes them.
const PLAIN = { noNullPrototype: true };

const record = fc.record({
  method: fc.option(fc.constantFrom("standard" as const, "traditional" as const, "legacy" as const), {
    nil: undefined,
  }),
  service: fc.option(text, { nil: undefined }),
  machine: fc.option(text, { nil: undefined }),
  rotatedAtMs: time,
  intent: fc.option(fc.record({ token: text, atMs: fc.integer({ min: 0, max: 4e12 }) }, PLAIN), {
    nil: undefined,
  }),
}, PLAIN);

const session: fc.Arbitrary<StoredSession> = fc.record({
  token: fc.record({
    accessToken: text,
    tokenType: fc.constant("Bearer"),
    refreshToken: fc.option(text, { nil: undefined }),
    expiresAtMs: time,
  }, PLAIN),
  record,
  client: fc.record({
    clientId: text,
    tokenUrl: fc.option(text, { nil: undefined }),
    configVersion: fc.constantFrom("0", "1"),
  }, PLAIN),
}, PLAIN);

Deno.test("parseSession() reads back what formatSession() wrote, on one line", () => {
  fc.assert(fc.property(session, (value) => {
    const line = formatSession(value);
    strictEqual(line.indexOf("\n"), line.length - 1);
    deepStrictEqual(parseSession(line), value);
  }));
});

Deno.test("parseSessionRecord() reads back what formatSessionRecord() wrote, and makes nothing of anything else", () => {
  fc.assert(fc.property(record, (value) => {
    deepStrictEqual(parseSessionRecord(formatSessionRecord(value)), value);
  }));
  const nothing = parseSessionRecord(undefined);
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (value) => {
    const parsed = parseSessionRecord(value);
    deepStrictEqual(Object.keys(parsed), Object.keys(nothing));
  }));
  deepStrictEqual(parseSessionRecord('{"method":"other","rotated":"soon","intent":{"token":1}}'), nothing);
});

Deno.test("parseSession() takes a record alone for nobody signed in", () => {
  strictEqual(parseSession(formatEmptySession({ rotatedAtMs: 1 })), "empty");
});
