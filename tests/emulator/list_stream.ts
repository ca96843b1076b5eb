/**
 * Recursive listings: `mode=liststream` (unindented, live completed files only, counted) and `mode=list` (old, all
 * entries). Source of fact: API reference 4.7, 5.2; order by section 7 row 12.
 */
import type { Account } from "./account.ts";
import { documentOf, fileEntry, stamp } from "./jfs_xml.ts";
import { currentRevision, type FileNode, type FolderNode, namesTo } from "./nodes.ts";
import { formatClassic, formatMillis } from "./times.ts";
import { escapeXml, preserved, PROLOG } from "./xml_text.ts";

interface Stats {
  folders: number;
  files: number;
}

/** Every live folder counts once: by its own element, or implicitly through its first file. */
export function* listStream(account: Account, start: FolderNode): Generator<string> {
  const { listStreamTruncated, listStreamWrongStats } = account.switches;
  const stats: Stats = { folders: 0, files: 0 };
  yield `${PROLOG}<list>`;
  yield* streamFolder(account, start, stats);
  if (listStreamTruncated) return yield "</list>";
  const files = stats.files + (listStreamWrongStats ? 1 : 0);
  yield `<stats><folders>${stats.folders}</folders><files>${files}</files></stats></list>`;
}

function* streamFolder(account: Account, folder: FolderNode, stats: Stats): Generator<string> {
  const path = escapeXml(`/${namesTo(folder).join("/")}`);
  const element = `<folder><path>${path}</path></folder>`;
  const before = stats.files;
  stats.folders += 1;
  const always = account.switches.listStreamFolders === "all";
  if (always) yield element;
  for (const file of folder.files()) {
    const entry = streamedFile(account, file, path);
    if (entry === undefined) continue;
    stats.files += 1;
    yield entry;
  }
  if (stats.files === before && !always) yield element;
  for (const child of folder.folders()) if (child.deletedAt === 0) yield* streamFolder(account, child, stats);
}

/** Only live files with a completed revision appear. */
function streamedFile(account: Account, file: FileNode, path: string): string | undefined {
  const current = currentRevision(file);
  if (current === undefined || file.deletedAt !== 0) return undefined;
  const { upperCaseMd5, emptyModified } = account.switches;
  const md5 = upperCaseMd5 ? current.md5.toUpperCase() : current.md5;
  const modified = emptyModified ? "" : formatMillis(current.modified);
  return `<file><path>${path}</path><filename>${escapeXml(file.name)}</filename><md5>${md5}</md5>` +
    `<size>${current.size}</size><modified>${modified}</modified>` +
    `<created>${formatMillis(current.created)}</created></file>`;
}

/** Every folder of the subtree, the start first, each with its own files; trashed and unfinished ones included. */
export function* fileDirList(account: Account, start: FolderNode): Generator<string> {
  yield documentOf(`<filedirlist${stamp(account)}>\n  <folders>\n`);
  yield* listedFolder(account, start);
  yield "  </folders>\n</filedirlist>\n";
}

function* listedFolder(account: Account, folder: FolderNode): Generator<string> {
  const parent = account.parentPathOf(folder);
  const deleted = folder.deletedAt === 0 ? "" : ` deleted="${formatClassic(folder.deletedAt)}"`;
  yield `    <folder name="${escapeXml(folder.name)}"${deleted}>\n`;
  yield preserved("      ", "path", parent) + preserved("      ", "abspath", parent);
  let files = 0;
  for (const file of folder.files()) {
    if (files === 0) yield "      <files>\n";
    files += 1;
    yield fileEntry(account, file, { indent: "        ", place: "recursive" });
  }
  if (files > 0) yield "      </files>\n";
  yield "    </folder>\n";
  for (const child of folder.folders()) yield* listedFolder(account, child);
}
