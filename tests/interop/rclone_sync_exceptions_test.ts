/** What `copy`, `sync` and `move` leave behind in another way than rclone does, and why. */
import assert from "node:assert/strict";
import { eachDoes, type Files, type Side, SIDES } from "./twin_trees.ts";
import { rcloneExceptionTest } from "./world.ts";

const EARLIER = 1_599_999_000;
const LATER = 1_600_001_000;
const SENT: readonly Side[] = ["remote", "down"];

/** Done by both in different ways: what each leaves behind, folders too, and its status. */
interface Exception {
  readonly title: string;
  readonly sides: readonly Side[];
  readonly source: Files;
  readonly before: Files;
  readonly words: readonly string[];
  readonly rclone: readonly [files: string, status: number];
  readonly jottash: readonly [files: string, status: number];
}

const EXCEPTIONS: readonly Exception[] = [
  {
    title: "rclone deletes as many as it may before it fails; jottash deletes none when it would be too many",
    sides: SENT,
    source: { "a": "a" },
    before: { "target/b": "b", "target/c": "c" },
    words: ["sync", "--max-delete", "1", "--checkers", "1"],
    rclone: ["target/ target/a target/c", 7],
    jottash: ["target/ target/a target/b target/c", 12],
  },
  {
    title: "rclone empties the target when the source is empty; jottash wants to be told",
    sides: SENT,
    source: { "hollow/": "" },
    before: { "target/b": "b" },
    words: ["sync"],
    rclone: ["target/", 0],
    jottash: ["target/ target/b", 12],
  },
  {
    title:
      "rclone removes an empty folder at the end of --max-depth; jottash has not looked into it, and lets it be",
    sides: SENT,
    source: { "a": "a" },
    before: { "target/void/": "", "target/b": "b", "target/full/c": "c" },
    words: ["sync", "--max-depth", "1"],
    rclone: ["target/ target/a target/full/ target/full/c", 0],
    jottash: ["target/ target/a target/full/ target/full/c target/void/", 0],
  },
];

for (const { title, sides, source, before, words, ...expected } of EXCEPTIONS) {
  for (const side of sides) {
    rcloneExceptionTest(`${title}, ${SIDES[side]}`, {}, async (world) => {
      const done = await eachDoes(world, side, {
        source,
        before,
        looksAtFolders: true,
        runs: [(from, place) => [...words, from, `${place}/target`]],
      });
      for (const name of ["rclone", "jottash"] as const) {
        const { files, status } = done[name];
        const paths = files.map((line) => line.replace(/: .*/, "")).join(" ");
        assert.deepEqual([paths, status], expected[name], name);
      }
    });
  }
}

rcloneExceptionTest(
  "rclone removes what --update does not move, as the target is newer; jottash leaves it at the source",
  {},
  async (world) => {
    const { rclone, jottash } = await eachDoes(world, "remote", {
      source: { "a": ["here", EARLIER], "b": ["b", LATER] },
      before: { "target/a": "there", "target/b": "old" },
      changesSource: true,
      runs: [(from, place) => ["move", "--update", from, `${place}/target`]],
    });
    const moved = ["target/a: there", "target/b: b @1000"];
    assert.deepEqual(rclone, { files: moved, status: 0 });
    assert.deepEqual(jottash, { files: ["source a: here @-1000", ...moved], status: 0 });
  },
);

rcloneExceptionTest(
  "content that differs at the same size and time: where both ends tell their MD5, jottash takes the one of the source",
  {},
  async (world) => {
    const { rclone, jottash } = await eachDoes(world, "within", {
      source: { "silent": "aaaa" },
      before: { "target/silent": "bbbb" },
      runs: [(from, place) => ["copy", from, `${place}/target`]],
    });
    assert.deepEqual(rclone, { files: ["target/silent: bbbb"], status: 0 });
    assert.deepEqual(jottash, { files: ["target/silent: aaaa"], status: 0 });
  },
);

for (const side of ["local", "within"] as const) {
  rcloneExceptionTest(
    `rclone moves the files of a folder that the target has not, jottash the folder, ${SIDES[side]}`,
    {},
    async (world) => {
      const { rclone, jottash } = await eachDoes(world, side, {
        source: { "full/a": "a", "hollow/": "" },
        before: { "target/b": "b" },
        looksAtFolders: true,
        changesSource: true,
        runs: [(from, place) => ["move", from, `${place}/target`]],
      });
      const moved = ["target/", "target/b: b", "target/full/", "target/full/a: a"];
      assert.deepEqual(rclone.files, ["source full/", "source hollow/", ...moved]);
      assert.deepEqual(jottash.files, [...moved, "target/hollow/"]);
    },
  );
}

rcloneExceptionTest(
  "rclone removes a source of the size and time of the target, whatever is in it; jottash compares before, and moves it",
  {},
  async (world) => {
    const { rclone, jottash } = await eachDoes(world, "remote", {
      source: { "silent": "aaaa" },
      before: { "target/silent": "bbbb" },
      changesSource: true,
      runs: [(from, place) => ["move", from, `${place}/target`]],
    });
    assert.deepEqual(rclone, { files: ["target/silent: bbbb"], status: 0 });
    assert.deepEqual(jottash, { files: ["target/silent: aaaa"], status: 0 });
  },
);
