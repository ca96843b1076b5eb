/**
 * JFS documents of nodes: file, folder, mountPoint and the entries within listings. Listings are generators of text
 * pieces, so that half a million entries never exist at once. Source of fact: API reference 4.4-4.8.
 */
import type { Account } from "./account.ts";
import { mimeOf } from "./names.ts";
import {
  currentRevision,
  FileNode,
  type FolderNode,
  latestRevision,
  type Mountpoint,
  type Revision,
} from "./nodes.ts";
import { formatClassic } from "./times.ts";
import { element, escapeXml, HOST, preserved, PROLOG } from "./xml_text.ts";

/** Where a revision is shown: decides which of size and md5 an unfinished one has (4.6, 4.7). */
type Place = "detail" | "listing" | "recursive";

export function stamp(account: Account): string {
  return ` time="${formatClassic(account.now())}" host="${HOST}"`;
}

export function documentOf(root: string): string {
  return `${PROLOG}\n\n${root}`;
}

function deletedAttribute(node: { readonly deletedAt: number }): string {
  return node.deletedAt === 0 ? "" : ` deleted="${formatClassic(node.deletedAt)}"`;
}

function revisionXml(
  account: Account,
  revision: Revision,
  shown: { tag: string; indent: string; name: string; place: Place },
): string {
  const { tag, indent, place } = shown;
  const inner = `${indent}  `;
  const { state } = revision;
  const { emptyModified, upperCaseMd5 } = account.switches;
  let xml = `${indent}<${tag}>\n` +
    element(inner, "number", revision.number) +
    element(inner, "state", state) +
    element(inner, "created", formatClassic(revision.created)) +
    element(inner, "modified", emptyModified ? "" : formatClassic(revision.modified)) +
    element(inner, "mime", mimeOf(shown.name));
  if (state === "COMPLETED") xml += element(inner, "size", revision.size);
  if (state === "INCOMPLETE" && place === "detail") {
    xml += element(inner, "size", revision.partial?.received ?? 0);
  }
  if (state !== "CORRUPT" || place !== "recursive") {
    xml += element(inner, "md5", upperCaseMd5 ? revision.md5.toUpperCase() : revision.md5);
  }
  return `${xml}${element(inner, "updated", formatClassic(revision.updated))}${indent}</${tag}>\n`;
}

/** `currentRevision` and, only when newer and unfinished, `latestRevision`. */
function topRevisions(account: Account, file: FileNode, shown: { indent: string; place: Place }): string {
  const current = currentRevision(file);
  const latest = latestRevision(file);
  let xml = "";
  if (current) xml += revisionXml(account, current, { tag: "currentRevision", name: file.name, ...shown });
  if (latest) xml += revisionXml(account, latest, { tag: "latestRevision", name: file.name, ...shown });
  return xml;
}

function olderRevisions(account: Account, file: FileNode): string {
  const shownAlready = new Set([currentRevision(file), latestRevision(file)]);
  const older = file.revisions.filter((revision) => !shownAlready.has(revision));
  if (older.length === 0) return "";
  // An older INCOMPLETE one shows no size, as in listings (4.6).
  const shown = { tag: "revision", indent: "    ", name: file.name, place: "listing" } as const;
  return `  <revisions>\n${
    older.map((revision) => revisionXml(account, revision, shown)).join("")
  }  </revisions>\n`;
}

/** Path, abspath and link elements of a node shown as a document of its own. */
function rootPaths(account: Account, node: FileNode | FolderNode): string {
  const parent = account.parentPathOf(node);
  return preserved("  ", "path", parent) + preserved("  ", "abspath", parent) + shareXml(node, "  ");
}

function shareXml(node: FileNode | FolderNode, indent: string): string {
  if (node.share === null) return "";
  return element(indent, "publicURI", node.share.publicUri) +
    element(indent, "publicSharePath", node.share.publicSharePath);
}

export function fileDocument(account: Account, file: FileNode): string {
  const uuid = account.uuidOf(file);
  return documentOf(
    `<file name="${escapeXml(file.name)}" uuid="${uuid}"${deletedAttribute(file)}${stamp(account)}>\n` +
      rootPaths(account, file) +
      topRevisions(account, file, { indent: "  ", place: "detail" }) +
      olderRevisions(account, file) +
      "</file>\n",
  );
}

export interface EntryOptions {
  readonly indent: string;
  readonly place: Place;
  /** `path` and `abspath` also on live files (searchresult). */
  readonly paths?: boolean;
  /** Inside the Trash listing (4.8). */
  readonly trash?: boolean;
}

/** A file inside a listing. */
export function fileEntry(account: Account, file: FileNode, options: EntryOptions): string {
  const { indent, place } = options;
  const inner = `${indent}  `;
  const parent = options.paths || file.deletedAt !== 0 ? account.parentPathOf(file) : "";
  let xml = `${indent}<file name="${escapeXml(file.name)}" uuid="${account.uuidOf(file)}"${
    deletedAttribute(file)
  }`;
  xml += `${options.trash ? ' contextType="TRASH"' : ""}>\n`;
  if (options.paths) xml += preserved(inner, "path", parent);
  if (parent !== "") xml += preserved(inner, "abspath", parent);
  if (options.paths) xml += shareXml(file, inner);
  return `${xml}${topRevisions(account, file, { indent: inner, place })}${indent}</file>\n`;
}

/** A folder inside a listing: no dates; a trashed one shows where it was. */
function folderEntry(
  account: Account,
  folder: FolderNode,
  options: { indent: string; trash?: boolean },
): string {
  const { indent } = options;
  const context = options.trash ? ' contextType="TRASH"' : "";
  const start = `${indent}<folder name="${escapeXml(folder.name)}"${deletedAttribute(folder)}${context}`;
  if (folder.deletedAt === 0) return `${start}/>\n`;
  return `${start}>\n${
    preserved(`${indent}  `, "abspath", account.parentPathOf(folder))
  }${indent}</folder>\n`;
}

export interface Listed {
  readonly folders: Iterable<FolderNode>;
  readonly files: Iterable<FileNode>;
}

/** `folders`, `files` (each omitted when empty) and `metadata`. */
export function* listing(account: Account, listed: Listed, trash = false): Generator<string> {
  let folders = 0;
  for (const folder of listed.folders) {
    if (folders === 0) yield "  <folders>\n";
    folders += 1;
    yield folderEntry(account, folder, { indent: "    ", trash });
  }
  if (folders > 0) yield "  </folders>\n";
  let files = 0;
  for (const file of listed.files) {
    if (files === 0) yield "  <files>\n";
    files += 1;
    yield fileEntry(account, file, { indent: "    ", place: "listing", trash });
  }
  if (files > 0) yield "  </files>\n";
  const total = folders + files;
  yield `  <metadata first="" max="" total="${total}" num_folders="${folders}" num_files="${files}"/>\n`;
}

/** A folder with its entries; `bare` is the answer to a command: no entries, no metadata (4.5). */
export function* folderDocument(account: Account, folder: FolderNode, bare = false): Generator<string> {
  yield documentOf(`<folder name="${escapeXml(folder.name)}"${deletedAttribute(folder)}${stamp(account)}>\n`);
  yield rootPaths(account, folder);
  if (!bare) yield* listing(account, { folders: folder.folders(), files: folder.files() });
  yield "</folder>\n";
}

export interface MountFacts {
  readonly name: string;
  readonly size: number | "";
  readonly modifiedAt: number;
  readonly device: string;
  readonly deletedAt: number;
  readonly share: string;
}

function mountFacts(mount: Mountpoint): MountFacts {
  const { root } = mount;
  return {
    name: mount.name,
    size: mount.bytes,
    modifiedAt: mount.modifiedAt,
    device: mount.device.name,
    deletedAt: root.deletedAt,
    share: shareXml(root, "  "),
  };
}

/** Start of a `mountPoint` document up to where the entries go; close it with `</mountPoint>`. */
export function mountHead(account: Account, facts: MountFacts): string {
  const path = `/${account.username}/${facts.device}`;
  const deleted = facts.deletedAt === 0 ? "" : element("  ", "deleted", formatClassic(facts.deletedAt));
  return documentOf(`<mountPoint${stamp(account)}>\n`) +
    preserved("  ", "name", facts.name) +
    deleted +
    preserved("  ", "path", path) +
    preserved("  ", "abspath", path) +
    facts.share +
    element("  ", "size", facts.size) +
    element("  ", "modified", facts.modifiedAt === 0 ? "" : formatClassic(facts.modifiedAt)) +
    element("  ", "device", facts.device) +
    element("  ", "user", account.username);
}

export function* mountDocument(account: Account, mount: Mountpoint, bare = false): Generator<string> {
  yield mountHead(account, mountFacts(mount));
  if (!bare) yield* listing(account, { folders: mount.root.folders(), files: mount.root.files() });
  yield "</mountPoint>\n";
}
