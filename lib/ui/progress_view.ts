/**
 * Shows a run while it goes on. On a terminal whose cursor can be moved the view is redrawn in place, elsewhere a
 * line is printed now and then; quiet shows nothing.
 */
import type { Clock, Terminal } from "../edges.ts";
import type { TransferEvent } from "../transfer/events.ts";
import type { LiveArea } from "./live_area.ts";
import type { Printer } from "./printer.ts";
import { progressStats, renderProgress, renderProgressLine } from "./progress_render.ts";
import { ProgressState } from "./progress_state.ts";

export type ProgressMode = "live" | "lines" | "quiet";

const REDRAW_MS = 100;
/** Without events only the rate and the ETA change. */
const IDLE_REDRAW_MS = 1_000;
const DEFAULT_LINE_MS = 5_000;

export interface ProgressViewOptions {
  readonly mode: ProgressMode;
  /** Between two lines in mode `lines`; 5 seconds by default. */
  readonly lineMs?: number | undefined;
  /** On a terminal too, only the whole is shown, without single files. */
  readonly oneLine?: boolean;
}

export interface ProgressViewEdges {
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** Shared with the printer, so that its messages go above the view. */
  readonly area: LiveArea;
  /** Takes the lines of mode `lines`. */
  readonly printer: Pick<Printer, "notice">;
}

export class ProgressView implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #terminal: Terminal;
  readonly #area: LiveArea;
  readonly #printer: Pick<Printer, "notice">;
  readonly #oneLine: boolean;
  readonly #mode: ProgressMode;
  readonly #lineMs: number;
  readonly #state: ProgressState;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #changed = true;
  #drawnAtMs = -Infinity;

  /** Starts to show at once; whoever creates it calls `finish`. */
  constructor(edges: ProgressViewEdges, options: ProgressViewOptions) {
    this.#clock = edges.clock;
    this.#terminal = edges.terminal;
    this.#area = edges.area;
    this.#printer = edges.printer;
    this.#oneLine = options.oneLine ?? false;
    this.#mode = options.mode;
    this.#lineMs = options.lineMs ?? DEFAULT_LINE_MS;
    this.#state = new ProgressState(edges.clock.now());
    this.#running = this.#mode === "quiet" ? Promise.resolve() : this.#run();
    // A failure waits for `finish`; until then it is nobody's.
    this.#running.catch(() => {});
  }

  /** Takes note of an event; cheap, never draws by itself. Bound: it can be handed on as a sink. */
  readonly sink = (event: TransferEvent): void => {
    this.#state.apply(event, this.#clock.now());
    this.#changed = true;
  };

  /** What failed is done once more. */
  beginAgain(): void {
    this.#state.beginAgain();
    this.#changed = true;
  }

  /** Stops and takes the view away. Calling it twice is safe. */
  async finish(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#mode === "live") this.#area.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.finish();
  }

  async #run(): Promise<void> {
    const waitMs = this.#mode === "live" ? REDRAW_MS : this.#lineMs;
    while (await this.#wait(waitMs)) {
      if (this.#mode === "live") this.#redraw();
      else this.#printLine();
    }
  }

  #printLine(): void {
    const nowMs = this.#clock.now();
    this.#printer.notice(renderProgressLine(this.#state, nowMs), {
      stats: progressStats(this.#state, nowMs),
    });
  }

  /** False when the view is to stop. */
  async #wait(ms: number): Promise<boolean> {
    try {
      await this.#clock.sleep(ms, { signal: this.#stop.signal });
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
    return !this.#stop.signal.aborted;
  }

  #redraw(): void {
    const nowMs = this.#clock.now();
    if (!this.#changed && nowMs - this.#drawnAtMs < IDLE_REDRAW_MS) return;
    this.#changed = false;
    this.#drawnAtMs = nowMs;
    // A full line would wrap in some terminals, and so would the `^C^C` that the terminal writes behind it when the
    // user stops the run, and insists; a full screen would scroll.
    const columns = Math.max(1, this.#terminal.columns() - 5);
    const rows = this.#oneLine ? 1 : Math.max(1, this.#terminal.rows() - 1);
    this.#area.draw(renderProgress(this.#state, columns, rows, nowMs));
  }
}
