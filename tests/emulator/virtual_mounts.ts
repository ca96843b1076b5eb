/** The virtual mountpoints of device Jotta: Trash, Links, Latest. Source of fact: API reference 3.5, 4.8. */
import type { Account, VirtualMount } from "./account.ts";
import { documentOf, fileEntry, listing, mountHead, stamp } from "./jfs_xml.ts";
import { currentRevision, FileNode, FolderNode, type TreeNode } from "./nodes.ts";
import { trashTops } from "./tree.ts";

/** Server floor of `max` on Latest. */
const LATEST_MINIMUM = 10;

type Render = (account: Account, params: URLSearchParams) => Generator<string>;

const RENDERERS: Readonly<Record<VirtualMount, Render>> = {
  Trash: trashDocument,
  Links: linksDocument,
  Latest: latestDocument,
};

export function virtualDocument(
  account: Account,
  mount: VirtualMount,
  params: URLSearchParams,
): Generator<string> {
  return RENDERERS[mount](account, params);
}

function* trashDocument(account: Account): Generator<string> {
  const facts = { name: "Trash", size: "", modifiedAt: 0, device: "Jotta", deletedAt: 0, share: "" } as const;
  yield mountHead(account, facts);
  const tops = Array.from(trashTops(account));
  const folders = tops.filter((node) => node instanceof FolderNode);
  const files = tops.filter((node) => node instanceof FileNode);
  yield* listing(account, { folders, files }, true);
  yield "</mountPoint>\n";
}

/** Files with a public link, trashed ones included. */
function linksDocument(account: Account): Generator<string> {
  return searchResult(account, account.shares.values().filter((node) => node instanceof FileNode).toArray());
}

function latestDocument(account: Account, params: URLSearchParams): Generator<string> {
  const wanted = Math.max(LATEST_MINIMUM, Number(params.get("max")) || 0);
  const files: FileNode[] = [];
  for (const device of account.devices.values()) {
    for (const mount of device.mounts.values()) collectLive(mount.root, files);
  }
  files.sort((left, right) => (currentRevision(right)?.updated ?? 0) - (currentRevision(left)?.updated ?? 0));
  return searchResult(account, files.slice(0, wanted), wanted);
}

function collectLive(node: TreeNode, into: FileNode[]): void {
  if (node.deletedAt !== 0) return;
  if (node instanceof FolderNode) { for (const child of node.children()) collectLive(child, into); }
  else if (currentRevision(node) !== undefined) into.push(node);
}

function* searchResult(account: Account, files: readonly FileNode[], max?: number): Generator<string> {
  yield documentOf(`<searchresult${stamp(account)}>\n`);
  if (files.length > 0) yield "  <files>\n";
  for (const file of files) yield fileEntry(account, file, { indent: "    ", place: "listing", paths: true });
  if (files.length > 0) yield "  </files>\n";
  const range = max === undefined ? 'first="" max=""' : `first="0" max="${max}"`;
  yield `  <metadata ${range} total="${files.length}" num_folders="0" num_files="${files.length}"/>\n`;
  yield "</searchresult>\n";
}
