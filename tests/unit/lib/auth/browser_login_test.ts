import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { requireService, SERVICES } from "../../../../lib/auth/services.ts";
import type { Page } from "../../../../lib/edges.ts";
import {
  AuthError,
  ConfigError,
  JottashError,
  LocalError,
  NetworkError,
  ProtocolError,
} from "../../../../lib/errors.ts";
import type { ScriptedAnswer } from "../../../fakes/scripted_transport.ts";
import { BASE, json, world } from "./browser_login_world.ts";

function titleOf(page: Page): string {
  return /<h1>(.*)<\/h1>/.exec(page.body)?.[1] ?? "";
}

Deno.test("BrowserLogin leads the browser to the provider and back, and ends with the keys of a rclone remote", async () => {
  const { transport, clock, loopback, launcher, lines, start } = world();
  launcher.hasBrowser = true;
  const { keys, url, opened, state } = await start({ machine: "stamp" });
  match(url, /^http:\/\/127\.0\.0\.1:53682\/auth\?state=[0-9a-f]{32}$/);
  strictEqual(opened, true);
  deepStrictEqual(launcher.opened, [url]);
  deepStrictEqual(loopback.ports, [53682]);

  const redirect = await loopback.visit(`/auth?state=${state}`);
  strictEqual(redirect.status, 307);
  strictEqual(
    redirect.headers["location"],
    `${BASE}/auth?kc=1&access_type=offline&client_id=desktop&redirect_uri=http%3A%2F%2Flocalhost%3A53682%2F` +
      `&response_type=code&scope=openid+offline_access&state=${state}`,
  );

  const page = await loopback.visit(`/?state=${state}&session_state=x&code=secret-code`);
  strictEqual(page.status, 200);
  strictEqual(titleOf(page), "You are signed in");
  const stored = await keys;
  strictEqual(loopback.isListening, false);
  strictEqual(
    transport.requests[1]?.body,
    "client_id=desktop&grant_type=authorization_code&code=secret-code&redirect_uri=http%3A%2F%2Flocalhost%3A53682%2F",
  );
  strictEqual(transport.requests[1]?.once, true);
  deepStrictEqual(stored.slice(0, -1), [
    ["type", "jottacloud"],
    ["configVersion", "1"],
    ["client_id", "desktop"],
    ["client_secret", ""],
    ["tokenURL", `${BASE}/token`],
    [
      "jottash_session",
      '{"method":"traditional","service":"mine","machine":"stamp","rotated":"2026-01-02T03:04:05.000Z"}',
    ],
  ]);
  strictEqual(stored.at(-1)?.[0], "token");
  deepStrictEqual(JSON.parse(stored.at(-1)?.[1] ?? ""), {
    access_token: "secret-access",
    token_type: "Bearer",
    refresh_token: "secret-refresh",
    expiry: new Date(clock.now() + 3_600_000).toISOString(),
  });
  for (const secret of ["secret-code", "secret-access", "secret-refresh"]) {
    strictEqual(lines.join("\n").includes(secret), false);
  }
});

Deno.test("BrowserLogin tells of a browser that could not be opened", async () => {
  const { loopback, start } = world();
  const { keys, opened, state } = await start();
  strictEqual(opened, false);
  await loopback.visit(`/?state=${state}&code=c`);
  strictEqual((await keys).length, 7);
});

Deno.test("BrowserLogin takes another state for every attempt", async () => {
  const { start, loopback } = world();
  const states: string[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const { keys, state } = await start();
    states.push(state);
    await loopback.visit(`/?state=${state}&code=c`);
    await keys;
  }
  strictEqual(new Set(states).size, 3);
});

Deno.test("BrowserLogin goes on waiting when something else knocks", async () => {
  const { transport, loopback, start } = world();
  const { keys, state } = await start();
  const cases: readonly (readonly [target: string, status: number, method?: string])[] = [
    ["/favicon.ico", 404],
    ["/", 400],
    ["/?state=0123456789abcdef0123456789abcdef&code=secret-evil", 400],
    ["/?code=secret-evil", 400],
    [`/?state=${state}x&code=secret-evil`, 400],
    ["/?error=access_denied&state=wrong", 400],
    ["/?error=access_denied", 400],
    [`/?state=${state}`, 400],
    [`/?state=${state}&code=`, 400],
    [`/?state=${state}&code=${"c".repeat(5000)}`, 400],
    ["/auth", 400],
    ["/auth?state=wrong", 400],
    [`/auth/?state=${state}`, 404],
    [`/?state=${state}&code=secret-evil`, 405, "POST"],
    [`/?state=${state}&code=secret-evil`, 405, "HEAD"],
    ["//[", 404],
  ];
  for (const [target, status, method] of cases) {
    const page = await loopback.visit(target, method);
    strictEqual(page.status, status, `${method} ${target}`);
    strictEqual(page.headers["location"], undefined, target);
    strictEqual(page.body.includes(state) || page.body.includes("secret-evil"), false, target);
  }
  strictEqual(transport.requests.length, 1);
  strictEqual((await loopback.visit(`/?state=${state}&code=good`)).status, 200);
  await keys;
  match(transport.requests[1]?.body ?? "", /code=good/);
});

Deno.test("BrowserLogin shows the outcome of the exchange, and asks only once however often the browser comes", async () => {
  const answer = Promise.withResolvers<ScriptedAnswer>();
  const { transport, loopback, start } = world({ token: () => answer.promise });
  const { keys, state } = await start();
  let isAnswered = false;
  const visits = [1, 2].map(async () => {
    const page = await loopback.visit(`/?state=${state}&code=c`);
    isAnswered = true;
    return page;
  });
  await new Promise((resolve) => setTimeout(resolve, 0));
  strictEqual(isAnswered, false);
  answer.resolve(json({ error: "invalid_grant", error_description: "Code not valid secret-x" }, 400));
  for (const page of await Promise.all(visits)) {
    strictEqual(page.status, 400);
    strictEqual(titleOf(page), "The sign-in has failed");
    ok(page.body.includes("no longer takes the code"));
    strictEqual(page.body.includes("secret-x"), false);
  }
  await rejects(
    keys,
    (error: unknown) =>
      error instanceof AuthError && error.code === "login-refused" &&
      /Start the sign-in again/.test(error.hint ?? ""),
  );
  strictEqual(transport.requests.length, 2);
});

Deno.test("BrowserLogin ends when the provider refuses in the browser", async () => {
  const cases: readonly (readonly [word: string, words: RegExp, refusal: string])[] = [
    ["access_denied", /refused or given up in the browser/, "access_denied"],
    ["temporarily_unavailable", /overloaded/, "temporarily_unavailable"],
    ["secret-word<script>", /refused it \(other\)/, "other"],
  ];
  for (const [word, words, refusal] of cases) {
    const { transport, loopback, start } = world();
    const { keys, state } = await start();
    const query = new URLSearchParams({ error: word, error_description: "<script>secret", state });
    const page = await loopback.visit(`/?${query}`);
    strictEqual(page.status, 400);
    match(page.body, words);
    strictEqual(page.body.includes("<script") || page.body.includes("secret"), false);
    await rejects(
      keys,
      (error: unknown) =>
        error instanceof AuthError && error.code === "login-refused" && words.test(error.message) &&
        error.data["refusal"] === refusal && !JSON.stringify(error.message).includes("secret"),
    );
    strictEqual(transport.requests.length, 1);
    strictEqual(loopback.isListening, false);
  }
});

Deno.test("BrowserLogin shows pages that hold nothing foreign and stay nowhere", async () => {
  const { loopback, start } = world();
  const { keys, state } = await start();
  const stray = await loopback.visit("/");
  const done = await loopback.visit(`/?state=${state}&code=secret-code`);
  await keys;
  for (const { headers, body } of [stray, done]) {
    strictEqual(headers["content-type"], "text/html; charset=utf-8");
    strictEqual(headers["cache-control"], "no-store");
    strictEqual(headers["referrer-policy"], "no-referrer");
    match(headers["content-security-policy"] ?? "", /default-src 'none'/);
    strictEqual(/\bsrc=|\bhref=|<script|url\(|@import|https?:/i.test(body), false);
    match(body, /prefers-color-scheme: dark/);
    strictEqual(body.includes("secret-code"), false);
  }
  ok(done.body.includes("Mine &amp; &lt;b&gt;&quot;yours&quot;&lt;/b&gt;"));
  ok(done.body.includes("You can close this window."));
});

Deno.test("BrowserLogin gives up after ten minutes", async () => {
  const { clock, loopback, start } = world();
  const { keys } = await start();
  await clock.advance(9 * 60_000 + 59_000);
  strictEqual(loopback.isListening, true);
  await clock.advance(1000);
  await rejects(keys, { code: "login-timeout", message: /within 10 minutes/ });
  strictEqual(loopback.isListening, false);
  strictEqual(clock.waiting, 0);
});

Deno.test("BrowserLogin gives up an exchange that takes longer than half a minute", async () => {
  const { clock, loopback, start } = world({ token: () => new Promise(() => {}) });
  const { keys, state } = await start();
  const page = loopback.visit(`/?state=${state}&code=c`);
  await clock.advance(0);
  await clock.advance(30_000);
  await rejects(
    keys,
    (error: unknown) => error instanceof NetworkError && /does not answer/.test(error.message),
  );
  strictEqual((await page).status, 400);
  strictEqual(clock.waiting, 0);
});

Deno.test("BrowserLogin ends with the signal, closes the port and lets the browser go", async () => {
  const reason = new JottashError("Stopped", { code: "cancelled" });
  for (const withBrowser of [false, true]) {
    const { clock, loopback, stop, start } = world({ token: () => new Promise(() => {}) });
    const { keys, state } = await start();
    const page = withBrowser ? loopback.visit(`/?state=${state}&code=c`) : undefined;
    await clock.advance(0);
    stop.abort(reason);
    await rejects(keys, (error: unknown) => error === reason);
    strictEqual(loopback.isListening, false);
    strictEqual(clock.waiting, 0);
    if (page !== undefined) strictEqual((await page).status, 400);
  }
});

Deno.test("BrowserLogin says what to do when the port is taken", async () => {
  const { loopback, start } = world();
  loopback.taken.add(53682);
  await rejects(
    start(),
    (error: unknown) =>
      error instanceof LocalError && error.data["osCode"] === "EADDRINUSE" && /53682/.test(error.message) &&
      /rclone.*--no-browser/.test(error.hint ?? ""),
  );
});

Deno.test("BrowserLogin wants safe addresses from a provider that knows the realm", async () => {
  const cases: readonly (readonly [ScriptedAnswer, typeof ProtocolError | typeof ConfigError, RegExp])[] = [
    [json({ token_endpoint: `${BASE}/token` }), ProtocolError, /names no page/],
    [
      json({ token_endpoint: `${BASE}/token`, authorization_endpoint: "http://id.example.com/auth" }),
      ProtocolError,
      /"authorization_endpoint" with https/,
    ],
    [
      json({ token_endpoint: "http://id.example.com/token", authorization_endpoint: `${BASE}/auth` }),
      ProtocolError,
      /"token_endpoint" with https/,
    ],
    [{ status: 404 }, ConfigError, /does not know the realm "r"/],
  ];
  for (const [discovery, kind, words] of cases) {
    const { start, loopback } = world({ discovery });
    await rejects(start(), (error: unknown) => error instanceof kind && words.test(error.message));
    deepStrictEqual(loopback.ports, []);
  }
});

Deno.test("BrowserLogin asks for the scopes and the client of each service", async () => {
  for (const key of ["telia_se", "phonero"]) {
    const service = requireService(SERVICES, key);
    const { loopback, start } = world();
    const { keys, state } = await start({ service });
    const { headers } = await loopback.visit(`/auth?state=${state}`);
    const asked = new URL(headers["location"] ?? "").searchParams;
    strictEqual(asked.get("client_id"), service.clientId);
    strictEqual(asked.get("scope"), service.scopes);
    await loopback.visit(`/?state=${state}&code=c`);
    strictEqual((await keys).find(([name]) => name === "client_id")?.[1], service.clientId);
  }
});

Deno.test("BrowserLogin takes the final address from the user where there is no browser", async () => {
  const { transport, loopback, launcher, start } = world();
  launcher.hasBrowser = true;
  const pasted = Promise.withResolvers<string>();
  const { keys, url, opened, state } = await start({ mode: "paste", askRedirect: () => pasted.promise });
  ok(url.startsWith(`${BASE}/auth?kc=1&`));
  strictEqual(opened, false);
  pasted.resolve(`http://localhost:53682/?state=${state}&code=secret-code`);
  strictEqual((await keys).at(-1)?.[0], "token");
  match(transport.requests[1]?.body ?? "", /code=secret-code/);
  deepStrictEqual([loopback.ports, launcher.opened], [[], []]);
});

Deno.test("BrowserLogin refuses a pasted address of another attempt", async () => {
  const { transport, start } = world();
  const { keys } = await start({
    mode: "paste",
    askRedirect: () => Promise.resolve("http://localhost:53682/?state=00&code=secret-code"),
  });
  await rejects(keys, { code: "login-refused", message: /another attempt/ });
  strictEqual(transport.requests.length, 1);
});
