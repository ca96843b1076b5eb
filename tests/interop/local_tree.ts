/** Comparing a directory on the disk with what ought to be there. */
import assert from "node:assert/strict";
import type { NastyFile } from "./nasty_names.ts";

/** The instant without its fraction of a second, in milliseconds: all the service keeps of a time. */
export function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000) * 1000;
}

/** Paths of all files below a directory, relative to it, sorted. */
export function walkLocal(directory: string, prefix = ""): string[] {
  return Array.from(Deno.readDirSync(directory)).flatMap((entry) =>
    entry.isDirectory
      ? walkLocal(`${directory}/${entry.name}`, `${prefix}${entry.name}/`)
      : [`${prefix}${entry.name}`]
  ).sort();
}

/** Asserts that a directory holds these files and no others: names, bytes, and times to the second. */
export async function assertSameTree(directory: string, files: readonly NastyFile[]): Promise<void> {
  assert.deepEqual(walkLocal(directory), files.map(({ names }) => names.join("/")).sort());
  for (const { names, bytes, modified } of files) {
    const path = [directory, ...names].join("/");
    assert.equal(
      Deno.statSync(path).mtime?.getTime(),
      wholeSeconds(modified),
      `time of ${JSON.stringify(path)}`,
    );
    assert.ok(bytes.every(equals(await Deno.readFile(path))), `content of ${JSON.stringify(path)}`);
  }
}

function equals(other: Uint8Array): (byte: number, index: number, all: Uint8Array) => boolean {
  return (byte, index, all) => all.length === other.length && byte === other[index];
}
