/** Local trees for stories: made from a record, read back as a record that can be compared. */
import { dirname, join } from "node:path";

/** Paths with `/` to content; null makes an empty directory. */
export type TreeSpec = Readonly<Record<string, string | Uint8Array | null>>;

/** All files made without a time of their own have this one. */
export const FIXED_TIME: Date = new Date("2024-03-05T06:07:08Z");

export async function makeTree(root: string, spec: TreeSpec, modified: Date = FIXED_TIME): Promise<void> {
  await Deno.mkdir(root, { recursive: true });
  for (const [path, content] of Object.entries(spec)) {
    const target = join(root, path);
    if (content === null) {
      await Deno.mkdir(target, { recursive: true });
      continue;
    }
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(target, typeof content === "string" ? new TextEncoder().encode(content) : content);
    await Deno.utime(target, modified, modified);
  }
}

/** Each path with content (as hex where it is not text) and whole seconds; directories as null. */
export async function readTree(root: string): Promise<Record<string, string | null>> {
  const found: [string, string | null][] = [];
  const visit = async (directory: string, prefix: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(directory)) {
      const path = join(directory, name);
      if (isDirectory) {
        found.push([prefix + name, null]);
        await visit(path, `${prefix}${name}/`);
      } else found.push([prefix + name, await describeFile(path)]);
    }
  };
  await visit(root, "");
  return Object.fromEntries(found.sort(([a], [b]) => a < b ? -1 : 1));
}

async function describeFile(path: string): Promise<string> {
  const { mtime } = await Deno.stat(path);
  const bytes = await Deno.readFile(path);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  return `${bytes.length} bytes, ${digest.slice(0, 16)}, ${Math.floor((mtime?.getTime() ?? 0) / 1000)}`;
}

/** Without directories, which services and tools treat differently. */
export async function readFiles(root: string): Promise<Record<string, string>> {
  const entries = Object.entries(await readTree(root));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Bytes that no other seed gives and that compress badly. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0 || 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 255;
  }
  return bytes;
}
