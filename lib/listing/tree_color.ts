/** Colours of `tree --color`, as rclone has them: directories, and files by the ending of their name. */

const COLORS: readonly (readonly [code: string, endings: string])[] = [
  ["1;32", "bat btm cmd com dll exe"],
  ["1;31", "arj bz2 deb gz lzh rpm tar taz tb2 tbz2 tbz tgz tz tz2 z zip zoo"],
  ["1;35", "asf avi bmp flac gif jpg m2a m2v mov mp3 mpeg mpg ogg ppm rm tga tif wav wmv xbm xpm"],
];
const DIRECTORY_COLOR = "1;34";

const CODES: ReadonlyMap<string, string> = new Map(
  COLORS.flatMap(([code, endings]) => endings.split(" ").map((ending) => [ending, code] as const)),
);

/** `text`, the name of an entry as it is shown, between the sequences that colour it. */
export function colorName(
  text: string,
  { name, isDirectory }: { readonly name: string; readonly isDirectory: boolean },
): string {
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
  const code = CODES.get(ending) ?? (isDirectory ? DIRECTORY_COLOR : undefined);
  return code === undefined ? text : `\x1b[${code}m${text}\x1b[0m`;
}
