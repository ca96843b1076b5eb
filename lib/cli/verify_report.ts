/** What `verify` says: to people as `check` does, to programs an item for each file. */
import { PartialError, UsageError } from "../errors.ts";
import type { Finding } from "../sync/check.ts";
import { formatQuantity, formatSizeCompact } from "../units.ts";
import type { DifferenceKind } from "../verify/verify_file.ts";
import { REPORTS } from "./check_options.ts";
import { CheckReport, type CheckSides } from "./check_report.ts";
import type { CommandContext } from "./context.ts";
import type { VerifyChoices } from "./verify_options.ts";

/** Stable words for programs. */
type HowDifferent = DifferenceKind | "missing" | "extra";

export class VerifyReport implements AsyncDisposable {
  readonly #context: CommandContext;
  readonly #report: CheckReport;

  private constructor(context: CommandContext, report: CheckReport) {
    this.#context = context;
    this.#report = report;
  }

  /** `json`: the result goes to standard output, which no report can have then. */
  static async open(
    context: CommandContext,
    sides: CheckSides,
    { choices, json }: { readonly choices: VerifyChoices; readonly json: boolean },
  ): Promise<VerifyReport> {
    const files = [choices.combined, ...Object.values(REPORTS).map(({ option }) => choices[option])];
    if (json && files.includes("-")) {
      throw new UsageError("Cannot write a report to standard output: --json writes there");
    }
    return new VerifyReport(context, await CheckReport.open(context, sides, choices));
  }

  async same(path: string, size: number): Promise<void> {
    await this.#tell({ kind: "same", path });
    this.#context.reporter.note({ action: "unchanged", path, size }, { isTold: true });
    await this.#context.reporter.ready();
  }

  async different(path: string, { how, what }: { readonly how: HowDifferent; readonly what?: string }) {
    if (how === "missing") await this.#tell({ kind: "missing-at-target", path });
    else if (how === "extra") await this.#tell({ kind: "missing-at-source", path });
    else await this.#tell({ kind: "different", path, what: what ?? how });
    this.#context.reporter.note({ action: "different", path, how, what }, { isTold: true });
    await this.#context.reporter.ready();
  }

  async failed(finding: Extract<Finding, { kind: "failed" }>): Promise<void> {
    await this.#tell(finding);
    const { path, error } = finding;
    this.#context.reporter.note({ action: "failed", path, error }, { isTold: true });
    await this.#context.reporter.ready();
  }

  /** What the budget did not reach. */
  left(place: string, { files, bytes }: { readonly files: number; readonly bytes: number }): void {
    if (files === 0) return;
    const what = `${formatQuantity(files, "file")}, ${formatSizeCompact(bytes)}`;
    this.#context.printer.notice(`The budget is spent: ${what} left for another run`);
    this.#context.reporter.note({ action: "left-unread", path: place, files, bytes }, { isTold: true });
  }

  /** Resolves with the exit status. Throws `PartialError` when something could not be read. */
  async finish(): Promise<number> {
    try {
      return await this.#report.finish();
    } catch (error) {
      if (!(error instanceof PartialError)) throw error;
      const { message, errors } = error;
      throw new PartialError(message.replace(/^Cannot compare/, "Cannot verify"), errors, { cause: error });
    }
  }

  async #tell(finding: Finding): Promise<void> {
    await this.#report.tell(finding);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#report[Symbol.asyncDispose]();
  }
}
