import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import fc from "fast-check";
import { ConfigError } from "../../../../lib/errors.ts";
import { ConfigStore } from "../../../../lib/store/config_file.ts";
import { ConfigTokenStore } from "../../../../lib/store/config_token_store.ts";
import { formatToken, parseToken } from "../../../../lib/store/token_store.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const AT = Date.UTC(2024, 4, 1, 10, 20, 30);

Deno.test("parseToken() reads every form that rclone has written", () => {
  const cases = [
    [
      '{"access_token":"a","token_type":"bearer","refresh_token":"r","expiry":"2024-05-01T12:20:30.123456789+02:00"}',
      AT + 123,
    ],
    [
      '{"access_token":"a","token_type":"bearer","refresh_token":"r","expiry":"2024-05-01T10:20:30Z","expires_in":3600}',
      AT,
    ],
    [
      '{"access_token":"a","token_type":"bearer","refresh_token":"r","expiry":"2024-05-01T06:50:30.5-03:30"}',
      AT + 500,
    ],
    [
      '{"AccessToken":"a","TokenType":"bearer","RefreshToken":"r","Expiry":"2024-05-01T10:20:30Z","Extra":null}',
      AT,
    ],
    [
      '{"access_token":"a","token_type":"bearer","refresh_token":"r","expiry":"0001-01-01T00:00:00Z"}',
      undefined,
    ],
    ['{"access_token":"a","token_type":"bearer","refresh_token":"r"}', undefined],
  ] as const;
  for (const [text, expiresAtMs] of cases) {
    deepStrictEqual(parseToken(text), {
      accessToken: "a",
      tokenType: "bearer",
      refreshToken: "r",
      expiresAtMs,
    }, text);
  }
});

Deno.test("parseToken() does not guess", () => {
  const cases = [
    "",
    "null",
    "[]",
    "x",
    '{"access_token":1}',
    "{}",
    '{"access_token":""}',
    '{"access_token":"a","expiry":"soon"}',
    '{"access_token":"a","expiry":5}',
    '{"access_token":"a","refresh_token":7}',
    '{"access_token":"a","expiry":"2024-13-41T00:00:00Z"}',
  ];
  for (const text of cases) strictEqual(parseToken(text), undefined, text);
});

Deno.test("ConfigTokenStore keeps every token it is given", async () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 }).filter((value) => value.isWellFormed());
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      fc.option(fc.integer({ min: 0, max: 4e12 })),
      async (accessToken, refreshToken, expiry) => {
        const token = { accessToken, tokenType: "Bearer", refreshToken, expiresAtMs: expiry ?? undefined };
        deepStrictEqual(parseToken(formatToken(token)), token);
        const store = storeOver("[jotta]\n");
        await store.exclusively(({ save }) => save({ token, record: {} }));
        deepStrictEqual((await store.load())?.token, token);
      },
    ),
    { numRuns: 100, examples: [["%(x)s", '`\n"', null]] },
  );
});

Deno.test("ConfigTokenStore tells where a damaged token stands, and nothing of it", async () => {
  const store = storeOver('[jotta]\ntoken = {"access_token":"very-secret"\n');
  await rejects(store.load(), (error: unknown) => {
    return error instanceof ConfigError && error.message.includes("jotta") &&
      !JSON.stringify([error.message, error.hint, error.data, String(error.cause)]).includes("very-secret");
  });
});

function storeOver(text: string): ConfigTokenStore {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/c.conf", text);
  const context = { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
  return new ConfigTokenStore(new ConfigStore(context, "/c.conf"), "jotta");
}
