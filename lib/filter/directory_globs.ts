/** Which directories have to be entered to find the files of a rule (observed: rclone v1.76 `globToDirGlobs`). */

/** Braces with a `/` or `**` inside, nested ones, and regular expressions: any directory may hold a match. */
const TOO_HARD = /\{[^{}]*(?:\*\*|\/)[^{}]*\}|\{\{|\}\}|\{[^{}]*\{/;

/**
 * Globs of the directories, deepest first, each with a `/` at its end (that of the root is `/`): `a/b/*.jpg`
 * gives `a/b/` and `a/`. A `**` may stand for any number of levels, so it is a place to cut as well.
 */
export function directoryGlobs(glob: string): readonly string[] {
  if (TOO_HARD.test(glob)) return ["/**"];
  const globs: string[] = [];
  let rest = glob.replace(/\/{2,}/g, "/");
  while (true) {
    const slash = rest.lastIndexOf("/");
    const stars = rest.lastIndexOf("**");
    const end = Math.max(slash, stars);
    if (end < 0) break;
    rest = rest.slice(0, end);
    const next = `${rest}${stars > slash ? "**" : ""}/`;
    if (globs.at(-1) !== next) globs.push(next);
  }
  return globs.length > 0 ? globs : ["/**"];
}
