/**
 * A small tree of everything that has ever broken a file name: raw local names, with the name the service
 * must hold for each (API reference 8.5, mask of rclone 1.74 and later). No two names fold together, for the
 * service ignores case.
 */

/** One name. */
export interface NastyName {
  readonly raw: string;
  /** What the service holds, written out by hand: no encoder of ours is asked. */
  readonly stored: string;
}

/** A file of the tree. */
export interface NastyFile {
  /** Raw names, outermost first. */
  readonly names: readonly string[];
  /** Stored names. */
  readonly storedNames: readonly string[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly modified: Date;
}

/** Names that are stored as they are. */
const PLAIN: readonly string[] = [
  " leading space",
  "trailing space ",
  "inner  two   spaces",
  "a+b",
  "++",
  "hash#tag",
  "amp&ersand",
  "&amp;",
  "]] }",
  "semi;colon;",
  "single'quote",
  "back`tick",
  "back\\slash",
  "\\",
  "trailing dot.",
  "trailing dots...",
  "...",
  ".leading dot",
  "..leading two dots",
  "-leading dash",
  "--help",
  "~tilde",
  "[x]{y}!$^~@=,",
  "(round) [square] {curly}",
  "caf\u00e9", // NFC
  "cafe\u0301", // NFD of the same word
  "emoji \u{1F600}",
  "family \u{1F468}\u200d\u{1F469}\u200d\u{1F467}\u200d\u{1F466}",
  "flag \u{1F1F3}\u{1F1F4}",
  "日本語の名前",
  "中文 文件",
  "שלום עולם",
  "العربية",
  "æøå Blåbærsyltetøy ß",
  "no-break\u00a0space\u2003em",
  "zero\u200bwidth",
  "line\u2028separator",
  "a．b", // Dot acts on whole names only
  "fullwidth ＋＃＆；＇｀＼ stay",
  "\u2420 is no rule here", // picture of a space: no rule for spaces is active
  "replacement \ufffd",
  "ends with .part",
  "CON",
  "x".repeat(251) + ".txt", // 255 characters
  "å".repeat(127) + "x", // 255 bytes
  "語".repeat(85), // 255 bytes
  "\u{1F600}".repeat(63) + "abc", // 255 bytes
];

/** Raw and stored name where they differ. */
const ENCODED: readonly (readonly [string, string])[] = [
  ["percent%sign", "percent％sign"],
  ["%2B", "％2B"],
  ["100%", "100％"],
  ["%", "％"],
  ["%%20%", "％％20％"],
  ['double"quote', "double＂quote"],
  ["a:b", "a：b"],
  ["star*", "star＊"],
  ["question?", "question？"],
  ["pipe|", "pipe｜"],
  ["less<than", "less＜than"],
  ["greater>than", "greater＞than"],
  [`all "*:<>?|% of them`, "all ＂＊：＜＞？｜％ of them"],
  ["new\nline", "new␊line"],
  ["tab\there", "tab␉here"],
  ["carriage\rreturn", "carriage␍return"],
  ["trailing newline\n", "trailing newline␊"],
  ["\u0001start", "␁start"],
  ["unit\u001fseparator", "unit␟separator"],
  ["delete\u007f", "delete␡"],
  ["：", "‛："],
  ["fullwidth？mark", "fullwidth‛？mark"],
  ["％", "‛％"],
  ["␊", "‛␊"],
  ["␡", "‛␡"],
  [":".repeat(255), "：".repeat(255)],
];

/**
 * Look-alikes of what a Linux disk itself cannot hold. On the disk they are rclone's spelling of `/`, NUL,
 * `.` and `..` (its local encoding has Slash and Dot, API reference 8.4), so they arrive as the service's
 * spelling of the same.
 */
const LOCAL_LOOKALIKES: readonly (readonly [string, string])[] = [
  ["／", "／"],
  ["a／b", "a／b"],
  ["␀", "␀"],
  ["．", "．"],
  ["．．", "．．"],
  ["‛．", "‛．"], // what rclone writes locally for a raw `．`
  ["‛／", "‛／"],
];

/**
 * Local names with the quote rune U+201B itself. NAMED EXCEPTION: rclone 1.60.1 lists such a local file under
 * a name with the quote doubled and then cannot open it, because its local encoding quotes every U+201B on
 * the way back to the disk and never on the way in. The stored names are those of API reference 8.3 and 8.5
 * ("U+201B is always quoted"), on which rclone's own jottacloud encoding agrees; rclone's local side is what
 * is wrong.
 */
export const QUOTE_NAMES: readonly NastyName[] = [
  ["‛", "‛‛"],
  ["‛：", "‛‛‛："],
  ["in‛side", "in‛‛side"],
].map(([raw = "", stored = ""]) => ({ raw, stored }));

/** All names but QUOTE_NAMES: rclone is faithful to every one of them. */
export const NASTY_NAMES: readonly NastyName[] = [
  ...PLAIN.map((raw) => ({ raw, stored: raw })),
  ...[...ENCODED, ...LOCAL_LOOKALIKES].map(([raw, stored]) => ({ raw, stored })),
];

/** Folders in folders, all with odd names. */
const NESTED: readonly NastyName[] = [
  { raw: "folder #1 + %2B;", stored: "folder #1 + ％2B;" },
  { raw: 'sub & "quotes" \\', stored: "sub & ＂quotes＂ \\" },
  { raw: "nfd a\u030a - nfc \u00e5", stored: "nfd a\u030a - nfc \u00e5" },
  { raw: "tab\t.", stored: "tab␉." },
  { raw: " ", stored: " " },
];

/** Modification times, with and without fractions; the service keeps whole seconds (API reference 6.5). */
const TIMES: readonly string[] = [
  "1970-01-01T00:00:01Z",
  "2001-09-09T01:46:40.999Z",
  "2024-02-29T12:34:56.500Z",
  "2024-03-31T01:30:00.001Z",
  "2038-01-19T03:14:08Z",
  "2106-02-07T06:28:16.250Z",
  "1999-12-31T23:59:59Z",
];

const MIB = 1024 * 1024;

/** Every file of the tree, the same on each call. */
export function nastyFiles(): NastyFile[] {
  const found: NastyFile[] = [];
  const add = (path: readonly NastyName[], bytes: Uint8Array<ArrayBuffer>) => {
    const modified = new Date(TIMES[found.length % TIMES.length] ?? 0);
    found.push({
      names: path.map(({ raw }) => raw),
      storedNames: path.map(({ stored }) => stored),
      bytes,
      modified,
    });
  };
  for (const name of NASTY_NAMES) {
    add([name], new TextEncoder().encode(`content of ${JSON.stringify(name.raw)}\n`));
  }
  for (let depth = 1; depth <= NESTED.length; depth += 1) {
    add(
      [...NESTED.slice(0, depth), { raw: "a+b;%", stored: "a+b;％" }],
      new TextEncoder().encode(`depth ${depth}\n`),
    );
  }
  const sizes = { raw: "sizes", stored: "sizes" };
  for (const [raw, size] of [["empty", 0], ["one byte", 1], ["three mebibytes", 3 * MIB]] as const) {
    add([sizes, { raw, stored: raw }], patternOf(size));
  }
  return found;
}

/** Bytes that differ at each place a block of a power of two could be mixed up with another. */
function patternOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    { length: size },
    (_, index) => (index * 31 + (index >> 8) * 7 + (index >> 16)) & 0xff,
  );
}

/** Writes the tree below an existing directory and returns what it wrote. */
export async function createNastyTree(directory: string): Promise<NastyFile[]> {
  const files = nastyFiles();
  for (const { names, bytes, modified } of files) {
    await Deno.mkdir([directory, ...names.slice(0, -1)].join("/"), { recursive: true });
    const path = [directory, ...names].join("/");
    await Deno.writeFile(path, bytes);
    await Deno.utime(path, modified, modified);
  }
  return files;
}
