/** XML documents as answers of the JFS service. */
import type { Account } from "./account.ts";
import { type HttpResponse, textBody } from "./http_types.ts";
import { fileDocument, folderDocument, mountDocument } from "./jfs_xml.ts";
import { FileNode, type TreeNode } from "./nodes.ts";

/** A document as an answer; `status` is 201 for some creations. */
export function xmlResponse(document: XmlAnswer): HttpResponse {
  return {
    status: document.status ?? 200,
    headers: { "content-type": "text/xml;charset=UTF-8" },
    body: textBody(document.pieces),
  };
}

export interface XmlAnswer {
  readonly status?: number;
  readonly pieces: Generator<string>;
}

export function* once(text: string): Generator<string> {
  yield text;
}

/** The document of any node; `bare` for answers to commands. */
export function nodeDocument(account: Account, node: TreeNode, bare = false): Generator<string> {
  if (node instanceof FileNode) return once(fileDocument(account, node));
  return node.mount === null ? folderDocument(account, node, bare) : mountDocument(account, node.mount, bare);
}
