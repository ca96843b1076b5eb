/**
 * What an encrypted configuration looks like from outside: comments, a marker, base64. Knows no cipher, so that a
 * plain file costs nothing. Source of fact: API reference 9.3, and files of rclone 1.60.1 (observed).
 */
const HEADER = "# Encrypted rclone configuration File";
const MARKER = "RCLONE_ENCRYPT_V0:";
const ANY_MARKER = "RCLONE_ENCRYPT_V";

export interface EncryptedPart {
  /** False for a version of the format that came after this program. */
  readonly isSupported: boolean;
  /** What follows the marker: base64, perhaps wrapped. */
  readonly payload: string;
}

/** Undefined for plain text: the marker counts only where nothing but blank lines and comments comes before it. */
export function encryptedPart(text: string): EncryptedPart | undefined {
  for (let start = 0; start < text.length;) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(start, end).trim();
    start = end;
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    if (!line.startsWith(ANY_MARKER)) return undefined;
    return { isSupported: line === MARKER, payload: text.slice(end) };
  }
  return undefined;
}

/** The file as rclone writes it, without a line end after the payload. */
export function wrapPayload(payload: string): string {
  return `${HEADER}\n\n${MARKER}\n${payload}`;
}
