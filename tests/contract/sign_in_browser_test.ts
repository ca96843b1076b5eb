/** The sign-in through a browser, for every service, over real HTTP against the emulator. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { requireService, SERVICES, servicesOf } from "../../lib/auth/services.ts";
import { AuthError, LocalError } from "../../lib/errors.ts";
import { ConfigDocument } from "../../lib/store/config_document.ts";
import { parseSessionRecord } from "../../lib/store/session_record.ts";
import { createDenoLoopback } from "../../lib/sys/deno_loopback.ts";
import { type Keys, type SeenPage, SignInWorld, tokenOf } from "./sign_in_world.ts";

const JOTTACLOUD = requireService(SERVICES, "jottacloud");

for (const service of SERVICES) {
  Deno.test(`BrowserLogin signs in to ${service.displayName}, and the session goes on`, async () => {
    await using world = await SignInWorld.create();
    world.launcher.hasBrowser = true;
    let page: SeenPage | undefined;
    const keys = await world.browser(service, async (url) => {
      page = await world.follow(url);
    });
    strictEqual(page?.status, 200);
    ok(page?.text.includes("You are signed in"));
    strictEqual(world.launcher.opened.length, 1);
    strictEqual(
      keys.get("tokenURL"),
      `${world.emulator.endpoint}/auth/realms/${service.realm}/protocol/openid-connect/token`,
    );
    strictEqual(parseSessionRecord(keys.get("jottash_session")).service, service.key);
    strictEqual(await world.status(`/jfs/${world.emulator.username}`, tokenOf(keys)), 200);
    const next = await world.refresh(keys);
    strictEqual(await world.status(`/jfs/${world.emulator.username}`, next), 200);
    deepStrictEqual([world.emulator.stats.logins, world.emulator.stats.revocations], [1, 0]);
    const text = world.lines.join("\n");
    for (const { accessToken, refreshToken = "" } of [tokenOf(keys), next]) {
      strictEqual(text.includes(accessToken) || text.includes(refreshToken), false);
    }
  });
}

const OWN = "[mybrand]\ntype = jottacloud-service\ndomain = sky.example.com\nrealm = phonero\n" +
  "client_id = desktop-mac\n";

Deno.test("BrowserLogin signs in to a service that the config adds", async () => {
  await using world = await SignInWorld.create();
  const document = ConfigDocument.parse(`${OWN}scopes = openid offline_access\n`, "/x.conf");
  const keys = await world.browser(requireService(servicesOf(document), "mybrand"), async (url) => {
    strictEqual((await world.follow(url)).status, 200);
  });
  strictEqual(keys.get("client_id"), "desktop-mac");
  strictEqual(parseSessionRecord(keys.get("jottash_session")).service, "mybrand");
  strictEqual(await world.status(`/jfs/${world.emulator.username}`, await world.refresh(keys)), 200);
});

Deno.test("BrowserLogin says so when the scopes of a service are wrong", async () => {
  await using world = await SignInWorld.create();
  const service = requireService(servicesOf(ConfigDocument.parse(OWN, "/x.conf")), "mybrand");
  const visit = async (url: string) => {
    const page = await world.follow(url);
    strictEqual(page.status, 400);
    match(page.text, /does not know the scopes/);
  };
  await rejects(world.browser(service, visit), { code: "login-refused", message: /\(invalid_scope\)$/ });
});

Deno.test("BrowserLogin says so when nobody knows the realm of a service", async () => {
  await using world = await SignInWorld.create();
  await rejects(world.browser({ ...JOTTACLOUD, realm: "nowhere" }, () => Promise.resolve()), {
    code: "config",
    message: 'Cannot sign in to "Jottacloud": its host does not know the realm "nowhere"',
  });
});

Deno.test("BrowserLogin does not fall for a code with a wrong state, and takes the right one after it", async () => {
  await using world = await SignInWorld.create();
  const keys = await world.browser(JOTTACLOUD, async (url) => {
    const toProvider = (await end(world.get(url))).headers.get("location") ?? "";
    // Somebody else's code, for the right client, brought here by a page that the user has open.
    const foreign = toProvider.replace(/state=[0-9a-f]+/, `state=${"0".repeat(32)}`);
    const attack = (await end(world.get(foreign))).headers.get("location") ?? "";
    match(attack, /^http:\/\/localhost:53682\/\?state=0{32}&.*code=/);
    strictEqual((await world.follow(attack)).status, 400);
    strictEqual(world.emulator.stats.logins, 0);
    strictEqual((await world.follow("http://localhost:53682/favicon.ico")).status, 404);
    strictEqual((await world.follow(toProvider)).status, 200);
  });
  strictEqual(world.emulator.stats.logins, 1);
  strictEqual(await world.status(`/jfs/${world.emulator.username}`, tokenOf(keys)), 200);
});

async function end(response: Promise<Response>): Promise<Response> {
  await (await response).body?.cancel();
  return response;
}

Deno.test("BrowserLogin ends when the user says no", async () => {
  await using world = await SignInWorld.create({ switches: { authorizationError: "access_denied" } });
  const visit = async (url: string) => {
    const page = await world.follow(url);
    strictEqual(page.status, 400);
    match(page.text, /The sign-in has failed/);
  };
  await rejects(
    world.browser(JOTTACLOUD, visit),
    (error: unknown) =>
      error instanceof AuthError && error.code === "login-refused" &&
      error.data["refusal"] === "access_denied",
  );
  // Nothing listens any more.
  await rejects(world.follow("http://localhost:53682/"));
});

Deno.test("BrowserLogin shows the browser that the code was not good", async () => {
  await using world = await SignInWorld.create();
  const visit = async (url: string) => {
    const toProvider = (await end(world.get(url))).headers.get("location") ?? "";
    const back = (await end(world.get(toProvider))).headers.get("location") ?? "";
    const page = await world.follow(back.replace(/code=[^&]+/, "code=spoilt"));
    strictEqual(page.status, 400);
    match(page.text, /no longer takes the code/);
  };
  await rejects(world.browser(JOTTACLOUD, visit), {
    code: "login-refused",
    message: /no longer takes the code/,
  });
});

Deno.test("BrowserLogin signs in without a browser on this machine", async () => {
  await using world = await SignInWorld.create();
  const pasted = Promise.withResolvers<string>();
  const visit = async (url: string) => {
    // A browser elsewhere: its last page cannot be shown, and its address is copied.
    const { headers } = await end(fetch(url, { redirect: "manual" }));
    pasted.resolve(`"${(headers.get("location") ?? "").replaceAll("&", "&amp;")}"\n`);
  };
  const keys = await world.browser(JOTTACLOUD, visit, { mode: "paste", askRedirect: () => pasted.promise });
  strictEqual(world.port, 0);
  strictEqual(await world.status(`/jfs/${world.emulator.username}`, tokenOf(keys)), 200);
});

Deno.test("BrowserLogin takes a pasted code once", async () => {
  await using world = await SignInWorld.create();
  let address = "";
  const visit = async (url: string) => {
    const { headers } = await end(fetch(url, { redirect: "manual" }));
    address ||= headers.get("location") ?? "";
  };
  const paste = async (): Promise<Keys> => {
    const shown = Promise.withResolvers<void>();
    return await world.browser(JOTTACLOUD, (url) => visit(url).then(() => shown.resolve()), {
      mode: "paste",
      askRedirect: () => shown.promise.then(() => address),
    });
  };
  await paste();
  await rejects(paste(), { code: "login-refused", message: /another attempt/ });
});

Deno.test("BrowserLogin says what to do when the port is taken", async () => {
  await using world = await SignInWorld.create();
  await using other = await createDenoLoopback().serve(0, () => ({ status: 200, headers: {}, body: "" }));
  world.port = other.port;
  await rejects(
    world.browser(JOTTACLOUD, () => Promise.resolve()),
    (error: unknown) => error instanceof LocalError && /--no-browser/.test(error.hint ?? ""),
  );
  strictEqual(world.emulator.stats.logins, 0);
});

Deno.test("BrowserLogin: a provider may end the session of an earlier sign-in from this machine", async () => {
  await using world = await SignInWorld.create({ switches: { desktopSingleSession: true } });
  const visit = async (url: string) => {
    strictEqual((await world.follow(url)).status, 200);
    world.port = 0;
  };
  const first = await world.browser(JOTTACLOUD, visit);
  const second = await world.browser(JOTTACLOUD, visit);
  await rejects(world.refresh(first), { code: "session-lost" });
  strictEqual((await world.refresh(second)).refreshToken === undefined, false);
});
