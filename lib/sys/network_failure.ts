/**
 * The one table from failures of fetch and node:http(s) to `NetworkError`, in words that can follow "Cannot list …:".
 * Source of fact: observed with Deno 2.9.6 (hyper, rustls, Node's codes). fetch tells what went wrong in text only, and
 * that text holds the whole URL; it is read here and goes no further, because paths and queries may be secret.
 */
import { JottashError, NetworkError, type RetryVerdict } from "../errors.ts";

interface Row {
  /** Matched against code and text of the error and its causes. */
  readonly pattern: RegExp;
  readonly code: string;
  readonly state: (host: string) => string;
  readonly hint?: string;
  readonly retry?: RetryVerdict;
}

const LINE_HINT = "Check the network connection";
const TRUST_HINT =
  'If a proxy of your network inspects TLS, give its CA certificate with "--ca-cert" or NODE_EXTRA_CA_CERTS';

const TABLE: readonly Row[] = [
  {
    pattern: /dns error|ENOTFOUND|EAI_/,
    code: "host-not-found",
    state: (host) => `the host name of "${host}" was not found`,
    hint: LINE_HINT,
  },
  {
    pattern: /requests to port \d+ are blocked/i,
    code: "port-blocked",
    state: (host) => `"${host}" has a port that is blocked for HTTP`,
    retry: "never",
  },
  {
    pattern: /not valid for name|ERR_TLS_CERT_ALTNAME_INVALID/,
    code: "tls-untrusted",
    state: (host) => `the TLS certificate of "${host}" belongs to another host`,
    hint: TRUST_HINT,
    retry: "never",
  },
  {
    pattern: /certificate expired|Expired|CERT_HAS_EXPIRED|NotValidYet|CERT_NOT_YET_VALID/,
    code: "tls-untrusted",
    state: (host) => `the TLS certificate of "${host}" is not valid at this time`,
    hint: "Check the clock of this computer",
    retry: "never",
  },
  {
    pattern: /invalid peer certificate|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|ERR_TLS_CERT/,
    code: "tls-untrusted",
    state: (host) => `the TLS certificate of "${host}" is not trusted`,
    hint: TRUST_HINT,
    retry: "never",
  },
  {
    pattern: /corrupt message|InvalidContentType|ERR_SSL_|EPROTO|HandshakeFailure|received fatal alert/,
    code: "tls-failed",
    state: (host) => `no TLS connection to "${host}" could be made`,
  },
  {
    pattern: /os error (111|61|10061)\b|ECONNREFUSED/,
    code: "refused",
    state: (host) => `"${host}" refused the connection`,
    hint: LINE_HINT,
  },
  {
    pattern:
      /os error (113|101|65|51|10065|10051)\b|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EINVAL|Network unreachable/,
    code: "no-route",
    state: (host) => `there is no route to "${host}"`,
    hint: LINE_HINT,
  },
  {
    pattern: /os error (110|60|10060)\b|ETIMEDOUT/,
    code: "no-answer",
    state: (host) => `"${host}" does not answer`,
    hint: LINE_HINT,
  },
  {
    pattern: /os error (24|23|10024)\b|EMFILE|ENFILE/,
    code: "too-many-open",
    state: (host) => `too many files and connections are open to connect to "${host}"`,
  },
  {
    pattern: /proxy|tunnel/i,
    code: "proxy",
    state: (host) => `the proxy on the way to "${host}" refused`,
    hint: "Check HTTPS_PROXY and NO_PROXY",
  },
  {
    pattern: /error reading a body|end of file before message length|aborted/,
    code: "cut-short",
    state: (host) => `"${host}" cut its answer short`,
  },
  {
    pattern: /invalid HTTP|HPE_|Parse Error|message head is too large/,
    code: "not-http",
    state: (host) => `"${host}" answered with something that is not HTTP`,
  },
  {
    pattern: /ECONNRESET|EPIPE|os error (104|32|54|10054|10053)\b|connection closed|socket hang up/,
    code: "reset",
    state: (host) => `"${host}" closed the connection`,
  },
];

/** What broke the exchange with `url`; errors of jottash itself pass unchanged. */
export function networkFailure(error: unknown, url: URL): JottashError {
  if (error instanceof JottashError) return error;
  const text = textOf(error);
  const row = TABLE.find((each) => each.pattern.test(text));
  const host = hostOf(url);
  return new NetworkError(row?.state(host) ?? `the connection to "${host}" failed`, {
    hint: row?.hint,
    retry: row?.retry ?? "now",
    data: { host, network: row?.code ?? "failed" },
  });
}

/** Nothing came and nothing went for `timeoutMs`. */
export function noAnswer(url: URL, timeoutMs: number): NetworkError {
  const host = hostOf(url);
  return new NetworkError(`"${host}" gave no answer for ${timeoutMs / 1000} s`, {
    hint: LINE_HINT,
    data: { host, network: "no-answer" },
  });
}

/** No connection came about within `timeoutMs`. */
export function noConnection(url: URL, timeoutMs: number): NetworkError {
  const host = hostOf(url);
  return new NetworkError(`no connection to "${host}" could be made within ${timeoutMs / 1000} s`, {
    hint: LINE_HINT,
    data: { host, network: "no-answer" },
  });
}

function hostOf(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
}

/** Codes and messages of the error and its causes, without URLs: those may hold any word of the table. */
function textOf(error: unknown): string {
  const parts: string[] = [];
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if ("code" in each) parts.push(String(each.code));
    parts.push(each.message.replace(/\b(for url|for) \(?https?:\S+/g, ""));
  }
  return parts.join(" ");
}
