/**
 * Times of change that can be relied on: of the disks of this machine, whose times come from its own clock and whose
 * inodes stay. Disks of other machines, of cameras and of programs may invent inodes anew, keep whole seconds, or not
 * notice a change.
 *
 * Source of fact: statfs(2) of the Linux manual (documented).
 */
import { statfsSync } from "node:fs";
import type { ExactLook } from "./exact_times.ts";

const RELIABLE_KINDS: ReadonlySet<number> = new Set([
  0xef53, // ext2, ext3, ext4
  0x58465342, // xfs
  0x9123683e, // btrfs
  0x2fc12fc1, // zfs
  0xf2f52010, // f2fs
  0xca451a4e, // bcachefs
  0x3153464a, // jfs
  0x01021994, // tmpfs
  0x794c7630, // overlay
]);

/** Undefined where it cannot be relied on, and where the two looks are not at the same file. */
export type ChangeTimes = (
  path: string,
  info: Deno.FileInfo,
  exact: ExactLook | undefined,
) => bigint | undefined;

/** Asks once for each disk. */
export function createChangeTimes(): ChangeTimes {
  const reliable = new Map<number, boolean>();
  return (path, info, exact) => {
    const { dev, ino, size } = info;
    if (exact?.changedAtNs === undefined || ino === null || !Number.isSafeInteger(ino)) return undefined;
    if (exact.inode !== BigInt(ino) || exact.size !== BigInt(size)) return undefined;
    let isReliable = reliable.get(dev);
    if (isReliable === undefined) reliable.set(dev, isReliable = RELIABLE_KINDS.has(kindOf(path)));
    return isReliable ? exact.changedAtNs : undefined;
  };
}

function kindOf(path: string): number {
  try {
    return statfsSync(path).type;
  } catch {
    return 0;
  }
}
