/** Short names for secrets: enough to tell two apart, too little to find the secret. */

const HEX_DIGITS = 16;

/** The first 16 hex digits of the SHA-256 of `text`. */
export async function fingerprintOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, HEX_DIGITS);
}
