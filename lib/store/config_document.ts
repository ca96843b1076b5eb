/**
 * rclone's configuration file as a document that is edited in place: every comment, blank line, unknown key and
 * line end stays as it was; `parse` then `toString` is identity. Reading and writing the file is in
 * `config_file.ts`, the meaning of one line in `ini_line.ts`.
 *
 * Rules (rclone 1.60.1 observed): sections of one name are one section, the last value of a key counts; names and
 * keys are case-sensitive; keys before the first section belong to `DEFAULT`; `%(key)s` inside a value stands for
 * another value of the section or of `DEFAULT`; a key `-` is numbered `#1`, `#2`. One rule is left out on purpose:
 * rclone lets section `a.b` inherit missing keys from `a`, which would make two remotes share one refresh token.
 */
import { ConfigError } from "../errors.ts";
import { encryptedPart } from "./config_envelope.ts";
import { formatEntry, formatValue, type IniLine, parseLine } from "./ini_line.ts";

const DEFAULT_SECTION = "DEFAULT";
const BYTE_ORDER_MARK = "\uFEFF";
const VARIABLE = /%\(([A-Za-z0-9_.-]+)\)s/;
/** As in rclone; also ends a definition that refers to itself. */
const MAX_SUBSTITUTIONS = 200;
/** One that refers to itself twice doubles each time (rclone then takes all memory); here it is left as it is. */
const MAX_VALUE_LENGTH = 1024 * 1024;

interface Line {
  readonly text: string;
  readonly end: "\n" | "\r\n" | "";
  readonly meaning: IniLine;
  /** The section in force on this line. */
  readonly section: string;
  /** The key as callers see it (numbered when it is `-`). */
  readonly key: string | undefined;
}

export class ConfigDocument {
  readonly #lines: Line[];
  readonly #mark: string;
  readonly #lineEnd: "\n" | "\r\n";

  private constructor(lines: Line[], mark: string) {
    this.#lines = lines;
    this.#mark = mark;
    this.#lineEnd = lines.find((line) => line.end !== "")?.end === "\r\n" ? "\r\n" : "\n";
  }

  /** `path` is for messages only; they tell the line, never its text, which may be a secret. */
  static parse(text: string, path: string): ConfigDocument {
    const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
    const body = text.slice(mark.length);
    refuseEncrypted(body, path);
    const lines: Line[] = [];
    let section = DEFAULT_SECTION;
    let unnamed = 0;
    for (const [index, part] of splitLines(body).entries()) {
      const meaning = parseLine(part.text);
      let key: string | undefined;
      if (meaning.kind === "section") {
        section = meaning.name;
        unnamed = 0;
      } else if (meaning.kind === "entry") {
        if (section === "") throw unreadable(path, index + 1, "it belongs to a section without a name");
        key = meaning.key === "-" ? `#${++unnamed}` : meaning.key;
      } else if (meaning.kind === "broken") {
        throw unreadable(path, index + 1, meaning.problem);
      }
      lines.push({ ...part, meaning, section, key });
    }
    return new ConfigDocument(lines, mark);
  }

  toString(): string {
    return this.#mark + this.#lines.map((line) => line.text + line.end).join("");
  }

  /** Names in order of first appearance; `DEFAULT` only when it has keys. */
  sections(): string[] {
    const names = this.#lines
      .filter((line) => line.meaning.kind === "section" ? line.section !== "" : line.key !== undefined)
      .map((line) => line.section);
    return [...new Set(names)];
  }

  has(section: string): boolean {
    return this.sections().includes(section);
  }

  /** The value, with `%(key)s` put in; undefined when the section or the key is missing. */
  get(section: string, key: string): string | undefined {
    const raw = this.#raw(section, key);
    return raw === undefined ? undefined : this.#substitute(section, raw);
  }

  /** Key and value pairs in order of first appearance. */
  entries(section: string): [key: string, value: string][] {
    return [...this.#rawEntries(section)].map(([key, raw]) => [key, this.#substitute(section, raw)]);
  }

  /** Makes the section and the key where they are missing. Throws `ConfigError` for what the format cannot hold. */
  set(section: string, key: string, value: string): void {
    if (VARIABLE.test(value)) throw unstorable(section, key);
    const index = this.#lines.findLastIndex((line) => line.section === section && line.key === key);
    const line = this.#lines[index];
    if (line?.meaning.kind === "entry") {
      const text = formatValue(line.meaning.prefix, line.meaning.key, value);
      if (text === undefined) throw unstorable(section, key);
      this.#lines[index] = { ...line, text, meaning: parseLine(text) };
      return;
    }
    const text = isStorableKey(key) ? formatEntry(key, value) : undefined;
    if (text === undefined) throw unstorable(section, key);
    if (!this.has(section)) this.addSection(section);
    this.#insert(this.#endOfSection(section), { text, section, key });
  }

  /** Nothing happens when it is missing. */
  deleteKey(section: string, key: string): void {
    this.#remove((line) => line.section === section && line.key === key);
  }

  /** At the end, after a blank line. Nothing happens when it exists. */
  addSection(name: string): void {
    const header = formatHeader(name);
    if (this.has(name)) return;
    const last = this.#lines.at(-1);
    if (last !== undefined && last.meaning.kind !== "blank") {
      this.#insert(this.#lines.length, { text: "", section: last.section });
    }
    this.#insert(this.#lines.length, { text: header, section: name });
  }

  renameSection(from: string, to: string): void {
    this.#requireSource(from);
    this.#refuseExisting(to);
    const header = formatHeader(to);
    for (const [index, line] of this.#lines.entries()) {
      if (line.section !== from) continue;
      const text = line.meaning.kind === "section" ? header : line.text;
      this.#lines[index] = { ...line, text, section: to, meaning: parseLine(text) };
    }
  }

  /** The keys of one section under another name, at the end; comments are not copied. */
  copySection(from: string, to: string): void {
    this.#requireSource(from);
    this.#refuseExisting(to);
    const entries = this.#rawEntries(from);
    this.addSection(to);
    for (const [key, raw] of entries) {
      const text = formatEntry(key.startsWith("#") ? "-" : key, raw) ?? formatEntry(key, raw);
      if (text === undefined) throw unstorable(to, key);
      this.#insert(this.#endOfSection(to), { text, section: to, key });
    }
  }

  /**
   * Takes out the header, its keys and what stands between them. Comments above the header and after the last key
   * stay: the first may head the file, the last usually belong to the section that follows.
   */
  deleteSection(name: string): void {
    const remaining = [...this.#lines];
    this.#lines.length = 0;
    for (let start = 0; start < remaining.length;) {
      const block = takeBlock(remaining, start);
      start += block.length;
      const inSection = block[0]?.section === name;
      for (const line of inSection ? tailOf(block) : block) this.#lines.push(line);
    }
  }

  #raw(section: string, key: string): string | undefined {
    const meaning = this.#lines.findLast((line) => line.section === section && line.key === key)?.meaning;
    return meaning?.kind === "entry" ? meaning.value : undefined;
  }

  #rawEntries(section: string): Map<string, string> {
    const entries = new Map<string, string>();
    for (const { section: owner, key, meaning } of this.#lines) {
      if (owner === section && key !== undefined && meaning.kind === "entry") entries.set(key, meaning.value);
    }
    return entries;
  }

  #substitute(section: string, raw: string): string {
    let value = raw;
    for (let count = 0; count < MAX_SUBSTITUTIONS; count++) {
      const [text, name] = VARIABLE.exec(value) ?? [];
      if (text === undefined || name === undefined) break;
      const meant = this.#raw(section, name) ?? this.#raw(DEFAULT_SECTION, name) ?? "";
      const times = value.split(text).length - 1;
      if (value.length + times * (meant.length - text.length) > MAX_VALUE_LENGTH) return raw;
      value = value.replaceAll(text, () => meant);
    }
    return value;
  }

  /** After the last key of the last block of that name: later keys win, and comments below belong to others. */
  #endOfSection(section: string): number {
    const isPart = (line: Line) => line.section === section && line.meaning.kind !== "blank";
    return this.#lines.findLastIndex((line) => isPart(line) && line.meaning.kind !== "comment") + 1;
  }

  #insert(
    index: number,
    line: { readonly text: string; readonly section: string; readonly key?: string },
  ): void {
    const before = this.#lines[index - 1];
    if (before?.end === "") this.#lines[index - 1] = { ...before, end: this.#lineEnd };
    this.#lines.splice(index, 0, {
      text: line.text,
      section: line.section,
      key: line.key,
      end: this.#lineEnd,
      meaning: parseLine(line.text),
    });
  }

  #remove(isGone: (line: Line) => boolean): void {
    const kept = this.#lines.filter((line) => !isGone(line));
    this.#lines.length = 0;
    for (const line of kept) this.#lines.push(line);
  }

  #requireSource(name: string): void {
    if (this.has(name)) return;
    throw new ConfigError(`Cannot find the remote "${name}": the configuration has no section of that name`, {
      code: "remote-not-found",
      data: { remote: name },
    });
  }

  #refuseExisting(name: string): void {
    if (!this.has(name)) return;
    throw new ConfigError(`Cannot use the name "${name}": a remote of that name exists already`, {
      code: "remote-exists",
      data: { remote: name },
    });
  }
}

/** The lines from `start` up to, not including, the next header. */
function takeBlock(lines: readonly Line[], start: number): readonly Line[] {
  let next = start + 1;
  while (next < lines.length && lines[next]?.meaning.kind !== "section") next++;
  return lines.slice(start, next);
}

/** What a deleted block leaves behind: the comments after its last key, with what follows them. */
function tailOf(block: readonly Line[]): readonly Line[] {
  const last = block.findLastIndex((line) => line.key !== undefined || line.meaning.kind === "section");
  const comment = block.findIndex((line, index) => index > last && line.meaning.kind === "comment");
  return comment < 0 ? [] : block.slice(comment);
}

function splitLines(text: string): Pick<Line, "text" | "end">[] {
  return text.match(/[^\n]*\n|[^\n]+$/g)?.map((part) => {
    const end = part.endsWith("\r\n") ? "\r\n" : part.endsWith("\n") ? "\n" : "";
    return { text: part.slice(0, part.length - end.length), end } as const;
  }) ?? [];
}

function isStorableKey(key: string): boolean {
  return key.trim() !== "" && key !== "-" && !key.startsWith("#");
}

function formatHeader(name: string): string {
  const header = `[${name}]`;
  const read = parseLine(header);
  if (name === "" || /[\r\n\0]/.test(name) || read.kind !== "section" || read.name !== name) {
    throw new ConfigError(
      "Cannot name a section: the name is empty, starts or ends with a blank, or has a line break",
    );
  }
  return header;
}

function unstorable(section: string, key: string): ConfigError {
  return new ConfigError(
    `Cannot store "${key}" of "${section}": the configuration format has no way to write this key or value`,
    { data: { remote: section, key } },
  );
}

function unreadable(path: string, line: number, problem: string): ConfigError {
  return new ConfigError(`Cannot read the configuration "${path}", line ${line}: ${problem}`, {
    hint: "Correct the line in an editor; the file is left as it is",
    data: { path, line },
  });
}

/** Encrypted text is opened before it gets here; read as plain lines it would be taken for a broken file. */
function refuseEncrypted(text: string, path: string): void {
  if (encryptedPart(text) === undefined) return;
  throw new ConfigError(`Cannot read the configuration "${path}": it is encrypted`, {
    code: "config-encrypted",
    data: { path },
  });
}
