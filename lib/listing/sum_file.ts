/** Files of hash sums, as `md5sum` and its kin write them: `<sum>  <path>`, or `<sum> *<path>` for binary. */

export interface SumLine {
  readonly path: string;
  /** As it stands in the file. */
  readonly sum: string;
}

const FORM = /^([^ ]+) [ *](.+)$/;

/** One line without its end; undefined for a comment and an empty one, "malformed" for what is no sum line. */
export function parseSumLine(line: string): SumLine | "malformed" | undefined {
  if (line === "" || line.startsWith("#")) return undefined;
  const [, sum = "", path = ""] = FORM.exec(line) ?? [];
  return path === "" ? "malformed" : { sum, path };
}
