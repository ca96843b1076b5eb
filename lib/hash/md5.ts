/**
 * Streaming MD5: what the service knows files by, not a protection against forgery. The hash functions of the
 * runtime enter here only.
 */

/** A digest in the making. */
export interface Md5 {
  /** Appends `bytes`, which may be reused afterwards. */
  update(bytes: Uint8Array): void;
  /** Lower-case hex; the object is used up. */
  digestHex(): string;
}

export function createMd5(): Md5 {
  const hash = cryptoModule().createHash("md5");
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest("hex"),
  };
}

/** Lower-case hex MD5 of `bytes`. */
export function md5OfBytes(bytes: Uint8Array): string {
  return cryptoModule().createHash("md5").update(bytes).digest("hex");
}

/**
 * `node:crypto`, loaded with the first hash: a static import costs every command 13 ms at its start, and an
 * `await import()` would make each caller asynchronous.
 */
export function cryptoModule(): typeof import("node:crypto") {
  return globalThis.process.getBuiltinModule("node:crypto");
}
