/** Which of several files with the same content stays: rclone's modes, as far as they mean something here. */
import { UsageError } from "../errors.ts";
import { modifiedAtNsOf } from "../listing/item.ts";
import { createTimeFormatter } from "../listing/time_layout.ts";
import { type KeepRule, keptOf } from "../sync/dedupe.ts";
import type { DuplicateGroup } from "../sync/duplicates.ts";
import type { FileEntry } from "../tree/tree.ts";
import { formatSizeCompact } from "../units.ts";
import type { CommandContext } from "./context.ts";

const RULES: readonly KeepRule[] = ["first", "newest", "oldest", "largest", "smallest"];
const MODES = ["interactive", "skip", ...RULES, "list"] as const;

export type DedupeMode = (typeof MODES)[number];

const NO_TERMINAL_HINT = "Name a mode, as in: jottash dedupe --by-hash oldest PLACE";

const formatTime = createTimeFormatter("2006-01-02 15:04:05.000000000");

/** The mode of that name, whatever its case; interactive without one. Throws `UsageError` for one that cannot be. */
export function requireMode(
  context: CommandContext,
  typed: string | undefined,
  { isJson }: { readonly isJson: boolean },
): DedupeMode {
  const name = typed?.toLowerCase() ?? "interactive";
  const mode = MODES.find((each) => each === name);
  if (mode === undefined) {
    const state = name === "rename"
      ? "it would name all copies after their MD5, in one folder"
      : "there is no such mode";
    throw new UsageError(`Cannot use the mode "${typed}": ${state}`, { hint: `Known: ${MODES.join(", ")}` });
  }
  if (mode === "interactive" && !context.canAsk) {
    throw new UsageError("Cannot ask which files are to be kept: a terminal is needed", {
      hint: NO_TERMINAL_HINT,
    });
  }
  if (mode === "list" && isJson) {
    throw new UsageError("Cannot use --json with the mode list: both write to standard output");
  }
  return mode;
}

/** The file that stays, or that all do, also all of the groups to come. Asks the user in the mode for that. */
export async function chooseKept(
  context: CommandContext,
  mode: DedupeMode,
  group: DuplicateGroup,
): Promise<FileEntry | "all" | "stop"> {
  if (mode === "skip" || mode === "list") return "all";
  if (mode !== "interactive") return keptOf(group.files, mode) ?? "all";
  const prompter = await context.prompter(NO_TERMINAL_HINT);
  return await prompter.select<FileEntry | "all" | "stop">({
    message: `${group.files.length} files have the same content (${
      formatSizeCompact(group.size)
    }). Keep which one?`,
    choices: [
      { value: "all", name: "All of them" },
      ...group.files.map((file) => ({ value: file, name: `${file.path}  ${timeOf(file)}` })),
      { value: "stop", name: "All of them, and do not ask any more" },
    ],
  });
}

/** Writes the group to standard output as rclone does. */
export async function showGroup(
  { printer }: CommandContext,
  { md5, size, files }: DuplicateGroup,
): Promise<void> {
  await printer.line(`${md5}: ${files.length} duplicates`);
  for (const [index, file] of files.entries()) {
    await printer.line(`  ${index + 1}: ${String(size).padStart(12)} bytes, ${timeOf(file)}, ${file.path}`);
  }
}

function timeOf(file: FileEntry): string {
  return formatTime(modifiedAtNsOf(file));
}
