/** What copy, sync and move refuse before anything is changed: options that cannot go together, places that overlap. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, readTree } from "./local_tree.ts";

const ARCHIVE = "/Jotta/Archive";

/** Words that no command takes, with what is said; each is tried from this machine and from the service. */
const MIXES: readonly (readonly [command: string, words: readonly string[], said: RegExp])[] = [
  ["sync", ["--delete-before", "--delete-after"], /^Cannot use --delete-before with --delete-after: /],
  ["sync", ["--delete-during", "--delete-after"], /^Cannot use --delete-during with --delete-after: /],
  ["sync", ["--track-renames", "--delete-before"], /^Cannot use --delete-before with --track-renames: /],
  [
    "sync",
    ["--no-traverse"],
    /^Cannot run "sync": there is no "--no-traverse" here: the target has to be listed/,
  ],
  ["copy", ["--delete-after"], /^Cannot run "copy": there is no "--delete-after" here: nothing is deleted/],
  [
    "copyto",
    ["--max-delete", "3"],
    /^Cannot run "copyto": there is no "--max-delete" here: nothing is deleted/,
  ],
  ["move", ["--track-renames"], /^Cannot run "move": there is no "--track-renames" here: nothing is deleted/],
  [
    "sync",
    ["--delete-empty-src-dirs"],
    /^Cannot run "sync": there is no "--delete-empty-src-dirs" here: the source/,
  ],
  ["copy", ["--checksum", "--size-only"], /^Cannot use --checksum with --size-only: /],
  ["copy", ["-c", "-I"], /^Cannot use --checksum with --ignore-times: /],
  ["move", ["--size-only", "-I"], /^Cannot use --size-only with --ignore-times: /],
  ["copy", ["--immutable", "-u"], /^Cannot use --immutable with --update: /],
  ["copy", ["--immutable", "-I"], /^Cannot use --immutable with --ignore-times: /],
  ["copy", ["--compare-dest", "a", "--copy-dest", "b"], /^Cannot use --compare-dest with --copy-dest: /],
  ["moveto", ["-i", "-n"], /^Cannot use --interactive with --dry-run: /],
  ["sync", ["-i"], /^Cannot ask before each change: a terminal is needed/],
  ["sync", ["--max-delete"], /^Cannot run "sync": the option --max-delete needs a value/],
  ["sync", ["--max-delete", "all"], /^Cannot use "all" for --max-delete: /],
  ["copy", ["--order-by", "colour"], /^Cannot order by "colour": /],
  ["copy", ["--suffix", "a/b"], /^Cannot use "a\/b" for --suffix: /],
  ["copy", ["--cutoff-mode", "slow"], /^Cannot use "slow" for --cutoff-mode: /],
  ["copy", ["-l", "-L"], /^Cannot use --links (with|and) --copy-links/],
  ["copy", ["--no-check-certificate"], /^Cannot run "copy": there is no "--no-check-certificate" here: /],
];

Deno.test("options that cannot go together are refused before the service is asked for anything", async (t) => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a" });
  environment.emulator.tree.putFile(`${ARCHIVE}/t/b.txt`, "b");
  const before = environment.emulator.stats.requests;
  for (const [command, words, said] of MIXES) {
    await t.step([command, ...words].join(" "), async () => {
      for (const places of [["source", "jotta:t"], ["jotta:t", "source"]]) {
        const { status, stdout, stderr } = await environment.run(command, ...places, ...words);
        match(stderr.replace(/^jottash: /, ""), said);
        equal(status, 2, stderr);
        equal(stdout, "");
        ok(stderr.trimEnd().split("\n").length <= 2, stderr);
      }
    });
  }
  equal(environment.emulator.stats.requests, before);
});

Deno.test("a variable counts as the option that it stands for", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a" });
  const env = { JOTTASH_SIZE_ONLY: "1" };
  assertFailure(await environment.runWith({ env }, "copy", "-c", "source", "jotta:"), {
    status: 2,
    error: "Cannot use --checksum with --size-only: one compares contents, the other does not",
  });
  assertRun(await environment.runWith({ env }, "copy", "-c", "--size-only=false", "source", "jotta:"), {});
});

Deno.test("places that overlap are refused, and nothing is changed", async (t) => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("d"), { "in/a.txt": "a", "b.txt": "b" });
  const { tree } = environment.emulator;
  for (const path of ["d/in/a.txt", "d/b.txt"]) tree.putFile(`${ARCHIVE}/${path}`, path);
  const same = "they are the same";
  const inside = "the target is inside the source";
  const around = "the source is inside the target";
  const cases: readonly [command: string, from: string, to: string, state: string][] = [
    ["sync", "d", "./d/", same],
    ["sync", "d", "d/in", inside],
    ["sync", "d/in", "d", around],
    ["move", "d", "d/new/deep", inside],
    ["move", "d/in", "d", around],
    ["moveto", "d", "d/in/x", inside],
    ["sync", "jotta:d", "jotta:D", same],
    ["sync", "jotta:d", "jotta:d/IN", inside],
    ["sync", "jotta:D/in", "jotta:d", around],
    ["sync", "jotta:d", "jotta:", around],
    ["move", "jotta:", "jotta:d", inside],
    ["moveto", "jotta:d", "jotta:d/in/x", inside],
    ["moveto", "jotta:d/in", "jotta:d", around],
    ["copyto", "jotta:d", "jotta:d/x", inside],
  ];
  const before = { here: await readTree(environment.path("d")), there: tree.walkFiles(ARCHIVE) };
  for (const [command, from, to, state] of cases) {
    await t.step(`${command} ${from} ${to}`, async () => {
      const { status, stderr } = await environment.run(command, from, to);
      const verb = command.replace(/to$/, "");
      equal(stderr.split("\n")[0], `jottash: Cannot ${verb} "${from}" to "${to}": ${state}`);
      equal(status, 2);
    });
  }
  deepEqual({ here: await readTree(environment.path("d")), there: tree.walkFiles(ARCHIVE) }, before);
});

Deno.test("a target inside the source is no matter when a filter leaves it out", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("d"), { "a.txt": "a", "Copy/old.txt": "old" });
  assertFailure(await environment.run("sync", "d", "d/Copy"), {
    status: 2,
    error: 'Cannot sync "d" to "d/Copy": the target is inside the source',
    hint: 'Leave it out with: --exclude "/Copy/**"',
  });
  assertRun(await environment.run("sync", "--exclude", "/Copy/**", "d", "d/Copy"), {});
  deepEqual(Object.keys(await readTree(environment.path("d"))), ["Copy", "Copy/a.txt", "a.txt"]);
});

Deno.test("other places of a run that meet its ends are refused", async (t) => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("d"), { "a.txt": "a" });
  const { tree } = environment.emulator;
  tree.putFile(`${ARCHIVE}/t/b.txt`, "b");
  tree.putFile(`${ARCHIVE}/s/a.txt`, "a");
  const cases: readonly [words: readonly string[], state: RegExp][] = [
    [["d", "jotta:t", "--backup-dir", "jotta:t"], /overlaps with the target "jotta:t"/],
    [["d", "jotta:t", "--backup-dir", "jotta:T/old"], /overlaps with the target "jotta:t"/],
    [["d", "jotta:t", "--backup-dir", "jotta:"], /overlaps with the target "jotta:t"/],
    [["jotta:s", "jotta:t", "--backup-dir", "jotta:s/old"], /overlaps with the source "jotta:s"/],
    [["d", "jotta:t", "--backup-dir", "old"], /another account or machine/],
    [["jotta:t", "d", "--backup-dir", "jotta:old"], /another account or machine/],
    [["d", "jotta:t", "--compare-dest", "jotta:t/x"], /overlaps with the target/],
    [["d", "jotta:t", "--compare-dest", "d"], /overlaps with the source/],
    [["d", "jotta:t", "--copy-dest", "jotta:"], /overlaps with the target/],
    [["d/a.txt", "jotta:t", "--backup-dir", "jotta:t"], /overlaps with the target/],
    [["jotta:s/a.txt", "jotta:t", "--compare-dest", "jotta:s"], /overlaps with the source/],
    [
      ["d", "jotta:t", "--backup-dir", "jotta:t/old", "--exclude", "/old/**", "--delete-excluded"],
      /overlaps with the target/,
    ],
  ];
  for (const [words, state] of cases) {
    await t.step(words.join(" "), async () => {
      const { status, stderr } = await environment.run("sync", ...words);
      match(stderr, state);
      equal(status, 2, stderr);
    });
  }
  deepEqual(tree.walkFiles(ARCHIVE), ["s/a.txt", "t/b.txt"]);
  const words = ["d", "jotta:t", "--backup-dir", "jotta:t/Old", "--exclude", "/Old/**"];
  assertRun(await environment.run("sync", ...words), {});
  deepEqual(tree.walkFiles(`${ARCHIVE}/t`), ["Old/b.txt", "a.txt"]);
  assertRun(await environment.run("sync", ...words), {
    stderr: "Nothing to do: 1 file is already the same\n",
  });
});
