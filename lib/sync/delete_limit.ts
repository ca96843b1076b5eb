/** How much may be deleted (--max-delete, --max-delete-size). */
import { ConflictError } from "../errors.ts";
import type { FileEntry } from "../tree/tree.ts";
import { formatCount, formatQuantity, formatSize } from "../units.ts";
import type { DeleteOptions } from "./sync_options.ts";

/** Counts what is to be deleted; once it is too much, it stays so. */
export class DeleteLimit {
  readonly #maxFiles: number;
  readonly #maxBytes: number;
  #files = 0;
  #bytes = 0;

  constructor({ maxFiles = Infinity, maxBytes = Infinity }: Pick<DeleteOptions, "maxFiles" | "maxBytes">) {
    this.#maxFiles = maxFiles;
    this.#maxBytes = maxBytes;
  }

  /** Counts a file; false when it is one too many, or one too large. */
  admits({ size }: FileEntry): boolean {
    this.#files++;
    this.#bytes += size;
    return !this.#isReached;
  }

  /** Throws `ConflictError` "max-delete" with the figures when it was too much. */
  throwIfReached(label: string): void {
    if (!this.#isReached) return;
    const tooMany = this.#files > this.#maxFiles;
    const state = tooMany
      ? `${formatQuantity(this.#files, "file")} would go, ${formatCount(this.#maxFiles)} are allowed`
      : `${formatSize(this.#bytes)} would go, ${formatSize(this.#maxBytes)} are allowed`;
    throw new ConflictError(`Cannot delete in "${label}": ${state}`, {
      code: "max-delete",
      hint: tooMany
        ? "Look with --dry-run what it is; --max-delete sets the limit"
        : "Look with --dry-run what it is; --max-delete-size sets the limit",
      data: { files: this.#files, bytes: this.#bytes },
    });
  }

  get #isReached(): boolean {
    return this.#files > this.#maxFiles || this.#bytes > this.#maxBytes;
  }
}
