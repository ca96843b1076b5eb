/**
 * `copy`, `copyto`, `sync`, `move` and `moveto` under the same flags: rclone and jottash leave the same behind at both
 * ends, times and folders included. Where they are meant to differ is told in rclone_sync_exceptions_test.ts.
 */
import assert from "node:assert/strict";
import { type Files, linesOf, type Side, SIDES, type TwinResult, twins } from "./twin_trees.ts";
import { rcloneTest } from "./world.ts";

const EARLIER = 1_599_999_000;
const LATER = 1_600_001_000;

const SOURCE: Files = {
  "hollow/inner/": "",
  "logs/a.log": ["log of the source", LATER],
  "newer": ["newer", LATER],
  "older": ["older", EARLIER],
  "only/here": "only here",
  "same": "same",
  "touched": ["touched", LATER],
};

const TARGET: Files = {
  "target/gone.log": "gone log",
  "target/gone/deep/g": "gone",
  "target/logs/a.log": "log of the target",
  "target/logs/b.log": "b",
  "target/newer": "old",
  "target/older": "changed there",
  "target/same": "same",
  "target/touched": "touched",
  "target/void/": "",
};

/** A file of the same size and time at both ends, with other content. */
const SILENT: Files = { "silent": "aaaa" };

/** What one command does with the files above; names are those below `target`, with a slash at the end of folders. */
interface Story {
  readonly words: readonly string[];
  /** New, or with other content or time than before. */
  readonly changed: string;
  readonly gone?: string;
  /** What the source has no more; `source` for itself. */
  readonly taken?: string;
  readonly sides?: readonly Side[];
  readonly withSilent?: boolean;
  /** Of a move too the folders are looked at. */
  readonly withFolders?: boolean;
}

const SENT: readonly Side[] = ["remote", "down"];
const EVERY: readonly Side[] = ["local", "remote", "down", "within"];

const ALL = "logs/a.log newer older only/ only/here touched";
const GONE = "gone.log gone/ gone/deep/ gone/deep/g logs/b.log void/";

const STORIES: readonly Story[] = [
  { words: ["copy"], changed: ALL, sides: EVERY },
  {
    words: ["copy", "--checksum"],
    changed: "logs/a.log newer older only/ only/here silent",
    sides: EVERY,
    withSilent: true,
  },
  { words: ["copy", "--size-only"], changed: "newer older only/ only/here", sides: EVERY, withSilent: true },
  {
    words: ["copy", "--ignore-times"],
    changed: "logs/a.log newer older only/ only/here silent touched",
    withSilent: true,
  },
  { words: ["copy", "--ignore-existing"], changed: "only/ only/here", sides: EVERY },
  { words: ["copy", "--update"], changed: "logs/a.log newer only/ only/here touched", sides: EVERY },
  {
    words: ["copy", "--update", "--checksum"],
    changed: "logs/a.log newer only/ only/here silent",
    withSilent: true,
  },
  { words: ["copy", "--modify-window", "2h"], changed: "newer older only/ only/here" },
  { words: ["copy", "--no-traverse"], changed: ALL },
  { words: ["copy", "--create-empty-src-dirs"], changed: `hollow/ hollow/inner/ ${ALL}`, sides: EVERY },
  { words: ["copy", "--metadata"], changed: ALL, sides: ["local", "remote", "down"] },
  { words: ["copy", "--exclude", "*.log", "--max-depth", "1"], changed: "newer older touched" },
  { words: ["copy", "--max-size", "5B"], changed: "newer older" },
  { words: ["copy", "--max-age", "2020-09-13T12:30:00"], changed: "logs/a.log newer touched" },
  { words: ["copyto"], changed: ALL },
  { words: ["sync"], changed: ALL, gone: GONE, sides: EVERY },
  { words: ["sync", "--delete-before"], changed: ALL, gone: GONE, sides: EVERY },
  { words: ["sync", "--delete-during"], changed: ALL, gone: GONE, sides: EVERY },
  { words: ["sync", "--delete-after"], changed: ALL, gone: GONE },
  {
    words: ["sync", "--create-empty-src-dirs"],
    changed: `hollow/ hollow/inner/ ${ALL}`,
    gone: GONE,
    sides: EVERY,
  },
  { words: ["sync", "--max-delete", "3"], changed: ALL, gone: GONE },
  { words: ["sync", "--ignore-existing"], changed: "only/ only/here", gone: GONE },
  { words: ["sync", "--update"], changed: "logs/a.log newer only/ only/here touched", gone: GONE },
  { words: ["sync", "--checksum"], changed: "logs/a.log newer older only/ only/here", gone: GONE },
  {
    words: ["sync", "--exclude", "*.log"],
    changed: "newer older only/ only/here touched",
    gone: "gone/ gone/deep/ gone/deep/g void/",
    sides: EVERY,
  },
  {
    words: ["sync", "--exclude", "*.log", "--delete-excluded"],
    changed: "newer older only/ only/here touched",
    gone: "gone.log gone/ gone/deep/ gone/deep/g logs/a.log logs/b.log void/",
    sides: EVERY,
  },
  {
    words: ["sync", "--exclude", "/logs/**"],
    changed: "newer older only/ only/here touched",
    gone: "gone.log gone/ gone/deep/ gone/deep/g void/",
  },
  {
    words: ["sync", "--exclude", "/logs/**", "--delete-excluded"],
    changed: "newer older only/ only/here touched",
    gone: "gone.log gone/ gone/deep/ gone/deep/g logs/ logs/a.log logs/b.log void/",
  },
  { words: ["sync", "--include", "*.log"], changed: "logs/a.log", gone: "gone.log logs/b.log void/" },
  {
    words: ["sync", "--exclude-if-present", "b.log"],
    changed: ALL,
    gone: "gone.log gone/ gone/deep/ gone/deep/g void/",
  },
];

const FILES = "logs/a.log newer older only/here same touched";

/** Within a disk or an account jottash moves whole folders, so that others are left empty than with rclone. */
const MOVES: readonly Story[] = [
  { words: ["move"], changed: ALL, taken: FILES, withFolders: true },
  {
    words: ["move", "--delete-empty-src-dirs"],
    changed: ALL,
    taken: "hollow/ hollow/inner/ logs/ logs/a.log newer older only/ only/here same touched",
    withFolders: true,
  },
  {
    words: ["move"],
    changed: "logs/a.log newer older only/here touched",
    taken: FILES,
    sides: ["local", "within"],
  },
  {
    words: ["move", "--create-empty-src-dirs"],
    changed: "logs/a.log newer older only/here touched",
    taken: FILES,
    sides: EVERY,
  },
  {
    words: ["move", "--exclude", "*.log", "--delete-empty-src-dirs"],
    changed: "newer older only/here touched",
    taken: "newer older only/here same touched",
    sides: EVERY,
  },
  { words: ["move", "--ignore-existing"], changed: "only/here", taken: "only/here", sides: EVERY },
  { words: ["move", "--checksum"], changed: "logs/a.log newer older only/here", taken: FILES },
  { words: ["move", "--size-only"], changed: "newer older only/here", taken: FILES },
  { words: ["move", "--no-traverse"], changed: "logs/a.log newer older only/here touched", taken: FILES },
  { words: ["moveto"], changed: "logs/a.log newer older only/here touched", taken: FILES, sides: EVERY },
];

for (const story of [...STORIES, ...MOVES]) {
  for (const side of story.sides ?? SENT) {
    rcloneTest(`rclone and jottash ${story.words.join(" ")} ${SIDES[side]}`, {}, async (world) => {
      const { words, changed, gone = "", taken = "", withSilent, withFolders } = story;
      const source = withSilent === true ? { ...SOURCE, ...SILENT } : SOURCE;
      const before = withSilent === true ? { ...TARGET, "target/silent": "bbbb" } : TARGET;
      const result = await twins(world, side, {
        source,
        before,
        looksAtFolders: taken === "" || withFolders === true,
        changesSource: taken !== "",
        runs: [(from, place) => [...words, from, `${place}/target`]],
      });
      assert.equal(result.status, 0);
      assert.deepEqual(changesOf(result, { source, before, isMove: taken !== "" }), { changed, gone, taken });
    });
  }
}

for (const command of ["copy", "copyto", "sync", "move", "moveto"]) {
  const isMove = command.startsWith("move");
  for (const side of EVERY) {
    rcloneTest(`rclone and jottash ${command} single files ${SIDES[side]}`, {}, async (world) => {
      const target = command.endsWith("to") ? (name: string) => `/${name}` : () => "";
      const result = await twins(world, side, {
        source: SOURCE,
        before: TARGET,
        changesSource: isMove,
        runs: ["newer", "older", "same", "touched", "only/here"].map(
          (path) => (from, place) => [
            command,
            `${from}/${path}`,
            `${place}/target${target(`new + #/${path}`)}`,
          ],
        ),
      });
      const expected = command.endsWith("to")
        ? "new + #/newer new + #/older new + #/only/here new + #/same new + #/touched"
        : "here newer older touched";
      const { changed, gone, taken } = changesOf(result, { source: SOURCE, before: TARGET, isMove });
      assert.deepEqual({ changed, gone }, { changed: expected, gone: "" });
      assert.equal(taken, isMove ? "newer older only/here same touched" : "");
    });
  }
}

for (const side of EVERY) {
  for (const flags of [[], ["--delete-empty-src-dirs"], ["--create-empty-src-dirs"]]) {
    const words = ["move", ...flags];
    rcloneTest(
      `rclone and jottash ${words.join(" ")} a folder to where nothing is ${SIDES[side]}`,
      {},
      async (world) => {
        const { files } = await twins(world, side, {
          source: SOURCE,
          before: {},
          changesSource: true,
          looksAtFolders: side === "local" || side === "within",
          runs: [(from, place) => [...words, from, `${place}/new/target`]],
        });
        const sourceFiles = files.filter((line) => line.startsWith("source ") && !line.endsWith("/"));
        assert.deepEqual(sourceFiles, []);
        assert.equal(files.filter((line) => line.startsWith("new/target/") && !line.endsWith("/")).length, 6);
      },
    );
  }
}

for (const command of ["copy", "sync", "move"]) {
  rcloneTest(
    `rclone and jottash ${command} --immutable fail for what differs, and bring the rest`,
    {},
    async (world) => {
      const { files, status } = await twins(world, "remote", {
        source: { "a": ["new", LATER], "b": "b", "same": "same" },
        before: { "target/a": "old", "target/same": "same" },
        changesSource: true,
        runs: [(from, place) => [command, "--immutable", from, `${place}/target`]],
      });
      const left = command === "move" ? ["a: new @1000"] : ["a: new @1000", "b: b", "same: same"];
      const there = ["target/a: old", "target/b: b", "target/same: same"];
      assert.deepEqual(files, [...left.map((line) => `source ${line}`), ...there]);
      assert.equal(status, 6);
    },
  );
}

rcloneTest(
  "rclone and jottash rcat the same, over a file and into new folders; each cats the other's",
  {},
  async (world) => {
    const { emulator, rclone } = world;
    const jottash = await world.createJottash();
    const big = "0123456789abcdef".repeat(1_000_000);
    for (const [name, program, other] of [["r", rclone, jottash], ["j", jottash, rclone]] as const) {
      emulator.tree.putFile(`/Jotta/Archive/${name}/old`, "old");
      for (const [path, stdin] of [["old", "new"], ["a + b/#c/new", name + big], ["empty", ""]] as const) {
        const { code, stderr } = await program.run(["rcat", `jotta:${name}/${path}`], { stdin });
        assert.equal(code, 0, stderr);
        assert.ok(await other.must(["cat", `jotta:${name}/${path}`]) === stdin, path);
      }
    }
    const files = (root: string) => emulator.tree.walkFiles(`/Jotta/Archive/${root}`);
    assert.deepEqual(files("j"), files("r"));
  },
);

interface Ends {
  readonly source: Files;
  readonly before: Files;
  readonly isMove: boolean;
}

/** What a run has changed at both ends, as in a story. */
function changesOf(
  { files }: TwinResult,
  { source, before, isMove }: Ends,
): Record<"changed" | "gone" | "taken", string> {
  const after = files.filter((line) => !line.startsWith("source "));
  const ofSource = files.filter((line) => line.startsWith("source ")).map((line) =>
    line.slice("source ".length)
  );
  const pathOf = (line: string) => line.replace(/: .*/, "").replace(/^target\//, "");
  const missing = (some: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    return some.filter((each) => !known.has(each)).map(pathOf).sort().join(" ");
  };
  const hasFolders = files.some((line) => line.endsWith("/"));
  const seen = (all: Files) => linesOf(all).filter((line) => hasFolders || !line.endsWith("/"));
  const lines = seen(before);
  return {
    changed: missing(after, lines),
    gone: missing(lines.map(pathOf), after.map(pathOf)),
    taken: isMove ? missing(seen(source), ofSource) : "",
  };
}
