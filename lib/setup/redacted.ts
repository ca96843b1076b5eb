/**
 * A section of the config as it can stand in a bug report: what tells how the remote is set up, nothing that tells
 * whose it is or opens it. Everything is hidden that is not known to be harmless.
 */
import { SERVICES } from "../auth/services.ts";
import { isLoopback } from "../http/secure_url.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { formatSessionRecord, parseSessionRecord, SESSION_RECORD_KEY } from "../store/session_record.ts";

const HIDDEN = "***";

/** Settings that are the same for many people. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set([
  "type",
  "configVersion",
  "encoding",
  "hard_delete",
  "trashed_only",
  "no_versions",
  "md5_memory_limit",
  "upload_resume_limit",
]);

/** Clients that everybody has; the legacy sign-in makes one for each machine. */
const HARMLESS_CLIENTS: ReadonlySet<string> = new Set([
  "jottacli",
  "desktop-mac",
  ...SERVICES.map((service) => service.clientId),
]);

/** Names that every account has. */
const HARMLESS_PLACES: ReadonlySet<string> = new Set(["Jotta", "Archive", "Sync"]);

type Redact = (value: string) => string;

const RULES: Readonly<Record<string, Redact>> = {
  client_id: (value) => HARMLESS_CLIENTS.has(value) ? value : HIDDEN,
  device: (value) => HARMLESS_PLACES.has(value) ? value : HIDDEN,
  mountpoint: (value) => HARMLESS_PLACES.has(value) ? value : HIDDEN,
  tokenURL: (value) => isPublicUrl(value) ? value : HIDDEN,
  endpoint: (value) => isPublicUrl(value) ? value : HIDDEN,
  [SESSION_RECORD_KEY]: (value) => {
    const record = parseSessionRecord(value);
    const isKnown = SERVICES.some((service) => service.key === record.service);
    const service = record.service === undefined || isKnown ? record.service : HIDDEN;
    const machine = record.machine === undefined ? undefined : HIDDEN;
    const intent = record.intent === undefined ? undefined : { ...record.intent, token: HIDDEN };
    return formatSessionRecord({ ...record, service, machine, intent });
  },
};

/** Keys in their order, with values that can be published. Empty values stay empty. */
export function redactSection(document: ConfigDocument, name: string): [key: string, value: string][] {
  const isOurs = document.get(name, "type") === "jottacloud";
  return document.entries(name).map(([key, value]) => {
    if (value === "" || key === "type" || isOurs && HARMLESS_KEYS.has(key)) return [key, value];
    const rule = isOurs && Object.hasOwn(RULES, key) ? RULES[key] : undefined;
    return [key, rule?.(value) ?? HIDDEN];
  });
}

/** An address of the service, or one that means nothing outside this machine; without anything added to it. */
function isPublicUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || `${url.username}${url.password}${url.search}${url.hash}` !== "") return false;
  const isService = SERVICES.some((service) => service.domain === url.hostname);
  return isService || isLoopback(url.hostname);
}
