/**
 * Tells when no connection comes about. node:http says when it is connected; fetch does not, so a request of fetch that
 * has waited for half of the time is followed by a connection of our own to the same place: when that one is not there
 * either at the end of the time, the request is given up. A quick answer costs nothing, a slow one a connection.
 */
import type { Socket } from "node:net";

/** Timers take no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export interface ConnectWatchOptions {
  readonly timeoutMs: number;
  readonly localAddress: string | undefined;
  /** Called at most once. */
  readonly onTimeout: () => void;
}

/** For fetch: runs until the connection of our own is there or `stop` is called. */
export class ConnectWatch {
  readonly #url: URL;
  readonly #options: ConnectWatchOptions;
  #timer: ReturnType<typeof setTimeout>;
  #socket: Socket | undefined;
  #isStopped = false;

  constructor(url: URL, options: ConnectWatchOptions) {
    this.#url = url;
    this.#options = options;
    const half = Math.min(options.timeoutMs / 2, MAX_TIMER_MS);
    this.#timer = setTimeout(() => void this.#tryItself(half), half);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  async #tryItself(leftMs: number): Promise<void> {
    const { localAddress, onTimeout } = this.#options;
    this.#timer = setTimeout(() => {
      this.stop();
      onTimeout();
    }, leftMs);
    const { connect } = await import("node:net");
    if (this.#isStopped) return;
    const { hostname, port, protocol } = this.#url;
    const socket = connect({
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(port) || (protocol === "https:" ? 443 : 80),
      ...localAddress === undefined ? {} : { localAddress },
    });
    this.#socket = socket;
    socket.on("connect", () => this.stop());
    // Refused, or no such host: the request itself meets that too, and says it better.
    socket.on("error", () => this.stop());
  }
}

/** For node:http: calls back unless the socket connects in time; the function that is returned ends the watch. */
export function watchConnecting(socket: Socket, timeoutMs: number, onTimeout: () => void): () => void {
  if (!socket.connecting || timeoutMs === Infinity) return () => {};
  const timer = setTimeout(onTimeout, Math.min(timeoutMs, MAX_TIMER_MS));
  const stop = () => clearTimeout(timer);
  socket.once("connect", stop);
  socket.once("close", stop);
  return stop;
}
