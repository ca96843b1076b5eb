/**
 * rclone's obscured strings: what keeps a secret of a config file from being read over a shoulder. The key is public,
 * so this hides and does not protect.
 *
 * Source of fact: API reference 9.2 (documented) and outputs of rclone 1.60.1: AES-256 in counter mode, the first
 * 16 bytes are the first counter block, the whole is base64url without padding.
 */
import type { Random } from "../edges.ts";
import { ConfigError } from "../errors.ts";

const KEY = Uint8Array.fromHex("9c935b48730a554d6bfd7c63c886a92bd390198eb8128afbf4de162b8b95f638");
const BLOCK_BYTES = 16;

/** A form of `text` that `reveal` and rclone turn back; another one each time. */
export function obscure(text: string, random: Pick<Random, "bytes">): string {
  const counter = random.bytes(BLOCK_BYTES);
  const hidden = crypt(counter, new TextEncoder().encode(text));
  const whole = Uint8Array.from([...counter, ...hidden]);
  return whole.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Throws `ConfigError` for what no `obscure` has made, as far as that can be told. No message repeats `obscured`. */
export function reveal(obscured: string): string {
  // As in Go's decoder, line breaks do not count, blanks and padding do not belong.
  const digits = obscured.replace(/[\r\n]+/g, "");
  if (!/^[A-Za-z0-9_-]*$/.test(digits) || digits.length % 4 === 1) throw notObscured();
  const whole = Uint8Array.fromBase64(digits, { alphabet: "base64url" });
  if (whole.length < BLOCK_BYTES) throw notObscured();
  try {
    const clear = crypt(whole.subarray(0, BLOCK_BYTES), whole.subarray(BLOCK_BYTES));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(clear);
  } catch {
    throw notObscured();
  }
}

/** Loaded when it is needed: a static import costs every command 13 ms at its start. */
function cryptoModule(): typeof import("node:crypto") {
  return globalThis.process.getBuiltinModule("node:crypto");
}

/** Counter mode is its own inverse. */
function crypt(counter: Uint8Array, bytes: Uint8Array): Uint8Array {
  const cipher = cryptoModule().createCipheriv("aes-256-ctr", KEY, counter);
  const crypted = cipher.update(bytes);
  cipher.final();
  return crypted;
}

function notObscured(): ConfigError {
  return new ConfigError("Cannot reveal an obscured value: it is damaged, or was never obscured", {
    hint: 'Values such as "client_secret" are stored in the form that "rclone obscure" makes',
  });
}
