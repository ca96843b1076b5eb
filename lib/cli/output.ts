/**
 * The ways out of a run: data, messages, log lines, the result for programs. It starts before anything is known, so that
 * whatever goes wrong can be told, and takes its form when the settings are resolved.
 */
import type { Edges } from "../edges.ts";
import type { JottashError } from "../errors.ts";
import { Logger, type LogLevel } from "../log.ts";
import type { SharedSettings } from "../shared_options/mod.ts";
import { LiveArea } from "../ui/live_area.ts";
import type { LogFile } from "../ui/log_file.ts";
import { fileFormat, jsonFormat, Messages, screenFormat } from "../ui/messages.ts";
import { PlainResult, type ResultSink } from "../ui/result_sink.ts";
import { COLOR_STYLE, PLAIN_STYLE, terminalAbilities } from "../ui/style.ts";
import { TextPrinter } from "../ui/text_printer.ts";
import { Reporter } from "./report.ts";
import { verbosityOf } from "./verbosity.ts";

const PROGRAM_NAME = "jottash";

export class Output {
  readonly area: LiveArea;
  readonly #edges: Edges;
  readonly #startedAtMs: number;
  printer: TextPrinter;
  log: Logger;
  reporter: Reporter;
  showStack: boolean;
  #result: ResultSink;
  #logFile: LogFile | undefined;

  constructor(edges: Edges, { showStack }: { readonly showStack: boolean }) {
    this.#edges = edges;
    this.#startedAtMs = edges.clock.now();
    this.showStack = showStack;
    this.area = new LiveArea(edges.terminal);
    const messages = new Messages(this.area, { format: this.#screenFormat(), level: "notice" });
    this.printer = new TextPrinter(edges.terminal, { area: this.area, messages });
    this.log = new Logger("notice", () => {});
    this.#result = new PlainResult(this.printer);
    this.reporter = this.#createReporter({ dryRun: false });
  }

  /** The result is to be JSON; from here on every end of the run is told in it. */
  async promiseJson(command: string): Promise<void> {
    const { JsonResult } = await import("../ui/json_result.ts");
    this.#result = new JsonResult(this.printer, { command, dryRun: false, withUnchanged: false });
    this.reporter = this.#createReporter({ dryRun: false });
  }

  /** It is only help that is asked for. */
  promiseNothing(): void {
    this.#result = new PlainResult(this.printer);
  }

  /**
   * Goes by the settings, the last ones when called again; `json` names the command whose result is to be JSON. Throws `UsageError` for settings that
   * exclude each other, `LocalError` when the log file cannot be opened.
   */
  async apply(settings: SharedSettings, { json }: { readonly json: string | undefined }): Promise<void> {
    const { clock, fileSystem } = this.#edges;
    await this.close(); // a line that runs in place of another has settings of its own
    this.showStack = settings.debug;
    const level = verbosityOf(settings);
    const { logFile, useJsonLog, dryRun } = settings;
    const screen = useJsonLog ? jsonFormat(clock) : this.#screenFormat();
    // What cannot be logged is told where it can be seen.
    this.#use(new Messages(this.area, { format: screen, level }), level);
    if (logFile !== undefined) {
      const { LogFile } = await import("../ui/log_file.ts");
      this.#logFile = await LogFile.open(fileSystem, logFile);
      const format = useJsonLog ? jsonFormat(clock) : fileFormat(clock);
      this.#use(new Messages(this.#logFile, { format, level }), level);
    }
    this.#result = new PlainResult(this.printer);
    if (json !== undefined) {
      const { JsonResult } = await import("../ui/json_result.ts");
      const withUnchanged = level === "info" || level === "debug";
      this.#result = new JsonResult(this.printer, { command: json, dryRun, withUnchanged });
    }
    this.reporter = this.#createReporter({ dryRun });
  }

  /** Everything has been written when this resolves. Throws when standard output takes no more. */
  async finish(status: number, error?: JottashError): Promise<void> {
    const { clock } = this.#edges;
    const elapsedMs = clock.now() - this.#startedAtMs;
    await this.#result.finish({ totals: this.reporter.totals, status, error, elapsedMs });
    await this.printer.flush();
  }

  /** The last thing that is done. Calling it twice is safe. */
  async close(): Promise<void> {
    const failure = await this.#logFile?.close();
    this.#logFile = undefined;
    if (failure === undefined) return;
    new Messages(this.area, { format: this.#screenFormat(), level: "error" })
      .say({ level: "error", text: failure.message, hint: failure.hint });
  }

  #use(messages: Messages, level: LogLevel): void {
    this.printer = new TextPrinter(this.#edges.terminal, { area: this.area, messages });
    this.log = new Logger(
      level === "warn" ? "error" : level, // who wants it quiet wants no log
      (_line, { level, message, fields }) => messages.say({ level, text: message, fields }),
    );
  }

  #createReporter({ dryRun }: { readonly dryRun: boolean }): Reporter {
    return new Reporter({ printer: this.printer, log: this.log, sink: this.#result, dryRun });
  }

  #screenFormat() {
    const { terminal, env } = this.#edges;
    const style = terminalAbilities(terminal, env).stderrColor ? COLOR_STYLE : PLAIN_STYLE;
    return screenFormat(style, PROGRAM_NAME);
  }
}
