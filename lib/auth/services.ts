/**
 * The brands of the service: same files, same API, each with its own identity provider. A new brand is one row.
 *
 * Source of fact: API reference 1.1, from rclone v1.75 (documented). The sign-in with a login token needs only the
 * display names, because the token names its own provider; the browser sign-in starts from domain and realm.
 */

export interface Service {
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

/** The discovery document of a brand. */
export function discoveryUrl(service: Pick<Service, "domain" | "realm">): string {
  return `https://${service.domain}/auth/realms/${service.realm}/.well-known/openid-configuration`;
}

/** The brand that an identity URL belongs to, for messages; undefined for others, such as an emulator. */
export function serviceOfUrl(url: string): Service | undefined {
  const host = URL.parse(url)?.hostname;
  return SERVICES.find((service) => service.domain === host);
}
