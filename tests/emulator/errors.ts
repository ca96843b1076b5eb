/**
 * Failures of the emulated service: HTTP status, Java exception name and text. Whether one is shown as XML (JFS)
 * or JSON (api host) is decided where it leaves. Source of fact: API reference 2.5, 4.9; texts marked there.
 */

const JOTTA = "no.jotta.backup.errors";
const SPRING = "org.springframework.security.authentication";

/** One failure as the service reports it. */
export class ServiceError extends Error {
  override name = "ServiceError";
  readonly status: number;
  /** Last segment of the Java class, the `error_id` of the JSON form. */
  readonly exception: string;
  /** Full Java class, as it stands in the XML message. */
  readonly javaClass: string;

  constructor(status: number, javaClass: string, text: string) {
    super(text);
    this.status = status;
    this.javaClass = javaClass;
    this.exception = javaClass.slice(javaClass.lastIndexOf(".") + 1);
  }
}

/** The request's or the answer's connection is gone (or a fault says so): nobody is there to answer. */
export class ConnectionLost extends Error {
  override name = "ConnectionLost";
}

/** Input that is no readable HTTP request: answered with this status, then the connection ends. */
export class RequestRefused extends Error {
  override name = "RequestRefused";
  readonly status: number;

  constructor(status: number, text: string) {
    super(text);
    this.status = status;
  }
}

/** Reason phrases; 420, 421 and 460 are the service's own uses. */
const REASONS: Readonly<Record<number, string>> = {
  100: "Continue",
  200: "OK",
  201: "Created",
  204: "No Content",
  206: "Partial Content",
  302: "Found",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  411: "Length Required",
  413: "Payload Too Large",
  416: "Range Not Satisfiable",
  420: "Incomplete Upload",
  421: "Corrupt Upload",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  460: "Out Of Space",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  509: "Bandwidth Limit Exceeded",
};

export function reasonOf(status: number): string {
  return REASONS[status] ?? "Unknown";
}

/** 401 for a missing, malformed or expired token (2.5, issue #6309). */
export function badCredentials(): ServiceError {
  return new ServiceError(401, `${SPRING}.BadCredentialsException`, "No token or token is malformed!");
}

/** 401 for a token of the legacy login whose client id has signed in again since (2.3, issue #2995). */
export function noUsernameForToken(): ServiceError {
  return new ServiceError(401, `${SPRING}.BadCredentialsException`, "No username for this token.");
}

/** 401 when the user of the URL is not the user of the token (2.5, issue #3434). */
export function tokenMismatch(): ServiceError {
  return new ServiceError(401, `${SPRING}.AuthenticationCredentialsNotFoundException`, "Token mismatch!");
}

export function noSuchPath(path: string): ServiceError {
  return new ServiceError(404, `${JOTTA}.NoSuchPathException`, `Directory ${path} does not exist`);
}

export function noSuchFile(path: string): ServiceError {
  return new ServiceError(404, `${JOTTA}.NoSuchFileException`, `File ${path} does not exist`);
}

export function noSuchSource(kind: "file" | "directory", path: string): ServiceError {
  const name = kind === "file" ? "NoSuchFileException" : "NoSuchPathException";
  return new ServiceError(404, `${JOTTA}.${name}`, `Source ${kind} ${path} does not exist`);
}

export function invalidArgument(text: string): ServiceError {
  return new ServiceError(400, `${JOTTA}.InvalidArgumentException`, text);
}

/** 409, also for "something of the other kind lives here" (status inferred in 4.9). */
export function nameConflict(text: string): ServiceError {
  return new ServiceError(409, `${JOTTA}.UniqueFileException`, text);
}

export function methodNotAllowed(method: string): ServiceError {
  return new ServiceError(
    405,
    `${JOTTA}.MethodNotAllowedException`,
    `Request method '${method}' not supported`,
  );
}

export function rangeNotSatisfied(text: string): ServiceError {
  return new ServiceError(416, `${JOTTA}.RequestedRangeNotSatisfiedException`, text);
}

export function incompleteUpload(received: number, size: number): ServiceError {
  return new ServiceError(
    420,
    `${JOTTA}.IncompleteUploadOpenApiException`,
    `Received ${received} of ${size} bytes`,
  );
}

export function corruptUpload(expected: string, actual: string): ServiceError {
  return new ServiceError(
    421,
    `${JOTTA}.CorruptUploadOpenApiException`,
    `Expected md5 ${expected} but content has ${actual}`,
  );
}

/** 460; the exception's name is not known, this one is assumed (section 7, row 2). */
export function quotaExceeded(): ServiceError {
  return new ServiceError(460, `${JOTTA}.QuotaExceededException`, "Not enough space left on the account");
}

/** 500 for a POST that is neither an upload nor a known command (5.0). */
export function unknownCommand(): ServiceError {
  return new ServiceError(
    500,
    "java.lang.IllegalArgumentException",
    "Request is missing multipart content or command parameters",
  );
}

/** 400 for a path that cannot be decoded (2.5, issue #2734). */
export function undecodablePath(path: string): ServiceError {
  return new ServiceError(
    400,
    "java.lang.IllegalArgumentException",
    `Unable to validate decoded path: ${path}`,
  );
}

/** 403 while the account is locked for writing (6.8); status and name are assumed. */
export function writeLocked(): ServiceError {
  return new ServiceError(403, `${JOTTA}.WriteLockedException`, "The account is locked for writing");
}

export function noUserInUrl(): ServiceError {
  return new ServiceError(400, `${JOTTA}.UsernameNotFoundException`, "Username not found in url!");
}
