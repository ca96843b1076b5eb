/**
 * The answer to a command that has a good status: read so far that the connection can be used again, and no further
 * than any such answer goes. One that says itself that it is an error is believed more than its status: whoever took
 * it for a success would take a file for deleted that is still there.
 */
import type { HttpResponse } from "../edges.ts";
import { type JottashError, ProtocolError } from "../errors.ts";
import { exceptionName, toFailure } from "../http/failure.ts";
import { childText, readXml, type XmlElement } from "./xml.ts";

/** The answer to `mkDir` for a folder that exists may list it all: what lies behind this is not waited for. */
const MAX_READ_BYTES = 256 * 1024;
/** Error documents are short, and have their root at the start. */
const MAX_ERROR_BYTES = 64 * 1024;

/** The root element, behind whatever may stand before it. */
const ROOT = /^\ufeff?(?:\s|<\?[^>]*>|<![^>]*>)*<([\w.:-]+)/;

/** Throws what the document in the answer says, should it be an error or a page for people. */
export async function finishCommand(response: HttpResponse, action: string): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of response.body) {
    if (length < MAX_ERROR_BYTES) text += decoder.decode(chunk, { stream: true });
    length += chunk.length;
    if (length > MAX_READ_BYTES) break;
  }
  const root = ROOT.exec(text)?.[1]?.toLowerCase();
  if (root === "error") throw await failureOf(text, action);
  if (root === "html") {
    throw new ProtocolError(
      `Cannot ${action}: the service sent a web page where a short answer was expected`,
    );
  }
}

async function failureOf(text: string, action: string): Promise<JottashError> {
  let error: XmlElement | undefined;
  try {
    const body = new Blob([text]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    for await (const event of readXml(body, () => false)) if (event.type === "end") error = event.element;
  } catch { /* that it is an error is all that it tells */ }
  const told = (name: string) => error === undefined ? undefined : childText(error, name);
  const status = Number(/^[45]\d\d$/.exec(told("code") ?? "")?.[0] ?? 500);
  return toFailure(action, { status, exception: exceptionName(told("message")) });
}
