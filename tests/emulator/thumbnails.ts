/** `mode=thumb`: one fixed tiny picture for every image. Source of fact: API reference 5.4; the picture is assumed. */
import { Buffer } from "node:buffer";
import { invalidArgument, noSuchFile } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http_types.ts";
import type { JfsPath } from "./jfs_path.ts";
import { mimeOf } from "./names.ts";
import { currentRevision, FileNode, type TreeNode } from "./nodes.ts";

const SIZES: readonly string[] = ["WS", "WM", "WL", "WXL"];
/** A transparent GIF of one pixel. */
const PICTURE = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");

interface Wish {
  readonly request: HttpRequest;
  readonly path: JfsPath;
  readonly node: TreeNode;
}

export function thumbnail({ request, path, node }: Wish): HttpResponse {
  const size = request.params.get("ts") ?? "";
  if (!SIZES.includes(size)) throw invalidArgument(`Unknown thumbnail size ${size}`);
  return pictureOf(node, path.text);
}

/** The picture of an image file; 404 for anything else. `shown` is how the error names it. */
export function pictureOf(node: TreeNode, shown: string): HttpResponse {
  const isImage = node instanceof FileNode && currentRevision(node) !== undefined &&
    mimeOf(node.name).startsWith("image/");
  if (!isImage) throw noSuchFile(shown);
  return { status: 200, headers: { "content-type": "image/gif" }, body: PICTURE };
}
