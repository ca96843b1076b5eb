/** The place where the reader of a regular expression stands, and the one error it throws. */

/** The expression is not one that rclone takes; the message says what is wrong, without the expression. */
export class Re2SyntaxError extends Error {
  override readonly name = "Re2SyntaxError";
}

/** A text that is read character by character, from left to right; characters are whole code points. */
export class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  get position(): number {
    return this.#position;
  }

  startsWith(prefix: string): boolean {
    return this.#text.startsWith(prefix, this.#position);
  }

  /** Passes over `prefix` if it is next. */
  skip(prefix: string): boolean {
    if (!this.startsWith(prefix)) return false;
    this.#position += prefix.length;
    return true;
  }

  /** The next character, which must be there, and passes over it. */
  next(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#position) ?? 0);
    this.#position += character.length;
    return character;
  }

  /** What `pattern` (sticky) finds right here, and passes over it; undefined and no move when nothing. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position = pattern.lastIndex;
    return match;
  }

  /** All up to `end`, or to the end of the text when there is none, and passes over both. */
  until(end: string): string {
    const index = this.#text.indexOf(end, this.#position);
    const stop = index < 0 ? this.#text.length : index;
    const text = this.#text.slice(this.#position, stop);
    this.#position = index < 0 ? stop : stop + end.length;
    return text;
  }
}
