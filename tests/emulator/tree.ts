/**
 * Changes of the tree: create, trash, revive, destroy, move. Tombstones stay in place and keep their name; one name is
 * one node. Source of fact: API reference 5.5-5.7, 6.1, 6.4.
 */
import type { Account } from "./account.ts";
import { nameConflict } from "./errors.ts";
import { checkName, foldName } from "./names.ts";
import { FileNode, FolderNode, mountOf, type Mountpoint, type TreeNode } from "./nodes.ts";
import { dropRevisions, storedBytes } from "./revisions.ts";

/** The node at `names` below a mountpoint (trashed or not). */
export function findNode(mount: Mountpoint, names: readonly string[]): TreeNode | undefined {
  let at: TreeNode | undefined = mount.root;
  for (const name of names) {
    if (!(at instanceof FolderNode)) return undefined;
    at = at.child(name);
  }
  return at;
}

/** The folder at `names`, created and revived as needed with all its ancestors; 409 where a live file is in the way. */
export function ensureFolder(account: Account, mount: Mountpoint, names: readonly string[]): FolderNode {
  names.forEach(checkName);
  mount.root.deletedAt = 0;
  let at = mount.root;
  for (const name of names) {
    const child = childForKind(account, at, name, FolderNode);
    if (child instanceof FolderNode) at = child;
    else {
      const created = new FolderNode(at, name);
      at.attach(created);
      account.noteChange(created);
      at = created;
    }
    at.deletedAt = 0;
  }
  return at;
}

/** The file `name` in a folder, created without revisions when new; a tombstone is returned as it is. */
export function ensureFile(account: Account, parent: FolderNode, name: string): FileNode {
  checkName(name);
  const child = childForKind(account, parent, name, FileNode);
  return child instanceof FileNode ? child : account.newFile(parent, name);
}

/** A child of the wanted kind; a live one of the other kind is a conflict, a tombstone of it gives way (switch). */
function childForKind(
  account: Account,
  parent: FolderNode,
  name: string,
  kind: typeof FileNode | typeof FolderNode,
): TreeNode | undefined {
  const child = parent.child(name);
  if (child === undefined || child instanceof kind) return child;
  if (child.deletedAt === 0 || !account.switches.otherKindReplacesTombstone) {
    const found = child instanceof FileNode ? "file" : "folder";
    throw nameConflict(`A ${found} with this name already exists: ${account.pathOf(child)}`);
  }
  destroy(account, child);
  return undefined;
}

/** Trashes a live node: the same moment on it and on everything live below it (6.4). */
export function trash(account: Account, node: TreeNode): void {
  if (node.deletedAt !== 0) return;
  stamp(node, account.now());
  account.noteChange(node);
}

function stamp(node: TreeNode, moment: number): void {
  if (node.deletedAt !== 0) return;
  node.deletedAt = moment;
  if (node instanceof FolderNode) { for (const child of node.children()) stamp(child, moment); }
}

export interface Removed {
  files: number;
  folders: number;
}

/** Removes a node with everything below it, all revisions and links; answers how much that was. */
export function destroy(account: Account, node: TreeNode): Removed {
  const removed: Removed = { files: 0, folders: 0 };
  account.noteChange(node);
  removeContent(account, node, removed);
  node.parent?.detach(node);
  return removed;
}

function removeContent(account: Account, node: TreeNode, removed: Removed): void {
  if (node.share !== null) account.shares.delete(node.share.publicUri);
  if (node instanceof FileNode) {
    removed.files += 1;
    dropRevisions(account, node);
    return;
  }
  removed.folders += 1;
  for (const child of Array.from(node.children())) {
    removeContent(account, child, removed);
    node.detach(child);
  }
}

/** Moves or renames within the user's mountpoints; the caller has cleared the target name. */
export function move(account: Account, node: TreeNode, target: { parent: FolderNode; name: string }): void {
  const bytes = storedBytes(node);
  account.noteChange(node, -bytes);
  node.parent?.detach(node);
  node.name = target.name;
  target.parent.attach(node);
  account.noteChange(node, bytes);
}

/** The tops of all trashed subtrees of the account, mountpoints included (4.8). */
export function* trashTops(account: Account): Generator<TreeNode> {
  for (const device of account.devices.values()) {
    for (const mount of device.mounts.values()) yield* topsBelow(mount.root);
  }
}

function* topsBelow(node: TreeNode): Generator<TreeNode> {
  if (node.deletedAt !== 0) yield node;
  else if (node instanceof FolderNode) { for (const child of node.children()) yield* topsBelow(child); }
}

/** Destroys everything in the trash; a trashed mountpoint leaves its device. */
export function emptyTrash(account: Account): Removed {
  const total: Removed = { files: 0, folders: 0 };
  for (const node of Array.from(trashTops(account))) {
    const mount = mountOf(node);
    const removed = destroy(account, node);
    if (mount?.root === node) mount.device.mounts.delete(foldName(mount.name));
    total.files += removed.files;
    total.folders += removed.folders;
  }
  return total;
}
