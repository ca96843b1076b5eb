/**
 * What every answer of an identity provider has in common: small, JSON, and never quoted in a message, because it may
 * hold tokens or repeat what was sent.
 */
import type { HttpResponse } from "../edges.ts";
import { type JottashError, NetworkError, ProtocolError, ServiceError } from "../errors.ts";
import { readText } from "../http/client.ts";

/** Real answers have some three kilobytes. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** A body that breaks off is a lost answer, whatever the transport calls it. */
export async function readAnswer(response: HttpResponse, action: string): Promise<string> {
  try {
    return await readText(response, MAX_ANSWER_BYTES);
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw unreadable(action, `no more than ${MAX_ANSWER_BYTES} bytes`);
    }
    throw new NetworkError(`Cannot ${action}: the answer broke off`, { cause: error });
  }
}

/** Throws `ProtocolError` for what is no JSON object. */
export function parseAnswer(text: string, action: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold a token.
    throw unreadable(action, "JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw unreadable(action, "a JSON object");
  }
  return { ...value };
}

export function unreadable(action: string, expected: string): ProtocolError {
  return new ProtocolError(`Cannot ${action}: the answer of the identity provider lacks ${expected}`);
}

/** `data.status` is the status. */
export function unexpectedStatus(action: string, { status }: Pick<HttpResponse, "status">): JottashError {
  const isPassing = status === 429 || status >= 500;
  const details = { retry: isPassing ? "now" : "never", data: { status } } as const;
  return new ServiceError(`Cannot ${action}: the identity provider answered ${status}`, details);
}
