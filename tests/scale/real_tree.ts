/** A large tree of real files: whatever this machine has, in folders of our own; what is missing is made up. */
import { join } from "node:path";

export interface RealTreeOptions {
  readonly files: number;
  readonly directories: number;
  /** Directories to take files from, one after the other. */
  readonly sources: readonly string[];
}

/** Larger ones cost time and show nothing more. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Keeps names, their number in front, below the 255 bytes of a name. */
const MAX_NAME_BYTES = 240;

/**
 * Spreads the files over directories of two levels, each under its own name with a number in front (the service
 * takes names that differ only by case for one). Resolves with the bytes of all files.
 */
export async function makeRealTree(root: string, options: RealTreeOptions): Promise<number> {
  const directories = Array.from(
    { length: options.directories },
    (_, index) => join(root, `part ${index % 40}`, `${index} ${"æøå".charAt(index % 3)}`),
  );
  for (const directory of directories) await Deno.mkdir(directory, { recursive: true });
  const found = takeFiles(options.sources);
  let bytes = 0;
  for (let index = 0; index < options.files; index++) {
    const directory = directories[index % directories.length] ?? root;
    const { value: source } = found.next();
    const name = source === undefined ? "made up.txt" : source.slice(source.lastIndexOf("/") + 1);
    const target = join(directory, `${index} ${name}`);
    bytes += source === undefined ? madeUp(target, index) : copied(source, target);
  }
  return bytes;
}

function copied(source: string, target: string): number {
  const info = Deno.statSync(source);
  Deno.writeFileSync(target, Deno.readFileSync(source));
  if (info.mtime !== null) Deno.utimeSync(target, info.mtime, info.mtime);
  return info.size;
}

function madeUp(target: string, index: number): number {
  const text = `file ${index}\n`.repeat(index % 1000);
  Deno.writeTextFileSync(target, text);
  const at = 1_000_000_000 + index * 1_000;
  Deno.utimeSync(target, at, at);
  return text.length;
}

/** Regular, readable files with ordinary names. */
function* takeFiles(sources: readonly string[]): Generator<string, undefined> {
  const pending = [...sources];
  while (pending.length > 0) {
    const directory = pending.pop() ?? "";
    let entries: Deno.DirEntry[] = [];
    try {
      entries = [...Deno.readDirSync(directory)];
    } catch { /* not there, or not for us */ }
    for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory) pending.push(path);
      else if (entry.isFile && isSuitable(path, entry.name)) yield path;
    }
  }
  return undefined;
}

function isSuitable(path: string, name: string): boolean {
  if (name.includes("\ufffd") || new TextEncoder().encode(name).length > MAX_NAME_BYTES) return false;
  try {
    using file = Deno.openSync(path, { read: true });
    return file.statSync().size <= MAX_FILE_BYTES;
  } catch {
    return false;
  }
}
