/**
 * Names of files that are kept aside: with a suffix, at the end or before the ending of the name (observed: rclone
 * v1.76, which takes what is an ending from the operating system; here it is the same on every machine).
 */
import { mimeTypeOfName, UNKNOWN_TYPE } from "../listing/mime_types.ts";

export interface Suffix {
  readonly text: string;
  /** Goes before the ending: `file-old.tar.gz`. */
  readonly keepsExtension: boolean;
}

/** The name under which a file is kept. */
export function keptName(name: string, { text, keepsExtension }: Suffix): string {
  const length = keepsExtension ? extensionLength(name) : 0;
  return name.slice(0, name.length - length) + text + name.slice(name.length - length);
}

/** Whether a file has been given its name by `keptName`. */
export function isKeptName(name: string, suffix: Suffix): boolean {
  const { text } = suffix;
  if (text === "") return false;
  for (let at = name.indexOf(text); at >= 0; at = name.indexOf(text, at + 1)) {
    const original = name.slice(0, at) + name.slice(at + text.length);
    if (original !== "" && keptName(original, suffix) === name) return true;
  }
  return false;
}

/** What follows the last dot is an ending; what is between dots before that, only where it is a known one (`.tar`). */
function extensionLength(name: string): number {
  let base = name.slice(0, Math.max(0, name.lastIndexOf(".")));
  if (!name.includes(".")) return 0;
  while (mimeTypeOfName(base) !== UNKNOWN_TYPE) base = base.slice(0, base.lastIndexOf("."));
  return name.length - base.length;
}
