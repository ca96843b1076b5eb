/**
 * The end of patience with a listing: one that never ends would fill the memory sooner or later, and one that is this
 * long could not be worked with anyway.
 */
import { ProtocolError } from "../errors.ts";

/** In bytes, roughly: some two million entries of one folder. */
const MAX_LISTING_BYTES = 512 * 1024 * 1024;
/** What an entry takes besides its name. */
const ENTRY_BYTES = 200;

export class ListingLimit {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number = MAX_LISTING_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Counts one more entry. Throws `ProtocolError` when it is one too many. */
  count(name: string): void {
    this.#bytes += ENTRY_BYTES + name.length;
    if (this.#bytes > this.#maxBytes) {
      throw new ProtocolError("the service sent a listing that is too long to be kept");
    }
  }
}
