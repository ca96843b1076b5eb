/**
 * Sign-in through the user's browser: the identity provider asks there, and sends the browser back to this machine
 * with a code. Without a browser here, the user opens the page anywhere and pastes the address where it ends.
 *
 * The client is the one of the vendor's desktop program, and the provider keeps one session per machine for it:
 * signing in with that program, or with a second remote, ends both in time (API reference 2.2). A login token
 * (`standard_login.ts`) makes sessions that are independent of each other.
 *
 * Source of fact: API reference 2.2 (documented): the address to come back to is fixed, and there is no PKCE. The short
 * address on this machine leads to the provider's long one, fits on a line, and works through a forwarded port.
 */
import type { Launcher, Loopback, LoopbackServer, Random } from "../edges.ts";
import { AuthError, ConfigError, LocalError, NetworkError, ProtocolError, ServiceError } from "../errors.ts";
import { formatToken, type StoredToken } from "../store/token_store.ts";
import { type Login, sessionEntry } from "./login.ts";
import { discover, type OidcContext, requestCodeLogin } from "./oidc.ts";
import { readPastedRedirect } from "./redirect_answer.ts";
import { RedirectListener } from "./redirect_listener.ts";
import type { Service } from "./services.ts";

const PORT = 53682;
/** Known to the provider as it stands: the name, not the address, and the slash. */
const REDIRECT_URI = `http://localhost:${PORT}/`;
const STATE_BYTES = 16;
/** How long a user may take in the browser. */
const MAX_WAIT_MS = 10 * 60_000;
/** The browser waits for it too. */
const MAX_EXCHANGE_MS = 30_000;

export interface BrowserLoginContext extends OidcContext {
  readonly random: Random;
  readonly loopback: Loopback;
  readonly launcher: Launcher;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

export interface BrowserLoginOptions {
  readonly service: Service;
  /** Discovery document; `discoveryUrl` of the service or the one below an endpoint. */
  readonly wellKnownLink: string;
  /** "listen": wait for the browser on 127.0.0.1:53682 and open it; "paste": the user pastes the final address. */
  readonly mode: "listen" | "paste";
  /**
   * Tells the user where to go. `opened`: a browser of this machine shows it already. In mode "listen" the short
   * address on this machine, in mode "paste" the long one of the provider.
   */
  readonly show: (url: string, opened: boolean) => void;
  /** Mode "paste": asks for the final address; it holds a code, so it belongs in no log. */
  readonly askRedirect?: () => Promise<string>;
  /** Stamp of this machine, for the note about the session. */
  readonly machine?: string | undefined;
}

interface Attempt {
  readonly state: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
}

export class BrowserLogin implements Login {
  readonly waitsForUser = true;
  readonly #context: BrowserLoginContext;
  readonly #options: BrowserLoginOptions;

  constructor(context: BrowserLoginContext, options: BrowserLoginOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Also throws `LocalError` when the port is taken, and the reason of the signal. */
  async signIn(): Promise<readonly (readonly [key: string, value: string])[]> {
    const { service, mode, machine } = this.#options;
    const attempt = await this.#begin();
    const token = mode === "listen" ? await this.#listen(attempt) : await this.#paste(attempt);
    return [
      ["type", "jottacloud"],
      ["configVersion", "1"],
      ["client_id", service.clientId],
      ["client_secret", ""],
      ["tokenURL", attempt.tokenUrl],
      sessionEntry({
        method: "traditional",
        service: service.key,
        machine,
        rotatedAtMs: this.#context.clock.now(),
      }),
      ["token", formatToken(token)],
    ];
  }

  async #begin(): Promise<Attempt> {
    const { service, wellKnownLink } = this.#options;
    const { authorizationEndpoint, tokenEndpoint } = await this.#discover(wellKnownLink);
    if (authorizationEndpoint === undefined) {
      throw new ProtocolError(
        `Cannot sign in to "${service.displayName}": the identity provider names no page for it`,
      );
    }
    const state = this.#context.random.bytes(STATE_BYTES).toHex();
    const url = new URL(authorizationEndpoint);
    const query = {
      access_type: "offline",
      client_id: service.clientId,
      redirect_uri: REDIRECT_URI,
      response_type: "code",
      scope: service.scopes,
      state,
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return { state, authorizationUrl: url.href, tokenUrl: tokenEndpoint };
  }

  async #discover(wellKnownLink: string) {
    try {
      return await discover(this.#context.http, wellKnownLink);
    } catch (cause) {
      if (!(cause instanceof ServiceError) || cause.data["status"] !== 404) throw cause;
      const { displayName, realm, key } = this.#options.service;
      throw new ConfigError(
        `Cannot sign in to "${displayName}": its host does not know the realm "${realm}"`,
        {
          cause,
          hint: `Check the domain and the realm of the service "${key}"`,
        },
      );
    }
  }

  async #listen(attempt: Attempt): Promise<StoredToken> {
    const listener = new RedirectListener({ ...attempt, serviceName: this.#options.service.displayName });
    await using _server = await this.#serve(listener);
    try {
      const url = `http://127.0.0.1:${PORT}/auth?state=${attempt.state}`;
      this.#options.show(url, await this.#context.launcher.openBrowser(url));
      const code = await this.#withLimit(MAX_WAIT_MS, () => listener.code(), tooLate);
      const token = await this.#redeem(attempt, code);
      listener.finish();
      return token;
    } catch (error) {
      listener.finish(error);
      throw error;
    }
  }

  async #serve(listener: RedirectListener): Promise<LoopbackServer> {
    try {
      return await this.#context.loopback.serve(PORT, (request) => listener.answer(request));
    } catch (cause) {
      if (!(cause instanceof LocalError) || cause.data["osCode"] !== "EADDRINUSE") throw cause;
      throw new LocalError(`Cannot wait for the browser: port ${PORT} of this machine is taken`, {
        cause,
        hint: "Another sign-in, perhaps of rclone, is under way: end it first, or use --no-browser",
        data: cause.data,
      });
    }
  }

  async #paste(attempt: Attempt): Promise<StoredToken> {
    const { show, askRedirect } = this.#options;
    show(attempt.authorizationUrl, false);
    const pasted = await askRedirect?.() ?? "";
    return await this.#redeem(attempt, readPastedRedirect(pasted, { ...attempt, redirectUri: REDIRECT_URI }));
  }

  #redeem({ tokenUrl }: Attempt, code: string): Promise<StoredToken> {
    const { clientId } = this.#options.service;
    const redeem = (signal: AbortSignal) =>
      requestCodeLogin(this.#context, tokenUrl, { code, redirectUri: REDIRECT_URI, clientId, signal });
    return this.#withLimit(MAX_EXCHANGE_MS, redeem, noAnswer);
  }

  /** `work` until it ends, the user stops it, or the time is up. */
  async #withLimit<T>(
    limitMs: number,
    work: (signal: AbortSignal) => Promise<T>,
    timeIsUp: () => Error,
  ): Promise<T> {
    const { clock, signal } = this.#context;
    const ending = new AbortController();
    const ends = AbortSignal.any(signal === undefined ? [ending.signal] : [ending.signal, signal]);
    const limit = clock.sleep(limitMs, { signal: ends }).then(() => Promise.reject(timeIsUp()));
    try {
      return await Promise.race([limit, work(ends)]);
    } finally {
      ending.abort();
      await limit.catch(() => {});
    }
  }
}

function tooLate(): AuthError {
  return new AuthError(
    `Cannot sign in: nobody has done so in the browser within ${MAX_WAIT_MS / 60_000} minutes`,
    {
      code: "login-timeout",
      hint: "Start the sign-in again; with --no-browser a browser of another machine will do",
    },
  );
}

function noAnswer(): NetworkError {
  return new NetworkError("Cannot sign in: the identity provider does not answer", {
    retry: "later",
    hint: "Start the sign-in again in a while",
  });
}
