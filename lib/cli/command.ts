/** What a command is: a spec as data, and a function that runs. Help, parsing and the shell are made from the spec. */
import type { OptionTable, OptionValues } from "../options.ts";
import type { CommandContext } from "./context.ts";
import type { Invocation } from "./invocation.ts";
import { withResultOption } from "./result_option.ts";

export type ArgumentKind = "location" | "remote-location" | "remote-name" | "text";

export interface ArgumentSpec {
  /** As shown in help, as in `SOURCE`. */
  readonly name: string;
  readonly kind: ArgumentKind;
  readonly help: string;
  readonly isOptional?: boolean;
  /** Once or more, where it is optional also never; the last argument only. */
  readonly isRepeated?: boolean;
}

export interface Example {
  readonly line: string;
  readonly does: string;
}

export interface CommandSpec<Options extends OptionTable = OptionTable> {
  /** As typed, words separated by one space: `ls`, `config create`. */
  readonly name: string;
  /** One line for the list of commands, without a final period. */
  readonly summary: string;
  /** More for the command's own help; paragraphs separated by an empty line. */
  readonly description?: string;
  readonly arguments: readonly ArgumentSpec[];
  /** Options of this command alone. */
  readonly options: Options;
  readonly examples: readonly Example[];
  /** Whether it changes anything, here or on the service; such a command honours `--dry-run`. */
  readonly changes: boolean;
}

export interface CommandInput<Options extends OptionTable> {
  /** As many as the spec requires, or more where some are optional. */
  readonly args: readonly string[];
  readonly options: OptionValues<Options>;
  /** All commands, for one that tells about them. */
  readonly commands: CommandTable;
  readonly invocation: Invocation;
}

export interface Command<Options extends OptionTable = OptionTable> {
  readonly spec: CommandSpec<Options>;
  /** Resolves with the exit status; undefined is 0. Throws `JottashError`. */
  readonly run: (context: CommandContext, input: CommandInput<Options>) => Promise<number | void>;
}

/**
 * Types a command by its own options, then forgets them, so that all commands fit one table. Each that changes entries
 * gets the option for a result as JSON.
 */
export function defineCommand<const Options extends OptionTable>(command: Command<Options>): Command {
  const { spec, run } = command as unknown as Command;
  return { spec: withResultOption(spec), run };
}

export interface CommandTableRow {
  readonly name: string;
  readonly group: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export type CommandTable = readonly CommandTableRow[];
