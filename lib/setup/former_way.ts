/** How a remote was signed in the last time: from our own note, or from what rclone writes about each way. */
import { LOGIN_TOKEN_CLIENT_ID, realmOfUrl, type Service } from "../auth/services.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { parseSessionRecord, SESSION_RECORD_KEY } from "../store/session_record.ts";
import type { FormerWay } from "./sign_in.ts";

/** Empty when the remote has never been signed in, or in a way that nobody knows. */
export function formerWayOf(
  document: ConfigDocument,
  name: string,
  services: readonly Service[],
): FormerWay {
  const get = (key: string) => document.get(name, key) || undefined;
  const { method, service } = parseSessionRecord(get(SESSION_RECORD_KEY));
  if (method !== undefined) return { method, service, userName: get("username") };
  const [version, clientId] = [get("configVersion"), get("client_id")];
  if (version === "0") return { method: "legacy", userName: get("username") };
  if (version === undefined) return {};
  if (clientId === undefined || clientId === LOGIN_TOKEN_CLIENT_ID) return { method: "standard" };
  const provider = serviceAt(get("tokenURL"), services.filter((each) => each.clientId === clientId));
  return provider === undefined ? {} : { method: "traditional", service: provider.key };
}

/** By its host; behind an endpoint, which stands in for all hosts, by its realm. */
function serviceAt(tokenUrl: string | undefined, services: readonly Service[]): Service | undefined {
  if (tokenUrl === undefined) return undefined;
  const host = URL.parse(tokenUrl)?.hostname;
  const realm = realmOfUrl(tokenUrl);
  return services.find((each) => each.domain === host) ?? services.find((each) => each.realm === realm);
}
