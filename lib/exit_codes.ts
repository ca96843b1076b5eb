/**
 * Error code -> process status: the only numbers. Statuses 0-10 mean what rclone's mean, so that scripts can
 * move over; the rest are ours (house style 2.4).
 */
import { CancelledError, type JottashError, PartialError } from "./errors.ts";

export const EXIT_OK = 0;
export const EXIT_UNEXPECTED = 1;
export const EXIT_PARTIAL = 6;
export const EXIT_NOTHING_TRANSFERRED = 9;
export const EXIT_DIFFERENCES = 11;

interface ExitRow {
  readonly status: number;
  readonly meaning: string;
  readonly codes: readonly string[];
}

/** What help and docs print; every error code stands in exactly one row. */
export const EXIT_TABLE: readonly ExitRow[] = [
  { status: EXIT_OK, meaning: "Done", codes: [] },
  { status: EXIT_UNEXPECTED, meaning: "An answer that cannot be read, or a bug", codes: ["protocol", "bug"] },
  {
    status: 2,
    meaning: "Wrong usage or configuration",
    codes: [
      "usage",
      "config",
      "config-encrypted",
      "config-encryption-unknown",
      "config-password-wrong",
      "config-not-encrypted",
      "password-command-failed",
      "insecure-url",
      "remote-not-found",
      "remote-exists",
      "no-home-directory",
    ],
  },
  { status: 3, meaning: "Folder or directory not found", codes: ["directory-not-found"] },
  { status: 4, meaning: "File not found", codes: ["file-not-found"] },
  { status: 5, meaning: "Network or service failure; later may help", codes: ["network", "service"] },
  {
    status: EXIT_PARTIAL,
    meaning: "Some items failed, or a local problem",
    codes: ["partial", "local", "other-disk", "source-changed", "name-refused", "closed-pipe"],
  },
  {
    status: 7,
    meaning: "Not signed in, or the account is full or locked",
    codes: [
      "auth",
      "quota",
      "not-signed-in",
      "session-lost",
      "session-not-saved",
      "session-not-writable",
      "session-copied",
      "session-interrupted",
      "token-too-short",
      "access-token-ended",
      "login-refused",
      "login-timeout",
      "login-token-invalid",
      "login-token-refused",
      "refresh-refused",
    ],
  },
  { status: 8, meaning: "A transfer limit was reached", codes: ["transfer-limit"] },
  { status: EXIT_NOTHING_TRANSFERRED, meaning: "Nothing transferred (--error-on-no-transfer)", codes: [] },
  { status: 10, meaning: "A time limit was reached", codes: ["time-limit"] },
  { status: EXIT_DIFFERENCES, meaning: "Differences found", codes: [] },
  {
    status: 12,
    meaning: "In the way: exists, not empty, other kind, case clash",
    codes: ["conflict", "name-clash", "max-delete", "empty-source"],
  },
  { status: 13, meaning: "Another process holds the lock", codes: ["locked"] },
  { status: 14, meaning: "Size or MD5 differs after a transfer", codes: ["integrity"] },
  {
    status: 130,
    meaning: "Stopped with Ctrl-C (143: by SIGTERM, 129: terminal closed)",
    codes: ["cancelled"],
  },
];

/** 128 and the number of the signal, as shells have it. */
const STATUS_BY_SIGNAL = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const STATUS_BY_CODE: ReadonlyMap<string, number> = new Map(
  EXIT_TABLE.flatMap((row) => row.codes.map((code) => [code, row.status] as const)),
);

/**
 * The process status for an error that ended a command. A partial failure keeps a cause that makes going on
 * pointless (7: sign in or free space), because a script must not try again blindly.
 */
export function exitStatusOf(error: JottashError): number {
  if (error instanceof CancelledError) return STATUS_BY_SIGNAL[error.signal];
  if (error instanceof PartialError) {
    const fatal = error.errors.find((each) => STATUS_BY_CODE.get(each.code) === 7);
    return fatal === undefined ? EXIT_PARTIAL : exitStatusOf(fatal);
  }
  return STATUS_BY_CODE.get(error.code) ?? EXIT_UNEXPECTED;
}
