/** A strict reader of what `--json` writes: every key is known, and the totals are those of the items. */
import { deepEqual, equal, ok } from "node:assert/strict";

type Kind = "string" | "number" | "boolean" | "error" | "kind" | "side";

/** Keys that an item has always, then those that it may have. */
export const ITEMS: Readonly<
  Record<string, readonly [must: Record<string, Kind>, may: Record<string, Kind>]>
> = {
  "transferred": [{ path: "string", size: "number" }, { bytesSent: "number" }],
  "deduplicated": [{ path: "string", size: "number" }, {}],
  "direct": [{ path: "string", size: "number" }, {}],
  "times-only": [{ path: "string", size: "number" }, {}],
  "unchanged": [{ path: "string", size: "number" }, {}],
  "skipped": [{ path: "string", reason: "string" }, {}],
  "failed": [{ error: "error" }, { path: "string" }],
  "deleted": [{ path: "string" }, { size: "number", side: "side", forGood: "boolean", keptAt: "string" }],
  "moved": [{ path: "string", kind: "kind" }, { from: "string", size: "number" }],
  "renamed": [{ path: "string", from: "string" }, { size: "number" }],
  "kept-aside": [{ path: "string", keptAt: "string" }, {}],
  "file-made": [{ path: "string" }, {}],
  "directory-made": [{ path: "string" }, {}],
  "directory-removed": [{ path: "string" }, { side: "side", forGood: "boolean" }],
  "directory-deleted": [{ path: "string" }, { forGood: "boolean" }],
  "linked": [{ path: "string" }, { url: "string" }],
  "unlinked": [{ path: "string" }, {}],
  "trash-emptied": [{ path: "string", files: "number", folders: "number" }, {}],
  "different": [{ path: "string", how: "string" }, { what: "string" }],
  "left-unread": [{ path: "string", files: "number", bytes: "number" }, {}],
  "found": [{ path: "string", problem: "string", what: "string" }, {
    advice: "string",
    since: "string",
    bytes: "number",
  }],
};

const IS_KIND: Readonly<Record<Kind, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => Number.isInteger(value) && Number(value) >= 0,
  boolean: (value) => value === true,
  error: isError,
  kind: (value) => value === "file" || value === "directory",
  side: (value) => value === "source" || value === "target",
};

export interface ResultItem {
  readonly action: string;
  readonly path?: string;
  readonly [key: string]: unknown;
}

export interface ResultDocument {
  readonly schema: number;
  readonly command: string;
  readonly dryRun: boolean;
  readonly items: readonly ResultItem[];
  readonly totals: Readonly<Record<string, number>>;
  readonly status: number;
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
  readonly elapsedMs: number;
}

/** Throws when `text` is anything but one valid document. */
export function parseResult(text: string): ResultDocument {
  ok(text.endsWith("}\n"), `no line end: ${text}`);
  const document: ResultDocument = JSON.parse(text);
  deepEqual(Object.keys(document), [
    "schema",
    "command",
    "dryRun",
    "items",
    "totals",
    "status",
    "error",
    "elapsedMs",
  ]);
  equal(document.schema, 1);
  equal(typeof document.dryRun, "boolean");
  ok(IS_KIND.number(document.elapsedMs) && IS_KIND.number(document.status));
  ok(document.error === null || isError(document.error), JSON.stringify(document.error));
  equal(text.split("\n").length, document.items.length === 0 ? 2 : document.items.length + 3);
  for (const item of document.items) requireItem(item);
  requireTotals(document);
  return document;
}

function requireItem({ action, ...fields }: ResultItem): void {
  const [must, may] = ITEMS[action] ?? [{}, {}];
  ok(action in ITEMS, `an unknown action: ${action}`);
  for (const key of Object.keys(must)) ok(key in fields, `${action} without ${key}`);
  for (const [key, value] of Object.entries(fields)) {
    const kind = { ...must, ...may }[key];
    ok(kind !== undefined && IS_KIND[kind](value), `${action}: ${key} is ${JSON.stringify(value)}`);
  }
}

function isError(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { code, message, hint, ...others } = value as Record<string, unknown>;
  return typeof code === "string" && typeof message === "string" && Object.keys(others).length === 0 &&
    (hint === undefined || typeof hint === "string");
}

function requireTotals({ items, totals }: ResultDocument): void {
  for (const [name, count] of Object.entries(totals)) ok(IS_KIND.number(count), name);
  const those = (...actions: string[]) => items.filter(({ action }) => actions.includes(action));
  const sum = (some: readonly ResultItem[], key: string) =>
    some.reduce((total, item) => total + Number(item[key] ?? 0), 0);
  const copied = those("transferred", "deduplicated", "direct");
  const expected = {
    files: copied.length,
    bytes: sum(copied, "size"),
    bytesSent: sum(copied, "bytesSent"),
    deduplicatedFiles: those("deduplicated").length,
    deduplicatedBytes: sum(those("deduplicated"), "size"),
    directFiles: those("direct").length,
    failedEntries: those("failed").length,
    skippedEntries: those("skipped").length,
  };
  for (const [name, count] of Object.entries(expected)) equal(totals[name], count, name);
}
