/** Sizes in the columns of `ls`, `lsl` and `lsd`. */
import { formatSizeSuffix } from "../units.ts";

const HUMAN_WIDTH = 9;

export interface SizeFieldOptions {
  /** With a suffix, in a column of nine. */
  readonly isHuman: boolean;
  /** Of the column with plain bytes. */
  readonly width: number;
}

/** -1 stands for a size that is not known. */
export function formatListedSize(bytes: number, { isHuman, width }: SizeFieldOptions): string {
  if (!isHuman) return String(bytes).padStart(width);
  return (bytes < 0 ? String(bytes) : formatSizeSuffix(bytes)).padStart(HUMAN_WIDTH);
}
