/** `trashed_only` of jottash and of the real rclone on the same tree of the emulator. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { sortedLines } from "./process.ts";
import { rcloneTest } from "./world.ts";

const COMPARISONS: readonly (readonly string[])[] = [
  ["ls"],
  ["lsl"],
  ["lsf", "-R", "--dirs-only"],
  ["lsf", "-R", "-F", "pshi"],
  ["lsjson", "-R", "--hash", "--files-only"],
  ["size"],
  ["md5sum"],
];

rcloneTest("jottash shows the same of the trash as rclone, and reads the same", {}, async (world) => {
  const { emulator, rclone, directory, createJottash } = world;
  const { tree } = emulator;
  const put = (path: string, content: string, second: number) =>
    tree.putFile(`/Jotta/Archive/${path}`, content, {
      modified: new Date(Date.UTC(2024, 1, 29, 12, 0, second)),
    });
  put("live.txt", "live", 1);
  put("gone \uff1c1\uff1e & æ.txt", "gone", 2);
  put("mixed/kept", "kept", 3);
  put("mixed/lost", "lost", 4);
  put("mixed/sub/lost too", "too", 5);
  put("old/deep/er.bin", "deep".repeat(1_000), 6);
  tree.makeFolder("/Jotta/Archive/empty");
  tree.makeFolder("/Jotta/Archive/trashed empty");
  tree.seedIncomplete("/Jotta/Archive/unfinished", "unfinished", 3);
  tree.seedCorrupt("/Jotta/Archive/corrupt", "corrupt");
  for (
    const path of [
      "gone \uff1c1\uff1e & æ.txt",
      "mixed/lost",
      "mixed/sub",
      "old",
      "trashed empty",
      "unfinished",
    ]
  ) {
    tree.trash(`/Jotta/Archive/${path}`);
  }
  const jottash = await createJottash();
  for (const argv of COMPARISONS) {
    const words = [...argv, "--jottacloud-trashed-only", "jotta:"];
    const lines = (text: string) => sortedLines(text).map((line) => line.replace(/,$/, ""));
    const expected = lines(await rclone.must([...words, "--disable", "ListR"]));
    assert.notEqual(expected.length, 0);
    assert.deepEqual(lines(await jottash.must(words)), expected, argv.join(" "));
  }
  const file = "jotta,trashed_only=true:old/deep/er.bin";
  assert.equal(await jottash.must(["cat", file]), await rclone.must(["cat", file]));
  await jottash.must(["copy", "jotta:", join(directory, "back"), "--jottacloud-trashed-only"]);
  await rclone.must(["check", "jotta:", join(directory, "back"), "--jottacloud-trashed-only"]);
});
