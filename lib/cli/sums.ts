/** Hash sums of files: what a remote knows is taken from there, all else is computed from the content. */
import { IntegrityError, UsageError } from "../errors.ts";
import { createHasher, type HashName } from "../hash/kinds.ts";
import { readVerified } from "../transfer/read_verified.ts";
import type { FileEntry, Tree } from "../tree/tree.ts";
import type { CommandContext } from "./context.ts";

export interface SumOptions {
  readonly hashes: readonly HashName[];
  /** Reads the content of a remote file too, so that it has every hash. */
  readonly download?: boolean;
}

/** Throws `UsageError` when no file of `tree` has that hash, so that it is told once. */
export function requireHash(
  tree: Tree,
  { hash, download }: { readonly hash: HashName; readonly download: boolean },
): void {
  if (tree.side === "local" || download || hash === "md5") return;
  throw new UsageError(`Cannot hash "${tree.label}" with ${hash}: the service tells only MD5`, {
    hint: 'Have the files read with "--download"',
  });
}

export type Sums = Readonly<Partial<Record<HashName, string>>>;

/** The hashes that can be had, in lower-case hex: a remote tells only MD5. Throws what reading throws. */
export async function sumsOf(
  context: CommandContext,
  { tree, file }: { readonly tree: Tree; readonly file: FileEntry },
  { hashes, download = false }: SumOptions,
): Promise<Sums> {
  const isTold = tree.features.knowsMd5 && !download;
  if (isTold) return hashes.includes("md5") && file.md5 !== undefined ? { md5: file.md5 } : {};
  if (tree.side === "local" && hashes.length === 1 && hashes[0] === "md5") {
    return { md5: await tree.md5(file, { signal: context.signal, fresh: download }) };
  }
  return await readSums(context, { tree, file }, hashes);
}

/** One hash of a file, in lower-case hex. Throws what reading throws, `ProtocolError` when the service does not tell it. */
export async function sumOf(
  context: CommandContext,
  place: { readonly tree: Tree; readonly file: FileEntry },
  { hash, download }: { readonly hash: HashName; readonly download: boolean },
): Promise<string> {
  const sums = await sumsOf(context, place, { hashes: [hash], download });
  return sums[hash] ?? await place.tree.md5(place.file, { signal: context.signal });
}

async function readSums(
  context: CommandContext,
  { tree, file }: { readonly tree: Tree; readonly file: FileEntry },
  hashes: readonly HashName[],
): Promise<Sums> {
  const hashers = hashes.map((name) => [name, createHasher(name)] as const);
  const transfer = context.transferContext((event) => {
    if (event.type === "retried") context.log.info("trying again", { error: event.error.message });
  });
  const isSound = await readVerified({ source: tree, file }, transfer, (chunk) => {
    for (const [, hasher] of hashers) hasher.update(chunk);
    return Promise.resolve();
  });
  if (!isSound) {
    throw new IntegrityError(
      `Cannot trust the bytes of "${file.path}": they are not those that the service announced`,
    );
  }
  return Object.fromEntries(hashers.map(([name, hasher]) => [name, hasher.digestHex()]));
}
