/** What every home of a session promises that can keep a new one: run for the config file, a token file, and commands. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { LocalError } from "../../lib/errors.ts";
import type { SessionRecord } from "../../lib/store/session_record.ts";
import type { StoredSession, TokenStore } from "../../lib/store/token_store.ts";

/** One home with nothing in it. */
export interface TokenHome {
  readonly store: TokenStore;
  /** The same home as another process sees it. */
  readonly otherProcess: TokenStore;
  /** All that is kept there, as text. */
  content(): Promise<string>;
  /** Puts a session there past every lock, as another program would. */
  replace(session: StoredSession): Promise<void>;
  /** From now on writing fails, until called with false. */
  breakWriting(isBroken: boolean): void;
}

const RECORD: SessionRecord = {
  method: "standard",
  service: "jottacloud",
  machine: "m:0123456789abcdef",
  rotatedAtMs: Date.UTC(2026, 4, 1, 12),
  intent: undefined,
};
const INTENT = { token: "0123456789abcdef", atMs: Date.UTC(2026, 4, 1, 13) };

function sessionOf(generation: number, record: SessionRecord = RECORD): StoredSession {
  return {
    token: {
      accessToken: `access-${generation}`,
      tokenType: "Bearer",
      refreshToken: `refresh-${generation}`,
      expiresAtMs: Date.UTC(2026, 4, 1, 12, 20, 30, 123),
    },
    record,
  };
}

const FIRST = sessionOf(1);
const SECOND = sessionOf(2);

/** Token and record; which client a home remembers is its own business. */
function essence(session: StoredSession | undefined): unknown {
  return session === undefined ? undefined : { token: session.token, record: session.record };
}

export function testTokenStore(
  name: string,
  withHome: (work: (home: TokenHome) => Promise<void>) => Promise<void>,
): void {
  const test = (title: string, work: (home: TokenHome) => Promise<void>) =>
    Deno.test(`${title} (${name})`, () => withHome(work));
  const begin = (store: TokenStore) => store.exclusively(({ save }) => save(FIRST));

  test("a token store is empty at first", async ({ store }) => {
    strictEqual(store.canSave, true);
    strictEqual(await store.load(), undefined);
    await store.exclusively(({ session }) => Promise.resolve(strictEqual(session, undefined)));
  });

  test("a token store keeps token and record, for every process", async ({ store, otherProcess }) => {
    await begin(store);
    deepStrictEqual(essence(await store.load()), FIRST);
    deepStrictEqual(essence(await otherProcess.load()), FIRST);
    await otherProcess.exclusively(async ({ session, save, reload }) => {
      deepStrictEqual(essence(session), FIRST);
      await save(SECOND);
      deepStrictEqual(essence(await reload()), SECOND);
    });
    deepStrictEqual(essence(await store.load()), SECOND);
  });

  test("TokenAccess.reserve() makes the record durable beside the token", async (home) => {
    await begin(home.store);
    await home.store.exclusively(async ({ reserve }) => {
      const record = { ...RECORD, intent: INTENT };
      deepStrictEqual(essence(await reserve(record)), { ...FIRST, record });
      match(await home.content(), /"intent":/);
      deepStrictEqual(essence(await home.otherProcess.load()), { ...FIRST, record });
    });
  });

  test("TokenAccess.save() replaces token and record together", async (home) => {
    await begin(home.store);
    await home.store.exclusively(async ({ reserve, save }) => {
      await reserve({ ...RECORD, intent: INTENT });
      await save(SECOND);
    });
    deepStrictEqual(essence(await home.store.load()), SECOND);
    strictEqual((await home.content()).includes("refresh-1"), false);
  });

  test("TokenAccess.note() changes the record alone", async ({ store }) => {
    await begin(store);
    await store.exclusively(async ({ reserve, note }) => {
      await reserve({ ...RECORD, intent: INTENT });
      await note(RECORD);
    });
    deepStrictEqual(essence(await store.load()), FIRST);
  });

  test("TokenAccess.reload() finds what another program has put there", async ({ store, replace }) => {
    await begin(store);
    await store.exclusively(async ({ session, reload }) => {
      await replace(SECOND);
      deepStrictEqual(essence(session), FIRST);
      deepStrictEqual(essence(await reload()), SECOND);
    });
  });

  test("TokenAccess.reserve() notes beside a token that was found later, and note() takes it back", async (home) => {
    await begin(home.store);
    await home.store.exclusively(async ({ reload, reserve, note }) => {
      await home.replace(SECOND);
      await reload();
      const record = { ...SECOND.record, intent: INTENT };
      deepStrictEqual(essence(await reserve(record)), { ...SECOND, record });
      deepStrictEqual(essence(await home.otherProcess.load()), { ...SECOND, record });
      await note(SECOND.record);
    });
    deepStrictEqual(essence(await home.store.load()), SECOND);
  });

  test("TokenAccess.reserve() says of a place that cannot be written before a token is spent", async (home) => {
    await begin(home.store);
    const before = await home.content();
    home.breakWriting(true);
    await rejects(
      home.store.exclusively(({ reserve }) => reserve({ ...RECORD, intent: INTENT })),
      LocalError,
    );
    home.breakWriting(false);
    strictEqual(await home.content(), before);
  });

  test("TokenAccess.save() fails as a whole, and can be tried again", async (home) => {
    await begin(home.store);
    await home.store.exclusively(async ({ reserve, save }) => {
      await reserve({ ...RECORD, intent: INTENT });
      home.breakWriting(true);
      await rejects(save(SECOND), LocalError);
      deepStrictEqual((await home.store.load())?.token, FIRST.token);
      home.breakWriting(false);
      await save(SECOND);
    });
    deepStrictEqual(essence(await home.store.load()), SECOND);
  });

  test("TokenStore.exclusively() lets one process at a time in, and the next after a failure", async (home) => {
    await begin(home.store);
    let inside = 0;
    let turns = 0;
    const work = async () => {
      ok(++inside === 1);
      await new Promise((resolve) => setTimeout(resolve, 3));
      inside--;
      turns++;
    };
    await Promise.all([home.store, home.otherProcess, home.store].map((store) => store.exclusively(work)));
    strictEqual(turns, 3);
    await rejects(home.store.exclusively(() => Promise.reject(new Error("failed inside"))), /failed inside/);
    await home.otherProcess.exclusively(work);
  });
}
