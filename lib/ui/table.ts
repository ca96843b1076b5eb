/** Columns aligned by display width. */
import { displayWidth, padEnd, padStart } from "./width.ts";

export interface TableOptions {
  /** One per column; `left` where none is given. */
  readonly align?: readonly ("left" | "right")[];
  /** Spaces between columns; 2 by default. */
  readonly gap?: number;
}

/** One line per row, without spaces at its end. Rows may be of different lengths. */
export function formatTable(rows: readonly (readonly string[])[], options: TableOptions = {}): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell)));
  }
  const gap = " ".repeat(options.gap ?? 2);
  return rows.map((row) =>
    row.map((cell, index) => {
      const pad = options.align?.[index] === "right" ? padStart : padEnd;
      return pad(cell, widths[index] ?? 0);
    }).join(gap).trimEnd()
  );
}
