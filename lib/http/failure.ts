/** What an unhappy answer of the service means: one table for JFS and the JSON API (API reference 4.9). */
import {
  AuthError,
  ConflictError,
  type ErrorDetails,
  FileNotFoundError,
  type JottashError,
  QuotaError,
  ServiceError,
} from "../errors.ts";

export interface UnhappyAnswer {
  readonly status: number;
  /** Name of the exception on the service's side, such as `NoSuchPathException`. */
  readonly exception: string | undefined;
}

type Build = (what: string, details: ErrorDetails) => JottashError;

interface FailureRow {
  readonly status: number;
  readonly text: string;
  readonly hint?: string;
  readonly build: Build;
}

const service: Build = (message, details) => new ServiceError(message, details);

const FAILURES: readonly FailureRow[] = [
  {
    status: 400,
    text: "the service refused the request",
    hint:
      "If the request names a file or folder, a name that the service does not accept is the usual reason",
    build: service,
  },
  {
    status: 401,
    text: "the service refused the access token",
    hint: "Sign in again: jottash config",
    build: (message, details) => new AuthError(message, details),
  },
  {
    status: 403,
    text: "the account may not do this",
    hint: "Look at the account on the website: it may be locked, or the folder be shared read-only",
    build: (message, details) => new AuthError(message, details),
  },
  {
    status: 404,
    text: "it does not exist",
    build: (message, details) => new FileNotFoundError(message, details),
  },
  {
    status: 409,
    text: "something of that name is in the way",
    build: (message, details) => new ConflictError(message, details),
  },
  {
    status: 460,
    text: "the account is full",
    hint: "Free space in the account (deleted files count until the trash is emptied) or get more of it",
    build: (message, details) => new QuotaError(message, details),
  },
  {
    status: 429,
    text: "the service asks for fewer requests",
    hint: "Try again later",
    build: (message, details) => new ServiceError(message, { retry: "later", ...details }),
  },
];

/** The error for `Cannot ACTION` after an answer that is neither success nor retried any more. */
export function toFailure(action: string, answer: UnhappyAnswer): JottashError {
  const { status, exception } = answer;
  const data = { status, exception };
  const label = exception === undefined ? `${status}` : `${status} ${exception}`;
  const row = FAILURES.find((each) => each.status === status);
  if (row !== undefined) {
    return row.build(`Cannot ${action}: ${row.text} (${label})`, { hint: row.hint, data });
  }
  if (status >= 500) {
    return new ServiceError(`Cannot ${action}: the service has a problem (${label})`, {
      retry: "later",
      hint: "Try again later",
      data,
    });
  }
  return new ServiceError(`Cannot ${action}: the service answered ${label}`, { data });
}

/** The last dotted segment before the colon: `no.jotta.x.NoSuchPathException: Text` -> `NoSuchPathException`. */
export function exceptionName(message: string | undefined): string | undefined {
  return /^(?:[\w$]+\.)*([A-Z][\w$]*)(?::|$)/.exec(message ?? "")?.[1];
}
