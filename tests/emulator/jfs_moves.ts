/**
 * `mv`, `mvDir`, `cp`: rename, move and copy inside the account. Source of fact: API reference 5.7, 6.4, section 7
 * rows 6-11, 20, 24.
 */
import type { Account } from "./account.ts";
import {
  invalidArgument,
  nameConflict,
  noSuchFile,
  noSuchPath,
  noSuchSource,
  quotaExceeded,
  ServiceError,
} from "./errors.ts";
import { type JfsPath, parseTargetPath } from "./jfs_path.ts";
import { type Command, mountFor, sourceOf } from "./jfs_targets.ts";
import { checkName, foldName } from "./names.ts";
import { currentRevision, FileNode, FolderNode, type TreeNode } from "./nodes.ts";
import { addCompleted } from "./revisions.ts";
import { destroy, ensureFile, ensureFolder, move } from "./tree.ts";
import { nodeDocument, type XmlAnswer } from "./xml_answer.ts";

interface Target {
  readonly parent: FolderNode;
  readonly name: string;
  readonly existing: TreeNode | undefined;
}

/** Where a move or copy goes; missing folders are created by the service (5.7). */
function openTarget(account: Account, value: string): Target {
  const path = parseTargetPath(account, value);
  const [device = "", mount = ""] = path.names;
  const name = path.names.at(-1);
  if (name === undefined || path.names.length < 3) throw invalidArgument(`Illegal target ${value}`);
  if (account.refusesChanges(device, mount)) throw noSuchPath(path.text);
  checkName(name);
  const parent = ensureFolder(account, mountFor(account, path), path.names.slice(2, -1));
  return { parent, name, existing: parent.child(name) };
}

export function moveFile({ account, path, value }: Command): XmlAnswer {
  return moveNode(account, sourceOf(account, path, FileNode), value);
}

export function moveFolder({ account, path, value }: Command): XmlAnswer {
  const { mvDirNeedsSlash, mvDirAnswers500AfterMoving } = account.switches;
  const folder = sourceOf(account, path, FolderNode);
  if (mvDirNeedsSlash && !path.hasTrailingSlash) throw noSuchSource("directory", path.text);
  checkNotInside(path, parseTargetPath(account, value));
  const answer = moveNode(account, folder, value);
  if (mvDirAnswers500AfterMoving) {
    throw new ServiceError(500, "java.lang.IllegalStateException", "Internal failure after the move");
  }
  return answer;
}

/** 400 when a folder is to be moved into itself. */
function checkNotInside(source: JfsPath, target: JfsPath): void {
  const isInside = target.names.length > source.names.length &&
    source.names.every((name, index) => foldName(name) === foldName(target.names[index] ?? ""));
  if (isInside) throw invalidArgument("A folder cannot be moved into itself");
}

/** A live target is a conflict, a tombstone gives way (switch), another spelling of the own name is a rename. */
function moveNode(account: Account, node: TreeNode, value: string): XmlAnswer {
  const target = openTarget(account, value);
  const { existing } = target;
  if (existing !== undefined && existing !== node) {
    if (existing.deletedAt === 0 || account.switches.mvOntoTombstoneFails) {
      throw nameConflict(`Target already exists: ${account.pathOf(existing)}`);
    }
    destroy(account, existing);
  }
  move(account, node, target);
  return { pieces: nodeDocument(account, node, true) };
}

/** Copies the current revision only, as number 1 or as a new revision of an existing file; keeps its times. */
export function copyFile({ account, path, value }: Command): XmlAnswer {
  const source = sourceOf(account, path, FileNode);
  const current = currentRevision(source);
  if (current === undefined || current.blob === null) throw noSuchFile(path.text);
  if (account.wouldExceedQuota(current.size)) throw quotaExceeded();
  const { parent, name, existing } = openTarget(account, value);
  const wasDeletedAt = existing instanceof FileNode ? existing.deletedAt : 0;
  const target = ensureFile(account, parent, name);
  addCompleted(account, target, { blob: current.blob, facts: current });
  if (account.switches.cpOntoTombstoneStaysTrashed) target.deletedAt = wasDeletedAt;
  return { pieces: nodeDocument(account, target) };
}
