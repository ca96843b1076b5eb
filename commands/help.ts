import { defineCommand } from "../lib/cli/command.ts";
import type { CommandTable } from "../lib/cli/command.ts";
import { findCommand, helpText } from "../lib/cli/program.ts";
import { UsageError } from "../lib/errors.ts";
import { EXIT_TABLE } from "../lib/exit_codes.ts";
import { VERSION } from "../lib/version.ts";

export const command = defineCommand({
  spec: {
    name: "help",
    summary: "Show help for all commands, or for one",
    arguments: [
      { name: "COMMAND", kind: "text", help: 'Name of a command, or "exit-codes"', isOptional: true },
      { name: "WORD", kind: "text", help: "Second word of its name, as in: config show", isOptional: true },
    ],
    options: {},
    examples: [
      { line: "jottash help copy", does: "Help for one command; jottash copy --help does the same." },
      { line: "jottash help exit-codes", does: "What the exit statuses mean." },
    ],
    changes: false,
  },
  run: async (context, { args, commands }) => {
    const text = await textFor(commands, args);
    for (const line of text.trimEnd().split("\n")) await context.printer.line(line);
  },
});

async function textFor(commands: CommandTable, words: readonly string[]): Promise<string> {
  if (words[0] === "exit-codes") return exitCodesText();
  const found = words.length === 0 ? undefined : findCommand(commands, words);
  if (found === undefined) return overviewText(commands);
  if (found.rest.length > 0) {
    throw new UsageError(`Cannot show help for "${words.join(" ")}": there is no such command`, {
      hint: `See "jottash help ${found.row.name}"`,
    });
  }
  return helpText((await found.row.load()).spec);
}

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
      'Exit statuses: "jottash help exit-codes".',
      "Each option has an environment variable: JOTTASH_DRY_RUN=1 is --dry-run.",
    ].join("\n"),
  ].join("\n\n");
}

function exitCodesText(): string {
  const rows = EXIT_TABLE.map((row) => `${String(row.status).padStart(4)}  ${row.meaning}`);
  return [
    "What the exit statuses of jottash mean:",
    rows.join("\n"),
    "0 and 3 to 10 mean the same in rclone, so that scripts can move over.\n" +
    "8 to 11 belong to options and commands of later versions.",
  ].join("\n\n");
}
