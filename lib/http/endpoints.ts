/** Where the service lives (API reference 1), and the one origin that may stand in for its hosts. */
import { UsageError } from "../errors.ts";
import { isSecureUrl } from "./secure_url.ts";

export interface Endpoints {
  /** Base of JFS requests, without a slash at the end. */
  readonly jfs: string;
  /** Base of the JSON API, without a slash at the end. */
  readonly api: string;
  /** Base of web pages and public links, without a slash at the end. */
  readonly www: string;
}

const REAL_ENDPOINTS: Endpoints = {
  jfs: "https://jfs.jottacloud.com/jfs",
  api: "https://api.jottacloud.com",
  www: "https://www.jottacloud.com",
};

/**
 * The hosts of the service, or `endpoint` in place of all three. Throws `UsageError` when it is not an origin, or
 * would send tokens in the clear to another machine.
 */
export function resolveEndpoints(endpoint: string | undefined): Endpoints {
  if (endpoint === undefined || endpoint === "") return REAL_ENDPOINTS;
  const url = URL.parse(endpoint);
  if (
    url === null || url.protocol !== "https:" && url.protocol !== "http:" ||
    (url.username + url.password) !== ""
  ) {
    throw new UsageError(`Cannot use the endpoint "${endpoint}": it is not an http or https address`, {
      hint: "An endpoint is an origin such as http://127.0.0.1:8080",
    });
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new UsageError(
      `Cannot use the endpoint "${endpoint}": it has a path; only scheme, host and port are allowed`,
    );
  }
  if (!isSecureUrl(endpoint)) {
    throw new UsageError(
      `Cannot use the endpoint "${endpoint}": plain http is accepted only for a loopback address`,
      {
        hint: "Use https, or an address such as http://127.0.0.1:8080",
      },
    );
  }
  return { jfs: `${url.origin}/jfs`, api: url.origin, www: url.origin };
}
