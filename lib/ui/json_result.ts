/**
 * What a command did as one JSON document on standard output: a line for each item, written as it happens, then the
 * totals. The document is whole in every case: when the run fails, is stopped or never began. Only whole lines are
 * written, so that commas come first: on a terminal, progress and messages stand between them and not in them.
 *
 * ```
 * {"schema":1,"command":"delete","dryRun":false,"items":[
 * {"action":"deleted","path":"a.txt","size":3}
 * ,{"action":"failed","path":"b.txt","error":{"code":"service","message":"..."}}
 * ],"totals":{...},"status":6,"error":{...},"elapsedMs":12}
 * ```
 *
 * A reader that goes away ends the writing, not the work: half of a move is worth less than a status.
 */
import { JottashError } from "../errors.ts";
import type { Change } from "../transfer/change.ts";
import type { Printer } from "./printer.ts";
import type { ResultEnd, ResultSink } from "./result_sink.ts";

/** Goes up when a key changes its meaning or goes away; new keys may come any time. */
const SCHEMA = 1;
/** More than this is not taken without waiting, where the caller can wait. */
const PENDING_LENGTH = 65_536;
/** What a terminal would obey, and JSON leaves as it is. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/g;

export interface JsonResultOptions {
  readonly command: string;
  readonly dryRun: boolean;
  /** Whether files that were the same already are items too; they are always counted. */
  readonly withUnchanged: boolean;
}

export class JsonResult implements ResultSink {
  readonly #printer: Printer;
  readonly #options: JsonResultOptions;
  readonly #encoder = new TextEncoder();
  #pending: string[] = [];
  #pendingLength = 0;
  #items = 0;
  #isFinished = false;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(printer: Printer, options: JsonResultOptions) {
    this.#printer = printer;
    this.#options = options;
  }

  item(change: Change): void {
    if (this.#isFinished || change.action === "unchanged" && !this.#options.withUnchanged) return;
    this.#add(`${this.#items === 0 ? `${this.#head()}\n` : ","}${toJson(itemOf(change))}\n`);
    this.#items++;
  }

  async ready(): Promise<void> {
    if (this.#pendingLength > PENDING_LENGTH) await this.#writing;
  }

  /** Calling it twice is safe. Throws when standard output takes no more, unless nobody reads it. */
  async finish({ totals, status, error, elapsedMs }: ResultEnd): Promise<void> {
    if (this.#isFinished) return;
    this.#isFinished = true;
    const end = toJson({ totals, status, error: error === undefined ? null : errorOf(error), elapsedMs });
    this.#add(`${this.#items === 0 ? this.#head() : ""}],${end.slice(1)}\n`);
    await this.#writing;
    const failure = this.#failure?.error;
    if (failure instanceof JottashError && failure.code === "closed-pipe") return;
    if (failure !== undefined) throw failure;
  }

  #head(): string {
    const { command, dryRun } = this.#options;
    return `${toJson({ schema: SCHEMA, command, dryRun }).slice(0, -1)},"items":[`;
  }

  #add(text: string): void {
    if (this.#failure !== undefined) return;
    this.#pending.push(text);
    this.#pendingLength += text.length;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const text = this.#pending.join("");
        this.#pending = [];
        this.#pendingLength = 0;
        await this.#printer.bytes(this.#encoder.encode(text));
      }
    } catch (error) {
      this.#failure = { error };
      this.#pending = [];
      this.#pendingLength = 0;
    } finally {
      this.#writing = undefined;
    }
  }
}

/** What people's words need (`noun`) is left out, and errors are spelled out. */
function itemOf(change: Change): Readonly<Record<string, unknown>> {
  if (change.action === "failed") return { ...change, error: errorOf(change.error) };
  if (change.action === "left-alone") return { ...change, action: "skipped" };
  const { noun: _, forGood, ...item } = { noun: undefined, forGood: undefined, ...change };
  return forGood === true ? { ...item, forGood } : item;
}

function errorOf({ code, message, hint }: JottashError): Readonly<Record<string, unknown>> {
  return { code, message, hint };
}

function toJson(value: unknown): string {
  return JSON.stringify(value).replace(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
