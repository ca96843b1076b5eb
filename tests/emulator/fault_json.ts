/** Fault rules as they come through the admin path: checked field by field, since they may be written by hand. */
import { type Fault, type FaultAction, matcherOf } from "./faults.ts";

type FieldKind = "number" | "number?" | "boolean?" | "body?";

const ACTION_FIELDS: Readonly<Record<FaultAction["kind"], Readonly<Record<string, FieldKind>>>> = {
  status: { status: "number", retryAfterSeconds: "number?", body: "body?", afterEffect: "boolean?" },
  dropBeforeResponse: { afterEffect: "boolean?" },
  dropRequestAfterBytes: { bytes: "number" },
  shortenRequest: { bytes: "number" },
  corruptRequest: { at: "number?" },
  dropResponseAfterBytes: { bytes: "number" },
  stall: { ms: "number?", afterResponseBytes: "number?" },
  truncateBody: { bytes: "number?" },
  corruptBody: { at: "number?" },
  malformedXml: {},
  truncateXml: { bytes: "number?" },
};
const MATCH_FIELDS: readonly string[] = ["method", "path", "query"];
const BODY_KINDS: readonly unknown[] = ["xml", "json", "plain"];

/** A rule, or what is wrong with it. `times` defaults to 1, `match` to every request. */
export function parseFault(value: unknown): Fault | string {
  if (!isRecord(value)) return "A fault must be an object";
  const { match = {}, times = 1, skip = 0, action } = value;
  if (typeof times !== "number" || typeof skip !== "number") return "Fields times and skip must be numbers";
  const wrong = wrongMatch(match) ?? wrongAction(action);
  if (wrong !== undefined) return wrong;
  return { match: match as Fault["match"], times, skip, action: action as FaultAction };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function wrongMatch(match: unknown): string | undefined {
  if (!isRecord(match)) return "Field match must be an object";
  for (const [name, text] of Object.entries(match)) {
    if (!MATCH_FIELDS.includes(name)) return `Unknown field match.${name}`;
    if (typeof text !== "string") return `Field match.${name} must be text`;
  }
  try {
    matcherOf(match);
    return undefined;
  } catch (error) {
    return `Cannot read field match: ${error instanceof Error ? error.message : error}`;
  }
}

function wrongAction(action: unknown): string | undefined {
  if (!isRecord(action) || typeof action["kind"] !== "string") return "Field action.kind is required";
  const { kind, ...fields } = action;
  if (!isActionKind(kind)) return `Unknown action.kind "${kind}"`;
  const known = ACTION_FIELDS[kind];
  for (const name of Object.keys(fields)) {
    if (!Object.hasOwn(known, name)) return `Unknown field action.${name}`;
  }
  const wrong = Object.entries(known).find(([name, wanted]) => !isFieldOf(wanted, fields[name]));
  return wrong && `Field action.${wrong[0]} is missing or of the wrong kind`;
}

function isActionKind(kind: unknown): kind is FaultAction["kind"] {
  return typeof kind === "string" && Object.hasOwn(ACTION_FIELDS, kind);
}

function isFieldOf(wanted: FieldKind, value: unknown): boolean {
  if (value === undefined) return wanted.endsWith("?");
  if (wanted === "body?") return BODY_KINDS.includes(value);
  return wanted === "boolean?" ? typeof value === "boolean" : typeof value === "number";
}
