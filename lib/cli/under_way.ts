/** The files that a run has begun and not finished, and how long they still need, by the pace of each so far. */
import type { TransferEvent } from "../transfer/events.ts";

interface Progress {
  readonly size: number;
  readonly startedAtMs: number;
  bytes: number;
}

/** A file without any progress for so long will not have much soon. */
const SILENCE_MS = 2_000;

export class UnderWay {
  readonly #files = new Map<string, Progress>();

  note(event: TransferEvent, nowMs: number): void {
    switch (event.type) {
      case "started":
        this.#files.set(event.path, { size: event.size, startedAtMs: nowMs, bytes: 0 });
        return;
      case "progressed": {
        const file = this.#files.get(event.path);
        if (file === undefined || event.phase !== "transfer") return;
        // What was there says nothing about the pace: the rest begins now.
        if (!event.isResumed) file.bytes += event.bytes;
        else this.#files.set(event.path, { size: file.size - event.bytes, startedAtMs: nowMs, bytes: 0 });
        return;
      }
      case "finished":
      case "failed":
        this.#files.delete(event.path);
        return;
    }
  }

  /** Until the first of them is done; undefined when there are none. */
  remainingMs(nowMs: number): number | undefined {
    if (this.#files.size === 0) return undefined;
    return Math.min(...[...this.#files.values()].map((file) => remainingOf(file, nowMs)));
  }
}

function remainingOf({ size, startedAtMs, bytes }: Progress, nowMs: number): number {
  const elapsedMs = Math.max(1, nowMs - startedAtMs);
  if (bytes <= 0) return elapsedMs > SILENCE_MS ? Infinity : 0;
  return Math.max(0, size - bytes) / bytes * elapsedMs;
}
