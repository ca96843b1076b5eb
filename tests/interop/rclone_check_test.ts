/**
 * check and checksum of jottash and of the real rclone over the same trees, here and in the emulator, with the same
 * words: the same reports, and the same verdict (their status 1 is our 11, or 6 where something could not be read).
 */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import type { Emulator } from "../emulator/mod.ts";
import { rcloneTest } from "./world.ts";

type Files = Readonly<Record<string, string>>;

const SOURCE: Files = {
  "same.txt": "same",
  "content.txt": "aaaa",
  "size.txt": "1",
  "empty.bin": "",
  "a/one & two <3>.txt": "12345",
  // The service lists it, but does not give it out.
  "a/semi;colon # + % plus.md": "# md",
  "a/ leading space": "s",
  "a/b/c/deep.bin": "d".repeat(70_000),
  "only/source/x": "x",
  "caf\u00e9": "composed",
  "kind": "a file",
  "kind too/inner": "in a directory",
  "æøå/日本語.txt": "norsk",
  "cache/thumb.jpg": "t",
};
const TARGET: Files = {
  ...SOURCE,
  "content.txt": "bbbb",
  "size.txt": "12",
  "a/ leading space": "other",
  "only/target/y": "y",
  "cache/thumb.jpg": "T",
};
const MISSING = ["only/source/x", "kind", "kind too/inner"];
/** A file for a directory, and the other way round. */
const OTHER_KINDS: Files = { "kind/inner": "in a directory", "kind too": "a file" };

const TREES: Readonly<Record<string, Files>> = {
  source: SOURCE,
  target: {
    ...Object.fromEntries(Object.entries(TARGET).filter(([path]) => !MISSING.includes(path))),
    ...OTHER_KINDS,
  },
};

/** What the service holds for `<` and `>`. */
const stored = (path: string) => path.replaceAll("<", "\uff1c").replaceAll(">", "\uff1e");

async function seed({ tree }: Emulator, directory: string): Promise<void> {
  for (const [name, files] of Object.entries(TREES)) {
    for (const [path, content] of Object.entries(files)) {
      tree.putFile(stored(`/Jotta/Archive/${name}/${path}`), content);
      await Deno.mkdir(join(directory, name, dirname(path)), { recursive: true });
      await Deno.writeTextFile(join(directory, name, path), content);
    }
  }
  tree.makeFolder("/Jotta/Archive/source/empty/inner");
}

const REPORTS = ["combined", "match", "differ", "missing-on-src", "missing-on-dst", "error"];

interface Outcome {
  readonly status: number;
  readonly reports: Readonly<Record<string, readonly string[]>>;
}

interface Program {
  run(args: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }>;
}

/** Runs the words with all reports to files. */
async function outcomeOf(program: Program, words: readonly string[]): Promise<Outcome> {
  const directory = await Deno.makeTempDir({ prefix: "jottash-check-" });
  try {
    const flags = REPORTS.flatMap((name) => [`--${name}`, join(directory, name)]);
    const { code } = await program.run([...words, ...flags]);
    const read = async (name: string) => {
      const text = await Deno.readTextFile(join(directory, name));
      return [name, text.split("\n").filter((line) => line !== "").sort()] as const;
    };
    return { status: code, reports: Object.fromEntries(await Promise.all(REPORTS.map(read))) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function assertAlike(ours: Program, theirs: Program, words: readonly string[]): Promise<void> {
  const [our, their] = await Promise.all([outcomeOf(ours, words), outcomeOf(theirs, words)]);
  const title = words.join(" ");
  assert.deepEqual(our.reports, their.reports, title);
  assert.ok(our.reports.combined !== undefined && our.reports.combined.length > 0, title);
  const failed = our.reports.error?.length !== 0;
  assert.deepEqual(our.status, their.status === 0 ? 0 : failed ? 6 : 11, title);
}

const FLAGS: readonly (readonly string[])[] = [
  [],
  ["--one-way"],
  ["--size-only"],
  ["--download"],
  ["--exclude", "cache/", "--exclude", "/only/**"],
  ["--include", "*.txt"],
  ["--max-depth", "1"],
  ["--max-size", "3b", "--one-way"],
];

rcloneTest(
  "jottash and rclone report the same of every pair of places",
  {},
  async ({ emulator, rclone, createJottash, directory }) => {
    await seed(emulator, directory);
    const jottash = await createJottash();
    const [here, there] = [(name: string) => join(directory, name), (name: string) => `jotta:${name}`];
    for (const [from, to] of [[here, here], [here, there], [there, here], [there, there]] as const) {
      for (const flags of FLAGS) {
        await assertAlike(jottash, rclone, ["check", from("source"), to("target"), ...flags]);
      }
      await assertAlike(jottash, rclone, ["check", from("source"), to("source")]);
      await assertAlike(jottash, rclone, ["check", from("source/content.txt"), to("target")]);
      await assertAlike(jottash, rclone, ["check", from("source"), to("none")]);
    }
  },
);

rcloneTest(
  "jottash and rclone take names for the same that the service takes for the same",
  {},
  async ({ emulator, rclone, createJottash, directory }) => {
    await seed(emulator, directory);
    const jottash = await createJottash();
    const rename = (from: string, to: string) =>
      Deno.rename(join(directory, "source", from), join(directory, "source", to));
    await rename("same.txt", "SAME.txt");
    await rename("caf\u00e9", "cafe\u0301");
    await rename("a/b", "a/B");
    for (
      const [from, to] of [[`${directory}/source`, "jotta:source"], ["jotta:source", `${directory}/source`]]
    ) {
      await assertAlike(jottash, rclone, ["check", from ?? "", to ?? ""]);
    }
  },
);

rcloneTest(
  "jottash and rclone report the same of a list of sums",
  {},
  async ({ emulator, rclone, createJottash, directory }) => {
    await seed(emulator, directory);
    const jottash = await createJottash();
    const sums = join(directory, "sums");
    const list = await rclone.must(["md5sum", "jotta:source"]);
    await Deno.writeTextFile(sums, `# a list\n${list.toUpperCase().slice(0, 32)}${list.slice(32)}no sum\n`);
    for (const place of [join(directory, "target"), "jotta:target", "jotta:source"]) {
      for (const flags of [[], ["--one-way"], ["--download"], ["--include", "*.txt"]]) {
        await assertAlike(jottash, rclone, ["checksum", "md5", sums, place, ...flags]);
        await assertAlike(jottash, rclone, ["check", "--checkfile", "md5", sums, place, ...flags]);
      }
    }
  },
);
