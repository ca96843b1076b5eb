/**
 * What `check` and `checksum` say: each finding to its reports while the work goes on, differences and failures to the
 * user, a line at the end, and the exit status.
 */
import { type JottashError, PartialError } from "../errors.ts";
import { EXIT_DIFFERENCES, EXIT_OK } from "../exit_codes.ts";
import type { Finding } from "../sync/check.ts";
import { formatQuantity } from "../units.ts";
import { watch } from "./changes.ts";
import { type CheckChoices, type FindingKind, REPORTS } from "./check_options.ts";
import type { CommandContext } from "./context.ts";
import { type LineOutput, openLineOutput } from "./line_output.ts";

const STDOUT = "-";

/** Names of the two sides, as in `"photos"`. */
export interface CheckSides {
  readonly source: string;
  readonly target: string;
}

type ReportFiles = Pick<CheckChoices, "combined" | (typeof REPORTS)[FindingKind]["option"]>;

export class CheckReport implements AsyncDisposable {
  readonly #context: CommandContext;
  readonly #sides: CheckSides;
  readonly #files: ReportFiles;
  /** By the path as given: two reports may share a file. */
  readonly #outputs: ReadonlyMap<string, LineOutput>;
  readonly #counts = new Map<FindingKind, number>();
  readonly #errors: JottashError[] = [];
  readonly #view: AsyncDisposable;
  #lastTold: Promise<void> = Promise.resolve();

  private constructor(
    context: CommandContext,
    { sides, files, outputs }: {
      readonly sides: CheckSides;
      readonly files: ReportFiles;
      readonly outputs: ReadonlyMap<string, LineOutput>;
    },
  ) {
    this.#context = context;
    this.#sides = sides;
    this.#files = files;
    this.#outputs = outputs;
    this.#view = watch(context, () => this.#soFar());
  }

  /** Begins all reports; their files are in place only after `finish`. Throws what keeps one from being written. */
  static async open(context: CommandContext, sides: CheckSides, files: ReportFiles): Promise<CheckReport> {
    await using opened = new AsyncDisposableStack();
    const outputs = new Map<string, LineOutput>();
    for (const file of [files.combined, ...Object.values(REPORTS).map(({ option }) => files[option])]) {
      if (file === undefined || outputs.has(file)) continue;
      const output = await openLineOutput(context, file === STDOUT ? undefined : file);
      outputs.set(file, opened.use(output));
    }
    const report = new CheckReport(context, { sides, files, outputs });
    opened.move();
    return report;
  }

  /** One after the other, whoever calls; resolves when the reports have taken it. */
  tell(finding: Finding): Promise<void> {
    const told = this.#lastTold.then(() => this.#write(finding));
    this.#lastTold = told.catch(() => {}); // its caller knows
    return told;
  }

  /** Puts the reports in place. Resolves with the exit status; throws `PartialError` when something failed. */
  async finish(): Promise<number> {
    for (const output of this.#outputs.values()) await output.finish();
    this.#context.printer.notice(this.#summary());
    if (this.#errors.length > 0) {
      throw new PartialError(
        `Cannot compare all of ${this.#sides.source} with ${this.#sides.target}: ${
          formatQuantity(this.#errors.length, "entry", "entries")
        } could not be read`,
        this.#errors,
      );
    }
    return this.#differences() > 0 ? EXIT_DIFFERENCES : EXIT_OK;
  }

  async #write(finding: Finding): Promise<void> {
    const { kind, path } = finding;
    const { sign, option } = REPORTS[kind];
    this.#counts.set(kind, this.#count(kind) + 1);
    this.#say(finding);
    await this.#line(this.#files.combined, `${sign} ${path}`);
    await this.#line(this.#files[option], path);
  }

  async #line(file: string | undefined, text: string): Promise<void> {
    if (file !== undefined) await this.#outputs.get(file)?.line(text);
  }

  #say(finding: Finding): void {
    const { printer, log } = this.#context;
    const { path } = finding;
    switch (finding.kind) {
      case "same":
        return log.debug("the same", { path });
      case "different":
        return printer.warning(`"${path}" differs: ${finding.what}`);
      case "missing-at-target":
        return printer.warning(`"${path}" is not in ${this.#sides.target}`);
      case "missing-at-source":
        return printer.warning(`"${path}" is not in ${this.#sides.source}`);
      case "failed":
        this.#errors.push(finding.error);
        return printer.error(finding.error);
    }
  }

  #count(kind: FindingKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  #differences(): number {
    return this.#count("different") + this.#count("missing-at-target") + this.#count("missing-at-source");
  }

  #soFar(): string {
    const seen = [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
    const differences = this.#differences() === 0
      ? ""
      : `, ${formatQuantity(this.#differences(), "difference")}`;
    return `Compared ${formatQuantity(seen, "file")}${differences}`;
  }

  #summary(): string {
    const parts = [
      [this.#count("different"), "with other content"],
      [this.#count("missing-at-target"), `not in ${this.#sides.target}`],
      [this.#count("missing-at-source"), `not in ${this.#sides.source}`],
    ] as const;
    const told = parts.filter(([count]) => count > 0)
      .map(([count, what]) => `${formatQuantity(count, "file")} ${what}`);
    const which = told.length === 0 ? "" : ` (${told.join(", ")})`;
    return `${formatQuantity(this.#differences(), "difference")} found${which}, ${
      formatQuantity(this.#count("same"), "matching file")
    }`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#view[Symbol.asyncDispose]();
    for (const output of this.#outputs.values()) await output[Symbol.asyncDispose]();
  }
}
