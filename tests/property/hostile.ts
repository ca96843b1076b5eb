/** What a hostile service, or a damaged file, may say: the values that the fuzz tests are made of. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { JottashError } from "../../lib/errors.ts";

/** The same cases in every run: a failure is repeated by running the test again. */
export const SEED = 20_261_123;
/** No message is longer, whatever the service sent. What users write themselves is shown to them as it is. */
const MAX_MESSAGE_CHARS = 600;

export const NASTY_NAMES = [
  "..",
  ".",
  "../../etc/passwd",
  "/etc/passwd",
  "a/../../b",
  "a/b",
  "..\\..\\b",
  "C:\\b",
  "C:",
  "\\\\host\\share",
  "．．",
  "．",
  "．．／b",
  "a／b",
  "／",
  "‛.",
  "‛．",
  "‛／",
  "‛‛／",
  "．‛．",
  "%2e%2e",
  "%2F",
  "..%2Fb",
  "％2e",
  "\u0000",
  "a\u0000b",
  "␀",
  "‛␀",
  "‛00",
  "‛2F",
  "‛2E‛2E",
  "\n",
  "\r",
  "\u001b[31m",
  "\u202egpj.exe",
  "CON",
  "a:stream",
  " ",
  "a.",
  "~",
  "-rf",
  "\ud800",
  "\udc2f",
  "\ufeff",
  "\ufffd",
  ".jottash-1.partial",
  "__proto__",
  "constructor",
  "x".repeat(5_000),
  "é".repeat(300),
] as const;

const PIECES = [
  "..",
  ".",
  "/",
  "\\",
  "／",
  "．",
  "‛",
  "␀",
  "\0",
  "%2e",
  "%2F",
  ":",
  "a",
  " ",
  "\n",
  "\ud83d",
];

export const HOSTILE_NAME: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY_NAMES),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", maxLength: 12 }),
);

/** Where a number is expected. */
export const HOSTILE_NUMBER: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "-1",
    "-0",
    "1e9",
    "0x10",
    "NaN",
    "Infinity",
    "9".repeat(400),
    " 1",
    "1.5",
    "٣",
    "+1",
    "null",
  ),
  fc.maxSafeInteger().map(String),
  fc.string({ maxLength: 6 }),
);

export const HOSTILE_TIME: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "",
    "2024-05-01-T10:20:30Z",
    "2024-02-30-T10:20:30Z",
    "2024-13-01T00:00:00Z",
    "9".repeat(300) + "-01-01T00:00:00Z",
    "-0001-01-01-T00:00:00Z",
    "2024-05-01-T25:00:00Z",
    "now",
  ),
  fc.string({ maxLength: 25 }),
);

/** Any value of JSON, and texts that are none. */
export const HOSTILE_JSON: fc.Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ maxLength: 60 }),
  fc.constantFrom(
    "",
    "null",
    "[]",
    '{"__proto__":{"username":"x"}}',
    "[".repeat(20_000),
    '{"a":'.repeat(10_000),
    `"${"x".repeat(20_000)}`,
    "\u0000",
    "<html><body>Bad gateway</body></html>",
    '{"username":',
    "1e999",
  ),
);

/** Resolves with what `work` does, or with the error, which has to be one of jottash in a bounded message. */
export async function resultOrClearError<T>(work: () => T | Promise<T>): Promise<T | JottashError> {
  const result = await resultOrError(work);
  if (result instanceof JottashError) {
    const { length } = result.message;
    assert.ok(length <= MAX_MESSAGE_CHARS, `a message of ${length} characters`);
  }
  return result;
}

/** The same for what the user wrote, which messages may repeat as it is. */
export async function resultOrError<T>(work: () => T | Promise<T>): Promise<T | JottashError> {
  try {
    return await work();
  } catch (error) {
    assert.ok(
      error instanceof JottashError,
      `no clear error: ${error instanceof Error ? error.stack : error}`,
    );
    assert.notEqual(error.code, "bug");
    return error;
  }
}

/** Runs `work` and fails when it takes longer than work of that kind may ever take, which is far more than it takes. */
export async function inTime<T>(work: () => T | Promise<T>, maxMs = 10_000): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  const ms = performance.now() - startedAt;
  assert.ok(ms < maxMs, `it took ${Math.round(ms)} ms`);
  return result;
}
