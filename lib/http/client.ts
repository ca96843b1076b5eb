/**
 * One request with a typed failure: adds the user agent and the access token, retries what may be retried,
 * renews the session once on 401. What an answer means is the business of `jfs/` and `api/`.
 */
import { DEFAULT_RETRY_POLICY, retry, type RetryPolicy } from "../async/retry.ts";
import type { Clock, HttpRequest, HttpResponse, Random, StreamBody, Transport } from "../edges.ts";
import { NetworkError, type RetryVerdict, ServiceError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Authorizer } from "./authorizer.ts";

/** Statuses worth another try (API reference 5.0, rclone's list). */
const RETRY_STATUSES: ReadonlySet<number> = new Set([429, 500, 502, 503, 504, 509]);
/** Until the first answer of the run, a dead line is reported soon: nobody wants to wait for a typo. */
const ATTEMPTS_BEFORE_FIRST_ANSWER = 3;

export interface RequestSpec {
  /** What is being tried, for messages, as in `list "Archive/photos"`. */
  readonly action: string;
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | StreamBody;
  /** False for requests whose body cannot be sent twice, or whose caller retries by itself. */
  readonly retry?: boolean;
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
}

export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #policy: RetryPolicy;
  #hasAnswered = false;

  constructor(options: HttpClientOptions) {
    this.#options = options;
    this.#policy = options.retryPolicy ?? DEFAULT_RETRY_POLICY;
  }

  /**
   * Sends the request and resolves with the response, whatever its status; the caller reads or cancels the body.
   * Throws `NetworkError` when no answer came, `ServiceError` when the service stayed unable after all retries,
   * and what the authorizer throws.
   */
  async request(spec: RequestSpec): Promise<HttpResponse> {
    const { clock, random, log } = this.#options;
    const mayRetry = spec.retry !== false;
    const attempts = () => {
      if (!mayRetry) return 1;
      return this.#hasAnswered
        ? this.#policy.maxAttempts
        : Math.min(ATTEMPTS_BEFORE_FIRST_ANSWER, this.#policy.maxAttempts);
    };
    return await retry((attempt) => this.#attempt(spec, mayRetry, attempt >= attempts()), this.#policy, {
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
  }

  /** One try, with one renewal of the session when the token is refused. */
  async #attempt(spec: RequestSpec, mayRetry: boolean, isLast: boolean): Promise<HttpResponse> {
    // After the last try the verdict is "later": layers above do not multiply the tries.
    const verdict = mayRetry && isLast ? "later" : "now";
    const authorizer = this.#options.authorizer;
    const token = await authorizer?.accessToken(spec.signal);
    let response = await this.#send(spec, token, verdict);
    if (response.status === 401 && authorizer !== undefined && token !== undefined) {
      await response.body.cancel();
      const renewed = await authorizer.renew(token, spec.signal);
      if (isStream(spec.body)) throw expiredMeanwhile(spec);
      response = await this.#send(spec, renewed, verdict);
    }
    if (RETRY_STATUSES.has(response.status) && mayRetry && !isLast) {
      await response.body.cancel();
      throw this.#unable(spec, response);
    }
    return response;
  }

  async #send(spec: RequestSpec, token: string | undefined, verdict: RetryVerdict): Promise<HttpResponse> {
    const { transport, log, userAgent, clock } = this.#options;
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
      body: spec.body,
      signal: spec.signal,
    };
    const startedAt = clock.now();
    try {
      const response = await transport.send(request);
      this.#hasAnswered = true;
      log.debug("http", {
        method: spec.method,
        url: spec.url,
        status: response.status,
        durationMs: Math.round(clock.now() - startedAt),
      });
      return response;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      log.debug("http failed", { method: spec.method, url: spec.url, error: error.message });
      throw new NetworkError(`Cannot ${spec.action}: ${error.message}`, {
        cause: error,
        retry: error.retry === "now" ? verdict : error.retry,
        hint: error.hint,
        data: error.data,
      });
    }
  }

  #unable(spec: RequestSpec, response: HttpResponse): ServiceError {
    const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), this.#options.clock.now());
    return new ServiceError(`Cannot ${spec.action}: the service answered ${response.status}`, {
      retry: "now",
      data: { status: response.status, retryAfterMs },
    });
  }
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
      throw new ServiceError(`The answer is longer than ${maxBytes} bytes`, { code: "protocol" });
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
