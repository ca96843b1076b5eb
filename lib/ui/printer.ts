/** What a run says to its user: data on stdout, everything else on stderr. Commands see only this. */
import type { JottashError } from "../errors.ts";

export interface MessageOptions {
  /** What the user can do, as a short sentence without a final period. */
  readonly hint?: string | undefined;
  /** How far a run is, for logs that programs read. */
  readonly stats?: Readonly<Record<string, number | null>> | undefined;
}

export interface Printer {
  /**
   * One line of data. It may be kept back until there is more; resolves when more may be given. On a terminal,
   * what could drive it is written out; anywhere else the text is exact.
   */
  line(text: string): Promise<void>;
  /** Data as it is, on a terminal too; in order with the lines. */
  bytes(chunk: Uint8Array): Promise<void>;
  /** All data given so far has been taken by stdout when this resolves. */
  flush(): Promise<void>;
  error(error: JottashError): void;
  warning(message: string, options?: MessageOptions): void;
  notice(message: string, options?: MessageOptions): void;
}
