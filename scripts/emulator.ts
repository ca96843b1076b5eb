/**
 * `deno task emulator`: runs the Jottacloud emulator on loopback, prints one JSON line when ready, and ends cleanly on
 * SIGINT or SIGTERM. Metadata lives in memory; a data directory is used for content only.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { type EmulatorOptions, startEmulator } from "../tests/emulator/mod.ts";

class UsageError extends Error {}

function parseNumber(name: string, text: string | undefined, minimum: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < minimum) {
    throw new UsageError(`Cannot use --${name} "${text}": it must be a number of at least ${minimum}`);
  }
  return value;
}

function parseOptions(args: string[]): EmulatorOptions {
  const { port, "token-lifetime": lifetime, quota, data } = parseArguments(args);
  const portNumber = parseNumber("port", port, 0) ?? 0;
  if (portNumber > 65535 || !Number.isInteger(portNumber)) {
    throw new UsageError(`Cannot use --port "${port}"`);
  }
  return {
    port: portNumber,
    tokenLifetimeSeconds: parseNumber("token-lifetime", lifetime, 0) ?? 3600,
    quotaBytes: parseNumber("quota", quota, -1) ?? -1,
    ...(data === undefined ? {} : { dataDirectory: data }),
  };
}

function parseArguments(args: string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ args, options: { port: text, "token-lifetime": text, quota: text, data: text } })
      .values;
  } catch (error) {
    throw new UsageError((error instanceof Error ? error.message : String(error)).split("\n")[0]);
  }
}

/** Resolves at the first SIGINT or SIGTERM. */
function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve());
  });
}

async function main(args: string[]): Promise<number> {
  let options: EmulatorOptions;
  try {
    options = parseOptions(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`emulator: ${error.message}`);
    return 2;
  }
  const signalled = untilSignalled();
  await using emulator = await startEmulator(options);
  const { endpoint, loginToken, username, tokenUrl, wellKnown } = emulator;
  console.log(JSON.stringify({ endpoint, loginToken, username, tokenUrl, wellKnown }));
  await signalled;
  return 0;
}

process.exit(await main(Deno.args));
