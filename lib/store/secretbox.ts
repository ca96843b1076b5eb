/**
 * NaCl's secretbox (XSalsa20-Poly1305): what is opened is what was sealed with the same key, or nothing at all. The
 * cipher package enters here only. Loaded by `config_crypt.ts`, so by runs over an encrypted config alone.
 */
import { xsalsa20poly1305 } from "@noble/ciphers/salsa.js";

/** Lengths of the nonce and the authenticator, in bytes. */
export const NONCE_BYTES = 24;
export const TAG_BYTES = 16;

export interface BoxKey {
  /** 32 bytes. */
  readonly key: Uint8Array;
  /** 24 bytes, never twice with one key. */
  readonly nonce: Uint8Array;
}

/** The authenticator and the hidden bytes behind it. */
export function sealBox(plain: Uint8Array, { key, nonce }: BoxKey): Uint8Array {
  return xsalsa20poly1305(key, nonce).encrypt(plain);
}

/** Undefined for another key, and for bytes that were changed. */
export function openBox(box: Uint8Array, { key, nonce }: BoxKey): Uint8Array | undefined {
  if (box.length < TAG_BYTES) return undefined;
  try {
    return xsalsa20poly1305(key, nonce).decrypt(box);
  } catch {
    return undefined;
  }
}
