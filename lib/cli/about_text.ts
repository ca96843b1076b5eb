/** The space of an account as `about` prints it, in rclone's order and spelling. No I/O. */
import { formatSize } from "../units.ts";

/** Bytes; what is not known is left out, in JSON too. */
export interface AboutUsage {
  readonly total?: number | undefined;
  readonly used?: number | undefined;
  readonly trashed?: number | undefined;
  readonly other?: number | undefined;
  readonly free?: number | undefined;
  /** How many files. */
  readonly objects?: number | undefined;
}

export type AboutForm = "human" | "full" | "json";

/** Order of the fields in JSON. */
const FIELDS = ["total", "used", "trashed", "other", "free", "objects"] as const;
const LINES = [
  ["Total:", "total"],
  ["Used:", "used"],
  ["Free:", "free"],
  ["Trashed:", "trashed"],
  ["Other:", "other"],
  ["Objects:", "objects"],
] as const;

/** The lines of standard output. */
export function aboutLines(usage: AboutUsage, form: AboutForm): string[] {
  if (form === "json") {
    const known = FIELDS.filter((field) => usage[field] !== undefined);
    return JSON.stringify(Object.fromEntries(known.map((field) => [field, usage[field]])), null, "\t").split(
      "\n",
    );
  }
  return LINES.flatMap(([label, field]) => {
    const value = usage[field];
    if (value === undefined) return [];
    const isPlain = form === "full" || field === "objects";
    return [`${label.padEnd(8)} ${isPlain ? value : formatSize(value)}`];
  });
}
