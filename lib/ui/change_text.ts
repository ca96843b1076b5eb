/** Changes as people read them: a log line once done, a sentence that begins with "Would" in a dry run. Pure. */
import type { LogFields } from "../log.ts";
import type { Change } from "../transfer/change.ts";
import { formatQuantity, formatSizeCompact } from "../units.ts";

const DONE: Readonly<Record<Change["action"], string>> = {
  "transferred": "copied",
  "deduplicated": "copied",
  "direct": "copied",
  "times-only": "touched",
  "unchanged": "unchanged",
  "skipped": "left out",
  "left-alone": "left alone",
  "failed": "failed",
  "deleted": "deleted",
  "moved": "moved",
  "renamed": "renamed",
  "kept-aside": "kept aside",
  "file-made": "made an empty file",
  "directory-made": "made a folder",
  "directory-removed": "removed a folder",
  "directory-deleted": "deleted a folder with all that was in it",
  "linked": "made a link",
  "unlinked": "removed the link",
  "trash-emptied": "emptied the trash",
  "different": "different",
  "left-unread": "left unread",
  "found": "found",
};

/** The fixed message of the log line; what varies is in `doneFields`. */
export function doneText(change: Change): string {
  return change.action === "deleted" && change.keptAt !== undefined ? "kept aside" : DONE[change.action];
}

export function doneFields(change: Change): LogFields {
  switch (change.action) {
    case "transferred":
    case "deduplicated":
    case "direct":
      return { path: change.path, how: change.action, size: change.size };
    case "times-only":
      return { path: change.path };
    case "unchanged":
      return { path: change.path, size: change.size };
    case "deleted":
      return { path: change.path, size: change.size, side: change.side, keptAt: change.keptAt };
    case "moved":
    case "renamed":
      return { path: change.path, from: change.from, size: change.size };
    case "kept-aside":
      return { path: change.path, keptAt: change.keptAt };
    case "trash-emptied":
      return { path: change.path, files: change.files, folders: change.folders };
    case "skipped":
    case "left-alone":
      return { path: change.path, reason: change.reason };
    case "failed":
      return { path: change.path, error: change.error.message };
    case "different":
      return { path: change.path, how: change.how };
    case "left-unread":
      return { path: change.path, files: change.files, bytes: change.bytes };
    case "found":
      return { path: change.path, problem: change.problem };
    case "file-made":
    case "directory-made":
    case "directory-removed":
    case "directory-deleted":
    case "linked": // without its address: whoever has that can read the file
    case "unlinked":
      return { path: change.path };
    default:
      return change satisfies never;
  }
}

/** What would be done, as a sentence without a final period. */
export function wouldText(change: Change): string {
  switch (change.action) {
    case "transferred":
    case "deduplicated":
    case "direct":
      return `Would copy ${named(change)}`;
    case "times-only":
      return `Would touch "${change.path}"`;
    case "deleted":
      if (change.keptAt !== undefined) return `Would move "${change.path}" aside, to "${change.keptAt}"`;
      return `Would delete ${named(change)}${sideOf(change)}${finality(change)}`;
    case "moved":
      return change.from === undefined
        ? `Would move ${named(change)}`
        : `Would move "${change.from}" to "${change.path}"`;
    case "renamed":
      return `Would rename "${change.from}" to "${change.path}"`;
    case "kept-aside":
      return `Would move "${change.path}" aside, to "${change.keptAt}"`;
    case "file-made":
      return `Would make the empty file "${change.path}"`;
    case "directory-made":
      return `Would make the ${change.noun ?? "folder"} "${change.path}"`;
    case "directory-removed":
      return `Would remove the empty ${change.noun ?? "folder"} "${change.path}"${sideOf(change)}${
        finality(change)
      }`;
    case "directory-deleted":
      return `Would delete the ${change.noun ?? "folder"} "${change.path}" with all that is in it${
        finality(change)
      }`;
    case "linked":
      return `Would make a link to "${change.path}"`;
    case "unlinked":
      return `Would remove the link to "${change.path}"`;
    case "trash-emptied":
      return trashText(change);
    case "unchanged":
    case "skipped":
    case "left-alone":
      return `Would leave "${change.path}" alone`;
    case "failed":
      return change.error.message;
    case "different":
      return `Differs: "${change.path}"`;
    case "left-unread":
      return `Would leave ${formatQuantity(change.files, "file")} unread`;
    case "found":
      return foundText(change);
    default:
      return change satisfies never;
  }
}

function named({ path, size }: { readonly path: string; readonly size?: number | undefined }): string {
  return size === undefined ? `"${path}"` : `"${path}" (${formatSizeCompact(size)})`;
}

function sideOf({ side }: { readonly side?: "source" | "target" | undefined }): string {
  return side === "source" ? " at the source" : "";
}

function finality({ forGood }: { readonly forGood?: boolean | undefined }): string {
  return forGood === true ? ", for good" : "";
}

function trashText({ files, folders }: { readonly files: number; readonly folders: number }): string {
  if (files + folders === 0) return "Nothing to do: the trash is empty";
  const what = `${formatQuantity(files, "file")}, ${formatQuantity(folders, "folder")}`;
  return `Would empty the trash of the account: ${what} with all that is in them`;
}

/** One line about something that was found. */
export function foundText({ path, what, advice }: Extract<Change, { action: "found" }>): string {
  return advice === undefined ? `"${path}": ${what}` : `"${path}": ${what}. ${advice}`;
}
