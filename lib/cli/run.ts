/**
 * One command line from words to exit status: finds the command, resolves settings once, builds the context, runs,
 * prints what went wrong. Nothing below ends the process.
 */
import type { Clock, Edges } from "../edges.ts";
import { JottashError, toJottashError } from "../errors.ts";
import { EXIT_OK, exitStatusOf } from "../exit_codes.ts";
import { redactText, redactTokens } from "../http/redact.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import { resolveOptions } from "../settings.ts";
import type { Command, CommandTable } from "./command.ts";
import { CommandContext } from "./context.ts";
import { settleHashCaches } from "./hash_cache.ts";
import type { Invocation } from "./invocation.ts";
import { Output } from "./output.ts";
import { findCommand, parseLine } from "./program.ts";
import { asksForResult, seemsToAskForResult } from "./result_option.ts";
import { StopSwitch } from "./stop_switch.ts";

/** What a second Ctrl-C waits at most for a refresh of the session. */
const LAST_PATIENCE_MS = 5_000;
/** Errors that caused an error are told this far down. */
const MAX_CAUSES = 5;

/** Runs `words` and resolves with the exit status; never rejects. */
export async function run(words: readonly string[], commands: CommandTable, edges: Edges): Promise<number> {
  const output = new Output(edges, { showStack: words.includes("--debug") });
  try {
    const status = await dispatch(wordsOrHelp(words), commands, edges, output);
    await output.finish(status);
    return status;
  } catch (error) {
    return await report(toJottashError(error), output);
  } finally {
    await output.close();
  }
}

const HELP_FLAGS: ReadonlySet<string> = new Set(["-h", "--help"]);

/** What people type to ask for help or the version before they know any command. */
function wordsOrHelp(words: readonly string[]): readonly string[] {
  if (words.length === 0) return ["help"];
  const [first, ...rest] = words;
  if (HELP_FLAGS.has(first ?? "")) return ["help", ...rest];
  return first === "--version" || first === "-V" ? ["version", ...rest] : words;
}

/** What a line that runs in place of another takes over from that. */
interface Former extends Pick<Invocation, "flags" | "stop" | "resumption"> {}

async function dispatch(
  words: readonly string[],
  commands: CommandTable,
  edges: Edges,
  output: Output,
  former?: Former,
): Promise<number> {
  const found = findCommand(commands, words);
  if (found === undefined) {
    const others = words.filter((word) => !HELP_FLAGS.has(word));
    return await dispatch(["help", ...others], commands, edges, output);
  }
  const command = await found.row.load();
  const { spec } = command;
  if (seemsToAskForResult(spec, found.rest)) await output.promiseJson(spec.name);
  const line = parseLine(spec, found.rest);
  if (line.kind === "help") {
    output.promiseNothing();
    for (const each of line.text.trimEnd().split("\n")) await output.printer.line(each);
    return EXIT_OK;
  }
  const { args } = line;
  const flags = new Map([...line.flags, ...former?.flags ?? []]);
  const settings = resolveOptions(SHARED_OPTIONS, { flags, env: edges.env }).values;
  const options = resolveOptions(spec.options, { flags, env: edges.env }).values;
  await output.apply(settings, { json: asksForResult(spec, options) ? spec.name : undefined });
  const stop = former?.stop ?? new StopSwitch(edges);
  using _watch = former === undefined ? stop : undefined;
  const { printer, area, log, reporter } = output;
  const context = new CommandContext({
    edges,
    settings,
    flags,
    printer,
    area,
    log,
    reporter,
    signal: stop.signal,
  });
  stop.waitFor(() => safeToEnd(context, edges.clock));
  const invocation: Invocation = {
    words,
    flags,
    stop,
    resumption: former?.resumption,
    runInstead: (others, more) => dispatch(others, commands, edges, output, { ...more, stop }),
  };
  try {
    const input = { args, options, commands, invocation };
    const work = untilStopped(runCommand(command, context, input), stop.signal);
    return await Promise.race([work, stop.insisted]);
  } finally {
    context.close();
    await settleHashCaches(edges.fileSystem);
  }
}

/** A refresh that is cut off ends the session for good: even who insists waits for it, but not for ever. */
async function safeToEnd(context: CommandContext, clock: Clock): Promise<void> {
  const enough = new AbortController();
  const patience = clock.sleep(LAST_PATIENCE_MS, { signal: enough.signal }).catch(() => {});
  await Promise.race([context.accounts.settled(), patience]);
  enough.abort();
}

async function runCommand(
  command: Command,
  context: CommandContext,
  input: Parameters<Command["run"]>[1],
): Promise<number> {
  return await command.run(context, input) ?? EXIT_OK;
}

/**
 * What a stop by the user breaks off is reported as a stop, whatever error came of it. A command that finishes
 * nevertheless has finished.
 */
async function untilStopped(work: Promise<number>, signal: AbortSignal): Promise<number> {
  try {
    return await work;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function report(error: JottashError, output: Output): Promise<number> {
  // The reader of our output went away (`jottash ls | head`): that is no failure, and nobody listens.
  if (error.code === "closed-pipe") return EXIT_OK;
  const { printer, showStack } = output;
  const status = exitStatusOf(error);
  const shown = presentable(error);
  // Work that a second signal did not wait for may still draw its progress.
  output.area.end();
  await output.finish(status, shown).catch(() => {});
  // Each failure within a partial one was told when it happened.
  printer.error(shown);
  if (showStack) redactText(stackOf(error)).split("\n").forEach((line) => printer.notice(line));
  return status;
}

/** The words of a foreign error may hold anything; ours name files, which may be called anything, and no secrets. */
function presentable(error: JottashError): JottashError {
  const isBug = error.code === "bug";
  const redact = isBug ? redactText : redactTokens;
  const hint = error.hint ??
    (isBug ? 'This is a bug of jottash; run it again with "--debug" and report what it says' : undefined);
  return new JottashError(redact(error.message), {
    code: error.code,
    data: error.data,
    hint: hint === undefined ? undefined : redact(hint),
  });
}

function stackOf(error: Error, depth = 0): string {
  const own = error.stack ?? error.message;
  if (!(error.cause instanceof Error) || depth === MAX_CAUSES) return own;
  return `${own}\ncaused by ${stackOf(error.cause, depth + 1)}`;
}
