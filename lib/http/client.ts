/**
 * One request with a typed failure: adds the user agent and the access token, retries what may be retried,
 * renews the session once on 401. What an answer means is the business of `jfs/` and `api/`.
 *
 * The one place where the token meets an address: a request with a token to a host that is not trusted is refused
 * before anything leaves. Redirects are answers like any other, nobody follows them.
 */
import type { RateLimiter } from "../async/rate_limit.ts";
import { DEFAULT_RETRY_POLICY, retry, type RetryPolicy } from "../async/retry.ts";
import type { Clock, HttpRequest, HttpResponse, Random, StreamBody, Transport } from "../edges.ts";
import { AuthError, NetworkError, ProtocolError, ServiceError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Authorizer } from "./authorizer.ts";
import type { Bandwidth } from "./bandwidth.ts";
import { causeOf } from "./causes.ts";
import type { Pace } from "./pace.ts";
import { type IsTrusted, trustedHosts } from "./trusted_hosts.ts";

/** One request with all its tries and waits: no more than six of the longest timeouts. */
const MAX_REQUEST_MS = 30 * 60_000;
/** Until the first answer of the run, a dead line is reported soon: nobody wants to wait for a typo. */
const ATTEMPTS_BEFORE_FIRST_ANSWER = 3;
const IS_SERVICE_HOST = trustedHosts();
/** Different tokens refused in a row; one may have ended just then. */
const MAX_TOKENS_REFUSED = 3;

export interface RequestSpec {
  /** What is being tried, for messages, as in `list "Archive/photos"`. */
  readonly action: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | StreamBody;
  /** False for requests whose body cannot be sent twice, or whose caller retries by itself. */
  readonly retry?: boolean;
  /** The answer is the content of a file: it goes no faster than a download may. */
  readonly isDownload?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly userAgent: string;
  readonly retryPolicy?: RetryPolicy;
  /** Without one, requests go out without an Authorization header. */
  readonly authorizer?: Authorizer;
  /** Where requests with a token may go; the service's own hosts by default. */
  readonly isTrusted?: IsTrusted;
  /** How fast the contents of files may go; without it, as fast as they can. */
  readonly bandwidth?: Bandwidth | undefined;
  /** Turns for requests, where their number is limited; shared by all that count together. */
  readonly turns?: RateLimiter | undefined;
  /** How many requests at a time; shared by all that go to the same service. */
  readonly pace?: Pace | undefined;
}

export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #policy: RetryPolicy;
  #hasAnswered = false;
  /** Since the last one that was not refused; hosts for uploads have a mind of their own. */
  readonly #refused = { uploads: new Set<string>(), others: new Set<string>() };

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#policy = { maxTotalMs: MAX_REQUEST_MS, ...options.retryPolicy ?? DEFAULT_RETRY_POLICY };
  }

  /**
   * Sends the request and resolves with the response, whatever its status; the caller reads or cancels the body.
   * Throws `NetworkError` when no answer came, `ServiceError` when the service stayed unable after all retries,
   * `ProtocolError` when a token would go to a foreign host, and what the authorizer throws.
   */
  async request(spec: RequestSpec): Promise<HttpResponse> {
    const { clock, random, log } = this.#options;
    const mayRetry = spec.retry !== false;
    // Asked again after each answer: the first one of the run allows more tries.
    const attempts = () =>
      this.#hasAnswered
        ? this.#policy.maxAttempts
        : Math.min(ATTEMPTS_BEFORE_FIRST_ANSWER, this.#policy.maxAttempts);
    try {
      if (!mayRetry) return await this.#exchange(spec);
      return await retry((attempt) => this.#attempt(spec, () => attempt >= attempts()), this.#policy, {
        clock,
        random,
        signal: spec.signal,
        maxAttempts: attempts,
        onRetry: (error, attempt, delayMs) =>
          log.info("trying again", {
            action: spec.action,
            attempt,
            delayMs: Math.round(delayMs),
            error: error.message,
          }),
      });
    } finally {
      await dropUntouched(spec.body);
    }
  }

  /**
   * Runs `work`, made of requests that can be repeated, anew when it fails in a way that may pass, such as an answer
   * that broke off: `request` itself looks no further than the head.
   */
  async repeating<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { clock, random } = this.#options;
    return await retry(work, this.#policy, { clock, random, signal });
  }

  /** One of several tries: an answer that is worth another one is thrown, unless this was the last. */
  async #attempt(spec: RequestSpec, isLast: () => boolean): Promise<HttpResponse> {
    const response = await this.#exchange(spec);
    if (!causeOf(response.status).isPassing || isLast()) return response;
    await response.body.cancel();
    throw new ServiceError(`Cannot ${spec.action}: the service answered ${response.status}`, {
      retry: "now",
      data: { status: response.status, retryAfterMs: this.retryAfterMs(response) },
    });
  }

  /** One request, with one renewal of the session when the token is refused. */
  async #exchange(spec: RequestSpec): Promise<HttpResponse> {
    const { authorizer, isTrusted = IS_SERVICE_HOST } = this.#options;
    if (authorizer !== undefined && !isTrusted(spec.url)) throw foreignHost(spec);
    const token = await authorizer?.accessToken(spec.signal);
    const response = await this.#send(spec, token);
    const refused = isStream(spec.body) ? this.#refused.uploads : this.#refused.others;
    if (response.status !== 401 || authorizer === undefined || token === undefined) {
      refused.clear();
      return response;
    }
    await response.body.cancel();
    refused.add(token);
    // Renewing does not help, and each renewal spends a refresh token.
    if (refused.size >= MAX_TOKENS_REFUSED) throw refusedAgain(spec);
    const renewed = await authorizer.renew(token, spec.signal);
    if (isStream(spec.body)) throw expiredMeanwhile(spec);
    return await this.#send(spec, renewed);
  }

  /** The wait that an answer asks for, in milliseconds; undefined when it asks for none. */
  retryAfterMs(response: HttpResponse): number | undefined {
    // A date of the service is taken by its own clock: that of this computer may be wrong.
    const serviceMs = Date.parse(response.headers.get("date") ?? "");
    const nowMs = Number.isNaN(serviceMs) ? this.#options.clock.now() : serviceMs;
    return parseRetryAfter(response.headers.get("retry-after"), nowMs);
  }

  async #send(spec: RequestSpec, token: string | undefined): Promise<HttpResponse> {
    const { transport, log, userAgent, clock, bandwidth, turns, pace } = this.#options;
    if (turns !== undefined) await turns.take(1, { signal: spec.signal });
    const headers: Record<string, string> = {
      "user-agent": userAgent,
      "accept-encoding": "identity",
      ...spec.headers,
    };
    if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
    const request: HttpRequest = {
      method: spec.method,
      url: spec.url,
      headers,
      body: bandwidth === undefined ? spec.body : limitedUpload(spec.body, bandwidth),
      once: spec.retry === false,
      signal: spec.signal,
    };
    const turn = await pace?.enter(isStream(spec.body) ? "uploads" : "requests", { signal: spec.signal });
    const startedAt = clock.now();
    const shown = { method: spec.method, url: shownUrl(spec) };
    try {
      const response = await transport.send(request);
      this.#hasAnswered = true;
      const { status } = response;
      const change = turn?.answered(status, this.retryAfterMs(response));
      if (change !== undefined) log.info("the service sets the pace", { ...shown, status, ...change });
      log.debug("http", { ...shown, status, durationMs: Math.round(clock.now() - startedAt) });
      const body = inWordsOf(spec, response.body);
      const isContent = spec.isDownload === true && bandwidth !== undefined;
      return { ...response, body: isContent ? bandwidth.download(body) : body };
    } catch (error) {
      turn?.failed();
      if (!(error instanceof NetworkError)) throw error;
      log.debug("http failed", { ...shown, error: error.message });
      throw toActionFailure(spec, error);
    }
  }
}

function limitedUpload(body: RequestSpec["body"], bandwidth: Bandwidth): RequestSpec["body"] {
  return typeof body === "object" ? { ...body, stream: bandwidth.upload(body.stream) } : body;
}

function refusedAgain(spec: RequestSpec): AuthError {
  return new AuthError(`Cannot ${spec.action}: the service refuses one access token after the other`, {
    hint: "Sign in again: jottash config",
  });
}

/** The host only: the rest of an upload URL is a capability. */
function foreignHost(spec: RequestSpec): ProtocolError {
  const host = URL.parse(spec.url)?.host || "no host";
  return new ProtocolError(
    `Cannot ${spec.action}: the service named an address outside its own hosts: ${host}`,
    { data: { host } },
  );
}

function toActionFailure(spec: RequestSpec, error: NetworkError): NetworkError {
  const { retry, hint, data } = error;
  return new NetworkError(`Cannot ${spec.action}: ${error.message}`, { cause: error, retry, hint, data });
}

/** The same bytes; a line that breaks in the middle says what was being done. */
function inWordsOf(spec: RequestSpec, body: HttpResponse["body"]): HttpResponse["body"] {
  const reader = body.getReader();
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(error instanceof NetworkError ? toActionFailure(spec, error) : error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}

/** A streamed body belongs to the request: one that was not even begun is cancelled, so that its file is closed. */
async function dropUntouched(body: RequestSpec["body"]): Promise<void> {
  if (typeof body === "object" && !body.stream.locked) await body.stream.cancel().catch(() => {});
}

/** An upload URL is a capability as a whole (API reference 5.14): only its host is shown. */
function shownUrl(spec: RequestSpec): string {
  return isStream(spec.body) ? `${new URL(spec.url).origin}/***` : spec.url;
}

/** A streamed body is spent: the caller begins again, with the new token. */
function expiredMeanwhile(spec: RequestSpec): ServiceError {
  return new ServiceError(`Cannot ${spec.action}: the access token had expired`, { retry: "now" });
}

function isStream(body: string | StreamBody | undefined): boolean {
  return typeof body === "object";
}

/** The wait of a Retry-After header (seconds or a date) in milliseconds; undefined when there is none. */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** A whole small body as text; refuses more than `maxBytes`, so that a wrong answer cannot fill the memory. */
export async function readText(response: HttpResponse, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new ProtocolError(`The service sent an answer of more than ${maxBytes} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
