/** Log lines for people and machines, on stderr. A fixed message, variables as fields, never a secret. */
import { redactText } from "./http/redact.ts";

export type LogLevel = "error" | "warn" | "info" | "debug";
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

const LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

export class Logger {
  readonly #limit: number;
  readonly #write: (line: string) => void;

  /** Lines of `level` and more urgent ones go to `write`, each without a line end. */
  constructor(level: LogLevel, write: (line: string) => void) {
    this.#limit = LEVELS.indexOf(level);
    this.#write = write;
  }

  error(message: string, fields?: LogFields): void {
    this.#log("error", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#log("warn", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#log("info", message, fields);
  }

  debug(message: string, fields?: LogFields): void {
    this.#log("debug", message, fields);
  }

  #log(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (LEVELS.indexOf(level) > this.#limit) return;
    const pairs = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`);
    this.#write(redactText(`${level}: ${message}${pairs.join("")}`));
  }
}

export const SILENT_LOGGER: Logger = new Logger("error", () => {});
