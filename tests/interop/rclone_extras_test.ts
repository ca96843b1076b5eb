/**
 * What is kept aside, found elsewhere and renamed: rclone and jottash leave the same behind, on this machine and on the
 * service. Where they are meant to differ, the story says why.
 */
import assert from "node:assert/strict";
import { eachDoes, type TwinJob, twins } from "./twin_trees.ts";
import { rcloneExceptionTest, rcloneTest } from "./world.ts";

const LATER = 1_600_001_000;

const SIDES = ["local", "remote"] as const;
const PLACES = { local: "on this machine", remote: "on the service" } as const;

interface Story extends TwinJob {
  readonly title: string;
  readonly sides?: readonly ("local" | "remote")[];
  /** The files of the place afterwards. */
  readonly after: readonly string[];
}

const changes: Pick<TwinJob, "source" | "before"> = {
  source: {
    "same.txt": "same",
    "changed.txt": ["new", LATER],
    "dir/a.tar": ["new a", LATER],
    "added": "added",
  },
  before: {
    "target/same.txt": "same",
    "target/changed.txt": "old",
    "target/dir/a.tar": "old a",
    "target/gone/g.txt": "gone",
    "target/noext": "gone",
  },
};

const synced = ["target/added: added", "target/changed.txt: new @1000", "target/dir/a.tar: new a @1000"];

const STORIES: readonly Story[] = [
  {
    title: "keep in a directory what a sync replaces and deletes",
    ...changes,
    runs: [(source, place) => ["sync", source, `${place}/target`, "--backup-dir", `${place}/kept`]],
    after: [
      "kept/changed.txt: old",
      "kept/dir/a.tar: old a",
      "kept/gone/g.txt: gone",
      "kept/noext: gone",
      ...synced,
      "target/same.txt: same",
    ],
  },
  {
    title: "keep in a directory what a copy replaces",
    ...changes,
    runs: [(source, place) => ["copy", source, `${place}/target`, "--backup-dir", `${place}/kept`]],
    after: [
      "kept/changed.txt: old",
      "kept/dir/a.tar: old a",
      ...synced,
      "target/gone/g.txt: gone",
      "target/noext: gone",
      "target/same.txt: same",
    ],
  },
  {
    title: "keep in a directory with a suffix, in place of what was kept there",
    source: changes.source,
    before: { ...changes.before, "kept/changed.txt~": "older", "kept/changed.txt": "other" },
    runs: [
      (
        source,
        place,
      ) => ["sync", source, `${place}/target`, "--backup-dir", `${place}/kept`, "--suffix", "~"],
    ],
    after: [
      "kept/changed.txt: other",
      "kept/changed.txt~: old",
      "kept/dir/a.tar~: old a",
      "kept/gone/g.txt~: gone",
      "kept/noext~: gone",
      ...synced,
      "target/same.txt: same",
    ],
  },
  {
    title: "keep beside, with a suffix, what a copy replaces",
    source: changes.source,
    before: { ...changes.before, "target/changed.txt.bak": "older" },
    runs: [(source, place) => ["copy", source, `${place}/target`, "--suffix", ".bak"]],
    after: [
      "target/added: added",
      "target/changed.txt.bak: old",
      "target/changed.txt: new @1000",
      "target/dir/a.tar.bak: old a",
      "target/dir/a.tar: new a @1000",
      "target/gone/g.txt: gone",
      "target/noext: gone",
      "target/same.txt: same",
    ],
  },
  {
    title: "keep beside, with a suffix before the extension, what a sync replaces and deletes",
    ...changes,
    runs: [
      (source, place) => ["sync", source, `${place}/target`, "--suffix", "-1", "--suffix-keep-extension"],
    ],
    after: [
      "target/added: added",
      "target/changed-1.txt: old",
      "target/changed.txt: new @1000",
      "target/dir/a-1.tar: old a",
      "target/dir/a.tar: new a @1000",
      "target/gone/g-1.txt: gone",
      "target/noext-1: gone",
      "target/same.txt: same",
    ],
  },
  {
    title: "leave out what other places have",
    // Of the same content as elsewhere, with another time: it is the same.
    source: { "a": "a", "b": "bb", "dir/c": "ccc", "d": ["dddd", LATER], "e": "e" },
    before: {
      "one/a": "a",
      "one/b": "other",
      "two/b": "bb",
      "two/dir/c": "ccc",
      "two/d": "dddd",
      "target/z": "z",
    },
    runs: [(source, place) => [
      "copy",
      source,
      `${place}/target`,
      "--compare-dest",
      `${place}/not there`,
      "--compare-dest",
      `${place}/one`,
      "--compare-dest",
      `${place}/two`,
    ]],
    after: [
      "one/a: a",
      "one/b: other",
      "target/e: e",
      "target/z: z",
      "two/b: bb",
      "two/d: dddd",
      "two/dir/c: ccc",
    ],
  },
  {
    title: "copy from other places what they have",
    // rclone 1.60 copies nothing within this machine by itself, and refuses to begin.
    sides: ["remote"],
    source: { "a": "a", "b": "bb", "dir/c": "ccc", "d": ["new!", LATER], "e": "e" },
    before: {
      "one/a": "a",
      "one/b": "other",
      "two/b": "bb",
      "two/dir/c": "ccc",
      "two/d": "dddd",
      "target/z": "z",
    },
    runs: [(source, place) => [
      "sync",
      source,
      `${place}/target`,
      "--copy-dest",
      `${place}/one`,
      "--copy-dest",
      `${place}/two`,
    ]],
    after: [
      "one/a: a",
      "one/b: other",
      "target/a: a",
      "target/b: bb",
      "target/d: new! @1000",
      "target/dir/c: ccc",
      "target/e: e",
      "two/b: bb",
      "two/d: dddd",
      "two/dir/c: ccc",
    ],
  },
  {
    title: "keep in a directory what is replaced from another place",
    sides: ["remote"],
    source: { "a": ["new", LATER] },
    before: { "target/a": "old", "one/a": ["new", LATER] },
    runs: [(source, place) => [
      "copy",
      source,
      `${place}/target`,
      "--copy-dest",
      `${place}/one`,
      "--backup-dir",
      `${place}/kept`,
    ]],
    after: ["kept/a: old", "one/a: new @1000", "target/a: new @1000"],
  },
  {
    title: "rename what has only got another name",
    source: { "new/photo.jpg": "photo", "film": "film!", "fresh": "12345", "twin1": "twin", "twin2": "twin" },
    before: {
      "target/photo.jpg": "photo",
      "target/old/film": "film!",
      "target/gone": "abcde",
      "target/one": "twin",
      "target/two": "twin",
    },
    runs: [(source, place) => ["sync", source, `${place}/target`, "--track-renames"]],
    after: [
      "target/film: film!",
      "target/fresh: 12345",
      "target/new/photo.jpg: photo",
      "target/twin1: twin",
      "target/twin2: twin",
    ],
  },
  {
    title: "rename by time and name",
    source: { "x/name": ["12345", LATER], "x/other": ["abcde", LATER] },
    before: { "target/name": ["12345", LATER], "target/another": ["abcde", LATER] },
    runs: [(source, place) => [
      "sync",
      source,
      `${place}/target`,
      "--track-renames",
      "--track-renames-strategy",
      "modtime,leaf",
    ]],
    after: ["target/x/name: 12345 @1000", "target/x/other: abcde @1000"],
  },
];

for (const { title, sides = SIDES, after, ...job } of STORIES) {
  for (const side of sides) {
    rcloneTest(`rclone and jottash ${title}, ${PLACES[side]}`, {}, async (world) => {
      const { files, status } = await twins(world, side, job);
      assert.deepEqual(files.toSorted(), after.toSorted());
      assert.equal(status, 0);
    });
  }
}

rcloneTest(
  "jottash sends no byte of what another place has, or has only got another name",
  {},
  async (world) => {
    const { emulator } = world;
    const job: TwinJob = {
      source: { "new/name": "moved content", "b": "other content" },
      before: { "target/name": "moved content", "other/b": "other content" },
      runs: [
        (
          source,
          place,
        ) => ["sync", source, `${place}/target`, "--track-renames", "--copy-dest", `${place}/other`],
      ],
    };
    const before = emulator.stats;
    const { files } = await twins(world, "remote", job);
    assert.deepEqual(files, [
      "other/b: other content",
      "target/b: other content",
      "target/new/name: moved content",
    ]);
    assert.equal(emulator.stats.uploads, before.uploads);
    assert.equal(emulator.stats.downloads, before.downloads);
  },
);

rcloneExceptionTest(
  "rclone keeps what it has kept with a suffix once more; jottash knows it",
  {},
  async (world) => {
    const sync: TwinJob["runs"][number] = (
      source,
      place,
    ) => ["sync", source, `${place}/target`, "--suffix", ".bak"];
    const { rclone, jottash } = await eachDoes(world, "local", {
      source: { "a": "a" },
      before: { "target/gone": "gone" },
      runs: [sync, sync, sync],
    });
    assert.deepEqual(rclone.files, ["target/a: a", "target/gone.bak.bak.bak: gone"]);
    assert.deepEqual(jottash.files, ["target/a: a", "target/gone.bak: gone"]);
  },
);

rcloneExceptionTest(
  "rclone 1.60 takes only the last extension for one; jottash does as later versions, and keeps .tar.gz",
  {},
  async (world) => {
    const { rclone, jottash } = await eachDoes(world, "local", {
      source: { "a.tar.gz": ["new", LATER] },
      before: { "target/a.tar.gz": "old" },
      runs: [
        (source, place) => ["copy", source, `${place}/target`, "--suffix", "-1", "--suffix-keep-extension"],
      ],
    });
    assert.deepEqual(rclone.files, ["target/a.tar-1.gz: old", "target/a.tar.gz: new @1000"]);
    assert.deepEqual(jottash.files, ["target/a-1.tar.gz: old", "target/a.tar.gz: new @1000"]);
  },
);
