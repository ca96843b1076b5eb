/**
 * Names: folding, what is refused, and the MIME type derived from a name. Source of fact: API reference 6.1, 6.2 and
 * section 7 rows 18, 19, 21.
 */
import { invalidArgument } from "./errors.ts";

const ASCII = /^\p{ASCII}*$/u;

/** Simple lower-case of one code point: never longer than one code point (`İ` becomes `i`, `Σ` always `σ`). */
function foldCodePoint(character: string): string {
  if (character === "\u0130") return "i";
  const lower = character.toLowerCase();
  return String.fromCodePoint(lower.codePointAt(0) ?? 0).length === lower.length ? lower : character;
}

/** Key under which a name is looked up: case-insensitive per code point, no normalisation. */
export function foldName(name: string): string {
  return ASCII.test(name) ? name.toLowerCase() : Array.from(name, foldCodePoint).join("");
}

const MAX_NAME_LENGTH = 255;
// deno-lint-ignore no-control-regex
const REFUSED = /["*:<>?|\x00-\x1f\x7f]/u;
/** Not representable in XML 1.0, or invisible and refused (jotta-cli #90). */
const UNREPRESENTABLE = /[\ufffe\uffff\ufeff]|\p{Surrogate}/u;

/** Throws 400 InvalidArgumentException unless the service stores such a name. */
export function checkName(name: string): void {
  if (name.length === 0) throw invalidArgument("Name is empty");
  if (name.length > MAX_NAME_LENGTH) {
    throw invalidArgument(`Name is longer than ${MAX_NAME_LENGTH} characters`);
  }
  if (name === "." || name === "..") throw invalidArgument(`Name "${name}" is not allowed`);
  if (REFUSED.test(name) || UNREPRESENTABLE.test(name)) {
    throw invalidArgument("Name contains an illegal character");
  }
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  csv: "text/csv",
  gif: "image/gif",
  gz: "application/x-gzip",
  htm: "text/html",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "application/javascript",
  json: "application/json",
  md: "text/markdown",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  txt: "text/plain",
  xml: "text/xml",
  zip: "application/zip",
};

/** The service derives the type from the name; the table is assumed beyond `.txt` and the fallback. */
export function mimeOf(name: string): string {
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return MIME_TYPES[extension] ?? "application/octet-stream";
}
