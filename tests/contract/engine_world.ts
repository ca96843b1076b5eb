/** Two places side by side, and one run of the engine over them. */
import type { JottashError } from "../../lib/errors.ts";
import { createFilter, type Filter } from "../../lib/filter/filter.ts";
import type { FilterWord } from "../../lib/filter/words.ts";
import { checkTrees, type Finding } from "../../lib/sync/check.ts";
import { syncTrees } from "../../lib/sync/sync.ts";
import type { SyncOptions } from "../../lib/sync/sync_options.ts";
import type { TargetTree } from "../../lib/transfer/copy_file.ts";
import type { TransferEvent } from "../../lib/transfer/events.ts";
import { walkTree } from "../../lib/tree/walk.ts";
import { PLAIN } from "../unit/lib/sync/plain_options.ts";
import { put, textAt, TIME, transferContext } from "./tree_world.ts";

export interface EngineWorld {
  readonly source: TargetTree;
  readonly target: TargetTree;
  /** A place of the same account or machine as the target, apart from it. */
  readonly beside: TargetTree;
}

export interface RunResult {
  readonly failures: readonly JottashError[];
  readonly events: readonly TransferEvent[];
}

export async function run(
  { source, target }: Pick<EngineWorld, "source" | "target">,
  options: Partial<SyncOptions> = {},
  onEvent: (event: TransferEvent) => void = () => {},
): Promise<RunResult> {
  const events: TransferEvent[] = [];
  const emit = (event: TransferEvent) => {
    events.push(event);
    onEvent(event);
  };
  const failures = await syncTrees(source, target, { ...PLAIN, ...options }, transferContext({ emit }));
  return { failures, events };
}

/** Events that tell of a change, as `type path`. */
export function changesOf({ events }: RunResult): string[] {
  const types = ["finished", "directory-made", "removed", "moved", "renamed", "kept-aside"];
  return events.flatMap((event) =>
    types.includes(event.type) && "path" in event ? [`${event.type} ${event.path}`] : []
  ).sort();
}

/** Files as `path=content`, directories as `path/`. */
export async function contentsOf(tree: TargetTree): Promise<string[]> {
  const lines: string[] = [];
  for await (const { kind, path } of walkTree(tree, { checkers: 2 })) {
    lines.push(kind === "file" ? `${path}=${await textAt(tree, path)}` : `${path}/`);
  }
  return lines.sort();
}

/** Puts files there, each with the content given and one time. */
export async function fill(
  tree: TargetTree,
  files: Readonly<Record<string, string>>,
  modifiedAtMs = TIME,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) await put(tree, path, content, { modifiedAtMs });
}

export function filterOf(...words: FilterWord[]): Filter {
  return createFilter(words, { ignoreCase: false, nowMs: TIME, random: () => 0 });
}

/** What a comparison of both finds, but what is the same. */
export async function differences({ source, target }: EngineWorld): Promise<Finding[]> {
  const found: Finding[] = [];
  await checkTrees(source, target, {
    checkers: 2,
    oneWay: false,
    folding: target.features,
    compare: async (one, other) =>
      await source.md5(one) === await target.md5(other) ? undefined : "another MD5",
    tell: (finding) => Promise.resolve(void (finding.kind === "same" || found.push(finding))),
    onSpecial: () => {},
  });
  return found;
}
