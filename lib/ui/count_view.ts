/** One line at the bottom of a terminal that counts what a long command has done, while it does it. */
import type { Clock, Terminal } from "../edges.ts";
import type { LiveArea } from "./live_area.ts";
import { shortenEnd } from "./width.ts";

/** What is over before has nothing to show. */
const FIRST_MS = 700;
const REDRAW_MS = 200;

export interface CountViewEdges {
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly area: LiveArea;
  /** Whether lines on stderr can be drawn over; without that nothing is shown. */
  readonly canDraw: boolean;
}

export class CountView implements AsyncDisposable {
  readonly #edges: CountViewEdges;
  readonly #text: () => string;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  /** Starts to show `text()`, asked again and again; whoever creates it disposes of it. */
  constructor(edges: CountViewEdges, text: () => string) {
    this.#edges = edges;
    this.#text = text;
    this.#running = edges.canDraw ? this.#run() : Promise.resolve();
    // A failure waits for the end; until then it is nobody's.
    this.#running.catch(() => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#edges.canDraw) this.#edges.area.clear();
  }

  async #run(): Promise<void> {
    const { area, terminal } = this.#edges;
    for (let waitMs = FIRST_MS; await this.#wait(waitMs); waitMs = REDRAW_MS) {
      const text = this.#text();
      area.draw(text === "" ? [] : [shortenEnd(text, Math.max(1, terminal.columns() - 3))]);
    }
  }

  /** False when the view is to stop. */
  async #wait(ms: number): Promise<boolean> {
    try {
      await this.#edges.clock.sleep(ms, { signal: this.#stop.signal });
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
    return !this.#stop.signal.aborted;
  }
}
