/**
 * All that is below a folder in one answer, `mode=liststream`: entries as they arrive, and an error at the end unless
 * there were as many as the service says. A folder may be named by an element of its own, or only by the files in it.
 *
 * The service promises no order but one: an element of a folder does not come after a file of that folder. So nobody
 * knows that a folder is complete before the stream has ended.
 *
 * Source of fact: API reference 5.2, documented by rclone's client.
 */
import { ProtocolError } from "../errors.ts";
import { foldName } from "../names/compare.ts";
import { ownCopy, parseCount } from "./decode.ts";
import { excerpt } from "./excerpt.ts";
import { ListingLimit } from "./listing_limit.ts";
import { parseJfsTime } from "./time.ts";
import type { JfsFile, JfsFolder } from "./types.ts";
import { childText, readXml, type XmlElement } from "./xml.ts";

export interface StreamedItem {
  /** Stored path of the folder that it is in, below the folder that was asked for and as the service spells it. */
  readonly folder: string;
  /** Of a file nobody tells the media type, other revisions and links. */
  readonly item: JfsFile | JfsFolder;
}

/** Live folders and completed live files, as counted by the service. */
interface Totals {
  folders: number;
  files: number;
}

/**
 * The entries in `body`; each folder once, before what is in it. `start` is the mountpoint and the folders down to the
 * one that was asked for, whatever the case of their letters. Memory: the paths of the folders. Throws `ProtocolError`
 * with `retry: "now"` for a stream that is not whole.
 */
export async function* readListStream(
  body: ReadableStream<Uint8Array>,
  start: readonly string[],
): AsyncGenerator<StreamedItem, void> {
  const counted: Totals = { folders: 0, files: 0 };
  const folders = new StreamedFolders(start);
  let announced: Totals | undefined;
  // The root element has no known name; what is directly in it is a record.
  for await (const event of readXml(body, (depth) => depth === 2)) {
    if (event.type !== "record") continue;
    const { element } = event;
    if (element.name === "folder") {
      counted.folders++;
      yield* folders.meet(pathIn(element));
    } else if (element.name === "file") {
      const path = pathIn(element);
      if (!folders.isMet(path)) counted.folders++;
      yield* folders.meet(path);
      counted.files++;
      yield { folder: folders.pathOf(path), item: decodeStreamedFile(element) };
    } else if (element.name === "stats") announced = decodeStats(element);
  }
  requireWhole(counted, announced);
}

/** Far longer than a path that a disk takes; each folder on the way to a longer one would be kept with its whole path. */
const MAX_PATH_CHARS = 16 * 1024;

class StreamedFolders {
  readonly #limit = new ListingLimit();
  readonly #start: readonly string[];
  /** Paths as they stand in the stream. */
  readonly #met = new Set<string>();
  /** Paths below the start, of what has been handed out. */
  readonly #told = new Set<string>([""]);
  #lastRaw: string | undefined;
  #lastPath = "";

  constructor(start: readonly string[]) {
    this.#start = start.map(foldName);
  }

  isMet(raw: string): boolean {
    return raw === this.#lastRaw || this.#met.has(raw);
  }

  /** The folder as an entry when it comes up first, after those around it. */
  *meet(raw: string): Generator<StreamedItem, void> {
    if (this.isMet(raw)) return;
    const own = ownCopy(raw);
    this.#met.add(own);
    this.#limit.count(own);
    let path = "";
    for (const name of this.pathOf(own).split("/")) {
      const folder = path;
      path = folder === "" ? name : `${folder}/${name}`;
      if (this.#told.has(path)) continue;
      this.#told.add(path);
      this.#limit.count(path);
      yield { folder, item: { kind: "folder", name, isDeleted: false } };
    }
  }

  /** The path below the start. */
  pathOf(raw: string): string {
    if (raw !== this.#lastRaw) {
      this.#lastPath = this.#belowStart(raw);
      this.#lastRaw = raw;
    }
    return this.#lastPath;
  }

  #belowStart(raw: string): string {
    if (raw.length > MAX_PATH_CHARS) {
      throw new ProtocolError(`the service sent a path of ${raw.length} characters`);
    }
    const [before, ...names] = raw.split("/");
    const above = names.splice(0, this.#start.length);
    const isBelow = before === "" && above.length === this.#start.length &&
      above.every((name, index) => foldName(name) === this.#start[index]);
    if (isBelow && names.every((name) => name !== "")) return names.join("/");
    throw new ProtocolError(
      `the service sent the path "${excerpt(raw)}", which is not below the folder asked for`,
    );
  }
}

function pathIn(element: XmlElement): string {
  const path = childText(element, "path");
  if (path !== undefined) return path;
  throw new ProtocolError(`the service sent a "${element.name}" without a path`);
}

function decodeStreamedFile(element: XmlElement): JfsFile {
  const name = childText(element, "filename");
  if (name === undefined || name === "") throw new ProtocolError('the service sent a "file" without a name');
  return {
    kind: "file",
    name: ownCopy(name),
    isDeleted: false,
    current: {
      state: "COMPLETED",
      number: undefined,
      size: parseCount(childText(element, "size")),
      md5: ownCopy(childText(element, "md5")?.toLowerCase() || undefined),
      createdAtMs: parseJfsTime(childText(element, "created")),
      modifiedAtMs: parseJfsTime(childText(element, "modified")),
      updatedAtMs: undefined,
      mimeType: undefined,
    },
    latest: undefined,
    revisions: [],
    publicUri: undefined,
  };
}

function decodeStats(element: XmlElement): Totals {
  const folders = parseCount(childText(element, "folders"));
  const files = parseCount(childText(element, "files"));
  if (folders !== undefined && files !== undefined) return { folders, files };
  throw new ProtocolError("the service sent totals that cannot be read", { retry: "now" });
}

function requireWhole(counted: Totals, announced: Totals | undefined): void {
  if (announced?.files === counted.files && announced.folders === counted.folders) return;
  const came = `${counted.folders} folders and ${counted.files} files came`;
  throw new ProtocolError(
    announced === undefined
      ? `the service broke off a listing: ${came}, and no totals`
      : `the service sent a listing that is not whole: ${came}, announced were ${announced.folders} and ${announced.files}`,
    { retry: "now" },
  );
}
