/**
 * `deno task emulator`: runs the Jottacloud emulator on loopback, prints one JSON line when ready, and ends cleanly on
 * SIGINT or SIGTERM (a second one changes nothing). Everything it stores is gone with it: metadata lives in memory,
 * content below the data directory. Status 2 for wrong options, 1 when it cannot start.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { type Emulator, type EmulatorOptions, startEmulator } from "../tests/emulator/mod.ts";

const USAGE = `Usage: deno task emulator [options]
  --port N             port on 127.0.0.1 (default: any free one)
  --token-lifetime S   seconds an access token lives (default: 3600)
  --quota BYTES        capacity of the account (default: -1, unlimited)
  --data DIRECTORY     where content is kept while it runs (default: the system's temporary directory)
  --help               this text`;

class UsageError extends Error {}

interface Bounds {
  readonly isWhole: boolean;
  readonly minimum: number;
  readonly maximum: number;
  readonly wanted: string;
}

const PORT = { isWhole: true, minimum: 0, maximum: 65535, wanted: "a whole number from 0 to 65535" };
const LIFETIME = { isWhole: false, minimum: 0, maximum: 1e9, wanted: "a number of seconds" };
const QUOTA = {
  isWhole: true,
  minimum: -1,
  maximum: Number.MAX_SAFE_INTEGER,
  wanted: "a whole number of bytes, or -1",
};

function parseNumber(name: string, text: string | undefined, bounds: Bounds): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const isInside = value >= bounds.minimum && value <= bounds.maximum;
  if (text.trim() === "" || !isInside || (bounds.isWhole && !Number.isInteger(value))) {
    throw new UsageError(`Cannot use --${name} "${text}": it must be ${bounds.wanted}`);
  }
  return value;
}

/** Undefined when only help is asked for. */
function parseOptions(args: string[]): EmulatorOptions | undefined {
  const { port, "token-lifetime": lifetime, quota, data, help } = parseArguments(args);
  if (help) return undefined;
  if (data === "") throw new UsageError('Cannot use --data "": it must name a directory');
  return {
    port: parseNumber("port", port, PORT) ?? 0,
    tokenLifetimeSeconds: parseNumber("token-lifetime", lifetime, LIFETIME) ?? 3600,
    quotaBytes: parseNumber("quota", quota, QUOTA) ?? -1,
    ...(data === undefined ? {} : { dataDirectory: data }),
  };
}

function parseArguments(args: string[]) {
  const text = { type: "string" } as const;
  const help = { type: "boolean" } as const;
  try {
    return parseArgs({ args, options: { port: text, "token-lifetime": text, quota: text, data: text, help } })
      .values;
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).split("\n")[0]);
  }
}

/** Resolves at the first SIGINT or SIGTERM; later ones are heard too, so that cleaning up is not cut short. */
function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => resolve());
  });
}

/** The emulator, or undefined after telling in one line why it cannot start. */
async function start(options: EmulatorOptions): Promise<Emulator | undefined> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const isPort = error instanceof Deno.errors.AddrInUse;
    const what = isPort ? `listen on 127.0.0.1:${options.port}` : "start";
    console.error(`emulator: Cannot ${what}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

async function main(args: string[]): Promise<number> {
  let options: EmulatorOptions | undefined;
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`emulator: ${error.message}`);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const signalled = untilSignalled();
  await using emulator = await start(options);
  if (emulator === undefined) return 1;
  const { endpoint, loginToken, username, tokenUrl, wellKnown } = emulator;
  console.log(JSON.stringify({ endpoint, loginToken, username, tokenUrl, wellKnown }));
  await signalled;
  return 0;
}

process.exit(await main(Deno.args));
