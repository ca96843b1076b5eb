/** The answer of node:http(s) in the form of the transport interface. For small answers: see stack.md B3. */
import type { IncomingMessage } from "node:http";
import type { IdleWatch } from "./idle_watch.ts";

interface BodyGuard {
  readonly watch: IdleWatch;
  /** Called once, when nothing more will come. */
  readonly finish: () => void;
  readonly toError: (error: unknown) => unknown;
}

export function incomingBody(
  incoming: IncomingMessage,
  { watch, finish, toError }: BodyGuard,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isOver = false;
  const end = (): boolean => {
    if (isOver) return false;
    isOver = true;
    finish();
    return true;
  };
  return new ReadableStream({
    start(controller) {
      const fail = (error: unknown) => {
        if (end()) controller.error(toError(error));
      };
      incoming.on("data", (chunk: Uint8Array) => {
        if (isOver) return;
        watch.served();
        controller.enqueue(new Uint8Array(chunk));
        incoming.pause();
      });
      incoming.on("end", () => {
        if (end()) controller.close();
      });
      incoming.on("error", fail);
      incoming.on("close", () => fail(new Error("aborted")));
      incoming.pause();
    },
    pull() {
      watch.waiting();
      incoming.resume();
    },
    cancel() {
      end();
      incoming.destroy();
    },
  }, { highWaterMark: 0 });
}

export function incomingHeaders(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? "", incoming.rawHeaders[i + 1] ?? "");
  }
  return headers;
}
