/**
 * The same job for rclone and for jottash, each from a source and at a place of its own: directories of this machine or
 * folders of the service.
 */
import assert from "node:assert/strict";
import type { Emulator } from "../emulator/mod.ts";
import { walkLocal } from "./local_tree.ts";
import type { ProcessResult } from "./process.ts";
import type { World } from "./world.ts";

const ARCHIVE = "/Jotta/Archive";

/** Content and time in seconds since 1970 of files by their paths; a path with a slash at its end is an empty folder. */
export type Files = Readonly<Record<string, string | readonly [content: string, seconds: number]>>;

const SECONDS = 1_600_000_000;

/** Where the place is; the source is on this machine for the first two, on the service for the others. */
export type Side = "local" | "remote" | "down" | "within";

/** For titles. */
export const SIDES: Readonly<Record<Side, string>> = {
  local: "from disk to disk",
  remote: "up",
  down: "down",
  within: "within the account",
};

export interface TwinJob {
  readonly source: Files;
  /** The source is to change, and is part of the result; without this it has to stay as it is. */
  readonly changesSource?: boolean;
  /** Folders are part of the result too. */
  readonly looksAtFolders?: boolean;
  /** Each program has a source of its own, with other contents: the account does not know what the other one sent. */
  readonly isSourceOwn?: boolean;
  /** What is at both places at the beginning: the target is the folder `target`. */
  readonly before: Files;
  /** The words of each run, one after the other; `place` is the one that a program has for itself. */
  readonly runs: readonly ((source: string, place: string) => readonly string[])[];
}

export interface TwinResult {
  /** Contents of the files of the place afterwards, and times where they are not the usual. */
  readonly files: readonly string[];
  /** Of the last run. */
  readonly status: number;
}

/** Both do the job; fails unless both places hold the same afterwards, and the statuses are the same. */
export async function twins(world: World, side: Side, job: TwinJob): Promise<TwinResult> {
  const { rclone, jottash } = await eachDoes(world, side, job);
  assert.deepEqual(jottash, rclone);
  return jottash;
}

/** Both do the job; what comes of it may differ. */
export async function eachDoes(
  world: World,
  side: Side,
  job: TwinJob,
): Promise<{ readonly rclone: TwinResult; readonly jottash: TwinResult }> {
  const jottash = await world.createJottash();
  const results = [];
  for (const [name, program] of [["r", world.rclone], ["j", jottash]] as const) {
    const source = openPlace(world, `source-${name}`, side === "local" || side === "remote");
    const place = openPlace(world, name, side === "local" || side === "down");
    source.put(job.isSourceOwn === true ? markedWith(name, job.source) : job.source);
    place.put(job.before);
    const untouched = source.look();
    let last: ProcessResult | undefined;
    for (const words of job.runs) last = await program.run(words(source.words, place.words));
    const lookAt = (root: TwinPlace) => job.looksAtFolders === true ? root.lookWithFolders() : root.look();
    const left = job.changesSource === true ? lookAt(source).map((line) => `source ${line}`) : [];
    results.push({ files: [...left, ...lookAt(place)], status: last?.code ?? 0 });
    if (job.changesSource !== true) assert.deepEqual(source.look(), untouched);
  }
  const [theirs, ours] = results;
  assert.ok(theirs !== undefined && ours !== undefined);
  return { rclone: theirs, jottash: ours };
}

/** What is seen of these files, and of the folders around them. */
export function linesOf(files: Files): string[] {
  const lines = entriesOf(files).flatMap(([path, content, seconds]) => {
    const names = path.split("/").slice(0, -1);
    const folders = names.map((_, index) => `${names.slice(0, index + 1).join("/")}/`);
    return path.endsWith("/") ? folders : [...folders, line(path, content, seconds)];
  });
  return [...new Set(lines)].sort();
}

function entriesOf(files: Files): (readonly [path: string, content: string, seconds: number])[] {
  return Object.entries(files).map(([path, file]) =>
    typeof file === "string" ? [path, file, SECONDS] : [path, ...file]
  );
}

/** The same sizes and times, with other contents. */
function markedWith(mark: string, files: Files): Files {
  return Object.fromEntries(
    entriesOf(files).map(([path, content, seconds]) => [path, [mark + content.slice(1), seconds]]),
  );
}

interface TwinPlace {
  /** As the programs are given it. */
  readonly words: string;
  put(files: Files): void;
  look(): string[];
  lookWithFolders(): string[];
}

function openPlace(world: World, name: string, isLocal: boolean): TwinPlace {
  return isLocal ? localPlace(`${world.directory}/${name}`) : remotePlace(world.emulator, name);
}

function localPlace(root: string): TwinPlace {
  const look = () =>
    (existsLocal(root) ? walkLocal(root) : []).map((path) => {
      const seconds = Math.floor((Deno.statSync(`${root}/${path}`).mtime?.getTime() ?? 0) / 1_000);
      return line(path, Deno.readTextFileSync(`${root}/${path}`), seconds);
    });
  const folders = (path: string): string[] =>
    [...Deno.readDirSync(`${root}/${path}`)].filter(({ isDirectory }) => isDirectory)
      .flatMap(({ name }) => [`${path}${name}/`, ...folders(`${path}${name}/`)]);
  return {
    words: root,
    put(files) {
      Deno.mkdirSync(root, { recursive: true });
      for (const [path, content, seconds] of entriesOf(files)) {
        const name = `${root}/${path}`;
        Deno.mkdirSync(name.slice(0, name.lastIndexOf("/")), { recursive: true });
        if (path.endsWith("/")) continue;
        Deno.writeTextFileSync(name, content);
        Deno.utimeSync(name, seconds, seconds);
      }
    },
    look,
    lookWithFolders: () => existsLocal(root) ? [...look(), ...folders("")].sort() : [],
  };
}

function existsLocal(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function remotePlace({ tree }: Emulator, name: string): TwinPlace {
  const root = `${ARCHIVE}/${name}`;
  const look = () =>
    (tree.exists(root) ? tree.walkFiles(root) : []).map((path) => {
      const file = tree.getFile(`${root}/${path}`);
      const content = new TextDecoder().decode(file?.bytes());
      return line(path, content, Math.floor((file?.modified.getTime() ?? 0) / 1_000));
    }).sort();
  const folders = (path: string): string[] =>
    tree.list(`${root}/${path}`).filter((each) => tree.kindOf(`${root}/${path}${each}`) === "folder")
      .flatMap((each) => [`${path}${each}/`, ...folders(`${path}${each}/`)]);
  return {
    words: `jotta:${name}`,
    put(files) {
      tree.makeFolder(root);
      for (const [path, content, seconds] of entriesOf(files)) {
        if (path.endsWith("/")) tree.makeFolder(`${root}/${path.slice(0, -1)}`);
        else tree.putFile(`${root}/${path}`, content, { modified: new Date(seconds * 1_000) });
      }
    },
    look,
    lookWithFolders: () => tree.exists(root) ? [...look(), ...folders("")].sort() : [],
  };
}

function line(path: string, content: string, seconds: number): string {
  const shown = content.length > 20 ? `${content.length} bytes` : content;
  return `${path}: ${shown}${seconds === SECONDS ? "" : ` @${seconds - SECONDS}`}`;
}
