/**
 * Standard input, output and error.
 *
 * When the reader of standard output has gone (`jottash ls … | head`), `writeStdout` rejects with a `LocalError` of
 * code `closed-pipe`. That is not a failure: `main.ts` ends the process quietly with status 0. A lost standard
 * error is ignored, there is nobody left to tell.
 */
import type { Terminal } from "../edges.ts";
import { LocalError } from "../errors.ts";
import { osFailure } from "./os_failure.ts";

/** Code of the error that means: nobody reads our output any more. */
export const CLOSED_PIPE = "closed-pipe";

const READ_BYTES = 64 * 1024;
/** A terminal or pipe that another process made non-blocking is asked again after this wait. */
const BUSY_WAIT_MS = 5;

export function createDenoTerminal(): Terminal {
  const encoder = new TextEncoder();
  const stdoutIsTerminal = Deno.stdout.isTerminal();
  return {
    // Prompts are painted on standard output, so both ends have to be a terminal.
    isInteractive: Deno.stdin.isTerminal() && stdoutIsTerminal,
    stdoutIsTerminal,
    stderrIsTerminal: Deno.stderr.isTerminal(),
    columns: () => consoleSize()?.columns ?? 80,
    rows: () => consoleSize()?.rows ?? 24,
    writeStdout: (bytes) => writeAll(Deno.stdout, bytes),
    writeStderr: (text) => writeQuietly(encoder.encode(text)),
    hasStdin,
    readStdin,
  };
}

function consoleSize(): { columns: number; rows: number } | undefined {
  try {
    return Deno.consoleSize();
  } catch {
    return undefined; // Not a terminal.
  }
}

/** Writes all of `bytes`; throws `LocalError`, of code `closed-pipe` when nobody reads any more. */
export async function writeAll(
  target: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += await target.write(bytes.subarray(offset));
    } catch (error) {
      if (error instanceof Deno.errors.WouldBlock) {
        await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS));
        continue;
      }
      if (error instanceof Deno.errors.BrokenPipe || error instanceof Deno.errors.ConnectionReset) {
        throw new LocalError("Cannot write to standard output: nobody reads it any more", {
          code: CLOSED_PIPE,
          cause: error,
        });
      }
      throw osFailure(error, { verb: "write to", path: "standard output" });
    }
  }
}

function writeQuietly(bytes: Uint8Array): void {
  try {
    for (let offset = 0; offset < bytes.length;) offset += Deno.stderr.writeSync(bytes.subarray(offset));
  } catch {
    // See the header.
  }
}

function hasStdin(): boolean {
  try {
    return !globalThis.process.getBuiltinModule("node:fs").fstatSync(0).isCharacterDevice();
  } catch {
    return false; // It is closed.
  }
}

function readStdin(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    async pull(controller) {
      const buffer = new Uint8Array(READ_BYTES);
      try {
        const count = await Deno.stdin.read(buffer);
        if (count === null) controller.close();
        else controller.enqueue(buffer.subarray(0, count));
      } catch (error) {
        controller.error(osFailure(error, { verb: "read", path: "standard input" }));
      }
    },
  }, { highWaterMark: 0 });
}
