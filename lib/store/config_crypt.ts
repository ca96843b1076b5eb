/**
 * The cipher of an encrypted configuration: password to key, text to payload and back. What the file looks like is
 * in `config_envelope.ts`, where passwords come from in `lib/cli/config_password.ts`.
 *
 * Source of fact: API reference 9.3, and files of rclone 1.60.1 (observed). The key is one SHA-256 without salt: a
 * short password can be found by trying. That is the format; a stronger one would shut rclone out.
 */
import { createHash } from "node:crypto";
import type { Random } from "../edges.ts";
import { wrapPayload } from "./config_envelope.ts";
import { NONCE_BYTES, openBox, sealBox, TAG_BYTES } from "./secretbox.ts";

/** Text that was not UTF-8 has it where bytes could not be read. */
const REPLACEMENT_CHARACTER = "\uFFFD";
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** What was made of a password. As secret as the password. */
export type ConfigKey = Uint8Array;

/** The payload of a file, decoded. */
export interface SealedConfig {
  readonly nonce: Uint8Array;
  readonly box: Uint8Array;
}

/** Why no file can have this password, as in "it is blank"; undefined when one can. Nothing is trimmed. */
export function refusePassword(password: string): string | undefined {
  if (password.trim() === "") return "it is blank";
  if (!password.isWellFormed() || password.includes(REPLACEMENT_CHARACTER)) return "it is not UTF-8 text";
  return undefined;
}

/** The key that goes with a password that is not refused; spellings that look alike (NFKC) have the same. */
export function configKeyOf(password: string): ConfigKey {
  return createHash("sha256").update(`[${password.normalize("NFKC")}][rclone-config]`, "utf8").digest();
}

/** What a payload holds; a text says what is wrong with it. Line breaks within base64 are passed over. */
export function decodePayload(payload: string): SealedConfig | string {
  const base64 = payload.replace(/[\r\n]/g, "");
  if (!BASE64.test(base64)) return "its encrypted part is not base64";
  const bytes = Uint8Array.fromBase64(base64);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return "its encrypted part is too short";
  return { nonce: bytes.subarray(0, NONCE_BYTES), box: bytes.subarray(NONCE_BYTES) };
}

/** The bytes of the configuration; undefined for another key, and for a file that was damaged. */
export function openConfig({ nonce, box }: SealedConfig, key: ConfigKey): Uint8Array | undefined {
  return openBox(box, { key, nonce });
}

/** The whole encrypted file, with a nonce that was never used before. */
export function sealConfig(
  text: string,
  { key, random }: { readonly key: ConfigKey; readonly random: Pick<Random, "bytes"> },
): string {
  const nonce = random.bytes(NONCE_BYTES);
  const box = sealBox(new TextEncoder().encode(text), { key, nonce });
  const bytes = new Uint8Array(nonce.length + box.length);
  bytes.set(nonce);
  bytes.set(box, nonce.length);
  return wrapPayload(bytes.toBase64());
}
