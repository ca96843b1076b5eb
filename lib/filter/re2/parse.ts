/**
 * Reads a regular expression in RE2's syntax, the one that rclone's filters are made of (documented:
 * github.com/google/re2/wiki/Syntax; the finer points observed: Go's regexp/syntax with its Perl flags). What Go
 * refuses is refused: lookaround, backreferences, `a**`, unknown escapes and classes.
 */
import { type CharacterTest, oneCharacter } from "./character_set.ts";
import { readClass, readEscape, readGroupEscape } from "./escape.ts";
import { type Assertion, EMPTY, fitsBudget, type Node } from "./node.ts";
import { Re2SyntaxError, Reader } from "./reader.ts";

const MAX_COPIES = 1000;
const MAX_NESTING = 1000;
const NEWLINE = 10;

/** What `(?ims)` switches; it holds to the end of the group that it stands in. */
interface Flags {
  readonly ignoreCase: boolean;
  /** `^` and `$` match at every line. */
  readonly isMultiline: boolean;
  /** `.` matches a line end too. */
  readonly dotMatchesAll: boolean;
}

const FLAG_NAMES: Readonly<Record<string, keyof Flags>> = {
  i: "ignoreCase",
  m: "isMultiline",
  s: "dotMatchesAll",
};
const ESCAPED_ASSERTIONS: Readonly<Record<string, Assertion>> = {
  "\\A": "textStart",
  "\\z": "textEnd",
  "\\b": "wordEdge",
  "\\B": "noWordEdge",
};

/** The expression as a tree. Throws Re2SyntaxError. */
export function parseRe2(source: string): Node {
  return new Parser(source).parse();
}

class Parser {
  readonly #reader: Reader;
  readonly #groupNames = new Set<string>();
  #flags: Flags = { ignoreCase: false, isMultiline: false, dotMatchesAll: false };
  #nesting = 0;

  constructor(source: string) {
    this.#reader = new Reader(source);
  }

  parse(): Node {
    const node = this.#choice();
    if (!this.#reader.isAtEnd) throw new Re2SyntaxError('a ")" has no "("');
    return node;
  }

  /** All up to the `)` of the group or to the end. */
  #choice(): Node {
    const options = [this.#sequence()];
    while (this.#reader.skip("|")) options.push(this.#sequence());
    return options.length === 1 ? options[0] ?? EMPTY : { kind: "choice", options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    let repeatsAt = -1;
    while (!this.#reader.isAtEnd && !this.#reader.startsWith("|") && !this.#reader.startsWith(")")) {
      const start = this.#reader.position;
      const counts = this.#repeatCounts();
      if (counts === undefined) {
        parts.push(...this.#atoms());
        continue;
      }
      const body = parts.pop();
      if (body === undefined) throw new Re2SyntaxError(`"${counts.text}" has nothing to repeat`);
      if (repeatsAt === start) throw new Re2SyntaxError(`"${counts.text}" repeats a repeat`);
      const node: Node = { kind: "repeat", body, min: counts.min, max: counts.max };
      if (!fitsBudget(node, MAX_COPIES)) {
        throw new Re2SyntaxError(`"${counts.text}" repeats more than ${MAX_COPIES} times`);
      }
      parts.push(node);
      repeatsAt = this.#reader.position;
    }
    return { kind: "sequence", parts };
  }

  /** The `*`, `+`, `?` or `{2,3}` that is next, with its `?` for few, which changes nothing for yes or no. */
  #repeatCounts(): { readonly text: string; readonly min: number; readonly max: number } | undefined {
    const match = this.#reader.match(/([*+?]|\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\})\??/y);
    if (match === undefined) return undefined;
    const [, text = "", first, comma, last] = match;
    if (first === undefined) return { text, min: text === "+" ? 1 : 0, max: text === "?" ? 1 : Infinity };
    const min = Number(first);
    const max = last !== undefined ? Number(last) : comma !== undefined ? Infinity : min;
    if (min > MAX_COPIES || (max !== Infinity && max > MAX_COPIES)) {
      throw new Re2SyntaxError(`"${text}" repeats more than ${MAX_COPIES} times`);
    }
    if (max < min) throw new Re2SyntaxError(`in "${text}" the smaller number has to come first`);
    return { text, min, max };
  }

  /** What is next and can be repeated; none for `(?i)`, several for `\Qab\E`. */
  #atoms(): readonly Node[] {
    const reader = this.#reader;
    if (reader.startsWith("(")) return this.#group();
    if (reader.skip("[")) return [character(readClass(reader, this.#flags))];
    if (reader.skip(".")) return [character(this.#dot())];
    if (reader.skip("^")) return [assertion(this.#flags.isMultiline ? "lineStart" : "textStart")];
    if (reader.skip("$")) return [assertion(this.#flags.isMultiline ? "lineEnd" : "textEnd")];
    if (reader.skip("\\Q")) return [...reader.until("\\E")].map((letter) => this.#literal(letter));
    const escaped = reader.match(/\\[AzbB]/y)?.[0];
    if (escaped !== undefined) return [assertion(ESCAPED_ASSERTIONS[escaped] ?? "textEnd")];
    const group = readGroupEscape(reader, this.#flags);
    if (group !== undefined) return [character(group)];
    if (reader.startsWith("\\")) return [character(oneCharacter(readEscape(reader), this.#flags))];
    return [this.#literal(reader.next())];
  }

  #group(): readonly Node[] {
    const outer = this.#flags;
    if (this.#reader.skip("(?")) {
      if (!this.#readName() && this.#readFlags() === ")") return [];
    } else {
      this.#reader.skip("(");
    }
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING) throw new Re2SyntaxError("its groups are nested too deep");
    const body = this.#choice();
    if (!this.#reader.skip(")")) throw new Re2SyntaxError('a "(" is never closed with ")"');
    this.#nesting -= 1;
    this.#flags = outer;
    return [body];
  }

  /** `P<name>` or `<name>`, behind the `(?`. */
  #readName(): boolean {
    const match = this.#reader.match(/P?<(\w+)>/y);
    if (match === undefined) return false;
    const [, name = ""] = match;
    if (this.#groupNames.has(name)) throw new Re2SyntaxError(`two groups have the name "${name}"`);
    this.#groupNames.add(name);
    return true;
  }

  /** `i`, `-s`, `im-s` and the `:` or `)` behind them, which is given back. */
  #readFlags(): string {
    const match = this.#reader.match(/([imsU]*)(?:-([imsU]+))?([:)])/y);
    if (match === undefined) {
      const text = this.#reader.match(/P?<?[^)]?/y)?.[0] ?? "";
      throw new Re2SyntaxError(`"(?${text}" is no group that rclone knows (it has no lookaround)`);
    }
    const [, on = "", off = "", end = ""] = match;
    const flags: Record<keyof Flags, boolean> = { ...this.#flags };
    for (const [letters, value] of [[on, true], [off, false]] as const) {
      for (const letter of letters) {
        const name = FLAG_NAMES[letter];
        if (name !== undefined) flags[name] = value; // U is about few or many, which changes nothing here
      }
    }
    // `(?i:` holds for its group, which puts the outer flags back at its end.
    this.#flags = flags;
    return end;
  }

  #dot(): CharacterTest {
    return this.#flags.dotMatchesAll ? () => true : (codePoint) => codePoint !== NEWLINE;
  }

  #literal(letter: string): Node {
    return character(oneCharacter(letter.codePointAt(0) ?? 0, this.#flags));
  }
}

function character(accepts: CharacterTest): Node {
  return { kind: "character", accepts };
}

function assertion(value: Assertion): Node {
  return { kind: "assertion", assertion: value };
}
