/** Entries as the items that `lsf` and `lsjson` show: what is to be read of each is read here. */
import type { HashName } from "../hash/kinds.ts";
import { type ListingItem, metadataOf, mimeTypeOf, modifiedAtNsOf } from "../listing/item.ts";
import { createTimeFormatter, layoutOf } from "../listing/time_layout.ts";
import type { Tree } from "../tree/tree.ts";
import type { CommandContext } from "./context.ts";
import type { ListedEntry, ListingFailures } from "./listing.ts";
import { sumsOf } from "./sums.ts";

export interface ItemOptions {
  readonly hasTime: boolean;
  readonly hasMimeType: boolean;
  readonly hasMetadata: boolean;
  /** Empty where none are shown. */
  readonly hashes: readonly HashName[];
  /** A file whose content cannot be read for its hashes is shown without them. */
  readonly failures: ListingFailures;
}

const formatMetadataTime = createTimeFormatter(layoutOf("RFC3339Nano"));

export async function readItem(
  context: CommandContext,
  { tree, entry }: { readonly tree: Tree; readonly entry: ListedEntry },
  options: ItemOptions,
): Promise<ListingItem> {
  return {
    path: entry.path,
    isDirectory: entry.kind === "directory",
    size: entry.kind === "file" ? entry.size : -1,
    modifiedAtNs: options.hasTime ? modifiedAtNsOf(entry) : undefined,
    mimeType: options.hasMimeType ? mimeTypeOf(entry) : undefined,
    metadata: options.hasMetadata ? metadataOf(entry, formatMetadataTime) : undefined,
    hashes: await readHashes(context, { tree, entry }, options),
  };
}

async function readHashes(
  context: CommandContext,
  { tree, entry }: { readonly tree: Tree; readonly entry: ListedEntry },
  { hashes, failures }: ItemOptions,
): Promise<ListingItem["hashes"]> {
  if (hashes.length === 0 || entry.kind !== "file") return undefined;
  try {
    return await sumsOf(context, { tree, file: entry }, { hashes });
  } catch (error) {
    context.signal.throwIfAborted();
    failures.add(entry.path, error);
    return undefined;
  }
}
