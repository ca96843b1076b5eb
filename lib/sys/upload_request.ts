/**
 * Requests with a body of known length, over node:http(s): the only built-in way that sends Content-Length instead of
 * chunks (stack.md B1). Exactly the declared number of bytes is sent, or the request is broken off; the last bytes go
 * out only when the source has ended, so that a service never sees a complete body of a file that is still growing.
 *
 * An answer that comes before the body is sent ends the upload: the rest is not sent, and the connection is closed
 * after the answer has been read.
 */
import type { Agent, ClientRequest } from "node:http";
import type { HttpRequest, HttpResponse, StreamBody } from "../edges.ts";
import { LocalError } from "../errors.ts";
import { watchConnecting } from "./connect_watch.ts";
import { IdleWatch } from "./idle_watch.ts";
import { incomingBody, incomingHeaders } from "./incoming_body.ts";
import { networkFailure, noAnswer, noConnection } from "./network_failure.ts";

/** Fastest on a quick line (stack.md B1). */
const MAX_PIECE_BYTES = 1024 * 1024;
/** On a slow line, so that each piece that gets through shows that the line is alive. */
const MIN_PIECE_BYTES = 64 * 1024;
const SLOW_PIECE_MS = 1000;

export interface UploadOptions {
  readonly request: typeof import("node:http").request;
  readonly agent: Agent;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** Sends the request. The caller cancels a stream that is not locked yet when this rejects. */
export async function sendUpload(
  request: HttpRequest & { readonly body: StreamBody },
  options: UploadOptions,
): Promise<HttpResponse> {
  const { signal, body } = request;
  const { timeoutMs, connectTimeoutMs } = options;
  signal?.throwIfAborted();
  const url = new URL(request.url);
  const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
  const outgoing = options.request(url, {
    method: request.method,
    headers: { ...request.headers, "content-length": String(body.length) },
    agent: options.agent,
  });

  let failure: { readonly error: unknown } | undefined;
  let stopConnectWatch = () => {};
  const finish = () => {
    watch.stop();
    stopConnectWatch();
    signal?.removeEventListener("abort", onAbort);
  };
  const fail = (error: unknown) => {
    failure ??= { error };
    finish();
    pump.stop();
    outgoing.destroy();
    reject(failure.error);
  };
  const onAbort = () => fail(signal?.reason);
  const watch = new IdleWatch(timeoutMs, () => fail(noAnswer(url, timeoutMs)));
  const pump = createPump(outgoing, { body, watch });

  signal?.addEventListener("abort", onAbort, { once: true });
  outgoing.on("error", (error) => fail(networkFailure(error, url)));
  let isConnected = false;
  outgoing.on("socket", (socket) => {
    // When a connection that it used anew has closed without an answer, Deno's node:http takes a second one and
    // repeats what it still has of the request; what it lacks, the service then waits for (Deno 2.9.6, measured).
    if (isConnected) fail(networkFailure(new Error("socket hang up"), url));
    isConnected = true;
    stopConnectWatch = watchConnecting(socket, connectTimeoutMs, () => {
      fail(noConnection(url, connectTimeoutMs));
    });
  });
  outgoing.on("response", (incoming) => {
    pump.stop();
    watch.served();
    const stream = incomingBody(incoming, {
      watch,
      toError: (error) => failure?.error ?? networkFailure(error, url),
      finish: () => {
        finish();
        if (!pump.isComplete()) outgoing.destroy();
      },
    });
    resolve({ status: incoming.statusCode ?? 0, headers: incomingHeaders(incoming), body: stream });
  });
  const sending = pump.run().catch(fail);
  try {
    return await promise;
  } finally {
    await sending;
  }
}

interface Pump {
  /** Resolves when all is sent or the pump was stopped; rejects when the source fails or has another length. */
  run(): Promise<void>;
  stop(): void;
  isComplete(): boolean;
}

function createPump(
  outgoing: ClientRequest,
  { body, watch }: { readonly body: StreamBody; readonly watch: IdleWatch },
): Pump {
  const reader = body.stream.getReader();
  let isStopped = false;
  let isComplete = false;
  let wake = () => {};
  let pieceBytes = MIN_PIECE_BYTES;
  outgoing.on("drain", () => wake());

  const write = async (chunk: Uint8Array) => {
    for (let offset = 0; offset < chunk.length && !isStopped;) {
      const piece = chunk.subarray(offset, offset + pieceBytes);
      offset += piece.length;
      const startedAt = performance.now();
      watch.waiting();
      if (!outgoing.write(piece)) await new Promise<void>((resolve) => wake = resolve);
      if (isStopped) return;
      watch.served();
      const isSlow = performance.now() - startedAt > SLOW_PIECE_MS;
      pieceBytes = isSlow ? MIN_PIECE_BYTES : Math.min(MAX_PIECE_BYTES, pieceBytes * 2);
    }
  };
  /** The next bytes; undefined at the end and when stopped. */
  const next = async () => (await reader.read()).value;
  let dropped: Promise<void> | undefined;
  /** Ends a read under way, too. Nothing happens to a source that has come to its end. */
  const dropSource = () => dropped ??= reader.cancel().catch(() => undefined);

  return {
    isComplete: () => isComplete,
    stop() {
      isStopped = true;
      void dropSource();
      wake();
    },
    async run() {
      try {
        let sent = 0;
        let held: Uint8Array = new Uint8Array(0);
        for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
          if (isStopped) return;
          if (sent + held.length + chunk.length > body.length) throw otherLength(body.length);
          await write(held);
          sent += held.length;
          held = chunk;
        }
        if (isStopped) return;
        if (sent + held.length !== body.length) throw otherLength(body.length);
        await write(held);
        if (isStopped) return;
        isComplete = true;
        watch.waiting();
        outgoing.end();
      } finally {
        await dropSource();
      }
    },
  };
}

function otherLength(expected: number): LocalError {
  return new LocalError(
    `Cannot send the content: it changed while it was read (${expected} bytes expected)`,
    {
      code: "source-changed",
      retry: "now",
      hint: "Copy it again when no program writes to it",
    },
  );
}
