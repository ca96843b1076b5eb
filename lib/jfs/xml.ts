/**
 * Streaming XML: the only file that knows the XML package (saxes: right on every malformed document tried, no
 * entity expansion). Turns a byte stream into small elements while it arrives, so that a listing of any length
 * costs the memory of one entry.
 */
import { SaxesParser } from "saxes";
import { ProtocolError } from "../errors.ts";
import { excerpt } from "./excerpt.ts";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Character data directly inside the element, untrimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface OpenElement extends XmlElement {
  /** What had been collected before it. */
  readonly collectedBefore: number;
  text: string;
  readonly children: XmlElement[];
}

export type XmlEvent =
  /** The start tag of the root: its kind and attributes are known before any record. */
  | { readonly type: "root"; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  /** A whole record; `parent` is the name of the element that holds it. */
  | { readonly type: "record"; readonly parent: string; readonly element: XmlElement }
  /** The end tag of the root, with all its children that are not records. */
  | { readonly type: "end"; readonly element: XmlElement };

/** Documents of the service are at most this deep (`user/devices/device/name` is 4); more is hostile. */
const MAX_DEPTH = 32;
/** A tag or text longer than this is no answer of the service; bounds what the parser collects. */
const MAX_ELEMENT_CHARS = 1 << 20;
/** The open record and all that is kept outside of records; a file with all its revisions has some 5,000. */
const MAX_COLLECTED_CHARS = 1 << 20;
/** What an element costs besides its text, in the same measure. */
const ELEMENT_CHARS = 64;

/**
 * The events of the document in `body`. `isRecord(depth, parent)` says which elements are handed out one by one
 * (the root has depth 1). Throws `ProtocolError` when the document is malformed or ends early, and what the body
 * throws. The body is cancelled when the reader stops early.
 */
export async function* readXml(
  body: ReadableStream<Uint8Array>,
  isRecord: (depth: number, parent: string) => boolean,
): AsyncGenerator<XmlEvent, void> {
  const collector = new XmlCollector(isRecord);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const chunk of body) {
    yield* collector.push(decodeUtf8(decoder, chunk));
  }
  yield* collector.push(decodeUtf8(decoder, undefined));
  yield* collector.finish();
}

class XmlCollector {
  readonly #parser = new SaxesParser({ xmlns: false, position: false });
  readonly #open: OpenElement[] = [];
  readonly #isRecord: (depth: number, parent: string) => boolean;
  #events: XmlEvent[] = [];
  #charsSinceTag = 0;
  #collectedChars = 0;

  constructor(isRecord: (depth: number, parent: string) => boolean) {
    this.#isRecord = isRecord;
    this.#parser.on("error", (error) => {
      throw error;
    });
    this.#parser.on(
      "opentag",
      (tag) => this.#openElement(tag.name, tag.attributes as Record<string, string>),
    );
    this.#parser.on("text", (text) => this.#addText(text));
    this.#parser.on("cdata", (text) => this.#addText(text));
    this.#parser.on("closetag", () => this.#closeElement());
  }

  push(text: string): XmlEvent[] {
    this.#charsSinceTag += text.length;
    this.#guard(() => this.#parser.write(text));
    if (this.#charsSinceTag > MAX_ELEMENT_CHARS) throw malformed("an element is too long");
    return this.#take();
  }

  finish(): XmlEvent[] {
    this.#guard(() => this.#parser.close());
    return this.#take();
  }

  #take(): XmlEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      throw malformed(error instanceof Error ? error.message : String(error), error);
    }
  }

  #openElement(name: string, attributes: Record<string, string>): void {
    this.#charsSinceTag = 0;
    if (this.#open.length >= MAX_DEPTH) throw malformed("it is nested too deeply");
    this.#open.push({ name, attributes, text: "", children: [], collectedBefore: this.#collectedChars });
    this.#collect(ELEMENT_CHARS + name.length);
    for (const key in attributes) this.#collect(key.length + (attributes[key]?.length ?? 0));
    if (this.#open.length === 1) this.#events.push({ type: "root", name, attributes });
  }

  #addText(text: string): void {
    const top = this.#open.at(-1);
    if (top === undefined) return;
    this.#collect(text.length);
    top.text += text;
  }

  #collect(chars: number): void {
    this.#collectedChars += chars;
    if (this.#collectedChars > MAX_COLLECTED_CHARS) throw malformed("one of its elements holds too much");
  }

  #closeElement(): void {
    this.#charsSinceTag = 0;
    const depth = this.#open.length;
    const element = this.#open.pop();
    if (element === undefined) return;
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#events.push({ type: "end", element });
    else if (this.#isRecord(depth, parent.name)) {
      this.#events.push({ type: "record", parent: parent.name, element });
      // Only line ends and indentation stand between records; a million of them would add up.
      this.#collectedChars = element.collectedBefore - parent.text.length;
      parent.text = "";
    } else parent.children.push(element);
  }
}

function decodeUtf8(decoder: TextDecoder, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (error) {
    throw malformed("it is not valid UTF-8", error);
  }
}

/** A document that breaks off or is garbled in transit may be whole the next time. */
function malformed(reason: string, cause?: unknown): ProtocolError {
  return new ProtocolError(
    `the service sent XML that cannot be read: ${excerpt(reason.replaceAll("\n", " "))}`,
    {
      cause,
      retry: "now",
    },
  );
}

/** The text of the first child called `name`; undefined when there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}
