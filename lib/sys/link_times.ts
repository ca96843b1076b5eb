/**
 * The modification time of a symbolic link itself. The runtime's `node:fs` sets it, but takes a time before 1970 for now;
 * for such a link the C library is asked, on Linux. Elsewhere it gets the first moment of 1970.
 *
 * Source of fact: utimensat(2) of the Linux manual (documented).
 */
import { lutimesSync } from "node:fs";
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, LITTLE_ENDIAN, openCLibrary } from "./c_library.ts";

const SYMBOLS = {
  utimensat: { parameters: ["i32", "buffer", "buffer", "i32"], result: "i32" },
} as const;

/** Sets it to the millisecond. Throws as `node:fs` does. */
export function setLinkTime(path: string, modifiedAtMs: number): void {
  const ms = Math.floor(modifiedAtMs);
  if (ms < 0 && setEarlyTime(path, ms)) return;
  const date = new Date(Math.max(0, ms));
  lutimesSync(path, date, date);
}

function setEarlyTime(path: string, ms: number): boolean {
  const library = openCLibrary(SYMBOLS);
  if (library === undefined) return false;
  const name = new TextEncoder().encode(`${path}\0`);
  const status = library.symbols.utimensat(AT_FDCWD, name, timesOf(ms), AT_SYMLINK_NOFOLLOW);
  library.close();
  return status === 0;
}

/** Twice the same: of the last access, and of the modification. */
function timesOf(ms: number): Uint8Array<ArrayBuffer> {
  const seconds = Math.floor(ms / 1000);
  const view = new DataView(new ArrayBuffer(32));
  for (const offset of [0, 16]) {
    view.setBigInt64(offset, BigInt(seconds), LITTLE_ENDIAN);
    view.setBigInt64(offset + 8, BigInt(ms - seconds * 1000) * 1_000_000n, LITTLE_ENDIAN);
  }
  return new Uint8Array(view.buffer);
}
