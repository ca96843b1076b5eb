/**
 * Standard input as the prompt package reads it, with three things that it lacks:
 * - Pasted text arrives as one key. The package paints anew after each key and measures the line each time: 2,000
 *   characters took it 5 s (observed, @inquirer/prompts 8.8.0 on Deno 2.9.6).
 * - Line breaks within a paste are dropped. The package would take the first as Enter, but a long token is often
 *   copied with the line breaks of the screen that it was shown on. So a paste never answers by itself.
 * - It is told when the line editor below the package lets go of the input (Ctrl-D on an empty line, end of input),
 *   where the package waits for ever.
 *
 * Pastes are known by their brackets (`ESC [ 200 ~`, `ESC [ 201 ~`, DEC mode 2004), which nearly all terminals send
 * when asked. In others the first line of a paste is the answer, and the rest is dropped or goes to the next question.
 */
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";

/** Asks the terminal to put brackets around pasted text, and to stop it. */
export const PASTE_BRACKETS_ON = "\x1b[?2004h";
export const PASTE_BRACKETS_OFF = "\x1b[?2004l";

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/** So many characters at once, none of them a control, are a paste without brackets. */
const MIN_PASTED_LENGTH = 8;

/** One part of the input: keys to decode one by one, or text to insert as it is. */
export interface InputPart {
  readonly kind: "keys" | "pasted";
  readonly text: string;
}

/** Tells pasted text from keys; brackets may be cut at any place. */
export class PasteSplitter {
  #isPasting = false;
  #held = "";

  split(text: string): InputPart[] {
    const parts: InputPart[] = [];
    let rest = this.#held + text;
    this.#held = "";
    while (rest !== "") {
      const bracket = this.#isPasting ? PASTE_END : PASTE_START;
      const at = rest.indexOf(bracket);
      const end = at >= 0 ? at : rest.length - heldLength(rest, bracket);
      const part = rest.slice(0, end);
      if (this.#isPasting) parts.push({ kind: "pasted", text: part.replace(/\p{Cc}/gu, "") });
      else parts.push(...splitKeys(part));
      if (at < 0) {
        this.#held = rest.slice(end);
        break;
      }
      this.#isPasting = !this.#isPasting;
      rest = rest.slice(at + bracket.length);
    }
    return parts.filter((part) => part.text !== "");
  }
}

/** How much of the end of `text` may be the start of `bracket`; a lone ESC too: no question knows that key. */
function heldLength(text: string, bracket: string): number {
  for (let length = Math.min(bracket.length - 1, text.length); length > 0; length--) {
    if (bracket.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

/** Long runs without controls are pasted, but next to an ESC anything may belong to the name of a key. */
function splitKeys(text: string): InputPart[] {
  if (text.includes("\x1b")) return [{ kind: "keys", text }];
  return text.split(/(\p{Cc}+)/u).map((part) => ({
    kind: part.length >= MIN_PASTED_LENGTH && !/\p{Cc}/u.test(part) ? "pasted" : "keys",
    text: part,
  }));
}

/** What is used of `process.stdin`. */
export interface KeySource {
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  off(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  off(event: "end", listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
  setRawMode(isRaw: boolean): unknown;
}

/** A readable of the old kind, as node:readline takes it: `data` goes to its key decoder, `keypress` past it. */
export class KeyInput extends EventEmitter implements Disposable {
  readonly isTTY = true;
  readonly #source: KeySource;
  readonly #splitter = new PasteSplitter();
  readonly #decoder = new TextDecoder();
  readonly #ended = new AbortController();

  /** Reads `source` once resumed; disposing lets go of it. */
  constructor(source: KeySource) {
    super();
    this.#source = source;
    source.on("data", this.#take);
    source.on("end", this.#end);
  }

  /** Aborted when there will be no more keys. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  resume(): this {
    this.#source.resume();
    return this;
  }

  /** The line editor calls it once, when it closes. */
  pause(): this {
    this.#source.pause();
    this.#end();
    return this;
  }

  setRawMode(isRaw: boolean): this {
    this.#source.setRawMode(isRaw);
    return this;
  }

  [Symbol.dispose](): void {
    this.#source.off("data", this.#take);
    this.#source.off("end", this.#end);
    this.#source.pause();
  }

  readonly #take = (chunk: Uint8Array): void => {
    for (const part of this.#splitter.split(this.#decoder.decode(chunk, { stream: true }))) {
      if (part.kind === "keys") this.emit("data", Buffer.from(part.text));
      else this.emit("keypress", part.text, { sequence: part.text, ctrl: false, meta: false, shift: false });
    }
  };

  readonly #end = (): void => this.#ended.abort();
}
