/**
 * Words of a command line -> command, arguments, raw option values. The only file that knows the command-line
 * package (commander): it parses, writes help and suggests the word that was meant.
 */
import { Argument, Command as Program, CommanderError, Option } from "commander";
import { UsageError } from "../errors.ts";
import { type OptionDefinition, type OptionTable, SHARED_OPTIONS } from "../options.ts";
import type { CommandSpec, CommandTable, CommandTableRow } from "./command.ts";

export type ParsedLine =
  | { readonly kind: "run"; readonly args: readonly string[]; readonly flags: ReadonlyMap<string, string> }
  | { readonly kind: "help"; readonly text: string };

export interface FoundCommand {
  readonly row: CommandTableRow;
  /** The words without those of the command's name. */
  readonly rest: readonly string[];
}

const VALUE_FLAGS: ReadonlySet<string> = new Set(
  Object.values(SHARED_OPTIONS).flatMap((option: OptionDefinition<unknown>) =>
    option.valueName === undefined
      ? []
      : [`--${option.flag}`, ...option.short === undefined ? [] : [`-${option.short}`]]
  ),
);

/**
 * The command that a line names: its first words that are neither options nor their values; the longest name in
 * the table wins. Undefined when there is no such word. Throws `UsageError` with a suggestion for an unknown one.
 */
export function findCommand(table: CommandTable, words: readonly string[]): FoundCommand | undefined {
  const positions = plainWordPositions(words);
  const [first] = positions;
  if (first === undefined) return undefined;
  for (let length = Math.min(3, positions.length); length > 0; length--) {
    const used = positions.slice(0, length);
    const name = used.map((position) => words[position]).join(" ");
    const row = table.find((each) => each.name === name);
    if (row !== undefined) return { row, rest: words.filter((_, position) => !used.includes(position)) };
  }
  throw unknownCommand(table, words[first] ?? "");
}

function plainWordPositions(words: readonly string[]): number[] {
  const positions: number[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") break;
    if (VALUE_FLAGS.has(word)) i++;
    else if (!word.startsWith("-") || word === "-") positions.push(i);
  }
  return positions;
}

function unknownCommand(table: CommandTable, word: string): UsageError {
  const program = quietProgram("jottash").action(() => {}).allowExcessArguments(false);
  for (const row of table) if (!row.name.includes(" ")) program.command(row.name).action(() => {});
  const group = table.filter((row) => row.name.startsWith(`${word} `));
  if (group.length > 0) {
    return new UsageError(`Cannot run "${word}": it needs a second word`, {
      hint: `One of: ${group.map((row) => row.name).join(", ")}`,
    });
  }
  const suggestion = /\(Did you mean (.*)\?\)/s.exec(captureError(program, [word]))?.[1];
  return new UsageError(`Cannot run "${word}": there is no such command`, {
    hint: suggestion === undefined
      ? 'All commands are listed by "jottash help"'
      : `Did you mean "${suggestion}"? All commands are listed by "jottash help"`,
  });
}

/** Parses the words after the command's name. Throws `UsageError` for what the spec does not allow. */
export function parseLine(spec: CommandSpec, words: readonly string[]): ParsedLine {
  const { program, text } = buildProgram(spec);
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed" || error.code === "commander.help") {
      return { kind: "help", text: text() };
    }
    throw toUsageError(spec, error);
  }
  return { kind: "run", args: program.args, flags: rawFlags(spec, program) };
}

/** The help text of a command. */
export function helpText(spec: CommandSpec): string {
  return buildProgram(spec).program.helpInformation() + examplesText(spec);
}

function buildProgram(spec: CommandSpec): { program: Program; text: () => string } {
  let written = "";
  const program = quietProgram(`jottash ${spec.name}`, (text) => written += text);
  program.description(
    [spec.summary + ".", spec.description].filter((part) => part !== undefined).join("\n\n"),
  );
  program.allowExcessArguments(false).helpOption("-h, --help", "Show this help");
  for (const argument of spec.arguments) {
    program.addArgument(
      new Argument(argument.isOptional === true ? `[${argument.name}]` : `<${argument.name}>`, argument.help),
    );
  }
  addOptions(program, spec.options, "Options:");
  addOptions(program, SHARED_OPTIONS, "Options of every command:");
  program.addHelpText("after", () => examplesText(spec));
  return { program, text: () => written };
}

function quietProgram(name: string, write: (text: string) => void = () => {}): Program {
  return new Program(name)
    .exitOverride()
    .helpCommand(false)
    .configureOutput({
      writeOut: write,
      writeErr: () => {},
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .configureHelp({ showGlobalOptions: false });
}

function addOptions(program: Program, table: OptionTable, heading: string): void {
  for (const definition of Object.values(table)) {
    const short = definition.short === undefined ? "" : `-${definition.short}, `;
    const value = definition.valueName === undefined ? "" : ` <${definition.valueName}>`;
    const option = new Option(`${short}--${definition.flag}${value}`, definition.help).helpGroup(heading);
    if (typeof definition.default === "number" && !/\(default/.test(definition.help) && !definition.counts) {
      option.description += ` (default ${definition.default})`;
    }
    if (definition.counts === true) {
      option.argParser((_value, previous: number | undefined) => (previous ?? 0) + 1);
    }
    program.addOption(option);
  }
}

function examplesText(spec: CommandSpec): string {
  if (spec.examples.length === 0) return "";
  const lines = spec.examples.map((example) => `  ${example.line}\n      ${example.does}`);
  return `\nExamples:\n${lines.join("\n")}\n`;
}

/** What was typed, by long flag, before any meaning: settings are resolved elsewhere, once. */
function rawFlags(spec: CommandSpec, program: Program): Map<string, string> {
  const flags = new Map<string, string>();
  for (const option of program.options) {
    const value: unknown = program.getOptionValue(option.attributeName());
    const flag = option.long?.slice(2);
    if (flag === undefined || value === undefined) continue;
    const counts = [...Object.values(SHARED_OPTIONS), ...Object.values(spec.options)]
      .some((each: OptionDefinition<unknown>) => each.flag === flag && each.counts === true);
    // A counter is given once per step; commander hands its parser the previous count.
    flags.set(flag, counts && value === true ? "1" : String(value));
  }
  return flags;
}

function toUsageError(spec: CommandSpec, error: CommanderError): UsageError {
  const reason = error.message.replace(/^error: /, "").replaceAll("'", '"').replace(
    /\n\(Did you mean (.*)\?\)/s,
    "",
  );
  const suggestion = /\(Did you mean (.*)\?\)/s.exec(error.message)?.[1];
  return new UsageError(`Cannot run "${spec.name}": ${reason}`, {
    hint: (suggestion === undefined ? "" : `Did you mean "${suggestion}"? `) +
      `See "jottash help ${spec.name}"`,
  });
}

function captureError(program: Program, words: readonly string[]): string {
  try {
    program.parse([...words], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
  return "";
}
