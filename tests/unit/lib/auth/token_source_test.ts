import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { AuthError, JottashError, LocalError, NetworkError, ProtocolError } from "../../../../lib/errors.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { LIFE_MS, PATH, Provider, world } from "./token_world.ts";

Deno.test("TokenSource uses a stored token that is still good, without any request or lock", async () => {
  const { provider, first, newSource, fileSystem } = world({ ageMs: 0 });
  const source = newSource();
  strictEqual(await source.accessToken(), first.accessToken);
  strictEqual(await source.accessToken(), first.accessToken);
  strictEqual(provider.requests.length, 0);
  deepStrictEqual(fileSystem.paths(), ["/", "/home", PATH]);
});

Deno.test("TokenSource refreshes early: a minute, or a tenth of a short life", async () => {
  for (const [lifeMs, marginMs] of [[LIFE_MS, 60_000], [2_000, 200]] as const) {
    const { clock, provider, first, newSource } = world({ lifeMs, ageMs: 0 });
    const source = newSource();
    await clock.advance(lifeMs - marginMs - 1);
    strictEqual(await source.accessToken(), first.accessToken);
    await clock.advance(1);
    strictEqual(await source.accessToken() === first.accessToken, false);
    strictEqual(provider.requests.length, 1);
    strictEqual(await source.accessToken(), await source.accessToken());
    strictEqual(provider.requests.length, 1);
  }
});

Deno.test("TokenSource takes an opaque token of two seconds for good at first", async () => {
  const expiresAtMs = new FakeClock().now() + 2_000;
  const stored = { accessToken: "opaque", tokenType: "Bearer", refreshToken: "refresh-1", expiresAtMs };
  const { newSource, provider, clock } = world({ stored });
  const source = newSource();
  strictEqual(await source.accessToken(), "opaque");
  await clock.advance(1_799);
  strictEqual(await source.accessToken(), "opaque");
  strictEqual(provider.requests.length, 0);
  await clock.advance(1);
  await source.accessToken();
  strictEqual(provider.requests.length, 1);
});

Deno.test("TokenSource takes a token without an end for good", async () => {
  const { newSource } = world({
    stored: { accessToken: "x", tokenType: "Bearer", refreshToken: "r", expiresAtMs: undefined },
  });
  strictEqual(await newSource().accessToken(), "x");
});

Deno.test("TokenSource refreshes once for many callers in one process", async () => {
  const { provider, newSource, onDisk } = world();
  const source = newSource();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => source.accessToken()));
  deepStrictEqual(new Set(tokens), new Set([onDisk()?.accessToken]));
  deepStrictEqual(provider.requests, ["refresh-1"]);
});

Deno.test("TokenSource asks again for a caller who joined a run that was for less", async () => {
  const { provider, newSource, first, onDisk } = world({ ageMs: LIFE_MS - 600_000 });
  const source = newSource();
  const minTtlMs = 1_800_000;
  const tokens = await Promise.all([source.accessToken(), source.accessToken(undefined, { minTtlMs })]);
  deepStrictEqual(tokens, [first.accessToken, onDisk()?.accessToken]);
  deepStrictEqual(provider.requests, ["refresh-1"]);
});

Deno.test("TokenSource tells at once that a session has ended, also while its last token lives", async () => {
  const { provider, newSource } = world({ ageMs: LIFE_MS - 30_000 });
  provider.isRevoked = true;
  await rejects(newSource().accessToken(), { code: "session-lost" });
});

Deno.test("TokenSource does not look again at once where nothing can be done about a token that ends soon", async () => {
  const { clock, first, fileSystem, newSource } = world({
    stored: { ...new Provider(new FakeClock(), LIFE_MS).token(1, LIFE_MS - 30_000), refreshToken: undefined },
  });
  const source = newSource();
  await source.accessToken();
  const { operations } = fileSystem;
  for (let second = 0; second < 4; second++) {
    await clock.advance(1_000);
    strictEqual(await source.accessToken(), first.accessToken);
  }
  strictEqual(fileSystem.operations, operations);
  await clock.advance(2_000);
  await source.accessToken();
  strictEqual(fileSystem.operations > operations, true);
});

Deno.test("TokenSource refreshes once for two processes", async () => {
  const { provider, fileSystem, newSource, onDisk } = world();
  provider.before = () => new Promise((resolve) => setTimeout(resolve, 5));
  const sources = [
    newSource(),
    newSource(fileSystem.asAnotherProcess()),
    newSource(fileSystem.asAnotherProcess()),
  ];
  const tokens = await Promise.all(sources.map((source) => source.accessToken()));
  deepStrictEqual(provider.requests, ["refresh-1"]);
  deepStrictEqual(new Set(tokens), new Set([onDisk()?.accessToken]));
});

Deno.test("TokenSource keeps a session of short tokens alive across processes and lives", async () => {
  const { clock, provider, fileSystem, newSource, onDisk } = world({ lifeMs: 2_000 });
  const sources = Array.from({ length: 8 }, () => newSource(fileSystem.asAnotherProcess()));
  for (let round = 0; round < 30; round++) {
    const tokens = await Promise.all(sources.map((source) => source.accessToken()));
    strictEqual(tokens.includes(onDisk()?.accessToken ?? ""), true);
    await clock.advance(1_000 + round * 37);
  }
  strictEqual(provider.isRevoked, false);
  strictEqual(new Set(provider.requests).size, provider.requests.length);
});

Deno.test("TokenSource.renew() refreshes once for many refusals of one token", async () => {
  const { provider, first, newSource, onDisk } = world({ ageMs: 0 });
  const source = newSource();
  await source.accessToken();
  const tokens = await Promise.all(Array.from({ length: 10 }, () => source.renew(first.accessToken)));
  deepStrictEqual(provider.requests, ["refresh-1"]);
  deepStrictEqual(new Set(tokens), new Set([onDisk()?.accessToken]));
  strictEqual(await source.renew(first.accessToken), onDisk()?.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1"]);
});

Deno.test("TokenSource.renew() uses what another process has stored", async () => {
  const { provider, first, newSource, putOnDisk } = world({ ageMs: 0 });
  const source = newSource();
  await source.accessToken();
  provider.generation = 2;
  const rotated = provider.token(2);
  putOnDisk(rotated);
  strictEqual(await source.renew(first.accessToken), rotated.accessToken);
  strictEqual(provider.requests.length, 0);
});

Deno.test("TokenSource sends nothing when the store cannot be written", async () => {
  for (const failing of ["open", "write", "sync", "tryLock"]) {
    const { provider, fileSystem, newSource, onDisk, first } = world();
    fileSystem.beforeOperation = ({ name, path }) => {
      if (name === failing && !(name === "open" && path === PATH)) throw localFailure("ENOSPC", path);
    };
    if (failing === "open") {
      fileSystem.beforeOperation = ({ name, path }) => {
        if (name === "open" && path !== PATH) throw localFailure("EACCES", path);
      };
    }
    await rejects(newSource().accessToken(), (error: unknown) => {
      return error instanceof LocalError && error.code === "session-not-writable";
    }, failing);
    strictEqual(provider.requests.length, 0);
    deepStrictEqual(onDisk(), first);
  }
});

Deno.test("TokenSource goes on with a valid token while a refresh fails for a passing reason", async () => {
  const { clock, provider, lines, newSource, first } = world({ ageMs: LIFE_MS - 30_000 });
  provider.before = () => Promise.reject(new NetworkError("no route", { data: { network: "no-route" } }));
  const source = newSource();
  strictEqual(await source.accessToken(), first.accessToken);
  strictEqual(await source.accessToken(), first.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-1"]);
  strictEqual(lines.filter((line) => line.startsWith("warn: cannot refresh the session")).length, 1);
  provider.before = () => {};
  await clock.advance(5_000);
  strictEqual(await source.accessToken() === first.accessToken, false);
});

Deno.test("TokenSource gives a failed refresh up with a verdict that stops further tries in this run", async () => {
  const { provider, newSource, onDisk, first } = world();
  provider.before = () => Promise.reject(new NetworkError("no route"));
  await rejects(
    newSource().accessToken(),
    (error: unknown) => error instanceof NetworkError && error.retry === "later",
  );
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-1"]);
  deepStrictEqual(onDisk(), first);
  provider.before = () => {};
  strictEqual(await newSource().accessToken(), onDisk()?.accessToken);
});

Deno.test("TokenSource asks once more after an answer was lost before the rotation", async () => {
  const { provider, newSource, onDisk } = world();
  provider.before = (count) => count === 1 ? Promise.reject(new NetworkError("reset")) : undefined;
  strictEqual(await newSource().accessToken(), onDisk()?.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-1"]);
});

Deno.test("TokenSource reports a session that a lost answer has ended, and keeps the stored token", async () => {
  const { provider, newSource, onDisk, first } = world();
  provider.after = () => Promise.reject(new NetworkError("reset"));
  await rejects(newSource().accessToken(), { code: "session-lost" });
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-1"]);
  deepStrictEqual(onDisk(), first);
});

Deno.test("TokenSource prefers a newer token on the disk to repeating a lost request", async () => {
  const { provider, newSource, putOnDisk } = world();
  const rotated = provider.token(7);
  provider.after = () => {
    putOnDisk(rotated);
    throw new NetworkError("reset");
  };
  strictEqual(await newSource().accessToken(), rotated.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1"]);
});

Deno.test("TokenSource looks at the disk again when its refresh token is refused", async () => {
  const { provider, newSource, putOnDisk, onDisk } = world();
  provider.generation = 2;
  provider.before = (count) => {
    // Another program, which knows no lock, stores an expired successor first.
    if (count === 1) {
      putOnDisk(provider.token(2, LIFE_MS));
      throw new AuthError("stale", { code: "session-lost" });
    }
  };
  strictEqual(await newSource().accessToken(), onDisk()?.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1", "refresh-2"]);
  strictEqual(onDisk()?.refreshToken, "refresh-3");
});

Deno.test("TokenSource needs a refresh token only for a token that is no longer good", async () => {
  const { clock } = world();
  const stored = {
    accessToken: "x",
    tokenType: "Bearer",
    refreshToken: undefined,
    expiresAtMs: clock.now() + 1_000,
  };
  const other = world({ stored });
  const source = other.newSource();
  await other.clock.advance(990);
  strictEqual(await source.accessToken(), "x");
  await rejects(source.renew("x"), { code: "session-lost" });
  await other.clock.advance(10);
  await rejects(source.accessToken(), { code: "session-lost" });
  deepStrictEqual(other.fileSystem.paths(), ["/", "/home", PATH]);
});

Deno.test("TokenSource says when nobody is signed in, and when the answer cannot be read", async () => {
  const { fileSystem, newSource, provider } = world();
  provider.before = () => Promise.reject(new ProtocolError("unreadable"));
  await rejects(newSource().accessToken(), ProtocolError);
  strictEqual(provider.requests.length, 1);
  fileSystem.put(PATH, "[jotta]\ntype = jottacloud\n");
  await rejects(newSource().accessToken(), { code: "not-signed-in" });
});

Deno.test("TokenSource saves a new token later when the disk fails right after the refresh", async () => {
  const { provider, fileSystem, newSource, onDisk, first } = world();
  provider.after = () => {
    fileSystem.beforeOperation = ({ name, path }) => {
      if (["rename", "write"].includes(name)) throw localFailure("EIO", path);
    };
  };
  const source = newSource();
  await rejects(source.accessToken(), { code: "session-not-saved" });
  deepStrictEqual(onDisk(), first);
  fileSystem.beforeOperation = () => {};
  const token = await source.accessToken();
  strictEqual(token, onDisk()?.accessToken);
  deepStrictEqual(provider.requests, ["refresh-1"]);
  strictEqual(onDisk()?.refreshToken, "refresh-2");
});

Deno.test("TokenSource stops before it starts when the caller has given up", async () => {
  const { provider, newSource } = world();
  const signal = AbortSignal.abort(new Error("stopped"));
  await rejects(newSource().accessToken(signal), /stopped/);
  await rejects(newSource().renew("x", signal), /stopped/);
  strictEqual(provider.requests.length, 0);
});

Deno.test("TokenSource shows no secret in errors and logs", async () => {
  const failures = [
    new NetworkError("reset"),
    new AuthError("lost", { code: "session-lost" }),
    localFailure("EIO", PATH),
  ];
  for (const failure of failures) {
    for (const ageMs of [LIFE_MS, LIFE_MS - 1_000]) {
      const { provider, lines, newSource, first } = world({ ageMs });
      provider.before = () => Promise.reject(failure);
      const error = await newSource().accessToken().catch((reason: unknown) => reason);
      const shown = error instanceof JottashError
        ? JSON.stringify([error.message, error.hint, error.data, String(error.cause), error.stack])
        : "";
      for (const text of [shown, lines.join("\n")]) {
        strictEqual(text.includes("refresh-1"), false);
        strictEqual(text.includes(first.accessToken), false);
      }
    }
  }
});
