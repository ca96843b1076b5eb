import assert from "node:assert/strict";
import { NetworkError } from "../../../../lib/errors.ts";
import { networkFailure, noAnswer } from "../../../../lib/sys/network_failure.ts";

const URL_OF_ALL = new URL("https://up.example/ECONNREFUSED/dns-error?secret=proxy");

/** As fetch fails in Deno 2.9.6 (recorded). */
function fetchError(words: string): Error {
  const message = `error sending request for url (${URL_OF_ALL}): client error (Connect): ${words}`;
  return new TypeError("fetch failed", { cause: new Error(message) });
}

/** As node:http fails (recorded). */
function nodeError(code: string, message = ""): Error {
  return Object.assign(new Error(message), { code });
}

const CASES: readonly [Error, string, "now" | "never"][] = [
  [
    fetchError("dns error: failed to lookup address information: Name or service not known"),
    "host-not-found",
    "now",
  ],
  [nodeError("ENOTFOUND", "getaddrinfo ENOTFOUND nope.invalid"), "host-not-found", "now"],
  [fetchError("tcp connect error: Connection refused (os error 111)"), "refused", "now"],
  [nodeError("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:51999"), "refused", "now"],
  [fetchError("tcp connect error: No route to host (os error 113)"), "no-route", "now"],
  [nodeError("EHOSTUNREACH"), "no-route", "now"],
  [fetchError("tcp connect error: Connection timed out (os error 110)"), "no-answer", "now"],
  [fetchError("invalid peer certificate: UnknownIssuer"), "tls-untrusted", "never"],
  [nodeError("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "tls-untrusted", "never"],
  [fetchError("invalid peer certificate: certificate not valid for name"), "tls-untrusted", "never"],
  [fetchError("received corrupt message of type InvalidContentType"), "tls-failed", "now"],
  [nodeError("ERR_SSL_WRONG_VERSION_NUMBER"), "tls-failed", "now"],
  [nodeError("HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/, RTSP/ or ICE/"), "not-http", "now"],
  [fetchError("invalid HTTP version parsed"), "not-http", "now"],
  [fetchError("connection closed before message completed"), "reset", "now"],
  [fetchError("Connection reset by peer (os error 104)"), "reset", "now"],
  [nodeError("EPIPE", "write EPIPE"), "reset", "now"],
  [nodeError("ECONNRESET", "socket hang up"), "reset", "now"],
  [nodeError("ECONNRESET", "aborted"), "cut-short", "now"],
  [new TypeError("error reading a body from connection"), "cut-short", "now"],
  [new TypeError("Fetch failed: Requests to port 1 are blocked"), "port-blocked", "never"],
  [fetchError("something new"), "failed", "now"],
];

Deno.test("networkFailure() names the host and the trouble, and nothing of path and query", () => {
  for (const [error, network, retry] of CASES) {
    const failure = networkFailure(error, URL_OF_ALL);
    assert.ok(failure instanceof NetworkError);
    assert.deepEqual(failure.data, { host: "up.example:443", network }, error.message);
    assert.equal(failure.retry, retry);
    assert.match(failure.message, /"up\.example:443"/);
    assert.doesNotMatch(`${failure.message} ${failure.hint} ${failure.cause}`, /secret|dns-error/);
  }
});

Deno.test("networkFailure() lets errors of jottash pass", () => {
  const own = noAnswer(URL_OF_ALL, 90_000);
  assert.equal(own.message, '"up.example:443" gave no answer for 90 s');
  assert.equal(networkFailure(own, URL_OF_ALL), own);
});
