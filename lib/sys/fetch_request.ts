/** Requests with a small body or none, and downloads, over fetch: quick to start, right backpressure (stack.md B). */
import type { HttpRequest, HttpResponse } from "../edges.ts";
import { ConnectWatch } from "./connect_watch.ts";
import { IdleWatch } from "./idle_watch.ts";
import { networkFailure, noAnswer, noConnection } from "./network_failure.ts";
import { mayUseProxy } from "./proxies.ts";

interface FetchOptions {
  readonly client: Deno.HttpClient;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly localAddress: string | undefined;
}

export async function sendWithFetch(
  request: HttpRequest & { readonly body?: string | undefined },
  options: FetchOptions,
): Promise<HttpResponse> {
  const { signal } = request;
  signal?.throwIfAborted();
  const url = new URL(request.url);
  const abort = new AbortController();
  const watch = new IdleWatch(options.timeoutMs, () => abort.abort(noAnswer(url, options.timeoutMs)));
  const connecting = watchConnection(request, url, options, (error) => abort.abort(error));
  const finish = () => {
    watch.stop();
    connecting?.stop();
    signal?.removeEventListener("abort", onAbort);
  };
  const onAbort = () => {
    finish();
    abort.abort(signal?.reason);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  // fetch wraps some reasons in errors of its own: the caller gets the one it knows.
  const toError = (error: unknown) => abort.signal.aborted ? abort.signal.reason : networkFailure(error, url);

  watch.waiting();
  try {
    const response = await fetch(url, {
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      redirect: "manual",
      signal: abort.signal,
      client: options.client,
    });
    watch.served();
    connecting?.stop();
    const { status, headers } = response;
    const reader = response.body?.getReader();
    if (reader === undefined) finish();
    return { status, headers, body: watchedBody(reader, { watch, finish, toError }) };
  } catch (error) {
    finish();
    throw toError(error);
  }
}

/**
 * None behind a proxy, which connects by itself, and none for what leaves at most once: such a request is given up by
 * its own silence only, because it may have left.
 */
function watchConnection(
  request: HttpRequest,
  url: URL,
  { connectTimeoutMs, timeoutMs, localAddress }: FetchOptions,
  fail: (error: unknown) => void,
): ConnectWatch | undefined {
  if (connectTimeoutMs >= timeoutMs || request.once === true || mayUseProxy(url)) return undefined;
  return new ConnectWatch(url, {
    timeoutMs: connectTimeoutMs,
    localAddress,
    onTimeout: () => fail(noConnection(url, connectTimeoutMs)),
  });
}

interface BodyGuard {
  readonly watch: IdleWatch;
  readonly finish: () => void;
  readonly toError: (error: unknown) => unknown;
}

/** The same bytes, pulled one by one; failures in our words. */
function watchedBody(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined,
  { watch, finish, toError }: BodyGuard,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      if (reader === undefined) controller.close();
    },
    async pull(controller) {
      try {
        watch.waiting();
        const result = await reader?.read();
        watch.served();
        if (result?.value !== undefined) return controller.enqueue(result.value);
        finish();
        controller.close();
      } catch (error) {
        finish();
        controller.error(toError(error));
      }
    },
    async cancel(reason) {
      finish();
      await reader?.cancel(reason).catch(() => undefined);
    },
  }, { highWaterMark: 0 });
}
