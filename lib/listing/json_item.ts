/** An entry as a line of `lsjson`: rclone's keys in rclone's order, written as Go writes JSON. */
import { nameOf } from "../tree/tree.ts";
import type { ListingItem } from "./item.ts";

export interface JsonItemOptions {
  readonly formatTime: (ns: bigint) => string;
  /** One key a line, indented with a tab, as `lsjson --stat` writes. */
  readonly isIndented?: boolean;
}

export function formatJsonItem(item: ListingItem, options: JsonItemOptions): string {
  const { path, size, mimeType, modifiedAtNs, isDirectory, hashes, metadata } = item;
  const value = {
    Path: path,
    Name: nameOf(path),
    Size: size,
    ...mimeType === undefined ? {} : { MimeType: mimeType },
    ModTime: modifiedAtNs === undefined ? "" : options.formatTime(modifiedAtNs),
    IsDir: isDirectory,
    ...hashes === undefined || isEmpty(hashes) ? {} : { Hashes: sortKeys(hashes) },
    ...metadata === undefined || isEmpty(metadata) ? {} : { Metadata: sortKeys(metadata) },
  };
  return formatGoJson(value, options.isIndented ? "\t" : undefined);
}

/** As Go does: what could end a script or a line in a web page is escaped. */
export function formatGoJson(value: unknown, indent?: string): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function isEmpty(record: object): boolean {
  return Object.keys(record).length === 0;
}

function sortKeys(record: object): object {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1));
}
