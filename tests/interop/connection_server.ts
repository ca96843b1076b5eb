/**
 * Accepts connections, serves each at its own pace, and knows all of them so that stopping leaves nothing
 * behind.
 */
import { isGone } from "./socket.ts";

/** One accepted connection and those opened on its behalf; they end together. */
export interface Link {
  readonly client: Deno.Conn;
  open(address: Deno.ConnectOptions): Promise<Deno.Conn>;
  /** Runs all ways to their end; the first one to end, well or badly, closes every connection of the link. */
  race(ways: readonly (() => Promise<void>)[]): Promise<void>;
  /** Runs all ways to their end; only a failing one closes every connection of the link. */
  all(ways: readonly (() => Promise<void>)[]): Promise<void>;
}

export class ConnectionServer {
  readonly #listener: Deno.Listener<Deno.Conn, Deno.NetAddr>;
  readonly #serve: (link: Link) => Promise<void>;
  readonly #open = new Set<Deno.Conn>();
  readonly #running = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #stopping = false;

  constructor(listener: Deno.Listener<Deno.Conn, Deno.NetAddr>, serve: (link: Link) => Promise<void>) {
    this.#listener = listener;
    this.#serve = serve;
    this.#accepting = this.#acceptAll();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Ends listening and every connection; returns when nothing is left running. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#listener.close();
    for (const conn of this.#open) this.#close(conn);
    await this.#accepting;
    await Promise.all(this.#running);
  }

  async #acceptAll(): Promise<void> {
    while (!this.#stopping) {
      let client: Deno.Conn;
      try {
        client = await this.#listener.accept();
      } catch (error) {
        if (isGone(error)) continue;
        throw error;
      }
      const task: Promise<void> = this.#serveOne(this.#track(client)).finally(() =>
        this.#running.delete(task)
      );
      this.#running.add(task);
    }
  }

  /** A peer that goes away ends its own link only. */
  async #serveOne(client: Deno.Conn): Promise<void> {
    const conns = [client];
    const close = () => conns.forEach((conn) => this.#close(conn));
    const open = async (address: Deno.ConnectOptions) => {
      const conn = this.#track(await Deno.connect(address));
      conns.push(conn);
      return conn;
    };
    try {
      await this.#serve({
        client,
        open,
        race: (ways) => settle(ways.map((way) => way().finally(close))),
        all: (ways) => settle(ways.map((way) => way().catch((error) => (close(), Promise.reject(error))))),
      });
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      close();
    }
  }

  #track(conn: Deno.Conn): Deno.Conn {
    // Heads and bodies are written apart; without this each small body would wait for a delayed
    // acknowledgement.
    if ("setNoDelay" in conn && typeof conn.setNoDelay === "function") conn.setNoDelay(true);
    this.#open.add(conn);
    if (this.#stopping) this.#close(conn);
    return conn;
  }

  #close(conn: Deno.Conn): void {
    if (this.#open.delete(conn)) conn.close();
  }
}

/** Waits for all, then throws what is a mistake rather than a peer that went away. */
async function settle(ways: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(ways)) {
    if (result.status === "rejected" && !isGone(result.reason)) throw result.reason;
  }
}
