/** What the suite of all trees stands on: an empty tree of any kind, and one way to put files there and read them back. */
import assert from "node:assert/strict";
import { DEFAULT_RETRY_POLICY } from "../../lib/async/retry.ts";
import type { TransferContext } from "../../lib/transfer/context.ts";
import { copyFile, type TargetTree } from "../../lib/transfer/copy_file.ts";
import type { TransferEvent } from "../../lib/transfer/events.ts";
import type { DirectoryEntry, Entry, FileEntry } from "../../lib/tree/tree.ts";
import { walkTree } from "../../lib/tree/walk.ts";
import { FakeClock } from "../fakes/fake_clock.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

export interface TreeWorld {
  readonly tree: TargetTree;
  /** The same folder again, or one below it, as another command would open it. */
  readonly again: (path: string) => TargetTree;
  /** Whether the content of a removed file can still be had by who knows it: what is in the trash can be read. */
  readonly readsTrash?: boolean;
}

export const TIME = 1_600_000_000_000;
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export interface PutOptions {
  readonly modifiedAtMs?: number;
  readonly emit?: (event: TransferEvent) => void;
  readonly signal?: AbortSignal;
}

/** Writes a file as every command does: over a transfer from somewhere else. */
export async function put(
  tree: TargetTree,
  path: string,
  content: string | Uint8Array,
  options: PutOptions = {},
): Promise<FileEntry> {
  const source = new MemoryRemote({ label: "source:" });
  source.put("content", content, { modifiedAtMs: options.modifiedAtMs ?? TIME });
  await copy(source, "content", { tree, path, ...options });
  return await fileAt(tree, path);
}

/** Copies one file of any tree. */
export async function copy(
  source: TargetTree,
  from: string,
  to: PutOptions & { readonly tree: TargetTree; readonly path: string },
): Promise<void> {
  const file = await fileAt(source, from);
  const existing = await to.tree.stat(to.path);
  const job = {
    source,
    file,
    target: to.tree,
    targetPath: to.path,
    existing: existing?.kind === "file" ? existing : undefined,
  };
  await copyFile(job, transferContext(to));
}

export function transferContext({ emit = () => {}, signal }: PutOptions = {}): TransferContext {
  const clock = new FakeClock({ autoAdvance: true });
  return {
    retryPolicy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 2 },
    retryContext: { clock, random: new SeededRandom(), signal },
    emit,
  };
}

export async function fileAt(tree: TargetTree, path: string): Promise<FileEntry> {
  const entry = await tree.stat(path);
  assert.ok(entry?.kind === "file", `"${path}" is ${entry?.kind ?? "not there"}`);
  return entry;
}

export async function directoryAt(tree: TargetTree, path: string): Promise<DirectoryEntry> {
  const entry = await tree.stat(path);
  assert.ok(entry?.kind === "directory", `"${path}" is ${entry?.kind ?? "not there"}`);
  return entry;
}

export async function textAt(tree: TargetTree, path: string, offset = 0): Promise<string> {
  const stream = await tree.open(await fileAt(tree, path), { offset });
  return await new Response(stream).text();
}

/** Kind and path of each, in order. */
export function linesOf(entries: readonly Entry[]): string[] {
  return entries.map(({ kind, path }) => `${kind} ${path}`).sort();
}

export async function listed(tree: TargetTree, path = ""): Promise<string[]> {
  return linesOf(await tree.list(path));
}

export async function walked(tree: TargetTree): Promise<string[]> {
  return linesOf(await Array.fromAsync(walkTree(tree, { checkers: 3 })));
}
