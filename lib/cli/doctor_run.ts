/**
 * What `doctor` does: looks at the session, this machine and every folder, tells what is wrong, and where it was asked to
 * finishes uploads or clears the names that they keep. Destroys nothing that has a whole version.
 */
import { WorkStack } from "../async/work_stack.ts";
import { EXIT_DIFFERENCES, EXIT_OK } from "../exit_codes.ts";
import { type JottashError, UsageError } from "../errors.ts";
import { parseLocation } from "../path/location.ts";
import type { Remote } from "../remote/remote.ts";
import type { BrokenUpload, FolderDiagnosis, RemoteRepairs } from "../remote/repairs.ts";
import { collectable } from "../sync/each_file.ts";
import { changeOf } from "../transfer/change.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import type { FileEntry } from "../tree/tree.ts";
import { formatQuantity } from "../units.ts";
import { requireNoErrors, watch } from "./changes.ts";
import type { CommandContext } from "./context.ts";
import { clockFinding, type FoundProblem, nameFinding, uploadFinding } from "./doctor_findings.ts";
import { sessionFinding, stateFinding } from "./doctor_machine.ts";

interface DoctorChoices {
  readonly clean: boolean;
  /** Where the files of unfinished uploads came from. */
  readonly finish: string | undefined;
  /** An unfinished upload younger than this may be at work: it is not cleared. Milliseconds. */
  readonly olderThan: number;
}

/** Resolves with the exit status. Throws `PartialError` when something could not be looked at or not be mended. */
export async function examine(
  context: CommandContext,
  place: string,
  choices: DoctorChoices,
): Promise<number> {
  const location = parseLocation(place, context.platform.os);
  const remote = await context.remote(place, "look for problems in");
  const { repairs } = remote;
  if (repairs === undefined || location.kind !== "remote") {
    throw new UsageError(`Cannot look for problems in "${context.labelOf(place)}": it shows the trash`);
  }
  const source = choices.finish === undefined ? undefined : await sourceOf(context, choices.finish);
  const examination = new Examination(context, { remote, repairs, source, choices });
  await examination.tell(await stateFinding(context));
  await examination.tell(await sessionFinding(context, location.remote));
  await examination.everyFolder();
  return await examination.finish();
}

async function sourceOf(context: CommandContext, text: string): Promise<TargetTree> {
  const { tree, file } = await context.source(text);
  if (file === undefined) return tree;
  throw new UsageError(`Cannot finish uploads from "${context.labelOf(text)}": it is a file`, {
    hint: "Name the directory that was copied",
  });
}

interface Parts {
  readonly remote: Remote;
  readonly repairs: RemoteRepairs;
  readonly source: TargetTree | undefined;
  readonly choices: DoctorChoices;
}

class Examination {
  readonly #context: CommandContext;
  readonly #parts: Parts;
  readonly #errors: JottashError[] = [];
  #folders = 0;
  #open = 0;
  #mended = 0;
  /** How far this machine's clock is ahead of the service's; undefined until that has answered. */
  #skewMs: number | undefined;

  constructor(context: CommandContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  async tell(problem: FoundProblem | undefined): Promise<void> {
    if (problem === undefined) return;
    this.#open++;
    this.#context.reporter.note(problem, { isTold: true });
    await this.#context.reporter.ready();
  }

  async everyFolder(): Promise<void> {
    const { checkers } = this.#context.settings;
    const { signal } = this.#context;
    await using _view = watch(
      this.#context,
      () => `Looked into ${formatQuantity(this.#folders, "folder")}, ${this.#open} problems`,
    );
    const look = async (path: string) => {
      const diagnosis = await this.#parts.repairs.diagnose(path, { signal });
      this.#folders++;
      await this.#tellClock(diagnosis);
      for (const name of diagnosis.names) await this.tell(nameFinding(name));
      for (const upload of diagnosis.broken) await this.#attend(upload);
      for (const folder of diagnosis.folders) stack.push(folder);
    };
    const stack = new WorkStack<string>([]);
    await look(""); // a place that is not there is the failure of the run
    await stack.run(checkers, (path) => look(path).catch((error) => this.#collect(path, error)));
  }

  async finish(): Promise<number> {
    const mended = this.#mended === 0 ? "" : `, ${this.#mended} mended`;
    this.#context.printer.notice(
      `${formatQuantity(this.#open, "problem")} found in ${formatQuantity(this.#folders, "folder")}${mended}`,
    );
    await this.#context.reporter.ready();
    requireNoErrors(`look after all of "${this.#parts.remote.label}"`, this.#errors);
    return this.#open > this.#mended ? EXIT_DIFFERENCES : EXIT_OK;
  }

  /** Once: all answers come from one service. */
  async #tellClock({ servedAtMs }: FolderDiagnosis): Promise<void> {
    if (this.#skewMs !== undefined || servedAtMs === undefined) return;
    const nowMs = this.#context.clock.now();
    this.#skewMs = nowMs - servedAtMs;
    await this.tell(clockFinding(this.#parts.remote.label, { servedAtMs, nowMs }));
  }

  async #attend(upload: BrokenUpload): Promise<void> {
    const { signal } = this.#context;
    try {
      const isHeld = upload.state === "incomplete";
      const heldBytes = isHeld ? await this.#parts.repairs.heldBytes(upload.path, { signal }) : undefined;
      await this.tell(uploadFinding(upload, heldBytes));
      const isMended = await this.#finishUpload(upload) || await this.#clear(upload);
      if (isMended && !this.#context.settings.dryRun) this.#mended++;
    } catch (error) {
      this.#collect(upload.path, error);
    }
  }

  /** True when the file is whole now, or in a dry run would be. */
  async #finishUpload({ path, state, md5 }: BrokenUpload): Promise<boolean> {
    const { source, remote } = this.#parts;
    if (source === undefined || state !== "incomplete" || md5 === undefined) return false;
    const { signal, settings: { dryRun }, reporter } = this.#context;
    const file = await source.stat(path, { signal });
    if (file?.kind !== "file" || !await this.#isContent(source, { file, md5 })) return false;
    if (dryRun) {
      await reporter.report({ action: "transferred", path, size: file.size });
      return true;
    }
    const transfer = this.#context.transferContext((event) => {
      const change = changeOf(event);
      if (change !== undefined) reporter.note(change);
    });
    const { copyFile } = await import("../transfer/copy_file.ts");
    await copyFile({ source, file, target: remote, targetPath: path }, transfer);
    return true;
  }

  async #isContent(
    source: TargetTree,
    { file, md5 }: { readonly file: FileEntry; readonly md5: string },
  ): Promise<boolean> {
    if (await source.md5(file, { signal: this.#context.signal }) === md5) return true;
    this.#context.printer.warning(
      `"${file.path}" in "${source.label}" has other content by now: not finished`,
    );
    return false;
  }

  /** True when the name is free now, or in a dry run would be. */
  async #clear(upload: BrokenUpload): Promise<boolean> {
    const { choices: { clean, olderThan }, repairs } = this.#parts;
    if (!clean || upload.hasWhole || upload.state === "busy") return false;
    const { signal, settings: { dryRun }, printer, clock, reporter } = this.#context;
    const { path, state, sinceMs } = upload;
    const ageMs = clock.now() - (this.#skewMs ?? 0) - (sinceMs ?? Infinity);
    if (state === "incomplete" && ageMs < olderThan) {
      printer.notice(`Left alone "${path}": an upload that young may still be going on (--older-than)`);
      return false;
    }
    if (!dryRun) await repairs.clear(upload, { signal });
    await reporter.report({ action: "deleted", path, forGood: true });
    return true;
  }

  #collect(path: string, error: unknown): void {
    const failure = collectable(error, this.#context.signal);
    this.#errors.push(failure);
    this.#context.reporter.note({ action: "failed", path, error: failure });
  }
}
