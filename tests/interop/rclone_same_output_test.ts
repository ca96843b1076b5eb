/** The listing commands of jottash and of the real rclone on the same tree of the emulator: the same standard output. */
import assert from "node:assert/strict";
import type { Emulator } from "../emulator/mod.ts";
import { rcloneTest } from "./world.ts";

/** Nasty names, folders without files, what is trashed, unfinished and corrupt. */
function seed({ tree }: Emulator): void {
  const put = (path: string, content: string, second: number) =>
    tree.putFile(`/Jotta/Archive/${path}`, content, {
      modified: new Date(Date.UTC(2024, 1, 29, 12, 0, second)),
    });
  put("top.txt", "top", 1);
  put("UPPER.JPG", "x".repeat(1025), 2);
  put("a/one & two \uff1c3\uff1e.txt", "12345", 3);
  put("a/comma,quote\uff02.csv", "a,b\n", 4);
  put("a/semi;colon # + % plus.md", "# md", 5);
  put("a/ leading space", "s", 6);
  put("a/b/c/deep.bin", "d".repeat(70_000), 7);
  put("æøå/日本語.txt", "norsk", 8);
  put("æøå/😀.html", "<p>", 9);
  put(".hidden/inner.log", "h", 10);
  put("empty.bin", "", 11);
  put("a10", "10", 12);
  put("a9", "9", 13);
  tree.makeFolder("/Jotta/Archive/empty/inner");
  put("a/gone.txt", "gone", 14);
  tree.trash("/Jotta/Archive/a/gone.txt");
  tree.seedIncomplete("/Jotta/Archive/a/unfinished", "unfinished", 3);
  tree.seedCorrupt("/Jotta/Archive/a/corrupt", "corrupt");
}

interface Comparison {
  readonly argv: readonly string[];
  /** `exact`: to the byte; `lines`: in any order of lines, for neither program promises one. */
  readonly order: "exact" | "lines";
  /** Status where something is not there; ours are the same. */
  readonly status?: number;
}

/** With `--disable ListR` rclone asks folder by folder, as jottash does: only then it learns the MIME types. */
const BY_FOLDER = ["--disable", "ListR"];

const COMPARISONS: readonly Comparison[] = [
  { argv: ["ls", "jotta:"], order: "lines" },
  { argv: ["ls", "--human-readable", "jotta:"], order: "lines" },
  { argv: ["ls", "--max-depth", "1", "jotta:a"], order: "exact" },
  { argv: ["lsl", "jotta:"], order: "lines" },
  { argv: ["lsl", "jotta:top.txt"], order: "exact" },
  { argv: ["lsd", "jotta:"], order: "exact" },
  { argv: ["lsd", "-R", "jotta:"], order: "lines" },
  { argv: ["lsf", "jotta:"], order: "exact" },
  { argv: ["lsf", "-R", "--dirs-only", "jotta:"], order: "lines" },
  { argv: ["lsf", "-R", "-F", "pshmioT", "jotta:", ...BY_FOLDER], order: "lines" },
  { argv: ["lsf", "-F", "tp", "jotta:"], order: "exact" },
  { argv: ["lsf", "--csv", "-R", "-F", "hsp", "jotta:"], order: "lines" },
  { argv: ["lsf", "--absolute", "jotta:a"], order: "exact" },
  { argv: ["lsf", "-F", "hp", "--hash", "sha1", "jotta:a"], order: "exact" },
  { argv: ["lsf", "jotta:nosuch"], order: "exact", status: 3 },
  { argv: ["lsjson", "jotta:"], order: "exact" },
  { argv: ["lsjson", "--hash", "jotta:a"], order: "exact" },
  { argv: ["lsjson", "--stat", "--hash", "jotta:top.txt"], order: "exact" },
  { argv: ["lsjson", "--hash-type", "sha1", "--files-only", "jotta:a"], order: "exact" },
  { argv: ["tree", "jotta:"], order: "exact" },
  { argv: ["tree", "-a", "-s", "-D", "-p", "jotta:"], order: "exact" },
  { argv: ["tree", "-a", "--human-readable", "jotta:"], order: "exact" },
  { argv: ["tree", "--version", "jotta:"], order: "exact" },
  { argv: ["tree", "--sort", "size", "-r", "jotta:a"], order: "exact" },
  { argv: ["tree", "-C", "--full-path", "jotta:"], order: "exact" },
  { argv: ["tree", "-d", "jotta:"], order: "exact" },
  { argv: ["tree", "jotta:empty"], order: "exact" },
  { argv: ["tree", "jotta:top.txt"], order: "exact" },
  { argv: ["size", "jotta:"], order: "exact" },
  { argv: ["size", "--json", "jotta:a"], order: "exact" },
  { argv: ["md5sum", "jotta:"], order: "lines" },
  { argv: ["md5sum", "--base64", "jotta:"], order: "lines" },
  { argv: ["hashsum", "SHA1", "--download", "jotta:a/b"], order: "exact" },
  { argv: ["hashsum", "CRC32", "--download", "--base64", "jotta:top.txt"], order: "exact" },
  { argv: ["listremotes"], order: "exact" },
  { argv: ["listremotes", "--long"], order: "exact" },
];

/** rclone 1.60 shows the current time for a folder whose time nobody knows, later ones and jottash 2000-01-01. */
function withoutFolderTimes(text: string): string {
  return text
    .replace(/^( +-1) [-\d]+ [:\d]+ /gm, "$1 TIME ")
    .replace(/^[-\d]+ [:\d]+;(.*\/)$/gm, "TIME;$1")
    .replace(/"ModTime":"[^"]+"(,"IsDir":true)/g, '"ModTime":"TIME"$1');
}

function comparable(text: string, order: Comparison["order"]): string | readonly string[] {
  const plain = withoutFolderTimes(text);
  return order === "exact" ? plain : plain.split("\n").sort();
}

rcloneTest(
  "jottash and rclone write the same listings of a remote",
  {},
  async ({ emulator, rclone, createJottash }) => {
    seed(emulator);
    const jottash = await createJottash();
    for (const { argv, order, status = 0 } of COMPARISONS) {
      const theirs = await rclone.run(argv);
      const ours = await jottash.run(argv.filter((word) => !BY_FOLDER.includes(word)));
      const title = argv.join(" ");
      assert.equal(ours.code, status, `${title}: ${ours.stderr}`);
      assert.equal(theirs.code, status, `${title}: ${theirs.stderr}`);
      assert.ok(status !== 0 || theirs.stdout !== "", `rclone ${title} says nothing`);
      assert.deepEqual(comparable(ours.stdout, order), comparable(theirs.stdout, order), title);
    }
  },
);

rcloneTest(
  "jottash checks the sums that rclone wrote, and rclone those of jottash",
  {},
  async ({ emulator, rclone, createJottash, directory }) => {
    seed(emulator);
    const jottash = await createJottash();
    await rclone.must(["md5sum", "jotta:", "--output-file", `${directory}/theirs`]);
    await jottash.must(["md5sum", "jotta:", "--output-file", `${directory}/ours`]);
    const ours = await jottash.must(["md5sum", "-C", `${directory}/theirs`, "jotta:"]);
    const theirs = await rclone.must(["md5sum", "-C", `${directory}/ours`, "jotta:"]);
    assert.equal(ours.trimEnd().split("\n").length, 13);
    assert.deepEqual(ours.split("\n").sort(), theirs.split("\n").sort());
    emulator.tree.putFile("/Jotta/Archive/top.txt", "other");
    const changed = ["md5sum", "-C", `${directory}/ours`, "jotta:"];
    const [ourChange, theirChange] = [await jottash.run(changed), await rclone.run(changed)];
    assert.deepEqual(ourChange.stdout.split("\n").sort(), theirChange.stdout.split("\n").sort());
    assert.match(ourChange.stdout, /^\* top\.txt$/m);
    assert.deepEqual([ourChange.code, theirChange.code], [11, 1]);
  },
);
