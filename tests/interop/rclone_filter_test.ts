/**
 * The filters of jottash and of the real rclone over one tree of the emulator, with the same words: the same listing,
 * and the same files after a copy.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { Emulator } from "../emulator/mod.ts";
import { walkLocal } from "./local_tree.ts";
import { rcloneTest } from "./world.ts";

const FILES: Readonly<Record<string, number>> = {
  "top.txt": 3,
  "a.jpg": 2_000,
  "A.JPG": 10,
  "b.png": 50_000,
  "photos/2023/one.jpg": 1,
  "photos/2023/one.raw": 100_000,
  "photos/2024/two.jpg": 1_024,
  "photos/2024/cache/thumb.jpg": 20,
  "photos/2024/cache/deep/er.jpg": 20,
  "cache/x.bin": 1,
  "marked/.nobackup": 0,
  "marked/inside.txt": 5,
  "marked/deep/inside.txt": 5,
  "sub/{x}.txt": 6,
  "sub/[y].txt": 6,
  "sub/dir/file.txt": 7,
  "sub/dir/file.bak": 8,
  "æøå/日本語.txt": 9,
  "with space/in side.txt": 10,
};

/** The file names end in the day of 2024 on which they were changed. */
function seed({ tree }: Emulator): void {
  Object.entries(FILES).forEach(([path, size], index) =>
    tree.putFile(`/Jotta/Archive/${path}`, "x".repeat(size), {
      modified: new Date(Date.UTC(2024, 0, 1 + index)),
    })
  );
  tree.makeFolder("/Jotta/Archive/empty/inner");
}

/** Files that stand for `{NAME}` in the words. */
const RULE_FILES: Readonly<Record<string, string>> = {
  rules: "# a comment\n\n+ /photos/2024/*.jpg\n; another\n- *.jpg\n- cache/\n",
  includes: "*.txt\n  *.png  \n",
  excludes: "/sub/**\r\n*.raw\n",
  list: "top.txt\n/photos/2024/two.jpg\nsub/dir/file.txt\nnosuch/file.txt\nphotos\n# no comment.txt\n",
  raw: "top.txt\n# no comment.txt\nwith space/in side.txt\n",
};

const FILTERS: readonly (readonly string[])[] = [
  ["--include", "*.jpg"],
  ["--include", "*.jpg", "--include", "*.png"],
  ["--include", "/*.txt"],
  ["--include", "/photos/**"],
  ["--include", "photos/"],
  ["--include", "*.{jpg,png}"],
  ["--include", "{{^(one|two)\\.jpg$}}"],
  ["--include", "*.JPG"],
  ["--include", "*.JPG", "--ignore-case"],
  ["--include", "[ab].*"],
  ["--include", "[^ab].*"],
  ["--include", "?.???"],
  ["--include", "\\{x\\}.txt"],
  ["--include", "photos/*/one.*"],
  ["--include", "日本語.*"],
  ["--exclude", "*.jpg"],
  ["--exclude", "cache/"],
  ["--exclude", "cache/**"],
  ["--exclude", "/cache/**"],
  ["--exclude", "/photos/2024/"],
  ["--exclude", "*"],
  ["--exclude", "/**"],
  ["--exclude", "*.txt", "--exclude", "*.jpg"],
  ["--filter", "+ *.jpg", "--filter", "- *"],
  ["--filter", "- cache/**", "--filter", "+ *.jpg", "--filter", "- *"],
  ["--filter", "- *.jpg", "--filter", "!", "--filter", "- *.txt"],
  ["--filter", "- *.txt", "--exclude", "*.png"],
  ["--include", "*.txt", "--filter", "+ *.png"],
  ["--filter-from", "{rules}"],
  ["--filter-from", "{rules}", "--filter", "- *.txt"],
  ["--include-from", "{includes}"],
  ["--exclude-from", "{excludes}"],
  ["--include-from", "{includes}", "--include", "*.bak"],
  ["--files-from", "{list}"],
  ["--files-from-raw", "{raw}"],
  ["--files-from", "{list}", "--files-from-raw", "{raw}"],
  ["--exclude-if-present", ".nobackup"],
  ["--exclude-if-present", "inside.txt", "--exclude-if-present", ".nobackup"],
  ["--exclude-if-present", "top.txt"],
  ["--min-size", "1k"],
  ["--max-size", "10b"],
  ["--min-size", "1k", "--max-size", "10k"],
  ["--max-age", "2024-01-10"],
  ["--min-age", "2024-01-10"],
  ["--max-depth", "1"],
  ["--max-depth", "2", "--include", "*.jpg"],
  ["--max-size", "1M", "--exclude", "*.bak", "--max-depth", "2"],
];

rcloneTest(
  "jottash and rclone list and copy the same under filters",
  {},
  async ({ emulator, rclone, createJottash, directory }) => {
    seed(emulator);
    const jottash = await createJottash();
    for (const [name, text] of Object.entries(RULE_FILES)) {
      await Deno.writeTextFile(join(directory, name), text);
    }
    for (const [index, filter] of FILTERS.entries()) {
      const words = filter.map((word) => word.replace(/^\{(\w+)\}$/, (_, name) => join(directory, name)));
      const title = filter.join(" ");
      const list = ["lsf", "-R", "-F", "ps", "jotta:", ...words];
      const [ourCopy, theirCopy] = [`${directory}/ours${index}`, `${directory}/theirs${index}`];
      await Deno.mkdir(theirCopy);
      const [ours, theirs] = await Promise.all([
        jottash.must(list),
        rclone.must(list),
        jottash.must(["copy", "jotta:", ourCopy, ...words]),
        rclone.must(["copy", "jotta:", theirCopy, ...words]),
      ]);
      assert.deepEqual(ours.split("\n").sort(), theirs.split("\n").sort(), title);
      assert.deepEqual(walkLocal(ourCopy), walkLocal(theirCopy), title);
    }
  },
);

const COMMANDS: readonly (readonly string[])[] = [
  ["ls"],
  ["lsl"],
  ["lsd", "-R"],
  ["lsf", "-R", "--dirs-only"],
  ["lsjson", "-R", "--files-only", "--hash", "--no-mimetype"],
  ["tree"],
  ["size"],
  ["md5sum"],
  ["hashsum", "MD5"],
];

rcloneTest(
  "all listing commands of jottash and rclone take filters alike",
  {},
  async ({ emulator, rclone, createJottash }) => {
    seed(emulator);
    const jottash = await createJottash();
    for (const command of COMMANDS) {
      for (
        const filter of [["--exclude", "cache/", "--min-size", "6b"], ["--exclude-if-present", ".nobackup"]]
      ) {
        const words = [...command, "jotta:", ...filter];
        const [ours, theirs] = await Promise.all([jottash.must(words), rclone.must(words)]);
        const comparable = (text: string) =>
          text.replace(/^( +-1) [-\d]+ [:\d]+ /gm, "$1 TIME ").replace(/,$/gm, "").split("\n").sort();
        assert.deepEqual(comparable(ours), comparable(theirs), words.join(" "));
      }
    }
  },
);

rcloneTest(
  "jottash and rclone refuse filters for a single file where they list, and copy it all the same",
  {},
  async ({ emulator, rclone, createJottash, directory }) => {
    seed(emulator);
    const jottash = await createJottash();
    for (const command of [["ls"], ["lsf"], ["cat"], ["size"], ["tree"], ["md5sum"]]) {
      const words = [...command, "jotta:top.txt", "--exclude", "*.jpg"];
      const [ours, theirs] = await Promise.all([jottash.run(words), rclone.run(words)]);
      assert.deepEqual([ours.code, theirs.code, ours.stdout], [2, 1, theirs.stdout], words.join(" "));
    }
    const depth = ["ls", "jotta:top.txt", "--max-depth", "1"];
    assert.equal(await jottash.must(depth), await rclone.must(depth));
    const stat = ["lsjson", "--stat", "jotta:top.txt", "--exclude", "*"];
    assert.equal(await jottash.must(stat), await rclone.must(stat));
    for (const [name, program] of [["ours", jottash], ["theirs", rclone]] as const) {
      await program.must(["copy", "jotta:top.txt", `${directory}/${name}`, "--exclude", "*.txt"]);
      assert.deepEqual(walkLocal(`${directory}/${name}`), ["top.txt"]);
    }
  },
);

rcloneTest(
  "jottash and rclone delete the same files under filters",
  {},
  async ({ rclone, createJottash, directory }) => {
    const jottash = await createJottash();
    const makeCopy = async (root: string) => {
      for (const [index, [path, size]] of Object.entries(FILES).entries()) {
        await Deno.mkdir(join(root, path, ".."), { recursive: true });
        await Deno.writeFile(join(root, path), new Uint8Array(size));
        await Deno.utime(
          join(root, path),
          ...Array<Date>(2).fill(new Date(Date.UTC(2024, 0, 1 + index))) as [Date, Date],
        );
      }
    };
    const filters = FILTERS.filter((words) => words.every((word) => !word.startsWith("{"))).filter((_, at) =>
      at % 3 === 0
    );
    assert.ok(filters.length >= 12);
    for (const [index, words] of filters.entries()) {
      const [ours, theirs] = [join(directory, `ours${index}`), join(directory, `theirs${index}`)];
      await Promise.all([makeCopy(ours), makeCopy(theirs)]);
      await Promise.all([
        jottash.must(["delete", ours, ...words]),
        rclone.must(["delete", theirs, ...words]),
      ]);
      assert.deepEqual(walkLocal(ours), walkLocal(theirs), words.join(" "));
    }
  },
);
