/**
 * Where an access token may go: to the service's own hosts over https, and to the place of a configured endpoint.
 * Every brand uses the same hosts for files and for the JSON API (API reference 1, documented). Upload hosts have
 * names of their own (`up-101.jottacloud.com`), and the service says which one to use: its word is checked here.
 */
import { isSecureUrl } from "./secure_url.ts";

const SERVICE_DOMAIN = "jottacloud.com";

/** Whether a request to this URL may carry the token. */
export type IsTrusted = (url: string) => boolean;

/**
 * Trusts the service's hosts, and the host of `endpoint` if one stands in for them. The host alone counts, not the
 * port: behind one endpoint uploads may have a port of their own, and who owns a host owns its ports. A host of another
 * name is another place, even where both lead to this machine.
 */
export function trustedHosts(endpoint?: string): IsTrusted {
  const own = endpoint === undefined ? undefined : URL.parse(endpoint)?.hostname;
  return (text) => {
    if (!isSecureUrl(text)) return false;
    const { protocol, hostname } = new URL(text);
    return hostname === own || (protocol === "https:" && isServiceHost(hostname));
  };
}

function isServiceHost(hostname: string): boolean {
  return hostname === SERVICE_DOMAIN || hostname.endsWith(`.${SERVICE_DOMAIN}`);
}
