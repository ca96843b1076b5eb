/** `cphash`: match, touch, deduplicate or restore by size and MD5 in J-headers. Source of fact: API reference 5.8. */
import type { Account } from "./account.ts";
import { invalidArgument, noSuchFile, quotaExceeded } from "./errors.ts";
import { type Command, mountFor } from "./jfs_targets.ts";
import { currentRevision, FileNode } from "./nodes.ts";
import { addCompleted, type ContentFacts, isSameContent, touch } from "./revisions.ts";
import { parseTime } from "./times.ts";
import { ensureFile, ensureFolder, findNode } from "./tree.ts";
import { nodeDocument, type XmlAnswer } from "./xml_answer.ts";

/** What the J-headers promise; unreadable times are ignored in favour of now (4.10). */
export function contentFromHeaders(
  account: Account,
  headers: ReadonlyMap<string, string>,
  md5?: string,
): ContentFacts {
  const hash = (headers.get("jmd5") ?? md5 ?? "").toLowerCase();
  const size = Number(/^\d+$/.exec(headers.get("jsize") ?? "")?.[0]);
  if (!/^[0-9a-f]{32}$/.test(hash)) {
    throw invalidArgument("Header JMd5 is required: uploads without md5 are refused");
  }
  if (!Number.isSafeInteger(size)) throw invalidArgument("Header JSize is required");
  const created = parseTime(headers.get("jcreated") ?? "") ?? account.now();
  const modified = parseTime(headers.get("jmodified") ?? "") ?? account.now();
  return { md5: hash, size, created, modified };
}

export function cphash({ account, path, value, headers }: Command): XmlAnswer {
  const facts = contentFromHeaders(account, headers, value);
  const blob = account.blobs.find(facts.md5, facts.size);
  if (blob === undefined) throw noSuchFile(path.text); // the content is unknown; nothing changes
  const mount = mountFor(account, path);
  const names = path.names.slice(2);
  const existing = findNode(mount, names);
  if (existing instanceof FileNode && isSameContent(currentRevision(existing), facts)) {
    touch(account, existing, facts);
    return { pieces: nodeDocument(account, existing) };
  }
  if (account.wouldExceedQuota(facts.size)) throw quotaExceeded();
  const parent = ensureFolder(account, mount, names.slice(0, -1));
  const file = ensureFile(account, parent, names.at(-1) ?? "");
  addCompleted(account, file, { blob, facts });
  return { pieces: nodeDocument(account, file) };
}
