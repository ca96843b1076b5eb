/** Where the MD5s of local files are kept between runs: one place for a whole process. */
import type { Edges, FileSystem, Platform } from "../edges.ts";
import type { HashCache } from "../store/hash_cache.ts";

/** By their directories; the record hangs on the object that stands for the process. */
const opened = new WeakMap<FileSystem, Map<string, HashCache>>();

export interface HashCacheEdges extends Pick<Edges, "fileSystem" | "clock" | "env"> {
  readonly platform: Pick<Platform, "os">;
}

export interface HashCacheSettings {
  /** A directory, or `off`. */
  readonly hashCache: string | undefined;
  readonly dryRun: boolean;
}

/** Undefined when the user wants none, and where there is no place for it. */
export async function hashCacheOf(
  { fileSystem, clock, env, platform }: HashCacheEdges,
  { hashCache, dryRun }: HashCacheSettings,
): Promise<HashCache | undefined> {
  if (hashCache === "off") return undefined;
  const directory = hashCache ?? await defaultDirectory(env, platform.os);
  if (directory === undefined) return undefined;
  const { HashCache } = await import("../store/hash_cache.ts");
  const ofProcess = opened.get(fileSystem) ?? new Map<string, HashCache>();
  opened.set(fileSystem, ofProcess);
  const key = `${dryRun} ${directory}`;
  const cache = ofProcess.get(key) ?? new HashCache({ fileSystem, clock }, directory, { dryRun });
  ofProcess.set(key, cache);
  return cache;
}

/** All MD5s are where the next run finds them when this resolves, if that can be. Never throws. */
export async function settleHashCaches(fileSystem: FileSystem): Promise<void> {
  for (const cache of opened.get(fileSystem)?.values() ?? []) await cache.flush();
}

async function defaultDirectory(env: Edges["env"], os: Platform["os"]): Promise<string | undefined> {
  const { cacheDirectory } = await import("../store/cache_directory.ts");
  const base = cacheDirectory(env, os);
  return base === undefined ? undefined : `${base}/hashes`;
}
