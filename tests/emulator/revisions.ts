/**
 * Revisions of a file: at most five, numbers only grow, a failed overwrite never harms the current one.
 * Source of fact: API reference 4.6, 6.3, 6.7.
 */
import type { Account } from "./account.ts";
import type { Blob } from "./blobs.ts";
import { currentRevision, FileNode, Revision, revive, type TreeNode } from "./nodes.ts";
import { Partial } from "./partial.ts";

const MAX_REVISIONS = 5;

/** What a client promises about a content. */
export interface ContentFacts {
  readonly md5: string;
  readonly size: number;
  readonly created: number;
  readonly modified: number;
}

export function isSameContent(revision: Revision | undefined, facts: ContentFacts): boolean {
  return revision !== undefined && revision.md5 === facts.md5 && revision.size === facts.size;
}

/** The current revision takes new times in place: no new number (section 7, row 5). The file becomes live. */
export function touch(account: Account, file: FileNode, facts: ContentFacts): void {
  const current = currentRevision(file);
  if (current === undefined) return;
  current.created = facts.created;
  current.modified = facts.modified;
  current.updated = account.now();
  revive(file);
  account.noteChange(file);
}

/** A new COMPLETED revision of known content. The file becomes live. */
export function addCompleted(
  account: Account,
  file: FileNode,
  content: { blob: Blob; facts: ContentFacts },
): void {
  const revision = new Revision("COMPLETED", {
    ...content.facts,
    md5: content.blob.md5,
    updated: account.now(),
  });
  account.blobs.retain(content.blob); // trimming may drop the last other reference
  addRevision(account, file, revision);
  complete(account, file, { revision, blob: content.blob });
  account.blobs.release(content.blob);
}

/** A new INCOMPLETE revision waiting for its bytes; visible at once (5.13). */
export function addIncomplete(account: Account, file: FileNode, facts: ContentFacts): Revision {
  const revision = new Revision("INCOMPLETE", { ...facts, updated: account.now() });
  revision.partial = new Partial(account.blobs, facts.size);
  addRevision(account, file, revision);
  return revision;
}

/** All bytes arrived and are right: the revision becomes the current one. */
export function complete(account: Account, file: FileNode, done: { revision: Revision; blob: Blob }): void {
  const { revision, blob } = done;
  revision.state = "COMPLETED";
  revision.blob = blob;
  revision.partial = null;
  revision.updated = account.now();
  account.blobs.retain(blob);
  account.noteChange(file, blob.size);
  revive(file);
}

/** The bytes arrived and are wrong. */
export function markCorrupt(account: Account, file: FileNode, revision: Revision): void {
  revision.state = "CORRUPT";
  revision.partial = null;
  revision.updated = account.now();
  account.noteChange(file);
}

function addRevision(account: Account, file: FileNode, revision: Revision): void {
  revision.number = (file.revisions[0]?.number ?? 0) + 1;
  file.revisions.unshift(revision);
  account.noteChange(file);
  while (file.revisions.length > MAX_REVISIONS) {
    const current = currentRevision(file);
    const oldest = file.revisions.findLastIndex((candidate) => candidate !== current);
    for (const dropped of file.revisions.splice(oldest, 1)) dropContent(account, file, dropped);
  }
}

/** Forgets every revision (the file is being destroyed). */
export function dropRevisions(account: Account, file: FileNode): void {
  for (const revision of file.revisions) dropContent(account, file, revision);
  file.revisions = [];
}

function dropContent(account: Account, file: FileNode, revision: Revision): void {
  revision.partial?.discard();
  revision.partial = null;
  if (revision.blob === null) return;
  account.noteChange(file, -revision.blob.size);
  account.blobs.release(revision.blob);
  revision.blob = null;
}

/** Completed bytes of a file or of everything below a folder. */
export function storedBytes(node: TreeNode): number {
  let sum = 0;
  if (node instanceof FileNode) {
    for (const revision of node.revisions) sum += revision.blob?.size ?? 0;
  } else for (const child of node.children()) sum += storedBytes(child);
  return sum;
}
