/**
 * Globs as regular expressions: rclone writes each rule as RE2's syntax and so does this, character by character
 * (observed: rclone v1.76 `fs/filter/glob.go`, tests/fixtures/filter/vectors.json). That text is what `--dump
 * filters` of rclone shows, so equal text is equal meaning, odd corners included.
 */

/** A glob that cannot be used; the message says what is wrong, without the glob. */
export class GlobSyntaxError extends Error {
  override readonly name = "GlobSyntaxError";
}

export interface GlobOptions {
  readonly ignoreCase: boolean;
}

export interface TextGlobOptions extends GlobOptions {
  /** The whole text has to match; otherwise some part of it. */
  readonly isWhole: boolean;
}

/**
 * A glob for paths: `*` and `?` stop at `/`, `**` does not. It holds for the end of a path (`b.jpg` for
 * `a/b.jpg`), one with a leading `/` for the whole. Throws GlobSyntaxError.
 */
export function pathGlobSource(glob: string, { ignoreCase }: GlobOptions): string {
  const isRooted = glob.startsWith("/");
  const body = new Translation(PATH_WILDCARDS).run(isRooted ? glob.slice(1) : glob);
  return `${ignoreCase ? "(?i)" : ""}${isRooted ? "^" : "(^|/)"}${body}$`;
}

/** A glob for names that are no paths, such as those of remotes: `/` is a letter. Throws GlobSyntaxError. */
export function textGlobSource(glob: string, { ignoreCase, isWhole }: TextGlobOptions): string {
  const body = new Translation(TEXT_WILDCARDS).run(glob);
  return `${ignoreCase ? "(?i)" : ""}${isWhole ? `^${body}$` : body}`;
}

interface Wildcards {
  readonly question: string;
  /** For one star, two stars, ... */
  readonly stars: readonly string[];
}

const PATH_WILDCARDS: Wildcards = { question: "[^/]", stars: ["[^/]*", ".*"] };
const TEXT_WILDCARDS: Wildcards = { question: ".", stars: [".*"] };
/** Characters that mean themselves in a glob, but not in a regular expression. */
const ESCAPED = new Set(".+()|^$");

type Place = "glob" | "escape" | "regexp" | "regexpEnd";

/** One glob on its way to a regular expression. Used once. */
class Translation {
  readonly #wildcards: Wildcards;
  #out: string[] = [];
  #place: Place = "glob";
  #stars = 0;
  #braceDepth = 0;
  #bracketDepth = 0;

  constructor(wildcards: Wildcards) {
    this.#wildcards = wildcards;
  }

  run(glob: string): string {
    let last = "";
    for (const character of glob) {
      this.#take(character, last);
      last = character;
    }
    this.#writeStars();
    if (this.#bracketDepth > 0) throw new GlobSyntaxError('a "[" is never closed with "]"');
    if (this.#braceDepth !== 0) throw new GlobSyntaxError('a "{" is never closed with "}"');
    if (this.#place === "regexp") throw new GlobSyntaxError('a "{{" is never closed with "}}"');
    return this.#out.join("");
  }

  #take(character: string, last: string): void {
    if (this.#place === "escape") {
      this.#out.push(character);
      this.#place = "glob";
      return;
    }
    if (this.#place === "regexpEnd") {
      if (character === "}") {
        // The longest one counts: {{a{2}}} is a{2}.
        this.#replaceLast("}");
        this.#out.push(")");
        return;
      }
      this.#place = "glob";
    }
    if (this.#place === "regexp") this.#takeOfRegexp(character, last);
    else this.#takeOfGlob(character, last);
  }

  #takeOfRegexp(character: string, last: string): void {
    if (character === "}" && last === "}") {
      this.#replaceLast(")");
      this.#place = "regexpEnd";
    } else {
      this.#out.push(character);
    }
  }

  #takeOfGlob(character: string, last: string): void {
    if (character !== "*") this.#writeStars();
    if (this.#bracketDepth > 0) {
      this.#out.push(character);
      if (character === "[") this.#bracketDepth += 1;
      if (character === "]") this.#bracketDepth -= 1;
      return;
    }
    switch (character) {
      case "\\":
        this.#out.push(character);
        this.#place = "escape";
        break;
      case "*":
        this.#stars += 1;
        break;
      case "?":
        this.#out.push(this.#wildcards.question);
        break;
      case "[":
        this.#out.push(character);
        this.#bracketDepth += 1;
        break;
      case "]":
        throw new GlobSyntaxError('a "]" has no "["');
      case "{":
        this.#openBrace(last);
        break;
      case "}":
        if (this.#braceDepth <= 0) throw new GlobSyntaxError('a "}" has no "{"');
        this.#out.push(")");
        this.#braceDepth -= 1;
        break;
      case ",":
        this.#out.push(this.#braceDepth > 0 ? "|" : ",");
        break;
      default:
        this.#out.push(ESCAPED.has(character) ? `\\${character}` : character);
    }
  }

  #openBrace(last: string): void {
    if (this.#braceDepth > 0 && last === "{") {
      // The parenthesis of the first brace stays, around the regular expression.
      this.#place = "regexp";
      this.#braceDepth -= 1;
    } else {
      this.#out.push("(");
      this.#braceDepth += 1;
    }
  }

  #writeStars(): void {
    if (this.#stars === 0) return;
    const stars = this.#wildcards.stars[this.#stars - 1];
    if (stars === undefined) throw new GlobSyntaxError(`"${"*".repeat(this.#stars)}" has too many stars`);
    this.#out.push(stars);
    this.#stars = 0;
  }

  #replaceLast(character: string): void {
    this.#out[this.#out.length - 1] = character;
  }
}
