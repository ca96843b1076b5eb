/** Standard input as the content of one file: kept where the place that it goes to has to know it whole before. */
import { UsageError } from "../errors.ts";
import type { LocalTree } from "../local/local_tree.ts";
import { parseLocation } from "../path/location.ts";
import { readStream } from "../transfer/read_stream.ts";
import { type Spool, spool } from "../transfer/spool.ts";
import { temporaryDirectory } from "../transfer/temporary_directory.ts";
import { CountView } from "../ui/count_view.ts";
import { formatSizeCompact } from "../units.ts";
import type { CommandContext } from "./context.ts";
import { isQuiet } from "./verbosity.ts";

/** Throws `UsageError` where nobody gave anything: nothing, or a whole file replaced by nothing, is not what was meant. */
export function requireStandardInput({ terminal }: CommandContext): void {
  if (terminal.hasStdin()) return;
  throw new UsageError("Cannot read standard input: nothing is piped into it", {
    hint: "As in: tar c photos | jottash rcat jotta:photos.tar",
  });
}

/** All of standard input, kept as the settings of the remote at `place` say. */
export async function keepStandardInput(
  context: CommandContext,
  place: string,
  options: { readonly expectedSize: number | undefined },
): Promise<Spool> {
  const location = parseLocation(place, context.platform.os);
  if (location.kind !== "remote") throw new Error(`"${place}" is no place of a remote`);
  const remotes = await context.remotes();
  const { md5MemoryLimit, tempDir } = remotes.settingsOf(await remotes.profileOf(location.remote));
  await using count = new InputCount(context);
  return await spool(context, context.terminal.readStdin(), {
    ...options,
    onBytes: count.add,
    memoryLimit: md5MemoryLimit ?? Infinity,
    directory: temporaryDirectory(tempDir, context),
    signal: context.signal,
  });
}

/** Writes standard input to a file of this machine, which is there as a whole or not at all. Resolves with its size. */
export async function writeStandardInput(
  context: CommandContext,
  target: { readonly tree: LocalTree; readonly name: string },
  options: { readonly expectedSize: number | undefined },
): Promise<number> {
  const { signal, clock } = context;
  let size = 0;
  await using file = await target.tree.beginWrite(target.name, options.expectedSize ?? 0, { signal });
  await using count = new InputCount(context);
  const input = readStream(context.terminal.readStdin(), { ...options, onBytes: count.add, signal });
  for await (const chunk of input) {
    await file.write(chunk);
    size += chunk.length;
  }
  await file.commit({ modifiedAtMs: clock.now() });
  return size;
}

/** Counts at the bottom of a terminal what has been read, until it is disposed of. */
class InputCount implements AsyncDisposable {
  readonly #view: CountView;
  #size = 0;

  constructor(context: CommandContext) {
    const { clock, terminal, area, settings } = context;
    const canDraw = context.canDraw && !isQuiet(settings);
    const text = () => `Read ${formatSizeCompact(this.#size)}`;
    this.#view = new CountView({ clock, terminal, area, canDraw }, text);
  }

  /** Bound. */
  readonly add = (count: number): void => {
    this.#size += count;
  };

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#view[Symbol.asyncDispose]();
  }
}
