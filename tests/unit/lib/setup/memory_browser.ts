/** A browser and the listener that it ends at, without a port: who signs in with the browser needs no other process. */
import type { Loopback, LoopbackServer, Page, PageRequest } from "../../../../lib/edges.ts";
import { LocalError } from "../../../../lib/errors.ts";

type Answer = (request: PageRequest) => Page | Promise<Page>;

const MAX_REDIRECTS = 5;

export class MemoryLoopback implements Loopback {
  /** Another program has the port. */
  isTaken = false;
  readonly #servers = new Map<number, Answer>();

  /** Ports that are listened on now. */
  get ports(): readonly number[] {
    return [...this.#servers.keys()];
  }

  serve(port: number, answer: Answer): Promise<LoopbackServer> {
    if (this.isTaken || this.#servers.has(port)) {
      return Promise.reject(
        new LocalError(`Cannot listen on 127.0.0.1:${port}: another program does`, {
          data: { port, osCode: "EADDRINUSE" },
        }),
      );
    }
    this.#servers.set(port, answer);
    return Promise.resolve({
      port,
      [Symbol.asyncDispose]: () => {
        this.#servers.delete(port);
        return Promise.resolve();
      },
    });
  }

  /** Opens a page as a browser does, redirects included. Resolves with the last page and the address of each. */
  async browse(url: string): Promise<{ readonly status: number; readonly urls: readonly string[] }> {
    const urls = [url];
    for (let index = 0; index <= MAX_REDIRECTS; index++) {
      const { status, location } = await this.#open(urls[index] ?? "");
      if (location === undefined) return { status, urls };
      urls.push(location);
    }
    throw new Error(`more than ${MAX_REDIRECTS} redirects from ${url}`);
  }

  async #open(url: string): Promise<{ readonly status: number; readonly location: string | undefined }> {
    const { hostname, port, pathname, search } = new URL(url);
    const answer = this.#servers.get(Number(port));
    if (answer !== undefined && ["127.0.0.1", "localhost"].includes(hostname)) {
      const { status, headers } = await answer({ method: "GET", target: pathname + search });
      return { status, location: new Headers(headers).get("location") ?? undefined };
    }
    const response = await fetch(url, { redirect: "manual" });
    await response.body?.cancel();
    return { status: response.status, location: response.headers.get("location") ?? undefined };
  }
}

/** Where a browser ends that has nobody listening on this machine: the address that the user copies. */
export async function redirectOf(url: string): Promise<string> {
  const response = await fetch(url, { redirect: "manual" });
  await response.body?.cancel();
  const location = response.headers.get("location");
  if (location === null) throw new Error(`no redirect from ${url}: ${response.status}`);
  return location;
}
