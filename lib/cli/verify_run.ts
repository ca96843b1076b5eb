/**
 * What `verify` does: looks which files are where, which costs no content, then reads what it has to, what was never
 * read or was read longest ago first.
 *
 * Memory: with a budget or a state file two entries for each file; without, what `check` needs.
 */
import type { Filter } from "../filter/filter.ts";
import { filterTree } from "../listing/filtered_tree.ts";
import { checkFiles, type CheckOptions, checkTrees, type Finding } from "../sync/check.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import { type FileEntry, nameOf } from "../tree/tree.ts";
import { formatLocalTime } from "../units.ts";
import { type FilePair, isAbout, VerifyQueue } from "../verify/queue.ts";
import type { VerifiedRecord } from "../verify/records.ts";
import { isInSample, type Sample } from "../verify/sample.ts";
import { StateFile } from "../verify/state_file.ts";
import { sizeText, type Verdict, verifyFile } from "../verify/verify_file.ts";
import { verifyPairs } from "../verify/verify_pairs.ts";
import { JottashError, UsageError } from "../errors.ts";
import type { CommandContext } from "./context.ts";
import { forRecursiveWork } from "./recursive.ts";
import { openTarget } from "./target.ts";
import type { VerifyChoices } from "./verify_options.ts";
import { filterUse, openManifestReference, openReference, type Reference } from "./verify_reference.ts";
import { VerifyReport } from "./verify_report.ts";

interface VerifyLine {
  readonly place: string;
  /** Undefined where a manifest says how files have to be. */
  readonly reference: string | undefined;
  readonly choices: VerifyChoices;
  readonly filter: Filter;
  readonly json: boolean;
}

/** Resolves with the exit status; throws `PartialError` when something could not be read. */
export async function verifyPlaces(context: CommandContext, line: VerifyLine): Promise<number> {
  const { place, choices, filter } = line;
  const reference = await referenceOf(context, line);
  const target = await openPlace(context, place, reference);
  const sample = sampleOf(context, choices);
  const sides = { source: `"${reference.label}"`, target: `"${context.labelOf(place)}"` };
  await using state = await openState(context, { choices, place, reference });
  await using report = await VerifyReport.open(context, sides, line);
  const run = new VerifyRun(context, { target, reference, choices, filter, sample, state, report });
  await run.everything();
  report.left(context.labelOf(place), run.left);
  return await report.finish();
}

async function referenceOf(
  context: CommandContext,
  { reference, choices: { manifest }, filter }: VerifyLine,
): Promise<Reference> {
  if ((reference === undefined) === (manifest === undefined)) {
    const state = manifest === undefined ? "nothing says how the files have to be" : "there are two";
    throw new UsageError(`Cannot verify against a place and a manifest: ${state}`, {
      hint: "Name either the place to compare with, or a manifest with --manifest",
    });
  }
  if (manifest !== undefined) return await openManifestReference(context, manifest, filter);
  return await openReference(context, reference ?? "", filter);
}

/** The place that is read: a folder, or for a single file of the reference that file or the folder that holds it. */
async function openPlace(
  context: CommandContext,
  place: string,
  { single, label }: Reference,
): Promise<{ readonly tree: TargetTree; readonly file: FileEntry | undefined }> {
  if (single !== undefined) {
    const source = await context.source(place);
    if (source.file !== undefined) return source;
    const entry = await source.tree.stat(nameOf(single.path), { signal: context.signal });
    return { tree: source.tree, file: entry?.kind === "file" ? entry : undefined };
  }
  const use = {
    purpose: `verify "${label}" at`,
    hint: "Name the folder that holds the files",
    isReadOnly: true,
  };
  return { tree: await openTarget(context, place, use), file: undefined };
}

function sampleOf({ printer, random }: CommandContext, choices: VerifyChoices): Sample | undefined {
  const { sample: share, sampleSeed } = choices;
  if (share === undefined) return undefined;
  const seed = sampleSeed ?? random.bytes(4).toHex();
  printer.notice(`Reads ${share * 100}% of the files; the same again with: --sample-seed ${seed}`);
  return { share, seed };
}

async function openState(
  context: CommandContext,
  { choices, place, reference }: {
    readonly choices: VerifyChoices;
    readonly place: string;
    readonly reference: Reference;
  },
): Promise<StateFile | undefined> {
  const { state, againAfter } = choices;
  if (state === undefined) {
    if (againAfter > 0) throw new UsageError("Cannot use --again-after: it needs --state");
    return undefined;
  }
  return await StateFile.open(context, state, {
    place: withoutEnd(context.labelOf(place)),
    reference: withoutEnd(reference.label),
    signal: context.signal,
    onDamage: (lines) => context.printer.warning(`Left out ${lines} damaged lines of "${state}"`),
  });
}

function withoutEnd(label: string): string {
  return label.replace(/(?<=[^:/])\/+$/, "");
}

interface VerifyParts {
  readonly target: { readonly tree: TargetTree; readonly file: FileEntry | undefined };
  readonly reference: Reference;
  readonly choices: VerifyChoices;
  readonly filter: Filter;
  readonly sample: Sample | undefined;
  readonly state: StateFile | undefined;
  readonly report: VerifyReport;
}

class VerifyRun {
  readonly #context: CommandContext;
  readonly #parts: VerifyParts;
  readonly #transfer: TransferContext;
  readonly #startedAtMs: number;
  /** To be read when all are known; undefined where each is read as soon as it is found. */
  readonly #pairs: FilePair[] | undefined;
  left = { files: 0, bytes: 0 };

  constructor(context: CommandContext, parts: VerifyParts) {
    this.#context = context;
    this.#parts = parts;
    this.#startedAtMs = context.clock.now();
    this.#pairs = parts.state === undefined && parts.choices.budget === undefined ? undefined : [];
    this.#transfer = context.transferContext((event) => {
      if (event.type !== "retried") return;
      context.log.info("trying again", { path: event.path, error: event.error.message });
    });
  }

  async everything(): Promise<void> {
    const { reference: { files, single, unreachable }, target, choices: { bothWays } } = this.#parts;
    const { settings: { transfers, checkers }, signal, printer } = this.#context;
    const check: CheckOptions = {
      checkers: this.#pairs === undefined ? transfers : checkers,
      signal,
      oneWay: !bothWays,
      folding: target.tree.features,
      compare: async (source, file) => {
        await this.#consider({ source, target: file });
        return undefined;
      },
      tell: (finding) => this.#told(finding),
      onSpecial: ({ path, reason, isExpected }) => {
        if (!isExpected) printer.warning(`Left out "${path}": ${reason}`);
      },
    };
    if (single === undefined) await checkTrees(files, this.#targetFiles(), check);
    else await checkFiles(single, target.file, check);
    for (const path of unreachable) await this.#parts.report.different(path, { how: "missing" });
    if (this.#pairs !== undefined) await this.#readInTurn(this.#pairs);
  }

  #targetFiles() {
    const { target: { tree }, filter, choices: { bothWays } } = this.#parts;
    const whole = forRecursiveWork(this.#context, tree, { filter });
    // What the reference has is wanted, whatever has become of it here.
    return bothWays ? filterTree(whole, filterUse(this.#context, filter)) : whole;
  }

  async #told(finding: Finding): Promise<void> {
    const { report } = this.#parts;
    if (finding.kind === "failed") await report.failed(finding);
    else if (finding.kind === "missing-at-target") await report.different(finding.path, { how: "missing" });
    else if (finding.kind === "missing-at-source") await report.different(finding.path, { how: "extra" });
  }

  /** Sizes cost nothing: they are compared for all. */
  async #consider(pair: FilePair): Promise<void> {
    const { reference, report, sample, choices: { againAfter } } = this.#parts;
    const { path } = pair.source;
    const size = reference.sizeOf(pair.source);
    if (size !== pair.target.size) {
      return await report.different(path, { how: "size", what: sizeText(size, pair.target.size) });
    }
    const record = this.#recordOf(pair.source);
    const isRecent = record !== undefined && this.#startedAtMs - record.atMs < againAfter;
    const isRead = !isRecent && (sample === undefined || isInSample(path, sample));
    if (!isRead) return await this.#tellKnown(pair, record);
    if (this.#pairs !== undefined) this.#pairs.push(pair);
    else await this.#note(pair, await this.#verify(pair));
  }

  async #readInTurn(pairs: readonly FilePair[]): Promise<void> {
    const { budget } = this.#parts.choices;
    const queue = new VerifyQueue(pairs, { budget, recordOf: (file) => this.#recordOf(file) });
    await verifyPairs(queue, {
      transfers: this.#context.settings.transfers,
      signal: this.#context.signal,
      verify: (pair) => this.#verify(pair),
      note: (pair, outcome) => this.#note(pair, outcome),
    });
    const left = queue.left();
    for (const pair of left) await this.#tellKnown(pair, this.#recordOf(pair.source));
    this.left = { files: left.length, bytes: left.reduce((sum, { target }) => sum + target.size, 0) };
  }

  #verify({ source, target: file }: FilePair): Promise<Verdict> {
    const { reference, target: { tree } } = this.#parts;
    const expected = () => reference.expected(source, this.#transfer);
    return verifyFile({ expected, tree, file }, this.#transfer);
  }

  async #note({ source, target }: FilePair, outcome: Verdict | JottashError): Promise<void> {
    const { report, state, reference } = this.#parts;
    const { path, modifiedAtMs } = source;
    if (outcome instanceof JottashError) return await report.failed({ kind: "failed", path, error: outcome });
    const { md5 } = outcome;
    const what = outcome.kind === "same" ? undefined : outcome.what;
    const atMs = this.#context.clock.now();
    // Before it is told: what was told as read is never read once more because of a crash.
    await state?.note({ path, size: reference.sizeOf(source), modifiedAtMs, md5, atMs, what });
    if (outcome.kind === "same") await report.same(path, target.size);
    else await report.different(path, { how: outcome.kind, what: outcome.what });
  }

  /** A file that an earlier run found to be wrong stays wrong until it has been read again. */
  async #tellKnown({ source: { path } }: FilePair, record: VerifiedRecord | undefined): Promise<void> {
    if (record?.what === undefined) return;
    const what = `${record.what} (as read ${formatLocalTime(record.atMs)})`;
    await this.#parts.report.different(path, { how: "md5-read", what });
  }

  /** What is known of the file as it is now. */
  #recordOf(file: FileEntry): VerifiedRecord | undefined {
    const { state, reference } = this.#parts;
    const record = state?.get(file.path);
    const now = { ...file, size: reference.sizeOf(file) };
    return record !== undefined && isAbout(record, now) ? record : undefined;
  }
}
