/** JSON answers of the API host, read strictly: a field is what it should be, or the answer cannot be read. */
import type { HttpResponse } from "../edges.ts";
import { type ErrorDetails, type JottashError, ProtocolError } from "../errors.ts";
import { readText } from "../http/client.ts";
import { toFailure } from "../http/failure.ts";

const MAX_ANSWER_BYTES = 1 << 20;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in a response. Throws `ProtocolError` when there is none. */
export async function readJsonObject(response: HttpResponse, action: string): Promise<JsonObject> {
  const text = await readText(response, MAX_ANSWER_BYTES);
  const value = parseJson(text);
  // Cut or garbled on its way: it may be whole the next time.
  if (!isObject(value)) throw unreadable(action, "it is not a JSON object", { retry: "now" });
  return value;
}

/** The error of an unhappy answer of the API host (API reference 4.9: `error_id`, all fields nullable). */
export async function readApiFailure(response: HttpResponse, action: string): Promise<JottashError> {
  let exception: string | undefined;
  try {
    const value = parseJson(await readText(response, MAX_ANSWER_BYTES));
    const name = isObject(value) ? value["error_id"] : undefined;
    // It is shown: what is no name is left out.
    if (typeof name === "string" && /^[\w$.]{1,100}$/.test(name)) exception = name;
  } catch { /* not an error document: the status says enough */ }
  return toFailure(action, { status: response.status, exception });
}

export function requireString(object: JsonObject, field: string, action: string): string {
  const value = object[field];
  if (typeof value !== "string") throw unreadable(action, `"${field}" is not a text`);
  return value;
}

/** A whole number of at least zero. */
export function requireCount(object: JsonObject, field: string, action: string): number {
  const value = object[field];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw unreadable(action, `"${field}" is not a number`);
  }
  return value;
}

function unreadable(action: string, reason: string, details: ErrorDetails = {}): ProtocolError {
  return new ProtocolError(
    `Cannot ${action}: the service sent an answer that cannot be read: ${reason}`,
    details,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
