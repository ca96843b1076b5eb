/** Signing in over real HTTP against the emulator, with a browser that is a few requests long. */
import { BrowserLogin, type BrowserLoginOptions } from "../../lib/auth/browser_login.ts";
import { LegacyLogin, type LegacyLoginOptions } from "../../lib/auth/legacy_login.ts";
import { requestRefresh } from "../../lib/auth/oidc.ts";
import { discoveryUrl, type Service } from "../../lib/auth/services.ts";
import { StandardLogin } from "../../lib/auth/standard_login.ts";
import type { Loopback } from "../../lib/edges.ts";
import { HttpClient } from "../../lib/http/client.ts";
import { Logger } from "../../lib/log.ts";
import { parseToken, type StoredToken } from "../../lib/store/token_store.ts";
import { createDenoClock } from "../../lib/sys/deno_clock.ts";
import { createDenoLoopback } from "../../lib/sys/deno_loopback.ts";
import { createDenoRandom } from "../../lib/sys/deno_random.ts";
import { createDenoTransport } from "../../lib/sys/deno_transport.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { ScriptedLauncher } from "../fakes/scripted_launcher.ts";

/** The port that providers know; tests use a free one in its place, so that they can run side by side. */
const KNOWN_PORT = 53682;
const MAX_REDIRECTS = 5;

export type Keys = ReadonlyMap<string, string>;

export interface SeenPage {
  readonly status: number;
  readonly text: string;
}

export class SignInWorld implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly lines: string[] = [];
  readonly launcher = new ScriptedLauncher();
  readonly context;
  readonly #transport = createDenoTransport();
  /** The port that really listens in place of the known one; 0 for any. */
  port = 0;

  private constructor(emulator: Emulator) {
    this.emulator = emulator;
    const edges = { clock: createDenoClock(), random: createDenoRandom() };
    const log = new Logger("debug", (line) => this.lines.push(line));
    const http = new HttpClient({ ...edges, transport: this.#transport, log, userAgent: "jottash-test" });
    const real = createDenoLoopback();
    const loopback: Loopback = {
      serve: async (port, answer) => {
        if (port !== KNOWN_PORT) throw new Error(`the provider knows no port ${port}`);
        const server = await real.serve(this.port, answer);
        this.port = server.port;
        return server;
      },
    };
    this.context = { ...edges, http, loopback, launcher: this.launcher };
  }

  static async create(options: EmulatorOptions = {}): Promise<SignInWorld> {
    return new SignInWorld(await startEmulator(options));
  }

  async standard(loginToken: string): Promise<Keys> {
    return new Map(await new StandardLogin(this.context, loginToken).signIn());
  }

  async legacy(options: Partial<LegacyLoginOptions> = {}): Promise<Keys> {
    const login = new LegacyLogin(this.context, {
      apiBase: this.emulator.endpoint,
      userName: this.emulator.email,
      password: this.emulator.password,
      registerDevice: false,
      askCode: () => Promise.reject(new Error("no code was to be asked for")),
      ...options,
    });
    return new Map(await login.signIn());
  }

  /** Starts a sign-in; `visit` is what the user does with the address that is shown. */
  async browser(
    service: Service,
    visit: (url: string) => Promise<void>,
    options: Partial<BrowserLoginOptions> = {},
  ): Promise<Keys> {
    let visited: Promise<void> | undefined;
    const login = new BrowserLogin(this.context, {
      service,
      wellKnownLink: discoveryUrl(service, this.emulator.endpoint),
      mode: "listen",
      show: (url) => {
        visited = visit(url);
      },
      ...options,
    });
    try {
      return new Map(await login.signIn());
    } finally {
      await visited;
    }
  }

  /** Goes where the redirects lead and reads the page at the end. */
  async follow(url: string): Promise<SeenPage> {
    let target = url;
    for (let step = 0; step < MAX_REDIRECTS; step++) {
      const response = await this.get(target);
      const location = response.headers.get("location");
      const text = await response.text();
      if (location === null) return { status: response.status, text };
      target = location;
    }
    throw new Error("too many redirects");
  }

  /** One request of the browser; redirects are left to the caller. */
  get(url: string): Promise<Response> {
    const known = /^http:\/\/(localhost|127\.0\.0\.1):53682\//;
    return fetch(url.replace(known, `http://127.0.0.1:${this.port}/`), { redirect: "manual" });
  }

  /** Spends the refresh token of a section, as `openid-connect` sessions do it. */
  refresh(keys: Keys): Promise<StoredToken> {
    return requestRefresh(this.context, keys.get("tokenURL") ?? "", {
      refreshToken: tokenOf(keys).refreshToken ?? "",
      clientId: keys.get("client_id") ?? "",
    });
  }

  async status(path: string, token: StoredToken): Promise<number> {
    const headers = { authorization: `Bearer ${token.accessToken}` };
    const response = await fetch(`${this.emulator.endpoint}${path}`, { headers });
    await response.body?.cancel();
    return response.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#transport.close();
    await this.emulator.stop();
  }
}

export function tokenOf(keys: Keys): StoredToken {
  const token = parseToken(keys.get("token") ?? "");
  if (token === undefined) throw new Error("there is no token");
  return token;
}
