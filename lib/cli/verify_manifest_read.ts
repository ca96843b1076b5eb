/** The manifest of an earlier run, read from its file. */
import { UsageError } from "../errors.ts";
import { type Manifest, ManifestParser, ManifestProblem } from "../verify/manifest.ts";
import type { CommandContext } from "./context.ts";

/** Two paths of the greatest length, each of whose characters is escaped, and some numbers. */
const MAX_LINE_LENGTH = 131_072;

/** Held in memory as a whole. Throws `UsageError` for a file that is no manifest, or not all of one. */
export async function readManifest(context: CommandContext, place: string): Promise<Manifest> {
  const { tree, file } = await context.source(place);
  const label = context.labelOf(place);
  const refuse = (reason: string) => new UsageError(`Cannot use "${label}" as a manifest: ${reason}`);
  if (file === undefined) throw refuse(`it is a ${context.nounAt(place)}`);
  const parser = new ManifestParser();
  try {
    for await (const line of linesOf(await tree.open(file, { signal: context.signal }))) parser.line(line);
    return parser.finish();
  } catch (error) {
    throw error instanceof ManifestProblem ? refuse(error.message) : error;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream("utf-8", { ignoreBOM: true }))) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_LENGTH) {
      throw new ManifestProblem(`it has a line of more than ${MAX_LINE_LENGTH} characters`);
    }
    yield* lines;
  }
  if (rest !== "") yield rest;
}
