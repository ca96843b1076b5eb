/**
 * rclone's way to name a place: `remote:path`, `remote,key=value,switch,other="quoted, value":path`, `:type,...:path`.
 * Reads the text; which keys there are and what they mean is not known here.
 *
 * Source of fact: rclone's own test data for `fspath.Parse` (documented).
 */
import { UsageError } from "../errors.ts";
import { checkRemoteName } from "./remote_name.ts";

/** What a user writes before the colon. */
export interface RemoteReference {
  /** A name of the config or the environment; with a leading colon a type, as in `:jottacloud`. */
  readonly name: string;
  /** Config keys and values of a connection string; the last one of a key counts. A bare key has the value "true". */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface ConnectionString {
  readonly remote: RemoteReference;
  /** What stands behind the colon, as typed. */
  readonly path: string;
}

const HEAD = /^(:?)([^:,/\\]*)([:,/\\]?)/;
const KEY = /[0-9A-Za-z_.]*/y;
const KEY_END = /[:,=]/y;
const PLAIN_VALUE = /[^:,]*/y;
const QUOTED_VALUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
const VALUE_END = /[:,]/y;
const SECRET_PARAMETER = /,[a-z_]*(?:pass|token|secret|code)[a-z_]*=/i;

/** Undefined for a path of this machine. Throws `UsageError` that shows nothing of what stands behind the first comma. */
export function parseConnectionString(text: string): ConnectionString | undefined {
  if (!text.includes(":")) return undefined;
  const [whole, colon, name, end] = HEAD.exec(text) as unknown as [string, string, string, string];
  if (end !== ":" && end !== ",") {
    // A slash, or nothing: no name ends here.
    if (colon === "") return undefined;
    throw refuse(text, end === "" ? 'there is no ":" behind the type' : `"${name}" is not a type`);
  }
  if (checkRemoteName(name) !== undefined) throw refuseName(text, colon + name);
  const parameters = new Map<string, string>();
  const path = end === ":" ? whole.length : readParameters(text, whole.length, parameters);
  return { remote: { name: colon + name, parameters }, path: text.slice(path) };
}

/** How a place is called in messages: parameters may be secrets, also where the colon behind them was forgotten. */
export function withoutParameters(text: string): string {
  const [whole = "", , , end] = HEAD.exec(text) ?? [];
  if (end !== ",") return text;
  if (!text.includes(":")) return SECRET_PARAMETER.test(text) ? `${whole}...` : text;
  try {
    const read = parseConnectionString(text);
    return read === undefined ? text : `${read.remote.name}:${read.path}`;
  } catch {
    return `${whole}...`;
  }
}

/** Reads `key=value,...:` from `start`; returns where the path begins. */
function readParameters(text: string, start: number, parameters: Map<string, string>): number {
  for (let position = start;;) {
    const key = match(KEY, text, position);
    const keyEnd = match(KEY_END, text, position + key.length);
    if (keyEnd === "") throw refuse(text, problemOfKey(text, position + key.length));
    if (key === "") throw refuse(text, "a parameter has no name");
    position += key.length + 1;
    let [value, end] = ["true", keyEnd];
    if (keyEnd === "=") {
      const raw = match(QUOTED_VALUE, text, position) || plainValue(text, position);
      position += raw.length;
      end = match(VALUE_END, text, position);
      if (end === "") throw refuse(text, problemOfValue(text, position));
      position++;
      value = unquote(raw);
    }
    parameters.set(key, value);
    if (end === ":") return position;
  }
}

function plainValue(text: string, position: number): string {
  if (/['"]/.test(text.charAt(position))) throw refuse(text, "a quoted value has no end");
  return match(PLAIN_VALUE, text, position);
}

function unquote(raw: string): string {
  const quote = raw.charAt(0);
  if (quote !== "'" && quote !== '"') return raw;
  return raw.slice(1, -1).replaceAll(quote + quote, quote);
}

function problemOfKey(text: string, position: number): string {
  return position === text.length
    ? 'there is no ":" behind the parameters'
    : 'the name of a parameter has other characters than letters, digits, "_" and "."';
}

function problemOfValue(text: string, position: number): string {
  return position === text.length
    ? 'there is no ":" behind the parameters'
    : 'behind a quoted value there is neither "," nor ":"';
}

function match(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? "";
}

function refuse(text: string, state: string): UsageError {
  return new UsageError(`Cannot use "${shown(text)}": ${state}`, {
    hint:
      'Write NAME:path, or NAME,key=value:path with quotes around a value that has "," or ":"; for a file of this machine start with "./"',
  });
}

function refuseName(text: string, name: string): UsageError {
  const what = name.startsWith(":") ? "type of a remote" : "name for a remote";
  return new UsageError(`Cannot use "${shown(text)}": "${name}" is not a ${what}`, {
    hint: `For a file of this machine write "./${shown(text)}"`,
  });
}

/** Only what comes before the first comma of the parameters. */
function shown(text: string): string {
  const [whole = "", , , end] = HEAD.exec(text) ?? [];
  return end === "," ? `${whole}...` : text;
}
