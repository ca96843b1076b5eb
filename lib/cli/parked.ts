/** Downloads that broke off in a run and have left what the next one goes on with. */
import type { TransferEvent } from "../transfer/events.ts";
import { formatQuantity, formatSizeCompact } from "../units.ts";

export class Parked {
  readonly #bytes = new Map<string, number>();

  note(event: TransferEvent): void {
    if (event.type === "parked") this.#bytes.set(event.path, event.bytes);
    // A later try has brought it to its end.
    if (event.type === "finished") this.#bytes.delete(event.path);
  }

  /** For the end of the run; undefined when there are none. */
  get text(): string | undefined {
    const count = this.#bytes.size;
    if (count === 0) return undefined;
    const size = formatSizeCompact(this.#bytes.values().reduce((sum, bytes) => sum + bytes, 0));
    const what = `${formatQuantity(count, "file")} ${
      count === 1 ? "goes on where it was" : "go on where they were"
    }`;
    return `Run the same command again: ${what} (${size} there already)`;
  }
}
