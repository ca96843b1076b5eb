/** What the symbolic links of a listing are, by the rules of the run. */
import type { FileInfo, FileSystem, ListedItem, LookOptions } from "../edges.ts";
import { FileNotFoundError, JottashError, LocalError, toJottashError } from "../errors.ts";
import { readLinkFile } from "./link_file.ts";
import type { LinkRule } from "./local_rules.ts";

/** A name with what stands for it in the tree. */
export interface ResolvedItem extends ListedItem {
  /** The file stands for a link: its path ends accordingly. */
  readonly isLinkFile?: boolean;
}

export interface ListingPlace {
  /** Path on the disk, for a name of the directory. */
  readonly toLocalPath: (name: string) => string;
  /** Paths on the disk from the root of the tree to the directory itself, both included. */
  readonly chain: readonly string[];
}

/** The items, with links translated or followed. A link that cannot be is an item with an error, never left out. */
export async function resolveLinks(
  fileSystem: FileSystem,
  items: readonly ListedItem[],
  options: ListingPlace & LookOptions & { readonly links: LinkRule },
): Promise<readonly ResolvedItem[]> {
  switch (options.links) {
    case "warn":
    case "skip":
      return items;
    case "translate":
      return await replaceLinks(items, async ({ name, info }) => {
        const link = await readLinkFile(fileSystem, options.toLocalPath(name), info);
        return { name, info: link.info, isLinkFile: true };
      });
    case "follow":
      return await followLinks(fileSystem, items, options);
  }
}

async function followLinks(
  fileSystem: FileSystem,
  items: readonly ListedItem[],
  options: ListingPlace & LookOptions,
): Promise<readonly ResolvedItem[]> {
  const { toLocalPath, chain } = options;
  const linked = new Set<string>();
  const followed = await replaceLinks(items, async ({ name }) => {
    linked.add(name);
    const info = await fileSystem.stat(toLocalPath(name), options).catch((error: unknown) => {
      throw error instanceof FileNotFoundError ? brokenLink(toLocalPath(name), error) : error;
    });
    return { name, info };
  });
  const isBelowLink = await leadsThroughLink(fileSystem, chain.slice(1));
  const isSuspect = ({ name, info }: ListedItem) =>
    !(info instanceof JottashError) && info.kind === "directory" && (isBelowLink || linked.has(name));
  if (!followed.some(isSuspect)) return followed;
  const above = await identitiesOf(fileSystem, chain);
  const withoutCircles: ResolvedItem[] = [];
  for (const item of followed) {
    const path = toLocalPath(item.name);
    const again = isSuspect(item) ? await findAgain(fileSystem, path, above) : undefined;
    withoutCircles.push(again === undefined ? item : { name: item.name, info: again });
  }
  return withoutCircles;
}

/** What stands for a directory that has been come through already, or that is gone by now; undefined for any other. */
async function findAgain(
  fileSystem: FileSystem,
  path: string,
  above: ReadonlyMap<string, string>,
): Promise<JottashError | undefined> {
  try {
    const again = above.get(await identityOf(fileSystem, path));
    return again === undefined ? undefined : circularLink(path, again);
  } catch (error) {
    return toJottashError(error);
  }
}

/** Where the system tells none (Windows), the path without links does. */
async function identityOf(fileSystem: FileSystem, path: string): Promise<string> {
  return (await fileSystem.stat(path)).identity ?? await fileSystem.realPath(path);
}

async function replaceLinks(
  items: readonly ListedItem[],
  replace: (link: { readonly name: string; readonly info: FileInfo }) => Promise<ResolvedItem>,
): Promise<readonly ResolvedItem[]> {
  const replaced: ResolvedItem[] = [];
  for (const { name, info } of items) {
    if (info instanceof JottashError || info.kind !== "symlink") {
      replaced.push({ name, info });
      continue;
    }
    try {
      replaced.push(await replace({ name, info }));
    } catch (error) {
      // One that has gone since the listing began is left out, as files are.
      replaced.push({ name, info: toJottashError(error) });
    }
  }
  return replaced;
}

async function leadsThroughLink(fileSystem: FileSystem, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if ((await fileSystem.lstat(path)).kind === "symlink") return true;
  return false;
}

/** Path by identity; the directories that a path leads through, with the place they were reached at first. */
async function identitiesOf(
  fileSystem: FileSystem,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const identity = await identityOf(fileSystem, path);
    if (!found.has(identity)) found.set(identity, path);
  }
  return found;
}

function brokenLink(path: string, cause: unknown): LocalError {
  return new LocalError(`Cannot read "${path}": it is a symbolic link to nothing`, { cause, data: { path } });
}

function circularLink(path: string, again: string): LocalError {
  return new LocalError(`Cannot read "${path}": by way of symbolic links it is "${again}" once more`, {
    hint: "Exclude it, or use --links to copy links as links",
    data: { path },
  });
}
