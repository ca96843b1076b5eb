import { defineCommand } from "../lib/cli/command.ts";
import type { CommandTable } from "../lib/cli/command.ts";
import { FILTER_HELP } from "../lib/cli/filter_help.ts";
import { findCommand, helpText, optionsText } from "../lib/cli/program.ts";
import { ALL_SYNC_OPTIONS } from "../lib/cli/sync_options.ts";
import { UsageError } from "../lib/errors.ts";
import { EXIT_TABLE } from "../lib/exit_codes.ts";
import { SHARED_OPTIONS } from "../lib/shared_options/mod.ts";
import { VERSION } from "../lib/version.ts";

export const command = defineCommand({
  spec: {
    name: "help",
    summary: "Show help for all commands, or for one",
    arguments: [
      {
        name: "COMMAND",
        kind: "text",
        help: 'Name of a command, "flags", "exit-codes", "environment" or "filters"',
        isOptional: true,
      },
      {
        name: "WORD",
        kind: "text",
        help: "Other words of its name, as in: config password set",
        isOptional: true,
        isRepeated: true,
      },
    ],
    options: {},
    examples: [
      { line: "jottash help copy", does: "Help for one command; jottash copy --help does the same." },
      { line: "jottash help flags", does: "All options of every command, and those for transfers." },
      { line: "jottash help exit-codes", does: "What the exit statuses mean." },
      { line: "jottash help filters", does: "How to choose files: --include and its likes." },
      { line: "jottash help environment", does: "How variables set options and make remotes." },
    ],
    changes: false,
  },
  run: async (context, { args, commands }) => {
    const text = await textFor(commands, args);
    for (const line of text.trimEnd().split("\n")) await context.printer.line(line);
  },
});

async function textFor(commands: CommandTable, words: readonly string[]): Promise<string> {
  if (words[0] === "flags") return flagsText();
  if (words[0] === "exit-codes") return exitCodesText();
  if (words[0] === "environment") return ENVIRONMENT_TEXT;
  if (words[0] === "filters") return FILTER_HELP;
  const found = words.length === 0 ? undefined : findCommand(commands, words);
  if (found === undefined) return overviewText(commands);
  if (found.rest.length > 0) {
    throw new UsageError(`Cannot show help for "${words.join(" ")}": there is no such command`, {
      hint: `See "jottash help ${found.row.name}"`,
    });
  }
  return helpText((await found.row.load()).spec);
}

const ENVIRONMENT_TEXT = `Options and remotes from the environment:

Options
  JOTTASH_<OPTION>                 Every option: JOTTASH_DRY_RUN=1 is --dry-run
  RCLONE_JOTTACLOUD_<OPTION>       Options of a remote, by the name that rclone
                                   has for them: RCLONE_JOTTACLOUD_HARD_DELETE.
                                   On the line --jottacloud-hard-delete does.

Remotes
  JOTTASH_CONFIG_<NAME>_<KEY>      A key of the remote NAME, as it would stand
  RCLONE_CONFIG_<NAME>_<KEY>       in the config file; all in capitals, with "_"
                                   for what no variable has in its name. With
                                   the key TYPE=jottacloud the remote needs no
                                   config file.
  JOTTASH_ACCESS_TOKEN             An access token for all remotes, for an hour
  JOTTASH_LOGIN_TOKEN              A personal login token, used once to sign in
  JOTTASH_PASSWORD, JOTTASH_CODE   Password and SMS code of a legacy sign-in

Config file
  JOTTASH_CONFIG                   Where it is
  JOTTASH_CONFIG_PASS,             The password of an encrypted one
  RCLONE_CONFIG_PASS

Of several sources for an option of a remote the first one counts: the
connection string (NAME,device=Box:path), the option on the line, the variable
of the remote, the variable for all remotes, the config file. An empty variable
is none.
`;

function overviewText(commands: CommandTable): string {
  const width = Math.max(...commands.map((row) => row.name.length));
  const groups = [...Map.groupBy(commands, (row) => row.group)].map(([group, rows]) =>
    [`${group}:`, ...rows.map((row) => `  ${row.name.padEnd(width)}  ${row.summary}`)].join("\n")
  );
  return [
    `jottash ${VERSION}: Jottacloud, under any of its names, from the command line`,
    "Usage: jottash COMMAND [ARGUMENT...] [OPTION...]\nA place is remote:path (jotta:photos/2024) or a path of this machine.",
    ...groups,
    [
      "First steps:",
      "  jottash config                           sign in, with questions",
      "  jottash lsd jotta:                       list the folders",
      "  jottash copy ~/Pictures jotta:Pictures   upload what is new or changed",
    ].join("\n"),
    [
      'Help for one command and its options: "jottash help COMMAND".',
      'Options of every command: "jottash help flags".',
      'Exit statuses: "jottash help exit-codes".',
      'Which files: --include, --exclude and more: "jottash help filters".',
      'Each option has a variable, JOTTASH_DRY_RUN=1: "jottash help environment".',
    ].join("\n"),
  ].join("\n\n");
}

function flagsText(): string {
  const text = optionsText([
    { heading: "Options of every command:", options: SHARED_OPTIONS },
    { heading: "Options of copy, copyto, sync, move and moveto:", options: ALL_SYNC_OPTIONS },
  ]);
  return `The options of jottash; "jottash help COMMAND" has those of one command.\n\n${text}`;
}

function exitCodesText(): string {
  const rows = EXIT_TABLE.map((row) => `${String(row.status).padStart(4)}  ${row.meaning}`);
  return [
    "What the exit statuses of jottash mean:",
    rows.join("\n"),
    "0 and 3 to 10 mean the same in rclone, so that scripts can move over.",
  ].join("\n\n");
}
