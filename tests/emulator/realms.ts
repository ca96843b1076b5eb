/** Identity realms: who serves them, which clients and scopes they know. Source of fact: API reference 1.1, 2.2. */

export interface Realm {
  readonly name: string;
  /** The first is the realm's own; Swedish Elgiganten shares the Danish realm and differs in its domain only. */
  readonly domains: readonly string[];
  readonly clients: readonly string[];
  /** Phonero and Let's Go refuse the scope `jotta-default`. */
  readonly jottaDefaultScope: boolean;
}

/** [realm, domains, desktop client, scope set] */
const TABLE: readonly (readonly [string, string, "desktop" | "desktop-win", "A" | "B"])[] = [
  ["jottacloud", "id.jottacloud.com", "desktop", "A"],
  ["elgiganten", "cloud.elgiganten.dk cloud.elgiganten.se", "desktop", "A"],
  ["elkjop", "cloud.elkjop.no", "desktop", "A"],
  ["elko", "cloud.elko.is", "desktop", "A"],
  ["gigantti", "cloud.gigantti.fi", "desktop", "A"],
  ["letsgo", "letsgo.jotta.cloud", "desktop-win", "B"],
  ["mediamarkt", "mediamarkt.jottacloud.com", "desktop", "A"],
  ["onlime_wl", "cloud-auth.onlime.dk", "desktop", "A"],
  ["phonero", "sky.phonero.no", "desktop-win", "B"],
  ["comhem", "mittcloud-auth.tele2.se", "desktop", "A"],
  ["get", "sky-auth.telia.no", "desktop", "A"],
  ["telia_se", "cloud-auth.telia.se", "desktop", "A"],
];

export const REALMS: ReadonlyMap<string, Realm> = new Map(
  TABLE.map(([name, domains, client, scopes]) => [name, {
    name,
    domains: domains.split(" "),
    clients: client === "desktop" ? ["jottacli", "desktop"] : ["jottacli", "desktop-win", "desktop-mac"],
    jottaDefaultScope: scopes === "A",
  }]),
);

export const DEFAULT_REALM = "jottacloud";
