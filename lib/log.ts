/** Log lines for people and machines. A fixed message, variables as fields, never a secret. */
import { redactText } from "./http/redact.ts";

/** From the most urgent on; `notice` is what a run tells its user by itself. */
export type LogLevel = "error" | "warn" | "notice" | "info" | "debug";
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

const LEVELS: readonly LogLevel[] = ["error", "warn", "notice", "info", "debug"];

/** Is what has `level` said where `limit` is the least urgent that is? */
export function isSaid(level: LogLevel, limit: LogLevel): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(limit);
}

/** ` path="a b" size=3`, with a space before each. */
export function fieldsText(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? JSON.stringify(value) : value}`)
    .join("");
}

export class Logger {
  readonly #limit: LogLevel;
  readonly #write: (line: string, record: LogRecord) => void;

  /** What has `level` or is more urgent goes to `write`, as a line without its end and as data; secrets blotted out. */
  constructor(level: LogLevel, write: (line: string, record: LogRecord) => void) {
    this.#limit = level;
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
    if (!isSaid(level, this.#limit)) return;
    const line = redactText(`${level}: ${message}${fieldsText(fields)}`);
    this.#write(line, { level, message: redactText(message), fields: redactFields(fields) });
  }
}

function redactFields(fields: LogFields): LogFields {
  const pairs = Object.entries(fields);
  return Object.fromEntries(pairs.map(([key, value]) => [key, redactField(key, value)]));
}

/** A secret may be known as one only by the name of its field. */
function redactField(key: string, value: LogFields[string]): LogFields[string] {
  if (typeof value !== "string") return value;
  const before = `${key}=`;
  const isSecret = !redactText(before + JSON.stringify(value)).startsWith(`${before}"`);
  return isSecret ? "***" : redactText(value);
}

export const SILENT_LOGGER: Logger = new Logger("error", () => {});
