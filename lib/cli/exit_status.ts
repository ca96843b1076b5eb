/**
 * Error -> process status. A code of the table decides; the code of an error may be finer than the table's
 * (`login-token-refused`), then the code of its class does.
 */
import {
  AuthError,
  ConfigError,
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  IntegrityError,
  type JottashError,
  LocalError,
  LockedError,
  NetworkError,
  PartialError,
  ProtocolError,
  QuotaError,
  ServiceError,
  UsageError,
} from "../errors.ts";
import { EXIT_PARTIAL, EXIT_TABLE, exitStatusOf } from "../exit_codes.ts";

const CLASSES = [
  UsageError,
  ConfigError,
  DirectoryNotFoundError,
  FileNotFoundError,
  NetworkError,
  ServiceError,
  LocalError,
  AuthError,
  QuotaError,
  ConflictError,
  LockedError,
  IntegrityError,
  ProtocolError,
] as const;

/** Sign in, or make room: what a script must not try again blindly. */
const FATAL_STATUS = 7;

/** The status for an error that ended a command; a partial failure that holds a fatal one counts as that. */
export function statusOf(error: JottashError): number {
  if (error instanceof PartialError) {
    return error.errors.some((each) => statusOf(each) === FATAL_STATUS) ? FATAL_STATUS : EXIT_PARTIAL;
  }
  if (EXIT_TABLE.some((row) => row.codes.includes(error.code))) return exitStatusOf(error);
  const base = CLASSES.find((each) => error instanceof each);
  return exitStatusOf(base === undefined ? error : new base(""));
}
