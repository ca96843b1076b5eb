/** What is special to a session in a file of its own; the promises of all homes are in tests/contract/token_store_suite.ts. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { ConfigError } from "../../../../lib/errors.ts";
import { formatSession } from "../../../../lib/store/session_text.ts";
import { TokenFileStore } from "../../../../lib/store/token_file_store.ts";
import { formatToken, type StoredSession } from "../../../../lib/store/token_store.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const SESSION: StoredSession = {
  token: {
    accessToken: "access",
    tokenType: "Bearer",
    refreshToken: "refresh",
    expiresAtMs: 1_777_000_000_000,
  },
  record: {},
};

function contextOf(fileSystem: MemoryFileSystem) {
  return { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
}

Deno.test("TokenFileStore writes a file for its owner, which stands alone", async () => {
  const fileSystem = new MemoryFileSystem();
  const client = { clientId: "desktop", tokenUrl: "https://id.example/t", configVersion: "1" };
  const store = new TokenFileStore(contextOf(fileSystem), "/s/token", client);
  await store.exclusively(({ save }) => save({ ...SESSION, client }));
  deepStrictEqual(JSON.parse(fileSystem.peek("/s/token") ?? ""), {
    access_token: "access",
    token_type: "Bearer",
    refresh_token: "refresh",
    expiry: new Date(1_777_000_000_000).toISOString(),
    client_id: "desktop",
    token_url: "https://id.example/t",
    jottash_session: {},
  });
  strictEqual(((await fileSystem.stat("/s/token")).mode ?? 0) & 0o777, 0o600);
  deepStrictEqual((await new TokenFileStore(contextOf(fileSystem), "/s/token").load())?.client, client);
  deepStrictEqual(fileSystem.paths(), ["/", "/s", "/s/token", "/s/token.lock"]);
});

Deno.test("TokenFileStore locks and writes the file that a link leads to", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/real/token", formatSession(SESSION));
  fileSystem.putLink("/link", "/real/token");
  const renewed = { ...SESSION.token, accessToken: "renewed" };
  await new TokenFileStore(contextOf(fileSystem), "/link").exclusively(({ save }) =>
    save({ ...SESSION, token: renewed })
  );
  deepStrictEqual((await new TokenFileStore(contextOf(fileSystem), "/real/token").load())?.token, renewed);
  deepStrictEqual(fileSystem.paths(), ["/", "/link", "/real", "/real/token", "/real/token.lock"]);
});

Deno.test("TokenFileStore reads rclone's token, the record as text, and nothing damaged", async () => {
  const fileSystem = new MemoryFileSystem();
  const client = { clientId: "jottacli", tokenUrl: undefined, configVersion: "1" };
  const store = new TokenFileStore(contextOf(fileSystem), "/token", client);
  for (const text of ["", "  \n", '{"jottash_session":{}}', "{}"]) {
    fileSystem.put("/token", text);
    strictEqual(await store.load(), undefined, text);
  }
  fileSystem.put("/token", formatToken(SESSION.token));
  const found = await store.load();
  deepStrictEqual([found?.token, found?.client], [SESSION.token, client]);
  fileSystem.put(
    "/token",
    JSON.stringify({ access_token: "a", jottash_session: '{"method":"legacy"}', config_version: 0 }),
  );
  const legacy = await store.load();
  deepStrictEqual([legacy?.record.method, legacy?.client?.configVersion], ["legacy", "0"]);
  for (
    const text of ["{", '{"access_token":7}', "very-secret", '{"access_token":"very-secret","expiry":"x"}']
  ) {
    fileSystem.put("/token", text);
    await rejects(store.load(), (error: unknown) => {
      return error instanceof ConfigError && error.message.includes("/token") &&
        !JSON.stringify([error.message, error.hint, error.data]).includes("very-secret");
    });
  }
});
