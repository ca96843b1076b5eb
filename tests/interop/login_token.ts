/** The login token of the emulator as the real service would hand it out. */

/** Of the main brand; the realm that login tokens of the emulator belong to. */
export const REAL_ISSUER = "https://id.jottacloud.com/auth/realms/jottacloud";

/** The login token as the real service hands it out: its discovery link names the real identity host. */
export function withRealDiscovery(loginToken: string): string {
  const fields: Record<string, string> = JSON.parse(
    atob(loginToken.replaceAll("-", "+").replaceAll("_", "/")),
  );
  const text = JSON.stringify({
    ...fields,
    well_known_link: `${REAL_ISSUER}/.well-known/openid-configuration`,
  });
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
