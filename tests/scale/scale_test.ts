/**
 * Size does not matter: 20,000 files in 2,000 directories, and one large file, up and down. The figures go to the
 * output. `deno task scale` runs this with a file of 3 GiB; elsewhere it is smaller, which the flat memory does not
 * depend on.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { Environment } from "../e2e/environment.ts";
import { type MeasuredRun, measuredRun } from "./measured_run.ts";
import { makeRealTree } from "./real_tree.ts";

const MIB = 1024 * 1024;
const PEAK_LIMIT_MIB = 300;
const FILES = 20_000;
const DIRECTORIES = 2_000;
const LARGE_FILE_MIB = Number(Deno.env.get("JOTTASH_SCALE_LARGE_FILE_MIB") ?? 384);

Deno.test("copy takes 20,000 files in 2,000 directories up and back, and a second copy transfers nothing", async () => {
  await using environment = await Environment.signedIn();
  const local = environment.path("local");
  const denoDirectory = (await environment.executable()).env["DENO_DIR"] ?? "";
  const bytes = await makeRealTree(local, {
    files: FILES,
    directories: DIRECTORIES,
    sources: ["/usr/include", "/usr/share/doc", join(denoDirectory, "npm")],
  });
  note(`${FILES} files in ${DIRECTORIES} directories, ${(bytes / MIB).toFixed(0)} MiB`);

  succeeded("up", await measuredRun(environment, "copy", local, "jotta:tree"));
  const sent = environment.emulator.stats.uploadedBytes;
  const again = await measuredRun(environment, "copy", local, "jotta:tree");
  succeeded("again", again);
  match(again.stderr, /Nothing to do: 20,000 files are already the same/);
  equal(environment.emulator.stats.uploadedBytes, sent);
  const synced = await measuredRun(environment, "sync", local, "jotta:tree");
  succeeded("sync", synced);
  match(synced.stderr, /Nothing to do: 20,000 files are already the same/);
  const listed = await measuredRun(environment, "ls", "jotta:tree");
  succeeded("ls", listed);
  equal(listed.stdout.trimEnd().split("\n").length, FILES);
  succeeded("down", await measuredRun(environment, "copy", "jotta:tree", environment.path("back")));
  deepEqual(compareTrees(local, environment.path("back")), { files: FILES, differences: [] });
  await Deno.mkdir(environment.path("few"));
  await Deno.writeTextFile(environment.path("few", "left"), "all others are to go");
  succeeded("sync that deletes", await measuredRun(environment, "sync", "few", "jotta:tree"));
  deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive/tree"), ["left"]);
  succeeded("sync that deletes here", await measuredRun(environment, "sync", "jotta:tree", "back"));
  deepEqual([...Deno.readDirSync(environment.path("back"))].map(({ name }) => name), ["left"]);
});

Deno.test(`copy takes a file of ${LARGE_FILE_MIB} MiB up and back in little memory`, async () => {
  await using environment = await Environment.signedIn();
  await Deno.mkdir(environment.path("local"));
  makeLargeFile(environment.path("local", "large"), LARGE_FILE_MIB * MIB);
  succeeded("large up", await measuredRun(environment, "copy", "local", "jotta:large"));
  succeeded("large down", await measuredRun(environment, "copy", "jotta:large", "back"));
  deepEqual(compareTrees(environment.path("local"), environment.path("back")), {
    files: 1,
    differences: [],
  });
});

function succeeded(what: string, run: MeasuredRun): void {
  note(`${what}: ${run.seconds.toFixed(1)} s, peak ${run.peakMiB ?? "unknown"} MiB`);
  equal(run.status, 0, run.stderr);
  ok((run.peakMiB ?? 0) < PEAK_LIMIT_MIB, `${what} took ${run.peakMiB} MiB`);
}

function note(text: string): void {
  console.log(`scale: ${text}`);
}

/** Every block differs from every other, so that nothing is known to anybody before. */
function makeLargeFile(path: string, size: number): void {
  const block = new Uint32Array(MIB / 4);
  crypto.getRandomValues(new Uint8Array(block.buffer, 0, 65_536));
  for (let i = 65_536 / 4; i < block.length; i++) {
    block[i] = Math.imul(block[i - 16_384] ?? 0, 2_654_435_761) + i;
  }
  using file = Deno.openSync(path, { write: true, createNew: true });
  for (let written = 0; written < size; written += MIB) {
    block[0] = written / MIB;
    file.writeSync(new Uint8Array(block.buffer));
  }
}

interface Comparison {
  readonly files: number;
  readonly differences: readonly string[];
}

/** Names, bytes and whole seconds of all files; a few differences are enough to see what is wrong. */
function compareTrees(left: string, right: string): Comparison {
  const differences: string[] = [];
  let files = 0;
  const visit = (path: string): void => {
    const names = (root: string) => [...Deno.readDirSync(join(root, path))].map((each) => each.name).sort();
    if (names(left).join("\0") !== names(right).join("\0")) differences.push(`${path}: names`);
    for (const entry of Deno.readDirSync(join(left, path))) {
      const below = join(path, entry.name);
      if (differences.length > 5) return;
      if (entry.isDirectory) visit(below);
      else {
        files++;
        const difference = compareFiles(join(left, below), join(right, below));
        if (difference !== undefined) differences.push(`${below}: ${difference}`);
      }
    }
  };
  visit("");
  return { files, differences };
}

const BUFFERS = [new Uint8Array(MIB), new Uint8Array(MIB)] as const;

function compareFiles(left: string, right: string): string | undefined {
  using a = Deno.openSync(left, { read: true });
  using b = Deno.openSync(right, { read: true });
  const seconds = (file: Deno.FsFile) => Math.floor((file.statSync().mtime?.getTime() ?? 0) / 1000);
  if (a.statSync().size !== b.statSync().size) return "size";
  if (seconds(a) !== seconds(b)) return "time";
  while (true) {
    const [here, there] = [a.readSync(BUFFERS[0]) ?? 0, b.readSync(BUFFERS[1]) ?? 0];
    if (here === 0 && there === 0) return undefined;
    if (Buffer.compare(BUFFERS[0].subarray(0, here), BUFFERS[1].subarray(0, there)) !== 0) return "bytes";
  }
}
