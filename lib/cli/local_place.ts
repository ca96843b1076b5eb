/** A path of this machine as a tree, or as a name in the tree above it. */
import type { Edges, FileSystem } from "../edges.ts";
import { JottashError } from "../errors.ts";
import type { DiskTree } from "../local/disk_tree.ts";
import type { LocalPaths } from "../local/local_path.ts";
import { createLocalNames } from "../names/local_name.ts";
import { hashCacheOf, type HashCacheSettings } from "./hash_cache.ts";
import { localRulesOf, type LocalSettings } from "./local_options.ts";

export interface LocalPlace {
  /** The last name of the path; empty for the root of a disk. */
  readonly name: string;
  /** The tree whose root is the path itself; `label` is what messages call it. */
  readonly tree: (label: string) => DiskTree;
  /** The tree that holds `name`. */
  readonly parent: () => DiskTree;
}

/** Whatever is at `path`, if anything. Throws `UsageError` for settings that cannot go together. */
export async function openLocal(
  edges: Edges,
  { path, settings }: { readonly path: string; readonly settings: LocalSettings & HashCacheSettings },
): Promise<LocalPlace> {
  const rules = localRulesOf(settings);
  const [{ DiskTree }, { createLocalPaths }, hashes] = await Promise.all([
    import("../local/disk_tree.ts"),
    import("../local/local_path.ts"),
    hashCacheOf(edges, settings),
  ]);
  const { os } = edges.platform;
  const names = createLocalNames(os);
  const paths = createLocalPaths(os);
  const here = edges.platform.currentDirectory();
  const root = paths.resolve(here, path);
  const realRoot = await withoutLinks(edges.fileSystem, paths, root);
  const parent = paths.parentOf(root);
  return {
    name: names.toStandard(paths.nameOf(root)),
    tree: (label) => new DiskTree(edges, { root, realRoot, label, names, rules, hashes }),
    parent: () =>
      new DiskTree(edges, { root: parent, label: paths.display(parent, here), names, rules, hashes }),
  };
}

/** Where `path` really is; what is not there yet is taken to be below where its parent really is. */
async function withoutLinks(fileSystem: FileSystem, paths: LocalPaths, path: string): Promise<string> {
  try {
    return await fileSystem.realPath(path);
  } catch (error) {
    if (!(error instanceof JottashError)) throw error;
    const parent = paths.parentOf(path);
    return parent === path
      ? path
      : paths.join(await withoutLinks(fileSystem, paths, parent), paths.nameOf(path));
  }
}
