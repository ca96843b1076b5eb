/**
 * The one table from failures of the operating system to errors of jottash.
 * Source of fact: errno(3), Deno's `error.code`; observed on Linux with Deno 2.9.6, on other systems assumed
 * (Deno maps the codes of Windows to the same names).
 */
import { ConflictError, FileNotFoundError, JottashError, LocalError } from "../errors.ts";

interface Attempt {
  /** As in "Cannot read". */
  readonly verb: string;
  /** What messages name. */
  readonly path: string;
}

interface Row {
  readonly state: string;
  readonly hint?: string;
  readonly kind?: typeof ConflictError | typeof FileNotFoundError;
  /** Waiting and trying again in the same run may help. */
  readonly passing?: boolean;
}

const DENIED: Row = { state: "permission denied", hint: "Check who may read and change it" };
const FULL_HINT = "Free some space and run the same command again";

const TABLE: Readonly<Record<string, Row>> = {
  ENOENT: { state: "it does not exist", kind: FileNotFoundError },
  EEXIST: { state: "it exists already", kind: ConflictError },
  EISDIR: { state: "it is a directory", kind: ConflictError },
  ENOTDIR: { state: "it is, or lies below, something that is not a directory", kind: ConflictError },
  ENOTEMPTY: { state: "the directory is not empty", kind: ConflictError },
  EACCES: DENIED,
  EPERM: DENIED,
  EROFS: { state: "the file system is read-only" },
  ENOSPC: { state: "the disk is full", hint: FULL_HINT },
  EDQUOT: { state: "the disk quota is used up", hint: FULL_HINT },
  EFBIG: { state: "the file is too large for this disk" },
  ENAMETOOLONG: { state: "the name is too long for this disk" },
  EMFILE: { state: "too many files are open", hint: 'Raise the limit with "ulimit -n"', passing: true },
  ENFILE: { state: "too many files are open on this computer", passing: true },
  ENOMEM: { state: "the computer has no memory left" },
  ELOOP: { state: "its symbolic links go in a circle" },
  EXDEV: { state: "source and target are on different disks" },
  EBUSY: { state: "it is in use", passing: true },
  ETXTBSY: { state: "it is a program that is running" },
  EIO: { state: "the disk reported an input/output error", hint: "Check the disk and its cable" },
  ESTALE: { state: "the network disk no longer knows it", passing: true },
  ETIMEDOUT: { state: "the network disk does not answer", passing: true },
  EHOSTDOWN: { state: "the network disk does not answer", passing: true },
  ENODEV: { state: "the device is not there any more" },
  ENXIO: { state: "the device is not there any more" },
  EINVAL: { state: "the name is not allowed here" },
  EILSEQ: { state: "the name is not allowed on this disk" },
  ENOTSUP: { state: "the disk cannot do this" },
  EOPNOTSUPP: { state: "the disk cannot do this" },
};

/** For errors without a code. */
const CODE_BY_CLASS: Readonly<Record<string, string>> = {
  NotFound: "ENOENT",
  AlreadyExists: "EEXIST",
  PermissionDenied: "EACCES",
  NotCapable: "EACCES",
  IsADirectory: "EISDIR",
  NotADirectory: "ENOTDIR",
  FilesystemLoop: "ELOOP",
  Busy: "EBUSY",
};

/** What the system refused, as an error that names the path; errors of jottash itself pass unchanged. */
export function osFailure(error: unknown, attempt: Attempt): JottashError {
  if (error instanceof JottashError) return error;
  const osCode = codeOf(error);
  const row = osCode === undefined ? undefined : TABLE[osCode];
  const message = `Cannot ${attempt.verb} "${attempt.path}": ${row?.state ?? unknownState(error, osCode)}`;
  return new (row?.kind ?? LocalError)(message, {
    cause: error,
    hint: row?.hint,
    retry: row?.passing ? "now" : "never",
    data: { path: attempt.path, osCode },
  });
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : CODE_BY_CLASS[error.name];
}

/** The system's own words, without the number and the call that Deno adds. */
function unknownState(error: unknown, osCode: string | undefined): string {
  if (!(error instanceof Error)) return String(error);
  const words = error.message.replace(/ \(os error \d+\).*$/s, "");
  return osCode === undefined ? words : `${words} (${osCode})`;
}
