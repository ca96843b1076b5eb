/**
 * The brands of the service: same files, same API, each with its own identity provider. A new brand is one row here,
 * or a section of type "jottacloud-service" in the user's config, without a new release.
 *
 * Source of fact: API reference 1.1, from rclone v1.75 (documented). The sign-in with a login token needs only the
 * display names, because the token names its own provider; the browser sign-in starts from domain and realm.
 */
import { ConfigError } from "../errors.ts";
import type { ConfigDocument } from "../store/config_document.ts";

export interface Service {
  /** What a user writes to choose it; for a service of the user's own the name of its section. */
  readonly key: string;
  readonly displayName: string;
  readonly domain: string;
  readonly realm: string;
  /** The client id of the browser sign-in. */
  readonly clientId: string;
  readonly scopes: string;
}

/** Client id of every session that starts from a login token. */
export const LOGIN_TOKEN_CLIENT_ID = "jottacli";
/** Where a login token is made. */
export const LOGIN_TOKEN_PAGE = "https://www.jottacloud.com/web/secure";

const SCOPES = "openid jotta-default offline_access";
/** These providers refuse the client "desktop" and the scope "jotta-default". */
const SCOPES_WITHOUT_DEFAULT = "openid offline_access";

export const SERVICES: readonly Service[] = [
  row("jottacloud", "Jottacloud", "id.jottacloud.com", "jottacloud"),
  row("elgiganten_dk", "Elgiganten Cloud (Denmark)", "cloud.elgiganten.dk", "elgiganten"),
  row("elgiganten_se", "Elgiganten Cloud (Sweden)", "cloud.elgiganten.se", "elgiganten"),
  row("elkjop", "Elkjøp Cloud (Norway)", "cloud.elkjop.no", "elkjop"),
  row("elko", "ELKO Cloud (Iceland)", "cloud.elko.is", "elko"),
  row("gigantti", "Gigantti Cloud (Finland)", "cloud.gigantti.fi", "gigantti"),
  {
    ...row("letsgo", "Let's Go Cloud (Germany)", "letsgo.jotta.cloud", "letsgo"),
    clientId: "desktop-win",
    scopes: SCOPES_WITHOUT_DEFAULT,
  },
  row("mediamarkt", "MediaMarkt Cloud (Multiregional)", "mediamarkt.jottacloud.com", "mediamarkt"),
  row("onlime", "Onlime (Denmark)", "cloud-auth.onlime.dk", "onlime_wl"),
  {
    ...row("phonero", "Phonero Sky", "sky.phonero.no", "phonero"),
    clientId: "desktop-win",
    scopes: SCOPES_WITHOUT_DEFAULT,
  },
  row("tele2", "Tele2 Cloud (Sweden)", "mittcloud-auth.tele2.se", "comhem"),
  row("telia_no", "Telia Sky (Norway)", "sky-auth.telia.no", "get"),
  row("telia_se", "Telia Cloud (Sweden)", "cloud-auth.telia.se", "telia_se"),
];

function row(key: string, displayName: string, domain: string, realm: string): Service {
  return { key, displayName, domain, realm, clientId: "desktop", scopes: SCOPES };
}

/** The type of a section that describes a service of the user's own. */
export const SERVICE_TYPE = "jottacloud-service";

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const REALM = /^[\w.~-]+$/;
const WORD = /^[\x21-\x7e]+$/;
const WORDS = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;

/**
 * The built-in services and those of the user's config; one of the user's with the key of a built-in one takes its
 * place. Throws `ConfigError` for a section that lacks something.
 */
export function servicesOf(document: ConfigDocument): readonly Service[] {
  const services = new Map(SERVICES.map((service) => [service.key, service]));
  for (const section of document.sections()) {
    if (document.get(section, "type") === SERVICE_TYPE) services.set(section, ownService(document, section));
  }
  return [...services.values()];
}

function ownService(document: ConfigDocument, section: string): Service {
  const read = (key: string, rule: { pattern: RegExp; expected: string; standard?: string }) => {
    const value = document.get(section, key)?.trim() || rule.standard;
    if (value !== undefined && rule.pattern.test(value)) return value;
    const problem = value === undefined ? "is missing" : `is not ${rule.expected}`;
    throw new ConfigError(`Cannot use the service "${section}": its "${key}" ${problem}`, {
      hint: `Set "${key}" in section [${section}] to ${rule.expected}`,
      data: { section, key },
    });
  };
  return {
    key: section,
    displayName: document.get(section, "name")?.trim() || section,
    domain: read("domain", { pattern: HOST_NAME, expected: "a host name, as in id.example.com" })
      .toLowerCase(),
    realm: read("realm", {
      pattern: REALM,
      expected: "the name of a realm, as in the address of its sign-in page",
    }),
    clientId: read("client_id", { pattern: WORD, expected: "the name of a client", standard: "desktop" }),
    scopes: read("scopes", {
      pattern: WORDS,
      expected: "words with one blank between them",
      standard: SCOPES,
    }),
  };
}

/** Throws `ConfigError` for a service that nobody knows. */
export function requireService(services: readonly Service[], key: string): Service {
  const service = services.find((each) => each.key === key) ??
    services.find((each) => each.key.toLowerCase() === key.toLowerCase());
  if (service !== undefined) return service;
  throw new ConfigError(`Cannot sign in to "${key}": there is no such service`, {
    hint: `The services are ${services.map((each) => each.key).join(", ")}; a section of type ` +
      `"${SERVICE_TYPE}" in the config adds one`,
  });
}

/** The discovery document of a brand; below `endpoint` where that stands in for the hosts of the service. */
export function discoveryUrl(service: Pick<Service, "domain" | "realm">, endpoint?: string): string {
  const origin = endpoint ? endpoint.replace(/\/+$/, "") : `https://${service.domain}`;
  return `${origin}/auth/realms/${encodeURIComponent(service.realm)}/.well-known/openid-configuration`;
}

/** The brand that an identity URL belongs to; undefined for others, such as one below an endpoint. */
export function serviceOfUrl(url: string, services: readonly Service[] = SERVICES): Service | undefined {
  const host = URL.parse(url)?.hostname;
  return services.find((service) => service.domain === host);
}

/** The realm in an identity URL. */
export function realmOfUrl(url: string): string | undefined {
  return /\/realms\/([^/]+)\//.exec(URL.parse(url)?.pathname ?? "")?.[1];
}
