/** Lines of the files that `--filter-from` and its likes read (observed: rclone v1.76 `forEachLine`). */

/**
 * `rules`: without white space around, without empty ones and comments (`#`, `;`); `raw`: as they are; `nul`: as
 * they are, and a NUL ends a line instead of a line feed.
 */
export type LineMode = "rules" | "raw" | "nul";

export interface Line {
  readonly text: string;
  /** The first one is 1. */
  readonly number: number;
}

/** What Go calls white space; JavaScript's `trim` takes a little more and a little less. */
const LEADING_SPACE = /^\p{White_Space}+/u;
const SPACE = /^\p{White_Space}$/u;

export function readLines(content: string, mode: LineMode): readonly Line[] {
  const texts = content.split(mode === "nul" ? "\0" : "\n");
  if (texts.at(-1) === "") texts.pop();
  const lines = texts.map((text, index) => ({ text: tidy(text, mode), number: index + 1 }));
  return mode === "rules" ? lines.filter(({ text }) => !/^(?:[#;]|$)/.test(text)) : lines;
}

function tidy(text: string, mode: LineMode): string {
  if (mode === "nul") return text;
  return mode === "raw" ? text.replace(/\r$/, "") : withoutOuterSpace(text);
}

/** A pattern for the space at the end would look at all the space within a line again and again. */
function withoutOuterSpace(text: string): string {
  let end = text.length;
  while (end > 0 && SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end).replace(LEADING_SPACE, "");
}
