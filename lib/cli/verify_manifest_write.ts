/**
 * `--manifest FILE` of copy, sync and move: what the run has put or found at the target, written while it goes on, in
 * place when it has ended. What the run does not know of a file is asked of the target, which for an upload is the
 * service.
 */
import { FileNotFoundError, toJottashError, UsageError } from "../errors.ts";
import { createLocalNames } from "../names/local_name.ts";
import type { TransferContext } from "../transfer/context.ts";
import type { TransferEvent } from "../transfer/events.ts";
import type { TargetTree } from "../transfer/copy_file.ts";
import { type FileEntry, type Listable, parentOf } from "../tree/tree.ts";
import { walkTree } from "../tree/walk.ts";
import { type ManifestEntry, ManifestFormatter } from "../verify/manifest.ts";
import type { CommandContext } from "./context.ts";
import { type LineOutput, openLineOutput } from "./line_output.ts";

/** Told but not written yet: whoever tells more waits. */
const QUEUED_FILES = 1_000;

interface ManifestRun {
  /** Where the manifest goes; undefined where none is wanted. */
  readonly file: string | undefined;
  readonly command: string;
  readonly from: string;
  readonly to: string;
  readonly target: TargetTree;
  /** Of a single file; its own path in the source is another one. */
  readonly targetPath: string | undefined;
}

/** The context of a pass over the files, in which the manifest is told what happens. */
type WithManifest = (transfer: TransferContext) => TransferContext;

/** Runs `work` and writes the manifest of it; none where none is wanted, and in a dry run. */
export async function withManifest<T>(
  context: CommandContext,
  run: ManifestRun,
  work: (during: WithManifest) => Promise<T>,
): Promise<T> {
  if (run.file === undefined || context.settings.dryRun) return await work((transfer) => transfer);
  await refuseInTarget(context, run.file, run);
  await using output = await openLineOutput(context, run.file);
  const manifest = new ManifestWriter(context, run, output);
  const result = await work(manifest.during).catch(async (error) => {
    // What has been done is worth knowing most of all when not all was done.
    await manifest.finish(false).catch((failure) => context.printer.error(toJottashError(failure)));
    throw error;
  });
  await manifest.finish(true);
  return result;
}

/** A sync deletes what only its target has. */
async function refuseInTarget(
  context: CommandContext,
  file: string,
  { command, target, targetPath }: ManifestRun,
): Promise<void> {
  const { tree } = await context.parentOf(file);
  const isSafe = command !== "sync" || targetPath !== undefined || tree.side !== target.side;
  if (isSafe || !tree.identity.startsWith(target.identity)) return;
  throw new UsageError(
    `Cannot write the manifest "${file}": the sync would delete it, as it is in its target`,
    {
      hint: "Put it elsewhere",
    },
  );
}

interface Told {
  readonly kind: "file" | "directory";
  readonly path: string;
  readonly size?: number;
  readonly md5?: string | undefined;
  readonly modifiedAtMs?: number | undefined;
}

class ManifestWriter {
  readonly #context: CommandContext;
  readonly #run: ManifestRun;
  readonly #output: LineOutput;
  readonly #formatter: ManifestFormatter;
  #told: Told[] = [];
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isWhole = true;
  /** In this pass; undefined before the first one. */
  #failed: Set<string> | undefined;

  constructor(context: CommandContext, run: ManifestRun, output: LineOutput) {
    this.#context = context;
    this.#run = run;
    this.#output = output;
    const names = createLocalNames(context.platform.os);
    this.#formatter = new ManifestFormatter((path) =>
      path.split("/").map((name) => names.fromStandard(name)).join("/")
    );
    const { command, from, to } = run;
    const head = { command, source: context.labelOf(from), target: context.labelOf(to) };
    this.#begin(() => this.#lines(this.#formatter.head({ ...head, startedAtMs: context.clock.now() })));
  }

  /** For each pass: one that does again what failed finds the rest unchanged, which has been told. */
  readonly during: WithManifest = (transfer) => {
    const again = this.#failed;
    const failed = this.#failed = new Set<string>();
    return {
      ...transfer,
      emit: (event) => {
        transfer.emit(event);
        if (event.type === "failed") failed.add(event.path);
        const isTold = again !== undefined && event.type === "unchanged" && !isBelowAny(event.path, again);
        if (!isTold) this.#note(event);
      },
      ready: async () => {
        await transfer.ready?.();
        while (this.#told.length > QUEUED_FILES && this.#writing !== undefined) await this.#writing;
      },
    };
  };

  #note(event: TransferEvent): void {
    const path = this.#run.targetPath;
    switch (event.type) {
      case "finished":
      case "unchanged": {
        const { size, md5, modifiedAtMs } = event;
        return this.#add({ kind: "file", path: path ?? event.path, size, md5, modifiedAtMs });
      }
      case "moved":
        return this.#add({ kind: event.kind, path: event.isRoot ? "" : path ?? event.path });
      case "renamed":
        return this.#add({ kind: "file", path: event.path });
    }
  }

  /** Throws what kept the manifest from being written. */
  async finish(isWhole: boolean): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    if (this.#failure !== undefined) throw this.#failure.error;
    const end = { isWhole: isWhole && this.#isWhole, finishedAtMs: this.#context.clock.now() };
    await this.#lines(this.#formatter.end(end));
    await this.#output.finish();
  }

  #add(told: Told): void {
    if (this.#failure !== undefined) return;
    this.#told.push(told);
    if (this.#writing === undefined) this.#begin(() => this.#writeTold());
  }

  #begin(work: () => Promise<void>): void {
    this.#writing = work().catch((error) => {
      this.#failure = { error };
      this.#told = [];
    }).finally(() => {
      this.#writing = undefined;
      if (this.#told.length > 0) this.#begin(() => this.#writeTold());
    });
  }

  /** Several at a time, as each may be a request, and in their order. */
  async #writeTold(): Promise<void> {
    while (this.#told.length > 0) {
      const some = this.#told.splice(0, this.#context.settings.checkers);
      for (const entries of await Promise.all(some.map((told) => this.#entriesOf(told)))) {
        for (const entry of entries) await this.#lines(this.#formatter.entry(entry));
      }
    }
  }

  /** What is known, else what the target says; a file that nobody can tell about is missing in the manifest. */
  async #entriesOf(told: Told): Promise<readonly ManifestEntry[]> {
    const { path, size, md5, modifiedAtMs } = told;
    if (size !== undefined && md5 !== undefined) return [{ path, size, md5, modifiedAtMs }];
    try {
      return told.kind === "directory" ? await this.#filesBelow(path) : [await this.#ask(path)];
    } catch (failure) {
      this.#isWhole = false;
      const { message } = toJottashError(failure);
      if (!this.#context.signal.aborted) {
        this.#context.printer.warning(`"${path}" is not in the manifest: ${message}`);
      }
      return [];
    }
  }

  async #ask(path: string): Promise<ManifestEntry> {
    const { target } = this.#run;
    const { signal } = this.#context;
    const file = await target.stat(path, { signal });
    if (file?.kind !== "file") throw new FileNotFoundError("it is not at the target any more");
    return await this.#entryOf(file);
  }

  async #entryOf(file: FileEntry): Promise<ManifestEntry> {
    const { path, size, modifiedAtMs, createdAtMs } = file;
    const md5 = await this.#run.target.md5(file, { signal: this.#context.signal });
    return { path, size, md5, modifiedAtMs, createdAtMs };
  }

  /** Of a folder that was moved as a whole. */
  async #filesBelow(directory: string): Promise<ManifestEntry[]> {
    const { target } = this.#run;
    const { signal, settings: { checkers } } = this.#context;
    const below: Listable = { list: (path, options) => target.list(path === "" ? directory : path, options) };
    const entries: ManifestEntry[] = [];
    for await (const entry of walkTree(below, { checkers, signal })) {
      if (entry.kind === "unreadable") throw entry.error;
      if (entry.kind === "file") entries.push(await this.#entryOf(entry));
    }
    return entries;
  }

  async #lines(lines: readonly string[]): Promise<void> {
    for (const line of lines) await this.#output.line(line);
  }
}

/** Whether one of `paths` is the path or a folder that holds it. */
function isBelowAny(path: string, paths: ReadonlySet<string>): boolean {
  for (let each = path; each !== ""; each = parentOf(each)) if (paths.has(each)) return true;
  return paths.has("");
}
