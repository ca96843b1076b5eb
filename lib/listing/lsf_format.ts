/** The lines of `lsf`: which letter of `--format` shows what, and how the parts of a line are put together. */
import { UsageError } from "../errors.ts";
import type { HashName } from "../hash/kinds.ts";
import type { ListingItem } from "./item.ts";
import { formatGoJson } from "./json_item.ts";

export interface LsfOptions {
  /** One letter for each part, as in `tsp`. */
  readonly format: string;
  /** `;` by default, `,` where the lines are CSV. */
  readonly separator?: string | undefined;
  readonly isCsv: boolean;
  /** A slash after the names of directories. */
  readonly hasDirectorySlash: boolean;
  /** A slash before each path. */
  readonly isAbsolute: boolean;
  readonly hash: HashName;
  readonly formatTime: (ns: bigint) => string;
}

type Part = (item: ListingItem, options: LsfOptions) => string;

const PARTS: Readonly<Record<string, Part>> = {
  p: pathPart,
  s: ({ size }) => String(size),
  t: ({ modifiedAtNs }, { formatTime }) => modifiedAtNs === undefined ? "" : formatTime(modifiedAtNs),
  h: ({ hashes }, { hash }) => hashes?.[hash] ?? "",
  m: ({ mimeType }) => mimeType ?? "",
  M: ({ metadata }) => formatGoJson(metadata ?? {}),
  // The service has neither identifiers that rclone shows, nor tiers.
  i: () => "",
  o: () => "",
  T: () => "",
};

/** Checks the letters of a format. Throws `UsageError`. */
export function parseLsfFormat(format: string): string {
  for (const letter of format) {
    if (letter === "e") {
      throw new UsageError(
        `Cannot use the format "${format}": "e" shows encrypted names, and there are none`,
        {
          hint: "Encrypted remotes are not supported",
        },
      );
    }
    if (!Object.hasOwn(PARTS, letter)) {
      throw new UsageError(`Cannot use the format "${format}": "${letter}" stands for nothing`, {
        hint: "The letters are: p path, s size, t time, h hash, m MIME type, M metadata, i, o and T (empty)",
      });
    }
  }
  return format;
}

/** The line of one entry, without its end. */
export function createLsfFormatter(options: LsfOptions): (item: ListingItem) => string {
  const parts = [...parseLsfFormat(options.format)].map((letter) => PARTS[letter] as Part);
  const { isCsv } = options;
  const separator = separatorOf(options);
  return (item) => {
    const texts = parts.map((part) => part(item, options));
    return (isCsv ? texts.map((text) => quoteCsv(text, separator)) : texts).join(separator);
  };
}

function separatorOf({ separator, isCsv }: LsfOptions): string {
  if (!isCsv) return separator ?? ";";
  // CSV has one character between its parts.
  return [...separator ?? ""][0] ?? ",";
}

function pathPart({ path, isDirectory }: ListingItem, options: LsfOptions): string {
  const slash = isDirectory && options.hasDirectorySlash ? "/" : "";
  return (options.isAbsolute && !path.startsWith("/") ? "/" : "") + path + slash;
}

/** As Go's package does: quotes where they are needed, and around what a database would take for the end of data. */
function quoteCsv(text: string, separator: string): string {
  const needsQuotes = text === "\\." || text.includes(separator) || /["\r\n]/.test(text) ||
    /^\p{White_Space}/u.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
