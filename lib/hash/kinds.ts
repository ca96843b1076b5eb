/** The hash functions that listings offer, under rclone's names; those that the runtime itself has. */
import { cryptoModule } from "./md5.ts";

export type HashName = "md5" | "sha1" | "crc32" | "sha256" | "sha512";

/** A digest in the making. */
export interface Hasher {
  /** Appends `bytes`, which may be reused afterwards. */
  update(bytes: Uint8Array): void;
  /** Lower-case hex; the object is used up. */
  digestHex(): string;
}

/** In rclone's order. */
export const HASH_NAMES: readonly HashName[] = ["md5", "sha1", "crc32", "sha256", "sha512"];

/** The hash that a user names, whatever the case and the dashes (`SHA-1`, `crc32`); undefined for others. */
export function findHashName(text: string): HashName | undefined {
  const plain = text.toLowerCase().replaceAll("-", "");
  return HASH_NAMES.find((name) => name === plain);
}

export function createHasher(name: HashName): Hasher {
  if (name === "crc32") return createCrc32();
  const hash = cryptoModule().createHash(name);
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest("hex"),
  };
}

function createCrc32(): Hasher {
  const { crc32 } = globalThis.process.getBuiltinModule("node:zlib");
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digestHex: () => value.toString(16).padStart(8, "0"),
  };
}

/** The same digest in base64, in the alphabet for URLs and with padding, as rclone writes it. */
export function hexToBase64(hex: string): string {
  return Uint8Array.fromHex(hex).toBase64({ alphabet: "base64url" });
}
