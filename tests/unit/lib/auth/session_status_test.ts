/** What is told of a session without using it; and tokens that have to live for some time. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { openSession } from "../../../../lib/auth/remote_session.ts";
import { inspectSession } from "../../../../lib/auth/session_status.ts";
import { fingerprintOf } from "../../../../lib/store/fingerprint.ts";
import { acquireLock } from "../../../../lib/store/lock_file.ts";
import { localFailure } from "../../../fakes/memory_file_system.ts";
import { CONFIG, section, SessionWorld, type SessionWorldOptions, tokenFor } from "./session_world.ts";
import { LIFE_MS, world } from "./token_world.ts";

const MINUTE = 60_000;
const AT = "2026-01-02T03:04:00.000Z";

async function inspect(options: SessionWorldOptions) {
  const made = new SessionWorld(options);
  const status = await inspectSession(made.context, await made.profile());
  return { ...status, sent: made.transport.requests.length };
}

Deno.test("inspectSession() tells all of a session in the config", async () => {
  const intent = { token: await fingerprintOf("refresh"), at: AT };
  const jottash_session = JSON.stringify({ method: "traditional", service: "telia_no", rotated: AT, intent });
  const made = new SessionWorld({
    config: section({ configVersion: "1", jottash_session, token: tokenFor(10) }),
  });
  const before = made.fileSystem.peek(CONFIG);
  deepStrictEqual(await inspectSession(made.context, await made.profile()), {
    remote: "jotta",
    service: "telia_no",
    method: "traditional",
    home: "config",
    isSignedIn: true,
    expiresAtMs: made.clock.now() + 10 * MINUTE,
    canRefresh: true,
    rotatedAtMs: Date.parse(AT),
    isWritable: true,
    isCopied: false,
    interruptedAtMs: Date.parse(AT),
  });
  strictEqual(made.transport.requests.length, 0);
  strictEqual(made.fileSystem.peek(CONFIG), before);
  deepStrictEqual(made.fileSystem.paths().filter((path) => path.endsWith(".tmp")), []);
});

const tokenURL = "https://cloud-auth.telia.se/auth/realms/telia_se/protocol/openid-connect/token";
const issuer = btoa(JSON.stringify({ iss: "https://cloud.elko.is/auth/realms/elko", exp: 1_800_000_000 }));
const outsideToken = { token: tokenFor(5), configVersion: "1" };

const CASES: readonly (readonly [string, SessionWorldOptions, Record<string, unknown>])[] = [
  ["made by rclone", { config: section({ configVersion: "1", tokenURL, token: tokenFor(5) }) }, {
    service: "telia_se",
    method: undefined,
    canRefresh: true,
  }],
  ["of an unknown service", {
    config: section({ configVersion: "1", tokenURL: "http://127.0.0.1:80/t", token: tokenFor(5) }),
  }, { service: "127.0.0.1", isSignedIn: true }],
  ["of the old token service", { config: section({ configVersion: "0", token: tokenFor(5) }) }, {
    method: "legacy",
    service: "jottacloud",
  }],
  ["that nobody has signed in to", { config: section({ configVersion: "1" }) }, {
    isSignedIn: false,
    canRefresh: false,
    expiresAtMs: undefined,
    home: "config",
  }],
  ["that is an access token", { outside: { access_token: `h.${issuer}.s` } }, {
    method: "access-token",
    home: "environment",
    service: "elko",
    canRefresh: false,
    isWritable: false,
    expiresAtMs: 1_800_000_000_000,
  }],
  ["of the environment", { outside: outsideToken }, {
    home: "environment",
    isSignedIn: true,
    canRefresh: false,
    isWritable: false,
  }],
  ["of a token file that will begin with the environment", {
    outside: outsideToken,
    options: { tokenFile: "/home/kari/t" },
  }, { home: "token-file", isSignedIn: true, canRefresh: true, isWritable: true }],
  ["of a token file in a directory that does not exist", { options: { tokenFile: "/none/t" } }, {
    home: "token-file",
    isSignedIn: false,
    isWritable: undefined,
  }],
];

for (const [title, options, expected] of CASES) {
  Deno.test(`inspectSession() of a remote ${title}`, async () => {
    const status: Record<string, unknown> = await inspect(options);
    deepStrictEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, status[key]])), expected);
    strictEqual(status["sent"], 0);
  });
}

Deno.test("inspectSession() of commands runs the get command, and only a put command makes it last", async () => {
  for (const [tokenPutCommand, isWritable] of [["put", undefined], [undefined, false]] as const) {
    const made = new SessionWorld({ options: { tokenGetCommand: "get", tokenPutCommand } });
    made.launcher.programs.set("get", { stdout: tokenFor(5) });
    const status = await inspectSession(made.context, await made.profile());
    deepStrictEqual(
      [status.home, status.isWritable, status.canRefresh],
      ["commands", isWritable, tokenPutCommand !== undefined],
    );
    strictEqual(made.launcher.requests.length, 1);
  }
});

Deno.test("inspectSession() sees a config that cannot be written, and waits for no lock", async () => {
  const jottash_session = JSON.stringify({ intent: { token: await fingerprintOf("refresh"), at: AT } });
  const config = section({ configVersion: "1", jottash_session, token: tokenFor(10) });
  const readOnly = new SessionWorld({ config });
  const profile = await readOnly.profile();
  readOnly.fileSystem.beforeOperation = ({ name, path }) => {
    if (name === "open" && path !== CONFIG || name === "tryLock") throw localFailure("EROFS", path);
  };
  const status = await inspectSession(readOnly.context, profile);
  deepStrictEqual([status.isWritable, status.canRefresh, status.isSignedIn], [false, false, true]);

  for (const [osCode, expected] of [["EROFS", false], ["EPERM", false], ["EACCES", true]] as const) {
    const alone = new SessionWorld({ config });
    const itsProfile = await alone.profile();
    let opened = 0;
    // The directory takes new files; the file itself is another matter.
    alone.fileSystem.beforeOperation = ({ name, path }) => {
      if (name === "open" && path === CONFIG && ++opened > 1) throw localFailure(osCode, path);
    };
    strictEqual((await inspectSession(alone.context, itsProfile)).isWritable, expected, osCode);
  }

  const busy = new SessionWorld({ config });
  using _lock = await acquireLock(busy.context.edges, CONFIG);
  const before = busy.clock.now();
  const { isWritable, interruptedAtMs } = await inspectSession(busy.context, await busy.profile());
  // Who holds the lock may be in the middle of that very refresh.
  deepStrictEqual([isWritable, interruptedAtMs, busy.clock.now()], [true, undefined, before]);
});

Deno.test("TokenSource.accessToken() gives a token that lives for as long as it is needed", async () => {
  const { clock, provider, first, newSource } = world({ ageMs: LIFE_MS - 20 * MINUTE });
  const source = newSource();
  strictEqual(await source.accessToken(undefined, { minTtlMs: 19 * MINUTE }), first.accessToken);
  strictEqual(provider.requests.length, 0);
  const longer = await source.accessToken(undefined, { minTtlMs: 30 * MINUTE });
  strictEqual(provider.requests.length, 1);
  strictEqual(await source.accessToken(), longer);
  await clock.advance(31 * MINUTE);
  const both = await Promise.all([
    source.accessToken(),
    source.accessToken(undefined, { minTtlMs: 30 * MINUTE }),
  ]);
  strictEqual(both[0], longer);
  strictEqual(both[1] === longer, false);
  strictEqual(provider.requests.length, 2);
});

Deno.test("TokenSource.accessToken() spends no refresh token for a life that no token has", async () => {
  const { provider, newSource } = world({ ageMs: 0 });
  const source = newSource();
  for (let count = 0; count < 3; count++) {
    await rejects(source.accessToken(undefined, { minTtlMs: 2 * LIFE_MS }), { code: "token-too-short" });
  }
  strictEqual(provider.requests.length, 0);
  const stale = world();
  await rejects(stale.newSource().accessToken(undefined, { minTtlMs: 2 * LIFE_MS }), {
    code: "token-too-short",
  });
  strictEqual(stale.provider.requests.length, 1);
});

Deno.test("TokenSource.accessToken() says why a token that cannot be refreshed is too short", async () => {
  const made = new SessionWorld({ outside: outsideToken });
  const source = await openSession(made.context, await made.profile());
  strictEqual(await source.accessToken(), "old");
  await rejects(source.accessToken(undefined, { minTtlMs: 30 * MINUTE }), {
    code: "token-too-short",
    hint: /JOTTASH_TOKEN_FILE/,
  });
});
