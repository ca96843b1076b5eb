/**
 * The one tree of errors. Callers ask fields, never text: `code` is stable and part of the JSON contract,
 * `retry` is the verdict of the place that knew what went wrong, `hint` is what the user can do.
 *
 * Text grammar: what we tried, values in double quotes, a colon, what is the case; no final period.
 */

/** May the same call be tried again? `now`: at once or after a short wait; `later`: by the user; `never`: pointless. */
export type RetryVerdict = "now" | "later" | "never";

export interface ErrorDetails {
  /** What the user can do, as a short sentence without a final period. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** Facts for machines (path, HTTP status); never a secret. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly code?: string;
  readonly retry?: RetryVerdict;
}

/** Base of every error that jottash itself raises. */
export class JottashError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
  #retry: RetryVerdict;

  constructor(message: string, details: ErrorDetails & { readonly code: string }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.#retry = details.retry ?? "never";
    this.hint = details.hint;
    this.data = details.data ?? {};
  }

  get retry(): RetryVerdict {
    return this.#retry;
  }

  /** It was tried as often as makes sense: `now` becomes `later`, so that layers above do not multiply the tries. */
  giveUp(): void {
    if (this.#retry === "now") this.#retry = "later";
  }
}

/** Wrong words on the command line, or options that cannot go together. */
export class UsageError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "usage", ...details });
  }
}

/** The configuration cannot be read, or lacks what the command needs. */
export class ConfigError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "config", ...details });
  }
}

export class DirectoryNotFoundError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "directory-not-found", ...details });
  }
}

export class FileNotFoundError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "file-not-found", ...details });
  }
}

/** No answer, or an answer cut short. */
export class NetworkError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "network", retry: "now", ...details });
  }
}

/** The service answered that it cannot, for now or for this request. */
export class ServiceError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "service", ...details });
  }
}

/** Something on this machine: a file that is missing, unreadable, in the way; a full disk. */
export class LocalError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "local", ...details });
  }
}

/** The run finished, but some items failed; `errors` holds each of them, in the order in which they failed. */
export class PartialError extends JottashError {
  readonly errors: readonly JottashError[];

  constructor(message: string, errors: readonly JottashError[], details: ErrorDetails = {}) {
    super(message, { code: "partial", ...details });
    this.errors = errors;
  }
}

/** The user has to sign in (again). */
export class AuthError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "auth", ...details });
  }
}

/** The account is full, locked or read-only: trying again does not help. */
export class QuotaError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "quota", ...details });
  }
}

/** It exists already, is not empty, is of the other kind, or meets another name that differs only by case. */
export class ConflictError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "conflict", ...details });
  }
}

/** Another process holds the lock. */
export class LockedError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "locked", retry: "later", ...details });
  }
}

/** A limit that the user set ended the run. */
export class LimitError extends JottashError {
  constructor(message: string, details: ErrorDetails & { readonly code: "transfer-limit" | "time-limit" }) {
    super(message, details);
  }
}

/** Size or MD5 differs after a transfer. */
export class IntegrityError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "integrity", retry: "now", ...details });
  }
}

/** An answer that cannot be read: where, what came, what was expected. */
export class ProtocolError extends JottashError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, { code: "protocol", ...details });
  }
}

/** The user stopped the run. */
export class CancelledError extends JottashError {
  readonly signal: "SIGINT" | "SIGTERM" | "SIGHUP";

  constructor(signal: CancelledError["signal"] = "SIGINT", details: ErrorDetails = {}) {
    super("Stopped", { code: "cancelled", ...details, data: { signal, ...details.data } });
    this.signal = signal;
  }
}

/** Is it worth trying the same thing again within this run? */
export function isRetryable(error: unknown): boolean {
  return error instanceof JottashError && error.retry === "now";
}

/** Any thrown value as a JottashError; a foreign one becomes code `bug`, with the original as cause. */
export function toJottashError(error: unknown): JottashError {
  if (error instanceof JottashError) return error;
  if (error instanceof DOMException && error.name === "AbortError") {
    return new CancelledError("SIGINT", { cause: error });
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new JottashError(`Unexpected failure: ${text}`, { code: "bug", cause: error });
}
