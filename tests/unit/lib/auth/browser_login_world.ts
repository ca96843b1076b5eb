/** A browser sign-in over a network, a server and a browser that a test plays. */
import { BrowserLogin, type BrowserLoginOptions } from "../../../../lib/auth/browser_login.ts";
import { discoveryUrl } from "../../../../lib/auth/services.ts";
import { HttpClient } from "../../../../lib/http/client.ts";
import { Logger } from "../../../../lib/log.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { FakeLoopback } from "../../../fakes/fake_loopback.ts";
import { ScriptedLauncher } from "../../../fakes/scripted_launcher.ts";
import {
  type ReceivedRequest,
  type ScriptedAnswer,
  ScriptedTransport,
} from "../../../fakes/scripted_transport.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

export const BASE = "https://id.example.com/auth/realms/r/protocol/openid-connect";
const TOKEN = {
  access_token: "secret-access",
  expires_in: 3600,
  refresh_token: "secret-refresh",
  token_type: "Bearer",
};
const SERVICE = {
  key: "mine",
  displayName: 'Mine & <b>"yours"</b>',
  domain: "id.example.com",
  realm: "r",
  clientId: "desktop",
  scopes: "openid offline_access",
};

export const json = (value: unknown, status = 200): ScriptedAnswer => ({
  status,
  body: JSON.stringify(value),
});

interface WorldOptions {
  readonly token?: (request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;
  readonly discovery?: ScriptedAnswer;
}

/** A sign-in that is under way, up to the point where the user was told where to go. */
export function world({ token = () => json(TOKEN), discovery }: WorldOptions = {}) {
  const transport = new ScriptedTransport((request) => {
    if (request.method === "POST") return token(request);
    return discovery ??
      json({ token_endpoint: `${BASE}/token`, authorization_endpoint: `${BASE}/auth?kc=1` });
  });
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger("debug", (line) => lines.push(line));
  const http = new HttpClient({ transport, clock, random: new SeededRandom(), log, userAgent: "test" });
  const loopback = new FakeLoopback();
  const launcher = new ScriptedLauncher();
  const stop = new AbortController();
  const context = { http, clock, random: new SeededRandom(), loopback, launcher, signal: stop.signal };
  const start = async (options: Partial<BrowserLoginOptions> = {}) => {
    const shown = Promise.withResolvers<{ readonly url: string; readonly opened: boolean }>();
    const keys = new BrowserLogin(context, {
      service: SERVICE,
      wellKnownLink: discoveryUrl(SERVICE),
      mode: "listen",
      show: (url, opened) => shown.resolve({ url, opened }),
      ...options,
    }).signIn();
    keys.catch(() => {});
    await Promise.race([shown.promise, keys]);
    const { url, opened } = await shown.promise;
    return { keys, url, opened, state: new URL(url).searchParams.get("state") ?? "" };
  };
  return { transport, clock, loopback, launcher, stop, lines, context, start };
}
