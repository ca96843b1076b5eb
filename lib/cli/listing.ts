/** What `ls`, `lsl` and `lsd` have in common: walk a place, print a line an entry, tell what could not be read. */
import { type JottashError, PartialError } from "../errors.ts";
import { formatQuantity } from "../units.ts";
import { walkTree } from "../tree/walk.ts";
import type { DirectoryEntry, FileEntry } from "../tree/tree.ts";
import type { CommandContext, Source } from "./context.ts";

export interface ListingOptions {
  readonly maxDepth?: number;
  /** The line for an entry; undefined to leave it out. */
  readonly format: (entry: FileEntry | DirectoryEntry) => string | undefined;
}

/** Prints the listing of `source`. Throws `PartialError` at the end when something in it could not be read. */
export async function printListing(
  context: CommandContext,
  source: Source,
  options: ListingOptions,
): Promise<void> {
  const { printer, signal } = context;
  const print = async (entry: FileEntry | DirectoryEntry) => {
    const line = options.format(entry);
    if (line !== undefined) await printer.line(line);
  };
  if (source.file !== undefined) return await print(source.file);
  const errors: JottashError[] = [];
  const { maxDepth } = options;
  const walk = { checkers: context.settings.checkers, signal, ...maxDepth === undefined ? {} : { maxDepth } };
  for await (const entry of walkTree(source.tree, walk)) {
    if (entry.kind === "unreadable") {
      errors.push(entry.error);
      printer.error(entry.error);
    } else if (entry.kind !== "special") {
      await print(entry);
    }
  }
  if (errors.length > 0) {
    throw new PartialError(
      `Cannot list all of "${source.tree.label}": ${
        formatQuantity(errors.length, "entry", "entries")
      } could not be read`,
      errors,
    );
  }
}

/** What rclone prints where a time is not known. */
const UNKNOWN_TIME_MS = Date.UTC(2000, 0, 1);

export function timeOf(entry: FileEntry | DirectoryEntry): number {
  return entry.modifiedAtMs ?? UNKNOWN_TIME_MS;
}
