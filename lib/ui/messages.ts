/** What is said besides data, in one of three forms: for a person who looks on, for a log file, for a program. */
import type { Clock } from "../edges.ts";
import { fieldsText, isSaid, type LogFields, type LogLevel } from "../log.ts";
import type { MessageSink } from "./live_area.ts";
import type { Style } from "./style.ts";
import { visible } from "./visible.ts";

export interface Message {
  readonly level: LogLevel;
  readonly text: string;
  readonly hint?: string | undefined;
  /** A log line has them, if only none; what is said to the user has not. */
  readonly fields?: LogFields | undefined;
  /** Code of an error. */
  readonly code?: string | undefined;
  /** The path that it is about. */
  readonly path?: string | undefined;
  /** How far a run is, for programs. */
  readonly stats?: Readonly<Record<string, number | null>> | undefined;
}

/** A message as whole lines. */
export type MessageFormat = (message: Message) => string;

/** Messages of `level` and more urgent ones go to the sink. */
export class Messages {
  readonly #sink: MessageSink;
  readonly #format: MessageFormat;
  readonly #level: LogLevel;

  constructor(
    sink: MessageSink,
    { format, level }: { readonly format: MessageFormat; readonly level: LogLevel },
  ) {
    this.#sink = sink;
    this.#format = format;
    this.#level = level;
  }

  say(message: Message): void {
    if (isSaid(message.level, this.#level)) this.#sink.write(this.#format(message));
  }
}

/** `jottash: Cannot ...` and the hint below it. */
export function screenFormat(style: Style, programName: string): MessageFormat {
  const prefixes: Readonly<Partial<Record<LogLevel, string>>> = {
    error: `${style.red(`${programName}:`)} `,
    warn: `${style.yellow(`${programName}: warning:`)} `,
  };
  return ({ level, text, hint, fields }) => {
    if (fields !== undefined) return `${level}: ${text}${fieldsText(fields)}\n`;
    const second = hint === undefined ? "" : `  ${visible(hint)}\n`;
    return `${prefixes[level] ?? ""}${visible(text)}\n${second}`;
  };
}

const FILE_LEVELS: Readonly<Record<LogLevel, string>> = {
  error: "ERROR ",
  warn: "WARN  ",
  notice: "NOTICE",
  info: "INFO  ",
  debug: "DEBUG ",
};

/** `2026/11/23 19:25:05 ERROR : Cannot ... (hint)`: one line each, in the time zone of this machine, as rclone has it. */
export function fileFormat(clock: Clock): MessageFormat {
  return ({ level, text, hint, fields = {} }) => {
    const more = hint === undefined ? "" : ` (${visible(hint)})`;
    const time = localTime(new Date(clock.now()));
    return `${time} ${FILE_LEVELS[level]}: ${visible(text)}${fieldsText(fields)}${more}\n`;
  };
}

function localTime(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("/");
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** One JSON object a line, with rclone's keys where they mean the same. */
export function jsonFormat(clock: Clock): MessageFormat {
  return ({ level, text, hint, fields = {}, code, path, stats }) => {
    const { path: fieldPath, ...others } = fields;
    const record = {
      level: level === "warn" ? "warning" : level,
      msg: text,
      object: path ?? fieldPath,
      hint,
      code,
      stats,
      time: new Date(clock.now()).toISOString(),
    };
    // A field never takes the place of a key that programs go by.
    return `${JSON.stringify({ ...others, ...withoutGaps(record) })}\n`;
  };
}

function withoutGaps(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
