/** The real dice; `bytes` is fit for secrets. */
import type { Random } from "../edges.ts";

export function createDenoRandom(): Random {
  return {
    next: () => Math.random(),
    bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}
