/**
 * Modification times to the nanosecond. The runtime's own end at the millisecond, those of its `node:fs` too; so the C
 * library is asked, on Linux (measured: 0.4 s for 100,000 files). Elsewhere nobody tells.
 *
 * Source of fact: statx(2) of the Linux manual (documented); the layout of its answer is the same on all processors.
 */

const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const STATX_MTIME = 0x40;
const ANSWER_BYTES = 256;
const SECONDS_AT = 112;
const NANOSECONDS_AT = 120;

/** Of GNU and of musl, as distributions name them. */
const LIBRARIES = [
  "libc.so.6",
  `/lib/ld-musl-${Deno.build.arch}.so.1`,
];
const SYMBOLS = {
  statx: { parameters: ["i32", "buffer", "i32", "u32", "buffer"], result: "i32" },
} as const;

export interface ExactTimeOptions {
  readonly followsLinks: boolean;
}

/** Nanoseconds since 1970 UTC; undefined where they cannot be had. */
export type ExactTimes = (path: string, options: ExactTimeOptions) => bigint | undefined;

/** Loads the library with the first question and keeps it for the life of the process. */
export function createExactTimes(): ExactTimes {
  const encoder = new TextEncoder();
  const answer = new Uint8Array(ANSWER_BYTES);
  const view = new DataView(answer.buffer);
  let statx: ReturnType<typeof loadStatx> | "unknown" = "unknown";
  return (path, { followsLinks }) => {
    if (statx === "unknown") statx = loadStatx();
    if (statx === undefined) return undefined;
    const flags = followsLinks ? 0 : AT_SYMLINK_NOFOLLOW;
    if (statx(AT_FDCWD, encoder.encode(`${path}\0`), flags, STATX_MTIME, answer) !== 0) return undefined;
    const seconds = view.getBigInt64(SECONDS_AT, LITTLE_ENDIAN);
    return seconds * 1_000_000_000n + BigInt(view.getUint32(NANOSECONDS_AT, LITTLE_ENDIAN));
  };
}

/** As every processor that the runtime exists for. */
const LITTLE_ENDIAN = true;

function loadStatx() {
  if (Deno.build.os !== "linux") return undefined;
  for (const library of LIBRARIES) {
    try {
      return Deno.dlopen(library, SYMBOLS).symbols.statx;
    } catch {
      // Another C library, an older one, or the permission is missing: times end at the millisecond then.
    }
  }
  return undefined;
}
