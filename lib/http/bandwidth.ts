/**
 * Bodies that go no faster than they may: `--bwlimit` for all of a run together, `--bwlimit-file` for each body. Bytes
 * pass in small pieces, and the bodies take turns, so that one of them cannot keep the line for itself.
 */
import { RateLimiter } from "../async/rate_limit.ts";
import type { Clock } from "../edges.ts";
import { type BandwidthTimetable, slotAt, timeOfWeek } from "../units.ts";

type Bytes = Uint8Array<ArrayBuffer>;
type Direction = "uploadBytesPerSecond" | "downloadBytesPerSecond";

/** What a piece takes on the line: short enough that a slow line flows evenly. */
const PIECE_SECONDS = 0.05;
/** Of a rate that is slower still, the pieces take longer. */
const MIN_PIECE_BYTES = 256;

export interface BandwidthOptions {
  readonly clock: Clock;
  readonly total?: BandwidthTimetable | undefined;
  readonly perFile?: BandwidthTimetable | undefined;
}

interface Limit {
  readonly rate: () => number | undefined;
  readonly limiter: RateLimiter;
}

export class Bandwidth {
  readonly #options: BandwidthOptions;
  readonly #totals: Readonly<Record<Direction, readonly Limit[]>>;

  constructor(options: BandwidthOptions) {
    this.#options = options;
    this.#totals = {
      uploadBytesPerSecond: this.#limits(options.total, "uploadBytesPerSecond"),
      downloadBytesPerSecond: this.#limits(options.total, "downloadBytesPerSecond"),
    };
  }

  /** The same bytes, as fast as an upload may go. Cancelling it cancels `body`. */
  upload(body: ReadableStream<Bytes>): ReadableStream<Bytes> {
    return this.#limited(body, "uploadBytesPerSecond");
  }

  /** The same bytes, as fast as a download may go. Cancelling it cancels `body`. */
  download(body: ReadableStream<Bytes>): ReadableStream<Bytes> {
    return this.#limited(body, "downloadBytesPerSecond");
  }

  #limited(body: ReadableStream<Bytes>, direction: Direction): ReadableStream<Bytes> {
    // The own limit first: a file that is slow by itself does not hold up the others.
    const limits = [...this.#limits(this.#options.perFile, direction), ...this.#totals[direction]];
    return limits.length === 0 ? body : inTurns(body, limits);
  }

  /** None where the timetable never limits this direction. */
  #limits(timetable: BandwidthTimetable | undefined, direction: Direction): Limit[] {
    if (timetable === undefined || timetable.every((slot) => slot[direction] <= 0)) return [];
    const { clock } = this.#options;
    const rate = () => {
      const bytesPerSecond = slotAt(timetable, timeOfWeek(clock.now()))[direction];
      // A rate of 0 is no limit, as in rclone.
      return bytesPerSecond > 0 ? bytesPerSecond : undefined;
    };
    const burst = (bytesPerSecond: number) => bytesPerSecond * PIECE_SECONDS;
    return [{ rate, limiter: new RateLimiter({ clock, ratePerSecond: rate, burst }) }];
  }
}

function inTurns(body: ReadableStream<Bytes>, limits: readonly Limit[]): ReadableStream<Bytes> {
  const reader = body.getReader();
  const stop = new AbortController();
  let rest: Bytes = new Uint8Array(0);
  return new ReadableStream({
    async pull(controller) {
      while (rest.length === 0) {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        rest = value;
      }
      const piece = rest.subarray(0, pieceBytes(limits));
      for (const { limiter } of limits) await limiter.take(piece.length, { signal: stop.signal });
      rest = rest.subarray(piece.length);
      controller.enqueue(piece);
    },
    async cancel(reason) {
      stop.abort(reason);
      await reader.cancel(reason);
    },
  }, { highWaterMark: 0 });
}

function pieceBytes(limits: readonly Limit[]): number {
  const rates = limits.map(({ rate }) => rate() ?? Infinity);
  return Math.max(MIN_PIECE_BYTES, Math.floor(Math.min(...rates) * PIECE_SECONDS));
}
