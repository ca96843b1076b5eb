/**
 * The JFS host: stat, list, commands, download (API reference 5). Speaks of stored names and JFS segments; what
 * they mean to a user is the business of `remote/`.
 */
import type { HttpResponse } from "../edges.ts";
import { type JottashError, ProtocolError, UsageError } from "../errors.ts";
import { type HttpClient, readText, type RequestSpec } from "../http/client.ts";
import { exceptionName, toFailure } from "../http/failure.ts";
import { decodeFile, decodeRecord, decodeRoot, decodeUser, isJfsRecord } from "./decode.ts";
import { readListStream, type StreamedItem } from "./list_stream.ts";
import { finishCommand } from "./answer_of_command.ts";
import { ListingLimit } from "./listing_limit.ts";
import { formatClassicTime } from "./time.ts";
import type { JfsFile, JfsItem, JfsRoot, JfsUser } from "./types.ts";
import { childText, readXml, type XmlElement, type XmlEvent } from "./xml.ts";

/** Error documents are short; anything longer is not one. */
const MAX_ERROR_BYTES = 64 * 1024;

export interface JfsRequest {
  /** Device, mountpoint, folders and file, in stored form; empty for the account itself. */
  readonly segments: readonly string[];
  /** What is tried, as in `list "jotta:photos"`; ends up in messages. */
  readonly action: string;
  readonly signal?: AbortSignal | undefined;
}

/** A document whose entries are read while they arrive; stopping early drops the connection. */
export interface JfsDocument {
  readonly root: JfsRoot;
  readonly items: AsyncIterable<JfsItem>;
  /** The root as a file; only after `items` is exhausted, only when `root.kind` is `file`. */
  readonly file: () => JfsFile;
  readonly user: () => JfsUser;
  /** Name of the public link of the root, where it has one; only after `items` is exhausted. */
  readonly publicUri: () => string | undefined;
  /** Is the root in the trash? A mountpoint tells it in an element: known only after `items` is exhausted. */
  readonly isDeleted: () => boolean;
  readonly close: () => Promise<void>;
}

/** The commands of API reference 5.5 and 5.6 that are in use. */
export type JfsCommand = "mkDir" | "dl" | "dlDir" | "rm" | "rmDir";
/** The commands of API reference 5.7: for a file, for a folder, for a file. */
export type JfsTransferCommand = "mv" | "mvDir" | "cp";

export class JfsClient {
  readonly #http: HttpClient;
  readonly #username: string;
  readonly #base: string;

  /** `base` is the URL of the JFS root, `username` the internal user name of the account. */
  constructor(http: HttpClient, base: string, username: string) {
    this.#http = http;
    this.#username = username;
    this.#base = `${base}/${encodeURIComponent(username)}`;
  }

  /** Opens the document at a path. Throws `FileNotFoundError` when nothing is there. Close it, or read it whole. */
  async open(request: JfsRequest): Promise<JfsDocument> {
    return await this.#open(request, "");
  }

  async #open(request: JfsRequest, query: string): Promise<JfsDocument> {
    const url = `${this.#url(request.segments)}${query}`;
    const response = await this.#send(request, { method: "GET", url });
    const events = readXml(response.body, isJfsRecord);
    try {
      const first = await events.next();
      if (first.done === true || first.value.type !== "root") {
        throw new ProtocolError("the service sent an empty document");
      }
      const root = decodeRoot(first.value.name, first.value.attributes);
      return new OpenDocument(root, { action: request.action, events });
    } catch (error) {
      await events.return();
      throw inWordsOf(request.action, error);
    }
  }

  /**
   * Everything live below a folder in one request, while it arrives: see `list_stream.ts`. Throws `FileNotFoundError`,
   * and `ProtocolError` when the stream is not whole.
   */
  async *listStream(request: JfsRequest): AsyncGenerator<StreamedItem, void> {
    const url = `${this.#url(request.segments)}?mode=liststream`;
    const response = await this.#send(request, { method: "GET", url });
    try {
      yield* readListStream(response.body, request.segments.slice(1));
    } catch (error) {
      throw inWordsOf(request.action, error);
    }
  }

  /** Runs a command (empty body, no Content-Type: API reference 5.0). Throws `FileNotFoundError` for 404. */
  async command(request: JfsRequest, command: JfsCommand): Promise<void> {
    const url = `${this.#url(request.segments)}?${command}=true`;
    await this.#finish(request, { method: "POST", url });
  }

  /**
   * Moves or copies to `target`, device and mountpoint first. The value of the command is the absolute path, not escaped
   * but as any value of a query; the source of `mvDir` ends in a slash. Throws `FileNotFoundError` when the source is
   * not there, also because an earlier try has moved it; `ConflictError` when the service finds the target taken.
   */
  async transfer(
    request: JfsRequest,
    command: JfsTransferCommand,
    target: readonly string[],
  ): Promise<void> {
    target.forEach(escapeSegment); // refuses what is no name
    const slash = command === "mvDir" ? "/" : "";
    const value = encodeURIComponent(`/${[this.#username, ...target].join("/")}`);
    const url = `${this.#url(request.segments)}${slash}?${command}=${value}`;
    await this.#finish(request, { method: "POST", url });
  }

  /**
   * Makes or removes the public link of what is at the path; doing so twice changes nothing. Resolves with the name of
   * the link as it is then. Throws `FileNotFoundError`.
   */
  async share(request: JfsRequest, mode: "enableShare" | "disableShare"): Promise<string | undefined> {
    const document = await this.#open(request, `?mode=${mode}`);
    for await (const _item of document.items) { /* the entries of a folder are not asked for */ }
    return document.publicUri();
  }

  /**
   * cphash (API reference 5.8): gives the file the content known by MD5 and size, and these times. Throws
   * `FileNotFoundError` when the service does not know the content.
   */
  async copyByHash(
    request: JfsRequest,
    content: { readonly md5: string; readonly size: number },
    times: { readonly createdAtMs: number; readonly modifiedAtMs: number },
  ): Promise<void> {
    const headers = {
      JSize: String(content.size),
      JMd5: content.md5,
      JCreated: formatClassicTime(times.createdAtMs),
      JModified: formatClassicTime(times.modifiedAtMs),
    };
    const url = `${this.#url(request.segments)}?cphash=true`;
    await this.#finish(request, { method: "POST", url, headers });
  }

  /** Makes a device of type WORKSTATION (API reference 3.3); an existing one is left as it is. */
  async createDevice(request: JfsRequest): Promise<void> {
    const url = `${this.#url(request.segments)}?type=WORKSTATION`;
    await this.#finish(request, { method: "POST", url });
  }

  /** Makes a mountpoint (API reference 3.4); an existing one is left as it is. */
  async createMountpoint(request: JfsRequest): Promise<void> {
    await this.#finish(request, { method: "POST", url: this.#url(request.segments) });
  }

  /** The content of a file from `offset` on. Throws `FileNotFoundError`. The caller reads or cancels the stream. */
  async download(request: JfsRequest, offset: number): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const headers: Record<string, string> = offset > 0 ? { range: `bytes=${offset}-` } : {};
    const url = `${this.#url(request.segments)}?mode=bin`;
    const response = await this.#send(request, { method: "GET", url, headers, isDownload: true });
    const from = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1];
    const startsAt = response.status === 206 ? Number(from) : 0;
    if (startsAt !== offset) {
      await response.body.cancel();
      throw new ProtocolError(
        `Cannot ${request.action}: asked for byte ${offset} on, got byte ${startsAt} on`,
        {
          retry: "now",
        },
      );
    }
    return response.body;
  }

  #url(segments: readonly string[]): string {
    return [this.#base, ...segments.map(escapeSegment)].join("/");
  }

  async #finish(request: JfsRequest, spec: Omit<RequestSpec, "action" | "signal">): Promise<void> {
    await finishCommand(await this.#send(request, spec), request.action);
  }

  async #send(request: JfsRequest, spec: Omit<RequestSpec, "action" | "signal">): Promise<HttpResponse> {
    const response = await this.#http.request({ ...spec, action: request.action, signal: request.signal });
    if (response.status >= 200 && response.status < 300) return response;
    throw await readFailure(response, request.action);
  }
}

/** What makes a document unreadable, with what was being done. */
function inWordsOf(action: string, error: unknown): unknown {
  if (!(error instanceof ProtocolError)) return error;
  const { retry, data } = error;
  return new ProtocolError(`Cannot ${action}: ${error.message}`, { cause: error, retry, data });
}

class OpenDocument implements JfsDocument {
  readonly root: JfsRoot;
  readonly #action: string;
  readonly #events: AsyncGenerator<XmlEvent, void>;
  #end: XmlElement | undefined;

  constructor(
    root: JfsRoot,
    source: { readonly action: string; readonly events: AsyncGenerator<XmlEvent, void> },
  ) {
    this.root = root;
    this.#action = source.action;
    this.#events = source.events;
  }

  get items(): AsyncIterable<JfsItem> {
    return this.#items();
  }

  async *#items(): AsyncGenerator<JfsItem, void> {
    const limit = new ListingLimit();
    try {
      for await (const event of this.#events) {
        if (event.type === "record") {
          const item = decodeRecord(event.parent, event.element);
          limit.count(item.name);
          yield item;
        } else if (event.type === "end") this.#end = event.element;
      }
    } catch (error) {
      throw inWordsOf(this.#action, error);
    }
  }

  file(): JfsFile {
    return this.#decodeEnd(decodeFile);
  }

  user(): JfsUser {
    return this.#decodeEnd(decodeUser);
  }

  publicUri(): string | undefined {
    return this.#decodeEnd((end) => childText(end, "publicURI") || undefined);
  }

  isDeleted(): boolean {
    return this.root.isDeleted || this.#decodeEnd((end) => childText(end, "deleted") !== undefined);
  }

  async close(): Promise<void> {
    await this.#events.return();
  }

  #decodeEnd<T>(decode: (element: XmlElement) => T): T {
    if (this.#end === undefined) throw new Error("the document is not read to its end");
    try {
      return decode(this.#end);
    } catch (error) {
      throw inWordsOf(this.#action, error);
    }
  }
}

/**
 * One path segment for a URL. `+ # ; %` must be escaped (API reference 5.0); `encodeURIComponent` does all of
 * them. Dot segments would be resolved away by every URL parser, so they are refused.
 */
function escapeSegment(segment: string): string {
  if (segment === "" || segment === "." || segment === ".." || !segment.isWellFormed()) {
    throw new UsageError(`Cannot use the name "${segment.toWellFormed()}" on the service`, {
      hint: 'The option "encoding" leaves it as it is; the default encoding can store it',
    });
  }
  return encodeURIComponent(segment);
}

/** The error of an unhappy answer; its body is XML as a rule, plain text for some failures (API reference 4.9). */
async function readFailure(response: HttpResponse, action: string): Promise<JottashError> {
  let exception: string | undefined;
  try {
    const text = await readText(response, MAX_ERROR_BYTES);
    for await (const event of readXml(streamOf(text), () => false)) {
      if (event.type === "end") exception = exceptionName(childText(event.element, "message"));
    }
  } catch { /* not an error document: the status says enough */ }
  return toFailure(action, { status: response.status, exception });
}

function streamOf(text: string): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([text]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
}
