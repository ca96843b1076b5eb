/** Sign-in, refresh and rotation over real HTTP, against the emulator and the real disk. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { ApiClient } from "../../lib/api/client.ts";
import { requestRefresh } from "../../lib/auth/oidc.ts";
import { LegacyLogin } from "../../lib/auth/legacy_login.ts";
import { openSession } from "../../lib/auth/remote_session.ts";
import { StandardLogin } from "../../lib/auth/standard_login.ts";
import { HttpClient } from "../../lib/http/client.ts";
import { resolveEndpoints } from "../../lib/http/endpoints.ts";
import { trustedHosts } from "../../lib/http/trusted_hosts.ts";
import { Logger } from "../../lib/log.ts";
import { JottaAccount } from "../../lib/remote/jotta_account.ts";
import { ConfigStore } from "../../lib/store/config_file.ts";
import { profileOfSection, RemoteProfile } from "../../lib/store/remote_profile.ts";
import { parseToken } from "../../lib/store/token_store.ts";
import { createDenoClock } from "../../lib/sys/deno_clock.ts";
import { createDenoFileSystem } from "../../lib/sys/deno_file_system.ts";
import { createDenoLauncher } from "../../lib/sys/deno_launcher.ts";
import { createDenoPlatform } from "../../lib/sys/deno_platform.ts";
import { createDenoRandom } from "../../lib/sys/deno_random.ts";
import { createDenoTransport } from "../../lib/sys/deno_transport.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { fakeEnv } from "../fakes/fake_env.ts";

interface Story {
  readonly emulator: Emulator;
  readonly path: string;
  readonly lines: string[];
  /** What one process has of its own. */
  newProcess(): ReturnType<typeof processOver>;
}

function processOver(path: string, lines: string[]) {
  const transport = createDenoTransport();
  const edges = {
    fileSystem: createDenoFileSystem(),
    clock: createDenoClock(),
    random: createDenoRandom(),
    launcher: createDenoLauncher(),
    platform: createDenoPlatform(),
    env: fakeEnv(),
  };
  const log = new Logger("debug", (line) => lines.push(line));
  const http = new HttpClient({ ...edges, transport, log, userAgent: "jottash-test" });
  const config = new ConfigStore(edges, path);
  return { ...edges, edges, transport, log, http, config };
}

/** The session of the remote `jotta` as a command opens it; `keys` come from the environment. */
async function open(
  emulator: Emulator,
  process: ReturnType<typeof processOver>,
  keys: Readonly<Record<string, string>> = {},
) {
  const context = { ...process, endpoints: resolveEndpoints(emulator.endpoint) };
  const section = profileOfSection(await process.config.load(), "jotta");
  const values = section.keys().map((key) => [key, section.lookUp(key)] as const)
    .flatMap(([key, found]) => found === undefined ? [] : [[key, found] as const]);
  const outside = Object.entries(keys).map(([key, value]) =>
    [key, { value, origin: "environment" }] as const
  );
  return await openSession(
    context,
    new RemoteProfile("jotta", section.section, new Map([...values, ...outside])),
  );
}

async function withStory(options: EmulatorOptions, work: (story: Story) => Promise<void>): Promise<void> {
  await using emulator = await startEmulator(options);
  const directory = await Deno.makeTempDir({ prefix: "jottash-token-" });
  const opened: { close(): void }[] = [];
  const lines: string[] = [];
  const path = `${directory}/rclone.conf`;
  try {
    await work({
      emulator,
      path,
      lines,
      newProcess: () => {
        const made = processOver(path, lines);
        opened.push(made.transport);
        return made;
      },
    });
  } finally {
    for (const transport of opened) transport.close();
    await Deno.remove(directory, { recursive: true });
  }
}

async function signIn(process: ReturnType<typeof processOver>, loginToken: string): Promise<void> {
  const keys = await new StandardLogin(process, loginToken).signIn();
  await process.config.update((document) =>
    keys.forEach(([key, value]) => document.set("jotta", key, value))
  );
}

async function storedToken({ config }: ReturnType<typeof processOver>) {
  return parseToken((await config.load()).get("jotta", "token") ?? "");
}

Deno.test("StandardLogin signs in once with a login token, and the token serves the account", async () => {
  await withStory({}, async ({ emulator, newProcess }) => {
    const process = newProcess();
    await signIn(process, emulator.loginToken);
    const source = await open(emulator, process);
    const http = new HttpClient({
      ...process,
      authorizer: source,
      isTrusted: trustedHosts(emulator.endpoint),
      userAgent: "jottash-test",
    });
    const response = await http.request({
      action: "look",
      method: "GET",
      url: `${emulator.endpoint}/jfs/${emulator.username}`,
    });
    await response.body.cancel();
    strictEqual(response.status, 200);
    strictEqual(emulator.stats.refreshes, 0);
    await rejects(signIn(process, emulator.loginToken), { code: "login-token-refused" });
  });
});

Deno.test("TokenSource keeps a session of one-second tokens alive in several processes", async () => {
  await withStory({ tokenLifetimeSeconds: 1 }, async ({ emulator, path, lines, newProcess }) => {
    await signIn(newProcess(), emulator.loginToken);
    const seen: string[] = [];
    const work = async () => {
      const process = newProcess();
      const source = await open(emulator, process);
      for (let round = 0; round < 12; round++) {
        seen.push(await source.accessToken());
        await process.clock.sleep(200 * process.random.next() + 150);
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    strictEqual(emulator.stats.revocations, 0);
    strictEqual(emulator.stats.refreshes >= 2, true);
    // One refresh for each token that was handed out; the first one came with the login, if it was seen in time.
    const unique = new Set(seen).size;
    strictEqual([unique - 1, unique].includes(emulator.stats.refreshes), true);
    const text = lines.join("\n") + path;
    for (const token of seen) strictEqual(text.includes(token), false);
  });
});

Deno.test("TokenSource reports a session that a replay has ended, and keeps the file", async () => {
  await withStory({}, async ({ emulator, newProcess }) => {
    const process = newProcess();
    await signIn(process, emulator.loginToken);
    const old = await storedToken(process);
    const source = await open(emulator, process);
    await source.renew(old?.accessToken ?? "");
    const current = await storedToken(process);
    strictEqual(current?.refreshToken === old?.refreshToken, false);
    // A thief, or a copied configuration, spends the old refresh token again.
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "jottacli",
      refresh_token: old?.refreshToken ?? "",
    });
    const replay = await fetch(emulator.tokenUrl, { method: "POST", body });
    await replay.body?.cancel();
    strictEqual(emulator.stats.revocations, 1);
    await rejects(source.renew(current?.accessToken ?? ""), { code: "session-lost" });
    deepStrictEqual(await storedToken(process), current);
  });
});

Deno.test("TokenSource outlives a refresh request that never arrived", async () => {
  await withStory({}, async ({ emulator, newProcess }) => {
    const process = newProcess();
    await signIn(process, emulator.loginToken);
    const old = await storedToken(process);
    emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "dropBeforeResponse" } });
    const source = await open(emulator, process);
    const renewed = await source.renew(old?.accessToken ?? "");
    strictEqual(renewed, (await storedToken(process))?.accessToken);
    strictEqual(emulator.stats.revocations, 0);
  });
});

Deno.test("TokenSource tells that the session is lost when the answer to a refresh was", async () => {
  await withStory({}, async ({ emulator, newProcess }) => {
    const process = newProcess();
    await signIn(process, emulator.loginToken);
    const old = await storedToken(process);
    emulator.addFault({
      match: { path: "/token" },
      times: 1,
      action: { kind: "dropBeforeResponse", afterEffect: true },
    });
    const source = await open(emulator, process);
    await rejects(source.renew(old?.accessToken ?? ""), { code: "session-lost" });
    // The old access token is still what the file holds, and still works until it ends.
    deepStrictEqual(await storedToken(process), old);
    strictEqual(await source.accessToken(), old?.accessToken);
  });
});

Deno.test("TokenSource gets over a clock that jumps, in either direction", async () => {
  let [ours, theirs] = [0, 0];
  await withStory({ now: () => Date.now() + theirs }, async ({ emulator, newProcess }) => {
    const real = newProcess();
    const process = { ...real, clock: { ...real.clock, now: () => Date.now() + ours } };
    await signIn(process, emulator.loginToken);
    const http = new HttpClient({
      ...process,
      authorizer: await open(emulator, process),
      isTrusted: trustedHosts(emulator.endpoint),
      userAgent: "jottash-test",
    });
    const hour = 3_600_000;
    // An hour and a half passes while our clock goes back, then it runs ahead by a day, then it is right again.
    for (
      const [ourMs, theirMs] of [[-2 * hour, 1.5 * hour], [24 * hour, 1.5 * hour], [
        3 * hour,
        3 * hour,
      ]] as const
    ) {
      [ours, theirs] = [ourMs, theirMs];
      for (let round = 0; round < 3; round++) {
        const url = `${emulator.endpoint}/jfs/${emulator.username}`;
        const response = await http.request({ action: "look", method: "GET", url });
        await response.body.cancel();
        strictEqual(response.status, 200);
      }
    }
    strictEqual(emulator.stats.refreshes, 3);
    strictEqual(emulator.stats.revocations, 0);
  });
});

Deno.test("requestRefresh() leaves once, however the connection was used before", async () => {
  await withStory({}, async ({ emulator, newProcess }) => {
    const process = newProcess();
    await signIn(process, emulator.loginToken);
    const refreshToken = (await storedToken(process))?.refreshToken ?? "";
    // Idle connections in plenty.
    const look = { action: "look", method: "GET", url: emulator.wellKnown } as const;
    await Promise.all([1, 2, 3].map(async () => (await process.http.request(look)).body.cancel()));
    emulator.clearRequests();
    emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "dropBeforeResponse" } });
    await rejects(requestRefresh(process, emulator.tokenUrl, { refreshToken, clientId: "jottacli" }), {
      code: "network",
    });
    strictEqual(emulator.requests.length, 1);
  });
});

Deno.test("A stop lets a refresh come to its end, and the next process goes on with its token", async () => {
  await withStory({}, async ({ emulator, newProcess }) => {
    const real = newProcess();
    await signIn(real, emulator.loginToken);
    const before = await storedToken(real);
    // Two hours later.
    const process = { ...real, clock: { ...real.clock, now: () => Date.now() + 7_200_000 } };
    const http = new HttpClient({
      ...process,
      authorizer: await open(emulator, process),
      isTrusted: trustedHosts(emulator.endpoint),
      userAgent: "jottash-test",
    });
    const api = new ApiClient(http, emulator.endpoint);
    const account = new JottaAccount({ http, api, jfsBase: `${emulator.endpoint}/jfs` });
    emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "stall", ms: 300 } });
    const stop = new AbortController();
    const stopped = rejects(account.jfs(stop.signal), /stop/);
    await process.clock.sleep(100);
    stop.abort(new Error("stop"));
    await stopped;
    // The process would end here: what is not saved by now is lost.
    strictEqual((await storedToken(real))?.refreshToken === before?.refreshToken, false);
    const next = { ...newProcess(), clock: { ...real.clock, now: () => Date.now() + 14_400_000 } };
    await (await open(emulator, next)).accessToken();
    strictEqual(emulator.stats.revocations, 0);
    strictEqual(emulator.stats.refreshes, 2);
  });
});

Deno.test("A session of the old token service is refreshed there, and rotates", async () => {
  await withStory({ switches: { legacyLogin: true } }, async ({ emulator, newProcess }) => {
    const process = newProcess();
    const login = new LegacyLogin(process, {
      apiBase: emulator.endpoint,
      userName: emulator.email,
      password: emulator.password,
      registerDevice: false,
      askCode: () => Promise.reject(new Error("no code is needed")),
    });
    const keys = await login.signIn();
    await process.config.update((document) =>
      keys.forEach(([key, value]) => document.set("jotta", key, value))
    );
    const source = await open(emulator, process);
    const first = await source.accessToken();
    const second = await source.renew(first);
    strictEqual(await source.renew(second) === first, false);
    strictEqual(emulator.stats.refreshes, 2);
    strictEqual(emulator.stats.revocations, 0);
    strictEqual((await process.config.load()).get("jotta", "configVersion"), "0");
  });
});

Deno.test("Several first runs with one login token sign in once, and share the token file", async () => {
  await withStory({ tokenLifetimeSeconds: 1 }, async ({ emulator, path, newProcess }) => {
    const keys = { login_token: emulator.loginToken, token_file: `${path}.token` };
    const work = async () => {
      const process = newProcess();
      const source = await open(emulator, process, keys);
      for (let round = 0; round < 5; round++) {
        await source.accessToken();
        await process.clock.sleep(200 * process.random.next() + 200);
      }
    };
    await Promise.all([work(), work(), work()]);
    strictEqual(emulator.stats.logins, 1);
    strictEqual(emulator.stats.refreshes >= 1, true);
    strictEqual(emulator.stats.revocations, 0);
    const { mode } = await Deno.stat(`${path}.token`);
    if (mode !== null) strictEqual(mode & 0o777, 0o600);
  });
});

Deno.test("A refresh whose answer was lost on the way is known to the next process", async () => {
  await withStory({}, async ({ emulator, lines, newProcess }) => {
    const first = newProcess();
    await signIn(first, emulator.loginToken);
    const lost = {
      match: { path: "/token" },
      action: { kind: "dropBeforeResponse", afterEffect: true },
    } as const;
    emulator.addFault({ ...lost, times: 1 });
    emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "dropBeforeResponse" } });
    // A minute before the end: the token is still good.
    const nearTheEnd = (process: ReturnType<typeof processOver>) => ({
      ...process,
      clock: { ...process.clock, now: () => Date.now() + 3_570_000 },
    });
    const before = await storedToken(first);
    strictEqual(await (await open(emulator, nearTheEnd(first))).accessToken(), before?.accessToken);
    const { length } = emulator.requests;
    const next = newProcess();
    strictEqual(await (await open(emulator, nearTheEnd(next))).accessToken(), before?.accessToken);
    strictEqual(emulator.requests.length, length);
    strictEqual(lines.filter((line) => line.includes("was interrupted at")).length, 1);
    const late = { ...next, clock: { ...next.clock, now: () => Date.now() + 3_700_000 } };
    await rejects((await open(emulator, late)).accessToken(), {
      code: "session-lost",
      message: /a refresh was interrupted at/,
    });
  });
});
