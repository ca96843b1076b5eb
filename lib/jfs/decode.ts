/** XML elements -> JFS values. No I/O; unknown elements are ignored (API reference 4.1). */
import { ProtocolError } from "../errors.ts";
import { excerpt } from "./excerpt.ts";
import { parseJfsTime } from "./time.ts";
import type {
  JfsDevice,
  JfsFile,
  JfsFolder,
  JfsItem,
  JfsMountpoint,
  JfsRevision,
  JfsRoot,
  JfsUser,
} from "./types.ts";
import { childText, type XmlElement } from "./xml.ts";

/** Which list element holds which kind of record. */
const RECORD_DECODERS: Readonly<Record<string, (element: XmlElement) => JfsItem>> = {
  files: decodeFile,
  folders: decodeFolder,
  mountPoints: decodeMountpoint,
  devices: decodeDevice,
};

/** Records of a JFS document: the children of the lists directly below the root. */
export function isJfsRecord(depth: number, parent: string): boolean {
  return depth === 3 && Object.hasOwn(RECORD_DECODERS, parent);
}

export function decodeRecord(parent: string, element: XmlElement): JfsItem {
  const decode = RECORD_DECODERS[parent];
  if (decode === undefined) {
    throw new ProtocolError(`the service sent a record in an unknown list "${parent}"`);
  }
  return decode(element);
}

const ROOT_KINDS: ReadonlySet<string> = new Set([
  "user",
  "device",
  "mountPoint",
  "folder",
  "file",
  "searchresult",
]);

export function decodeRoot(name: string, attributes: Readonly<Record<string, string>>): JfsRoot {
  if (!ROOT_KINDS.has(name)) {
    throw new ProtocolError(`the service sent a document of unknown kind "${excerpt(name)}"`);
  }
  return {
    kind: name as JfsRoot["kind"],
    name: attributes["name"],
    isDeleted: attributes["deleted"] !== undefined,
    servedAt: attributes["time"],
  };
}

export function decodeFile(element: XmlElement): JfsFile {
  const revision = (name: string) => element.children.find((child) => child.name === name);
  const current = revision("currentRevision");
  const latest = revision("latestRevision");
  const older = revision("revisions")?.children ?? [];
  return {
    kind: "file",
    name: requireName(element, element.attributes["name"]),
    isDeleted: element.attributes["deleted"] !== undefined,
    current: current && decodeRevision(current),
    latest: latest && decodeRevision(latest),
    revisions: older.filter((child) => child.name === "revision").map(decodeRevision),
    publicUri: nonEmpty(childText(element, "publicURI")),
  };
}

function decodeRevision(element: XmlElement): JfsRevision {
  return {
    state: childText(element, "state") ?? "",
    number: parseCount(childText(element, "number")),
    size: parseCount(childText(element, "size")),
    md5: ownCopy(nonEmpty(childText(element, "md5"))?.toLowerCase()),
    createdAtMs: parseJfsTime(childText(element, "created")),
    modifiedAtMs: parseJfsTime(childText(element, "modified")),
    updatedAtMs: parseJfsTime(childText(element, "updated")),
    mimeType: intern(nonEmpty(childText(element, "mime"))),
  };
}

function decodeFolder(element: XmlElement): JfsFolder {
  return {
    kind: "folder",
    name: requireName(element, element.attributes["name"]),
    isDeleted: element.attributes["deleted"] !== undefined,
  };
}

/** Mountpoints and devices carry their names as elements, and deletion as an element too (API reference 4.3). */
function decodeMountpoint(element: XmlElement): JfsMountpoint {
  return {
    kind: "mountpoint",
    name: requireName(element, childText(element, "name")),
    isDeleted: childText(element, "deleted") !== undefined,
    size: parseCount(childText(element, "size")),
    modifiedAtMs: parseJfsTime(childText(element, "modified")),
  };
}

function decodeDevice(element: XmlElement): JfsDevice {
  return {
    kind: "device",
    name: requireName(element, childText(element, "name")),
    type: childText(element, "type") ?? "",
    size: parseCount(childText(element, "size")),
    modifiedAtMs: parseJfsTime(childText(element, "modified")),
  };
}

export function decodeUser(element: XmlElement): JfsUser {
  const capacity = Number(/^-?\d+$/.exec(childText(element, "capacity") ?? "")?.[0] ?? "unreadable");
  const usage = parseCount(childText(element, "usage"));
  const username = childText(element, "username");
  if (
    element.name !== "user" || usage === undefined || username === undefined || Number.isNaN(capacity)
  ) {
    throw new ProtocolError("the service described the account in a way that cannot be read");
  }
  return {
    username,
    capacity: capacity > 0 ? capacity : undefined,
    usage,
    isLocked: childText(element, "write-locked") === "true" || childText(element, "locked") === "true",
  };
}

function requireName(element: XmlElement, name: string | undefined): string {
  if (name === undefined || name === "") {
    throw new ProtocolError(`the service sent a "${element.name}" without a name`);
  }
  return ownCopy(name);
}

/** A whole number of bytes or the like; undefined when absent or empty ("unknown", API reference 4.1). */
export function parseCount(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new ProtocolError(`the service sent "${excerpt(text)}" where a number was expected`);
  }
  return value;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

const MIME_TYPES = new Map<string, string>();
const MAX_INTERNED = 512;

/** One copy of each media type, however many files have it. */
function intern(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const known = MIME_TYPES.get(text);
  if (known !== undefined) return known;
  const copy = ownCopy(text);
  if (MIME_TYPES.size < MAX_INTERNED) MIME_TYPES.set(copy, copy);
  return copy;
}

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
/** V8 keeps strings shorter than this as copies of their own; longer ones may be slices of a parser's chunk. */
const SLICE_LENGTH = 13;

/**
 * The same text in memory of its own. A value taken from the parser is a slice that keeps its whole 64 KiB chunk
 * alive; a listing kept in memory would keep the document.
 */
export function ownCopy<T extends string | undefined>(text: T): T {
  if (text === undefined || text.length < SLICE_LENGTH) return text;
  return DECODER.decode(ENCODER.encode(text)) as T;
}
