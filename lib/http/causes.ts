/**
 * The one table of what an unhappy status means: the error that it becomes, whether the same request is sent again,
 * what an upload does about it, and whether the service asks for less (API reference 4.9, 5.0, 5.13, 5.14). What is
 * not a status is decided where it is found out: a line that fails in `sys/network_failure.ts`, the disk of this
 * machine in `sys/os_failure.ts`.
 */
import {
  AuthError,
  ConflictError,
  type ErrorDetails,
  FileNotFoundError,
  IntegrityError,
  type JottashError,
  QuotaError,
  ServiceError,
} from "../errors.ts";

type BuildError = (message: string, details: ErrorDetails) => JottashError;

/** What is done about an answer to a request whose body was a stream, and is spent. */
type UploadVerdict =
  /** A new slot is asked for: it knows where to go on. */
  | "new slot"
  /** The bytes of the service are of no use: everything is read and hashed again. */
  | "read again"
  | "give up";

interface Cause {
  /** What is the case, behind `Cannot ACTION:`; undefined where the status alone has to say it. */
  readonly text?: string;
  readonly hint?: string;
  readonly build: BuildError;
  /** The same request is sent again, after a wait. */
  readonly isPassing: boolean;
  readonly upload: UploadVerdict;
  /** The service has more requests than it can do: fewer are sent at a time. */
  readonly isOverload: boolean;
}

const service: BuildError = (message, details) => new ServiceError(message, details);
const laterService: BuildError = (message, details) =>
  new ServiceError(message, { retry: "later", ...details });

const FINAL = { isPassing: false, upload: "give up", isOverload: false } as const;
const STALE_SLOT = { ...FINAL, upload: "new slot" } as const;
const PASSING = { isPassing: true, upload: "new slot", isOverload: false } as const;
const OVERLOAD = { ...PASSING, isOverload: true } as const;

const PROBLEM = {
  text: "the service has a problem",
  hint: "Try again later",
  build: laterService,
} as const;

const CAUSES: ReadonlyMap<number, Cause> = new Map<number, Cause>([
  [400, {
    ...FINAL,
    text: "the service refused the request",
    hint:
      "If the request names a file or folder, a name that the service does not accept is the usual reason",
    build: service,
  }],
  // The session is renewed once before it comes to this: see client.ts.
  [401, {
    ...FINAL,
    text: "the service refused the access token",
    hint: "Sign in again: jottash config",
    build: (message, details) => new AuthError(message, details),
  }],
  [403, {
    ...FINAL,
    text: "the account may not do this",
    hint: "Look at the account on the website: it may be locked, or the folder be shared read-only",
    build: (message, details) => new AuthError(message, details),
  }],
  [404, {
    ...STALE_SLOT,
    text: "it does not exist",
    build: (message, details) => new FileNotFoundError(message, details),
  }],
  [409, {
    ...STALE_SLOT,
    text: "something of that name is in the way",
    build: (message, details) => new ConflictError(message, details),
  }],
  [410, { ...STALE_SLOT, build: service }],
  [416, { ...STALE_SLOT, build: service }],
  // The upload ended before its last byte; what arrived is kept.
  [420, { ...STALE_SLOT, build: service }],
  // All bytes arrived, and their MD5 is another.
  [421, { ...FINAL, upload: "read again", build: service }],
  [429, {
    ...OVERLOAD,
    text: "the service asks for fewer requests",
    hint: "Try again later",
    build: laterService,
  }],
  [460, {
    ...FINAL,
    text: "the account is full",
    hint: "Free space in the account (deleted files count until the trash is emptied) or get more of it",
    build: (message, details) => new QuotaError(message, details),
  }],
  [500, { ...PASSING, ...PROBLEM }],
  [502, { ...PASSING, ...PROBLEM }],
  [503, { ...OVERLOAD, ...PROBLEM }],
  [504, { ...PASSING, ...PROBLEM }],
  [509, { ...OVERLOAD, ...PROBLEM }],
]);

const OTHER_PROBLEM: Cause = { ...STALE_SLOT, ...PROBLEM };
const UNKNOWN: Cause = { ...FINAL, build: service };

/** What this status of an answer means; a good one means nothing special. */
export function causeOf(status: number): Cause {
  return CAUSES.get(status) ?? (status >= 500 ? OTHER_PROBLEM : UNKNOWN);
}

/** The error of an upload that the service did not take, as its cause says. */
export function toUploadFailure(
  action: string,
  failure: JottashError,
  data: { readonly status: number; readonly retryAfterMs: number | undefined },
): JottashError {
  const { upload } = causeOf(data.status);
  if (upload === "give up") return failure;
  if (upload === "read again") {
    return new IntegrityError(`Cannot ${action}: the service got bytes with another MD5`, {
      data,
      cause: failure,
    });
  }
  const message = data.status === 420 ? `Cannot ${action}: the upload broke off` : failure.message;
  return new ServiceError(message, { retry: "now", data, cause: failure });
}
