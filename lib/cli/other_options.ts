/**
 * Options that people bring along from rclone and that a command does not have, with the reason. One row each; an option
 * that is made loses its row. (A test fails when a row hides an option.)
 */
import type { CommandSpec } from "./command.ts";
import { DELETION_OPTIONS } from "./deletion_options.ts";

interface OtherOption {
  readonly flags: readonly string[];
  /** Only of these commands; of all of them without it. */
  readonly commands?: readonly string[];
  /** Why the option is not there, as a sentence that goes on. */
  readonly reason: string;
  readonly hint?: string;
}

const OTHER_OPTIONS: readonly OtherOption[] = [
  {
    flags: ["no-traverse"],
    commands: ["sync"],
    reason: "the target has to be listed to know what is to be deleted",
    hint: 'Use "jottash copy" for a few files into a large target',
  },
  {
    flags: Object.values(DELETION_OPTIONS).map(({ flag }) => flag),
    commands: ["copy", "copyto", "move", "moveto"],
    reason: "nothing is deleted at the target",
    hint: 'To delete there what SOURCE does not have, use "jottash sync"',
  },
  {
    flags: ["delete-empty-src-dirs"],
    commands: ["copy", "copyto", "sync"],
    reason: "the source is not changed",
    hint: 'To take away what has arrived, use "jottash move"',
  },
  {
    flags: ["interactive"],
    commands: ["mkdir", "rmdir", "rmdirs", "touch", "cleanup", "link", "rcat"],
    reason: "only commands that copy, move or delete files ask before each change",
    hint: "See what would be done with: --dry-run",
  },
  {
    flags: ["no-check-certificate"],
    reason: "who is at the other end of a connection is always checked",
    hint: "Trust another authority with: --ca-cert FILE",
  },
  { flags: ["ignore-checksum"], reason: "the MD5 of what was transferred is always compared" },
  {
    flags: ["ignore-size", "no-check-dest"],
    reason: "what is there already is always looked at",
    hint: "Transfer all files with: --ignore-times",
  },
  {
    flags: ["ignore-case-sync"],
    reason: "names that differ only by case are one name on a remote anyway",
    hint: "Leave it out",
  },
  {
    flags: ["buffer-size", "max-backlog", "multi-thread-cutoff", "multi-thread-streams", "use-mmap"],
    reason: "buffers and queues have the size that is needed",
    hint: "Leave it out",
  },
  {
    flags: ["disable", "disable-http2", "disable-http-keep-alives", "no-gzip-encoding", "use-cookies"],
    reason: "connections are made as the service needs them",
    hint: "Leave it out",
  },
  {
    flags: ["server-side-across-configs"],
    reason: "what the service can copy or move by itself is never transferred",
    hint: "Leave it out",
  },
  {
    flags: ["streaming-upload-cutoff"],
    reason: "standard input is kept until its MD5 is known",
    hint: "Set how much of it is held in memory with: --md5-memory-limit",
  },
  {
    flags: ["no-update-modtime"],
    reason: "a time that differs is set, without a transfer",
    hint: "To leave times alone, compare with: --size-only",
  },
  {
    flags: ["use-server-modtime"],
    reason: "the service keeps the times of files and tells them without a further request",
    hint: "Leave it out",
  },
  {
    flags: ["human-readable"],
    commands: ["copy", "copyto", "sync", "move", "moveto"],
    reason: "sizes in messages are written that way anyway",
    hint: "Leave it out",
  },
  {
    flags: [
      "stats-unit",
      "stats-log-level",
      "stats-file-name-length",
      "stats-one-line-date",
      "stats-one-line-date-format",
    ],
    reason: "a line of progress has one form",
    hint: "Set how often it comes with: --stats",
  },
  {
    flags: ["log-format", "log-systemd", "syslog", "syslog-facility"],
    reason: "a log has one form for people and one for programs",
    hint: "See --log-file and --use-json-log",
  },
  {
    flags: ["dump", "dump-bodies", "dump-headers"],
    reason: "requests hold secrets",
    hint: "See them without headers and bodies with: -vv",
  },
  { flags: ["rc", "rc-addr", "rc-no-auth"], reason: "a run cannot be controlled from elsewhere" },
];

/** What to say about an option (`--name`) that the command does not have; undefined when it means nothing here either. */
export function answerOtherOption(
  spec: Pick<CommandSpec, "name">,
  option: string,
): { readonly state: string; readonly hint: string | undefined } | undefined {
  const row = OTHER_OPTIONS.find(({ flags, commands }) =>
    flags.includes(option === "-i" ? "interactive" : option.replace(/^--/, "")) &&
    (commands?.includes(spec.name) ?? true)
  );
  return row && { state: `there is no "${option}" here: ${row.reason}`, hint: row.hint };
}

/** All rows as command and flag, for tests; without a command for all of them. */
export function otherOptions(): { readonly command: string | undefined; readonly flag: string }[] {
  return OTHER_OPTIONS.flatMap(({ flags, commands = [undefined] }) =>
    flags.flatMap((flag) => commands.map((command) => ({ command, flag })))
  );
}
