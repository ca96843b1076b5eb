/** A server on this machine without a socket: a test asks it as a browser would. */
import type { Loopback, LoopbackServer, Page, PageRequest } from "../../lib/edges.ts";
import { LocalError } from "../../lib/errors.ts";

export class FakeLoopback implements Loopback {
  /** Ports that another program has. */
  readonly taken = new Set<number>();
  /** Every port that was asked for. */
  readonly ports: number[] = [];
  #answer: ((request: PageRequest) => Page | Promise<Page>) | undefined;

  get isListening(): boolean {
    return this.#answer !== undefined;
  }

  async serve(port: number, answer: (request: PageRequest) => Page | Promise<Page>): Promise<LoopbackServer> {
    this.ports.push(port);
    if (this.taken.has(port)) {
      throw new LocalError(`Cannot listen on 127.0.0.1:${port}: another program does`, {
        data: { port, osCode: "EADDRINUSE" },
      });
    }
    this.#answer = answer;
    const stop = () => {
      this.#answer = undefined;
      return Promise.resolve();
    };
    return await Promise.resolve({ port, [Symbol.asyncDispose]: stop });
  }

  /** What the server answers; fails when nothing listens. */
  async visit(target: string, method = "GET"): Promise<Page> {
    if (this.#answer === undefined) throw new Error("nothing listens");
    return await this.#answer({ method, target });
  }
}
