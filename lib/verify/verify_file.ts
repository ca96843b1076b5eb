/**
 * One file, proven by reading it: the bytes that come from the place now have to have the size and the MD5 that the
 * reference has now. Nothing is stored, and nothing that was computed earlier is believed.
 */
import { LocalError } from "../errors.ts";
import { createMd5 } from "../hash/md5.ts";
import type { TransferContext } from "../transfer/context.ts";
import { readVerified } from "../transfer/read_verified.ts";
import { untilSecondIsOver } from "../transfer/second_over.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import { formatCount, formatQuantity } from "../units.ts";

/** A line that flips a bit is not the file: bytes that are wrong are asked for once more. */
const READS = 2;

export interface Content {
  readonly size: number;
  /** Lower-case hex. */
  readonly md5: string;
}

export type DifferenceKind = "size" | "md5-told" | "md5-read";

export type Verdict =
  | { readonly kind: "same"; readonly md5: string }
  | {
    readonly kind: DifferenceKind;
    /** As in `MD5 of the bytes that came is ..., has to be ...`. */
    readonly what: string;
    /** Of the bytes that came, where any were read. */
    readonly md5: string | undefined;
  };

/** Throws what reading throws; then nobody knows. */
export async function verifyFile(
  { expected, tree, file }: {
    readonly expected: () => Promise<Content>;
    readonly tree: Tree;
    readonly file: FileEntry;
  },
  context: TransferContext,
): Promise<Verdict> {
  const wanted = await expected();
  if (wanted.size !== file.size) {
    return { kind: "size", what: sizeText(wanted.size, file.size), md5: undefined };
  }
  if (file.md5 !== undefined && file.md5 !== wanted.md5) {
    const what = `the MD5 that the service tells is ${file.md5}, not ${wanted.md5}`;
    return { kind: "md5-told", what, md5: undefined };
  }
  let came = await readContent({ tree, file }, context);
  for (let read = 1; read < READS && !isSame(came, wanted); read++) {
    came = await readContent({ tree, file }, context);
  }
  if (isSame(came, wanted)) return { kind: "same", md5: came.md5 };
  const what = came.size === wanted.size
    ? `the MD5 of the bytes that came is ${came.md5}, not ${wanted.md5}`
    : `${formatQuantity(came.size, "byte")} came, not ${formatCount(wanted.size)}`;
  return { kind: "md5-read", what, md5: came.md5 };
}

/** In which way two sizes differ. */
export function sizeText(wanted: number, found: number): string {
  return `${formatQuantity(found, "byte")}, not ${formatCount(wanted)}`;
}

/** Reads a file of the reference from its first byte to its last. Throws `LocalError` when it changes meanwhile. */
export async function readAfresh(
  { tree, file }: { readonly tree: Tree; readonly file: FileEntry },
  context: TransferContext,
): Promise<Content> {
  if (tree.side === "local") await untilSecondIsOver(file, context);
  const content = await readContent({ tree, file: { ...file, md5: undefined } }, context);
  if (content.size === file.size) return content;
  throw new LocalError(`Cannot compare "${file.path}": it changed while it was read`, {
    code: "source-changed",
    data: { path: file.path },
  });
}

async function readContent(
  job: { readonly tree: Tree; readonly file: FileEntry },
  context: TransferContext,
): Promise<Content> {
  const hash = createMd5();
  let size = 0;
  await readVerified({ source: job.tree, file: job.file }, context, (chunk) => {
    hash.update(chunk);
    size += chunk.length;
    return Promise.resolve();
  });
  return { size, md5: hash.digestHex() };
}

function isSame(one: Content, other: Content): boolean {
  return one.size === other.size && one.md5 === other.md5;
}
