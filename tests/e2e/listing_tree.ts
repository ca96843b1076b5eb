/** The trees of tests/fixtures/listing/rclone.json on the disk. */
export interface TreeFixture {
  readonly files?: readonly {
    readonly path: string;
    readonly mtime: number;
    readonly mtime_ns: number;
    readonly content: ContentFixture;
  }[];
  readonly dirs?: readonly { readonly path: string; readonly mtime: number }[];
  /** Instead of both, in words: the one tree of many files, see `buildMany`. */
  readonly generated?: string;
}

interface ContentFixture {
  readonly text?: string;
  readonly pattern?: number;
}

export async function buildTree(root: string, { files, dirs, generated }: TreeFixture): Promise<void> {
  await Deno.mkdir(root, { recursive: true });
  if (generated !== undefined) return await buildMany(root);
  for (const { path } of dirs ?? []) await Deno.mkdir(`${root}/${path}`, { recursive: true });
  for (const file of files ?? []) {
    const path = `${root}/${file.path}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(path, bytesOf(file.content));
    await setTime(path, file.mtime, file.mtime_ns);
  }
  for (const { path, mtime } of dirs?.toReversed() ?? []) await Deno.utime(`${root}/${path}`, mtime, mtime);
}

/** 1234 files f0000..f1233, file i has size i%5 with pattern content, mtime 1612325106+i. */
async function buildMany(root: string): Promise<void> {
  for (let i = 0; i < 1234; i++) {
    const path = `${root}/f${String(i).padStart(4, "0")}`;
    await Deno.writeFile(path, bytesOf({ pattern: i % 5 }));
    await Deno.utime(path, 1612325106 + i, 1612325106 + i);
  }
}

function bytesOf({ text, pattern }: ContentFixture): Uint8Array {
  if (text !== undefined) return new TextEncoder().encode(text);
  return Uint8Array.from({ length: pattern ?? 0 }, (_, index) => (index * 7 + 3) & 255);
}

/** `touch` sets what Deno cannot: the nanoseconds. */
async function setTime(path: string, seconds: number, nanoseconds: number): Promise<void> {
  if (nanoseconds === 0) return await Deno.utime(path, seconds, seconds);
  const at = `@${seconds}.${String(nanoseconds).padStart(9, "0")}`;
  const { success } = await new Deno.Command("touch", { args: ["-d", at, "--", path] }).output();
  if (!success) throw new Error(`touch cannot set ${at}`);
}
