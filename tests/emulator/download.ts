/** `mode=bin`: whole files, ranges and old revisions, streamed. Source of fact: API reference 5.3, section 7 rows 25, 29. */
import { noSuchFile, rangeNotSatisfied } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http_types.ts";
import type { JfsPath } from "./jfs_path.ts";
import { mimeOf } from "./names.ts";
import { currentRevision, FileNode, type Revision, type TreeNode } from "./nodes.ts";
import type { Service } from "./service.ts";

interface Download {
  readonly service: Service;
  readonly request: HttpRequest;
  readonly path: JfsPath;
  readonly node: TreeNode;
}

/** Trashed files can be read at their original path; files that never completed cannot. */
export function download({ service, request, path, node }: Download): HttpResponse {
  if (!(node instanceof FileNode)) throw noSuchFile(path.text);
  const revision = wantedRevision(node, request.params.get("revision"));
  if (revision === undefined) throw noSuchFile(path.text);
  return contentResponse(service, request, { revision, name: node.name });
}

function wantedRevision(file: FileNode, number: string | null): Revision | undefined {
  if (number === null) return currentRevision(file);
  return file.revisions.find((revision) =>
    revision.state === "COMPLETED" && String(revision.number) === number
  );
}

export function contentResponse(
  service: Service,
  request: HttpRequest,
  content: { revision: Revision; name: string },
): HttpResponse {
  const { blob, size } = content.revision;
  if (blob === null) throw noSuchFile(content.name);
  const range = parseRange(request.headers.get("range"), size);
  const { from, to } = range ?? { from: 0, to: size };
  service.stats.downloads += 1;
  service.stats.downloadedBytes += to - from;
  const headers = { "content-type": mimeOf(content.name), "accept-ranges": "bytes" };
  return {
    status: range === undefined ? 200 : 206,
    headers: range === undefined
      ? headers
      : { ...headers, "content-range": `bytes ${from}-${to - 1}/${size}` },
    body: { length: to - from, chunks: service.account.blobs.read(blob, from, to) },
  };
}

/** `bytes=a-b`, `a-`, `-n`; undefined without a range; 416 when nothing of it is inside. `to` is exclusive. */
function parseRange(header: string | undefined, size: number): { from: number; to: number } | undefined {
  if (header === undefined) return undefined;
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (first === "" && last === "") throw rangeNotSatisfied(`Range ${header} cannot be read`);
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (from >= size || to <= from) {
    throw rangeNotSatisfied(`Range ${header} is outside a file of ${size} bytes`);
  }
  return { from, to };
}
