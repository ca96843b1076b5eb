/**
 * Words of a command line -> command, arguments, raw option values. The only file that knows the command-line
 * package (commander): it parses, writes help and suggests the word that was meant.
 */
import { Argument, Command as Program, CommanderError, Option } from "commander";
import { UsageError } from "../errors.ts";
import type { OptionTable } from "../options.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import { formatQuantity } from "../units.ts";
import type { ArgumentSpec, CommandSpec, CommandTable, CommandTableRow } from "./command.ts";
import { definitionsOf, plainWordPositions, takeSwitchValues, VALUE_FLAGS } from "./line_words.ts";
import { withOwnNames } from "./option_words.ts";
import { answerOtherOption } from "./other_options.ts";
import { answerOtherWord } from "./other_words.ts";

export type ParsedLine =
  | { readonly kind: "run"; readonly args: readonly string[]; readonly flags: ReadonlyMap<string, string> }
  | { readonly kind: "help"; readonly text: string };

export interface FoundCommand {
  readonly row: CommandTableRow;
  /** The words without those of the command's name, with our own names for rclone's options. */
  readonly rest: readonly string[];
}

/** Fits the narrowest terminal in common use. */
const HELP_COLUMNS = 80;
const SHARED_HEADING = "Options of every command:";

/**
 * The command that a line names: its first words that are neither options nor their values; the longest name in
 * the table wins. A command that has others below it takes no arguments of its own, so that `config shwo` is a
 * slip and no argument. Undefined when there is no such word. Throws `UsageError` with a suggestion for an
 * unknown one.
 */
export function findCommand(table: CommandTable, typed: readonly string[]): FoundCommand | undefined {
  const words = withOwnNames(typed, VALUE_FLAGS);
  const positions = plainWordPositions(words);
  const plain = positions.map((position) => words[position] ?? "");
  const [first] = plain;
  if (first === undefined) return undefined;
  for (let length = Math.min(3, plain.length); length > 0; length--) {
    const name = plain.slice(0, length).join(" ");
    const row = table.find((each) => each.name === name);
    if (row === undefined) continue;
    const below = wordsBelow(table, name);
    const next = plain[length];
    if (below.length > 0 && next !== undefined) throw unknownCommand(`${name} ${next}`, next, below);
    const used = positions.slice(0, length);
    return { row, rest: words.filter((_, position) => !used.includes(position)) };
  }
  throw unknownCommand(first, first, wordsBelow(table, ""));
}

/** The words that can follow `name`; with an empty name the first words of all commands. */
function wordsBelow(table: CommandTable, name: string): string[] {
  const prefix = name === "" ? "" : `${name} `;
  const names = table.map((row) => row.name).filter((each) => each.startsWith(prefix));
  return [...new Set(names.map((each) => each.slice(prefix.length).split(" ")[0] ?? ""))];
}

function unknownCommand(typed: string, word: string, known: readonly string[]): UsageError {
  const refuse = (hint: string, state = "there is no such command") =>
    // What stands behind the first comma may be a password.
    new UsageError(`Cannot run "${typed.replace(/,.*$/s, ",...")}": ${state}`, { hint });
  const listed = 'All commands are listed by "jottash help"';
  const other = answerOtherWord(typed);
  if (other !== undefined) return refuse(other.hint ?? listed, other.state);
  if (word.includes(":")) return refuse("The command comes first, as in: jottash lsd NAME:");
  const program = quietProgram("jottash");
  for (const each of known) program.command(each).action(() => {});
  const meant = known.filter((each) => word.length > 1 && each.startsWith(word));
  const [suggestion = suggestionIn(captureError(program, [word]))] = meant.length === 1 ? meant : [];
  const prefix = typed.slice(0, typed.length - word.length);
  const all = prefix === "" ? listed : `Known: ${known.join(", ")}`;
  return refuse(suggestion === undefined ? all : `Did you mean "${prefix}${suggestion}"? ${all}`);
}

function suggestionIn(message: string): string | undefined {
  const words = /\(Did you mean (?:one of )?(.*)\?\)/s.exec(message)?.[1];
  return words?.replaceAll(", ", '" or "');
}

/** Parses the words after the command's name. Throws `UsageError` for what the spec does not allow. */
export function parseLine(spec: CommandSpec, words: readonly string[]): ParsedLine {
  const { program, text } = buildProgram(spec);
  const { rest, switches } = takeSwitchValues(spec, words);
  try {
    program.parse(rest, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed" || error.code === "commander.help") {
      return { kind: "help", text: text() };
    }
    throw toUsageError(spec, error, program);
  }
  return { kind: "run", args: program.args, flags: new Map([...rawFlags(spec, program), ...switches]) };
}

/** The help text of a command. */
export function helpText(spec: CommandSpec): string {
  return buildProgram(spec).program.helpInformation() + textAfter(spec);
}

/** All options of these tables under their headings, those that few people need too. */
export function optionsText(
  tables: readonly { readonly heading: string; readonly options: OptionTable }[],
): string {
  const program = quietProgram("jottash");
  program.helpOption(false);
  for (const { heading, options } of tables) addOptions(program, options, { heading, withRare: true });
  return program.helpInformation().replace(/^Usage:.*\n\n/, "");
}

function buildProgram(spec: CommandSpec): { program: Program; text: () => string } {
  let written = "";
  const program = quietProgram(`jottash ${spec.name}`, (text) => written += text);
  program.description(
    [spec.summary + ".", spec.description].filter((part) => part !== undefined).join("\n\n"),
  );
  program.allowExcessArguments(false);
  program.usage([...spec.arguments.map(termOf), "[OPTION...]"].join(" "));
  for (const argument of spec.arguments) {
    program.addArgument(
      new Argument(argument.isOptional === true ? termOf(argument) : `<${termOf(argument)}>`, argument.help),
    );
  }
  addOptions(program, spec.options, { heading: "Options:" });
  addOptions(program, SHARED_OPTIONS, { heading: SHARED_HEADING });
  program.addHelpOption(new Option("-h, --help", "Show this help").helpGroup(SHARED_HEADING));
  program.addHelpText("after", () => textAfter(spec));
  return { program, text: () => written };
}

function termOf({ name, isOptional, isRepeated }: ArgumentSpec): string {
  const term = isRepeated === true ? `${name}...` : name;
  return isOptional === true ? `[${term}]` : term;
}

function quietProgram(name: string, write: (text: string) => void = () => {}): Program {
  return new Program(name)
    .exitOverride()
    .helpCommand(false)
    .configureOutput({
      writeOut: write,
      writeErr: () => {},
      getOutHelpWidth: () => HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
    })
    // In the words of the errors and of the list of commands: capitals are values, brackets are optional.
    .configureHelp({
      commandUsage: (program) => [program.name(), program.usage()].join(" "),
      optionTerm: (option) => option.flags.replace(/[<>]/g, ""),
    });
}

function addOptions(
  program: Program,
  table: OptionTable,
  { heading, withRare = false }: { readonly heading: string; readonly withRare?: boolean },
): void {
  for (const definition of Object.values(table)) {
    const short = definition.short === undefined ? "" : `-${definition.short}, `;
    const value = definition.valueName === undefined ? "" : ` <${definition.valueName}>`;
    const option = new Option(`${short}--${definition.flag}${value}`, definition.help)
      .helpGroup((definition.group ?? heading).replace(/:?$/, ":"))
      .hideHelp(definition.isRare === true && !withRare);
    if (typeof definition.default === "number" && !/\(default/.test(definition.help) && !definition.counts) {
      option.description += ` (default ${definition.default})`;
    }
    if (definition.counts === true) {
      option.argParser((_value, previous: number | undefined) => (previous ?? 0) + 1);
    }
    const { joinedBy } = definition;
    if (joinedBy !== undefined) {
      option.argParser((value, previous: string | undefined) =>
        previous === undefined ? value : previous + joinedBy + value
      );
    }
    program.addOption(option);
  }
}

function textAfter(spec: CommandSpec): string {
  const more = "\nMore options: jottash help flags\n";
  if (spec.examples.length === 0) return more;
  const lines = spec.examples.map((example) => `  ${example.line}\n      ${example.does}`);
  return `${more}\nExamples:\n${lines.join("\n")}\n`;
}

/** What was typed, by long flag, before any meaning: settings are resolved elsewhere, once. */
function rawFlags(spec: CommandSpec, program: Program): Map<string, string> {
  const flags = new Map<string, string>();
  for (const option of program.options) {
    const stored: unknown = program.getOptionValue(option.attributeName());
    // The package reads `--no-browser` as the opposite of "browser", which is on where nothing is given.
    const value = option.negate ? stored === false || undefined : stored;
    const flag = option.long?.slice(2);
    if (flag === undefined || value === undefined) continue;
    const counts = definitionsOf(spec).some((each) => each.flag === flag && each.counts === true);
    // A counter is given once per step; commander hands its parser the previous count.
    flags.set(flag, counts && value === true ? "1" : String(value));
  }
  return flags;
}

/** In our own words: those of the package repeat what was typed, which may be a secret in the wrong place. */
function toUsageError(spec: CommandSpec, error: CommanderError, program: Program): UsageError {
  const help = `See "jottash help ${spec.name}"`;
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? "";
  const fail = (reason: string, hint = help) =>
    new UsageError(`Cannot run "${spec.name}": ${reason}`, { hint });
  switch (error.code) {
    case "commander.missingArgument": {
      const missing = spec.arguments.find((each) => each.name === quoted);
      return fail(
        `the argument ${quoted} is missing`,
        missing === undefined ? help : `${quoted} is: ${missing.help}. ${help}`,
      );
    }
    case "commander.excessArguments": {
      if (spec.arguments.length === 0) return fail("it takes no arguments");
      const takesPath = spec.arguments.some((each) => each.kind === "location");
      return fail(
        `it takes ${argumentsTaken(spec)}, not ${program.args.length}`,
        takesPath ? `Put quotes around a path with spaces. ${help}` : help,
      );
    }
    case "commander.unknownOption": {
      const option = quoted.replace(/=.*$/s, "");
      const other = answerOtherOption(spec, option);
      if (other !== undefined) return fail(other.state, other.hint);
      const meant = definitionsOf(spec).map((each) => `--${each.flag}`).filter((each) =>
        option.length > 3 && each.startsWith(option)
      );
      const suggestion = meant.length === 1 ? meant[0] : suggestionIn(error.message);
      return fail(
        `there is no option "${option}"`,
        suggestion === undefined ? help : `Did you mean "${suggestion}"? ${help}`,
      );
    }
    case "commander.optionMissingArgument":
      return fail(`the option ${/--[\w-]+/.exec(quoted)?.[0] ?? quoted} needs a value`);
    default:
      return fail(error.message.replace(/^error: /, "").replaceAll("'", '"'));
  }
}

function argumentsTaken(spec: CommandSpec): string {
  const names = spec.arguments.map((each) => each.name).join(" and ");
  const most = spec.arguments.some((each) => each.isOptional === true) ? "at most " : "";
  return `${most}${formatQuantity(spec.arguments.length, "argument", "arguments")} (${names})`;
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
