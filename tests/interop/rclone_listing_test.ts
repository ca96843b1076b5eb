/** What rclone sees of a tree: all its listing commands, over the XML listings and over liststream. */
import assert from "node:assert/strict";
import type { Emulator } from "../emulator/mod.ts";
import { sortedLines } from "./process.ts";
import { rcloneTest } from "./world.ts";

const MODIFIED = new Date("2024-02-29T12:34:56Z");

/** Folders with files, without files, without anything, a tombstone, a corrupt and an unfinished upload. */
function seed({ tree }: Emulator): void {
  tree.putFile("/Jotta/Archive/top.txt", "top", { modified: MODIFIED });
  tree.putFile("/Jotta/Archive/a/one & two.txt", "12345", { modified: MODIFIED });
  tree.putFile("/Jotta/Archive/a/b/c/deep.bin", "deep", { modified: MODIFIED });
  tree.makeFolder("/Jotta/Archive/empty/inner");
  tree.putFile("/Jotta/Archive/a/gone.txt", "gone");
  tree.trash("/Jotta/Archive/a/gone.txt");
  tree.putFile("/Jotta/Archive/old/x.txt", "x");
  tree.trash("/Jotta/Archive/old");
  tree.seedIncomplete("/Jotta/Archive/a/unfinished", "unfinished", 3);
  tree.seedCorrupt("/Jotta/Archive/a/corrupt", "corrupt");
}

/** An entry of `rclone lsjson`. */
interface Listed {
  readonly Path: string;
  readonly Size: number;
  readonly MimeType: string;
  readonly ModTime: string;
  readonly IsDir: boolean;
  readonly Hashes?: { readonly md5: string };
}

const ALL = [
  "a/",
  "a/b/",
  "a/b/c/",
  "a/b/c/deep.bin",
  "a/one & two.txt",
  "empty/",
  "empty/inner/",
  "top.txt",
];

/** `--disable ListR` makes rclone walk folder by folder. */
const WAYS = [
  { title: "liststream", flags: ["--fast-list"], query: "mode=liststream" },
  { title: "XML listings", flags: ["--disable", "ListR"], query: "" },
] as const;

for (const { title, flags, query } of WAYS) {
  rcloneTest(`rclone lists a tree through ${title}`, {}, async ({ emulator, rclone }) => {
    seed(emulator);
    const lines = async (...args: string[]) => sortedLines(await rclone.must([...args, ...flags]));
    assert.deepEqual(await lines("lsf", "-R", "jotta:"), ALL);
    assert.deepEqual(await lines("ls", "jotta:"), [
      "        3 top.txt",
      "        4 a/b/c/deep.bin",
      "        5 a/one & two.txt",
    ]);
    assert.deepEqual(await lines("lsl", "jotta:a"), [
      "        4 2024-02-29 12:34:56.000000000 b/c/deep.bin",
      "        5 2024-02-29 12:34:56.000000000 one & two.txt",
    ]);
    const folders = (await lines("lsd", "-R", "jotta:")).map((line) =>
      line.replace(/^ *-1 \S+ \S+ +-1 /, "")
    );
    assert.deepEqual(folders.sort(), ["a", "a/b", "a/b/c", "empty", "empty/inner"]);
    assert.deepEqual(
      await lines("lsf", "-R", "--files-only", "--format", "hp", "jotta:a"),
      [
        "6627415e807ee33c7302917216e7da68;b/c/deep.bin",
        "827ccb0eea8a706c4c34a16891f84e7b;one & two.txt",
      ],
    );
    const size: { count: number; bytes: number } = JSON.parse(
      await rclone.must(["size", "--json", "jotta:", ...flags]),
    );
    assert.deepEqual([size.count, size.bytes], [3, 12]);
    const entries: Listed[] = JSON.parse(
      await rclone.must(["lsjson", "-R", "jotta:", ...flags]),
    );
    assert.deepEqual(entries.map(({ Path, IsDir }) => IsDir ? `${Path}/` : Path).sort(), ALL);
    assert.ok(
      emulator.requests.some((request) => request.path.startsWith("/jfs/") && request.query === query),
    );
    assert.ok(emulator.requests.every(({ status }) => status === 200));
  });
}

rcloneTest(
  "rclone lists one level, and a file or nothing as what it is",
  {},
  async ({ emulator, rclone, directory }) => {
    seed(emulator);
    assert.deepEqual(sortedLines(await rclone.must(["lsf", "jotta:"])), ["a/", "empty/", "top.txt"]);
    assert.equal(await rclone.must(["lsf", "jotta:a/one & two.txt"]), "one & two.txt\n");
    await rclone.must(["copyto", "jotta:A/ONE & two.TXT", `${directory}/found`]);
    assert.equal(await Deno.readTextFile(`${directory}/found`), "12345");
    for (const missing of ["jotta:none", "jotta:old", "jotta:a/gone.txt"]) {
      const { code, stderr } = await rclone.run(["lsf", missing]);
      assert.equal(code, 3, missing);
      assert.match(stderr, /directory not found/);
    }
  },
);

rcloneTest("rclone lsjson shows sizes, times, MD5 and MIME types", {}, async ({ emulator, rclone }) => {
  seed(emulator);
  const entries: Listed[] = JSON.parse(await rclone.must(["lsjson", "--hash", "jotta:"]));
  const top = entries.find((entry) => entry.Path === "top.txt");
  assert.equal(top?.Size, 3);
  assert.equal(top.MimeType, "text/plain");
  assert.equal(top.Hashes?.md5, "b28354b543375bfa94dabaeda722927f");
  assert.equal(new Date(top.ModTime).getTime(), MODIFIED.getTime());
});

rcloneTest("rclone accepts a liststream whose folders are all named", {
  emulator: { switches: { listStreamFolders: "all" } },
}, async ({ emulator, rclone }) => {
  seed(emulator);
  assert.deepEqual(sortedLines(await rclone.must(["lsf", "-R", "--fast-list", "jotta:"])), ALL);
});

for (const fault of ["listStreamWrongStats", "listStreamTruncated"] as const) {
  rcloneTest(`rclone refuses a liststream under the switch ${fault}`, {
    emulator: { switches: { [fault]: true } },
  }, async ({ emulator, rclone }) => {
    seed(emulator);
    const { code } = await rclone.run(["lsf", "-R", "--fast-list", "jotta:"]);
    assert.notEqual(code, 0);
  });
}

rcloneTest(
  "rclone --jottacloud-trashed-only shows the trash at its original paths",
  {},
  async ({ emulator, rclone }) => {
    seed(emulator);
    const listed = await rclone.must([
      "lsf",
      "-R",
      "--files-only",
      "--disable",
      "ListR",
      "--jottacloud-trashed-only",
      "jotta:",
    ]);
    assert.deepEqual(sortedLines(listed), ["a/gone.txt", "old/x.txt"]);
    assert.equal(await rclone.must(["cat", "--jottacloud-trashed-only", "jotta:a/gone.txt"]), "gone");
  },
);

rcloneTest("rclone about shows an unlimited and a limited account", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile("/Jotta/Archive/five.txt", "12345");
  const about: unknown = JSON.parse(await rclone.must(["about", "--json", "jotta:"]));
  assert.deepEqual(about, { used: 5 });
});

rcloneTest("rclone about shows what is free of a limited account", {
  emulator: { quotaBytes: 1000 },
}, async ({ emulator, rclone }) => {
  emulator.tree.putFile("/Jotta/Archive/five.txt", "12345");
  const about: unknown = JSON.parse(await rclone.must(["about", "--json", "jotta:"]));
  assert.deepEqual(about, { total: 1000, used: 5, free: 995 });
});

rcloneTest("rclone reads a listing with an empty modified and upper-case MD5", {
  emulator: { switches: { emptyModified: true, upperCaseMd5: true } },
}, async ({ emulator, rclone }) => {
  seed(emulator);
  assert.deepEqual(sortedLines(await rclone.must(["lsf", "jotta:"])), ["a/", "empty/", "top.txt"]);
  const [entry]: Listed[] = JSON.parse(await rclone.must(["lsjson", "--hash", "--files-only", "jotta:"]));
  assert.equal(entry?.Hashes?.md5.toUpperCase(), "B28354B543375BFA94DABAEDA722927F");
});
