/**
 * rclone takes each of its flags from a variable too, `RCLONE_BWLIMIT` for `--bwlimit`, and so do scripts that set it
 * up. Flags of ours that have the name and the meaning of one of rclone's are taken from its variable as well.
 * Source of fact: `rclone help flags` and the help of its commands (1.60.1), its documentation (1.7x).
 */

/**
 * Not here though both programs have the flag: `config` (each has a file of its own), `version` (rclone's is a switch of
 * every command, and images set RCLONE_VERSION to a number), `user` and `pass` (rclone's are for servers that it runs),
 * `state` (rclone's is where a set-up goes on).
 */
const SAME_FLAGS: ReadonlySet<string> = new Set(
  `absolute all ask-password backup-dir base64 bind buffer-size bwlimit bwlimit-file by-hash ca-cert check-first checkers
  checkfile checksum color combined compare-dest contimeout copy-dest copy-links count create-empty-src-dirs csv
  cutoff-mode dedupe-mode delete-after delete-before delete-during delete-empty-src-dirs delete-excluded dest-after
  differ dir-slash dirs-only dirsfirst discard download dry-run encrypted error error-on-no-transfer exclude exclude-from
  exclude-if-present expire fast-list files-from files-from-raw files-only filter filter-from format full full-path hash
  hash-filter hash-type head human-readable ignore-case ignore-case-sync ignore-checksum ignore-errors ignore-existing
  ignore-size ignore-times immutable include include-from inplace interactive json leave-root level links list-cutoff
  localtime log-file log-format log-level long low-level-retries match max-age max-backlog max-buffer-memory max-delete
  max-delete-size max-depth max-duration max-size max-transfer metadata metadata-exclude metadata-exclude-from
  metadata-filter metadata-filter-from metadata-include metadata-include-from metadata-set min-age min-size
  missing-on-dst missing-on-src modify-window modtime no-check-dest no-create no-mimetype no-modtime no-traverse
  no-unicode-normalization no-update-dir-modtime no-update-modtime noindent noreport offset one-file-system one-way
  order-by original output output-file partial-suffix password-command progress progress-terminal-title protections
  quiet quote recursive refresh-times retries retries-sleep rmdirs separator server-side-across-configs size size-only
  skip-links sort sort-ctime sort-modtime sort-reverse stat stats stats-file-name-length stats-log-level stats-one-line
  stats-one-line-date stats-one-line-date-format stats-unit suffix suffix-keep-extension tail temp-dir time-format
  timeout timestamp tpslimit tpslimit-burst track-renames track-renames-strategy transfers unlink unsorted update
  use-json-log use-server-modtime user-agent verbose`.split(/\s+/),
);

/** Options of rclone's backend for local disks: its documentation names them by that. */
const LOCAL_FLAGS: ReadonlySet<string> = new Set(["copy-links", "links", "one-file-system", "skip-links"]);

/** rclone's variables for a flag of ours; none where it has no such flag, or one that means something else. */
export function rcloneVariables(flag: string): string[] {
  const name = flag.toUpperCase().replaceAll("-", "_");
  return [
    ...SAME_FLAGS.has(flag) ? [`RCLONE_${name}`] : [],
    ...LOCAL_FLAGS.has(flag) ? [`RCLONE_LOCAL_${name}`] : [],
  ];
}

/**
 * The values of a flag that can be repeated, in one of rclone's variables: separated by commas; quotes stand around one
 * that has a comma or a quote, which is doubled.
 */
export function splitRcloneList(text: string): string[] {
  const values: string[] = [];
  for (const [, quoted, plain = ""] of text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/gs)) {
    values.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
  }
  return values;
}
