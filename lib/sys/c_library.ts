/** The C library of Linux, for the few questions that the runtime has no call for. Elsewhere there is none. */

/** "Relative to the current directory" and "the link itself", as the kernel has them. */
export const AT_FDCWD = -100;
export const AT_SYMLINK_NOFOLLOW = 0x100;
/** As every processor that the runtime exists for. */
export const LITTLE_ENDIAN = true;

/** Of GNU and of musl, as distributions name them. */
const LIBRARIES = [
  "libc.so.6",
  `/lib/ld-musl-${Deno.build.arch}.so.1`,
];

/** Undefined where the library is another one, an older one, or may not be loaded. The caller closes it. */
export function openCLibrary<Symbols extends Deno.ForeignLibraryInterface>(
  symbols: Symbols,
): Deno.DynamicLibrary<Symbols> | undefined {
  if (Deno.build.os !== "linux") return undefined;
  for (const library of LIBRARIES) {
    try {
      return Deno.dlopen(library, symbols);
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}
