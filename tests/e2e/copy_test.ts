/** `copy` in both directions: what arrives, what is left alone, what is said. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise, readFiles, readTree, type TreeSpec } from "./local_tree.ts";

const TREE: TreeSpec = {
  "x.txt": "hello\n",
  "empty file": "",
  "a/sp ace #%&;+'\".txt": "odd",
  "a/b/noise.bin": noise(300_000),
  "a/q?u*o<t>e|d:.txt": "reserved",
  "a/trailing dot.": "dot",
  "a/ leading space": "space",
  "a/cafe\u0301 nfd": "nfd",
  "a/caf\u00e9 nfc": "nfc",
  "a/\u{1f600}.txt": "emoji",
  "a/line\nbreak\ttab": "control",
  "a/fullwidth ： and quote ‛": "lookalike",
  "hollow/inside": null,
};
const FILE_COUNT = 12;

Deno.test("copy takes a tree up and brings it back the same, and copies nothing the second time", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await makeTree(environment.path("source"), TREE);
  const up = await environment.run("copy", "source", "jotta:backup/of it");
  assertRun(up, { stdout: "", stderr: /^Copied 12 files \(293\.0 KiB\) in \d+\.\ds(, \S+ \S+)?\n$/ });
  equal(emulator.tree.walkFiles("/Jotta/Archive/backup/of it").length, FILE_COUNT);
  equal(emulator.tree.exists("/Jotta/Archive/backup/of it/hollow"), false);

  const before = emulator.stats;
  const again = await environment.run("copy", "source", "jotta:backup/of it");
  assertRun(again, { stdout: "", stderr: "Nothing to do: 12 files are already the same\n" });
  const after = emulator.stats;
  deepEqual([after.allocations, after.uploads], [before.allocations, before.uploads]);

  const down = await environment.run("copy", "jotta:backup/of it", "back/deep");
  assertRun(down, { stdout: "", stderr: /^Copied 12 files/ });
  deepEqual(await readFiles(environment.path("back/deep")), await readFiles(environment.path("source")));
  const third = await environment.run("copy", "jotta:backup/of it", "back/deep");
  assertRun(third, { stdout: "", stderr: "Nothing to do: 12 files are already the same\n" });
  equal(emulator.stats.downloads, FILE_COUNT - 1); // an empty file is not asked for
});

Deno.test("copy --create-empty-src-dirs makes folders without files too, in both directions", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), TREE);
  assertRun(await environment.run("copy", "--create-empty-src-dirs", "source", "jotta:"), {});
  ok(environment.emulator.tree.exists("/Jotta/Archive/hollow/inside"));
  assertRun(await environment.run("copy", "--create-empty-src-dirs", "jotta:", "back"), {});
  deepEqual(await readTree(environment.path("back")), await readTree(environment.path("source")));
});

Deno.test("copy --dry-run says what it would do and changes nothing", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await makeTree(environment.path("source"), { "a/b.txt": "12345", "c.txt": noise(2048), "hollow": null });
  const up = await environment.run("copy", "-n", "--transfers", "1", "--checkers", "1", "source", "jotta:x");
  assertRun(up, { stdout: "" });
  deepEqual(up.stderr.trimEnd().split("\n").sort(), [
    'Would copy "a/b.txt" (5 B)',
    'Would copy "c.txt" (2.0 KiB)',
    "Would copy 2 files (2.0 KiB)",
  ]);
  const withFolders = await environment.run("copy", "-n", "--create-empty-src-dirs", "source", "jotta:x");
  match(withFolders.stderr, /^Would make the folder "hollow"$/m);
  equal(emulator.tree.exists("/Jotta/Archive/x"), false);
  deepEqual([emulator.stats.allocations, emulator.stats.uploads], [0, 0]);

  emulator.tree.putFile("/Jotta/Archive/y/c.txt", "cloud");
  const down = await environment.run("copy", "--dry-run", "jotta:y", "back");
  assertRun(down, { stdout: "", stderr: 'Would copy "c.txt" (5 B)\nWould copy 1 file (5 B)\n' });
  await Deno.stat(environment.path("back")).then(() => ok(false, "made"), () => {});
  const none = await environment.runWith({ env: { JOTTASH_DRY_RUN: "true" } }, "copy", "source", "jotta:x");
  match(none.stderr, /^Would copy 2 files \(2\.0 KiB\)$/m);
  assertRun(
    await environment.runWith(
      { env: { JOTTASH_DRY_RUN: "true" } },
      "copy",
      "--dry-run=false",
      "source",
      "jotta:x",
    ),
    { stderr: /^Copied 2 files/ },
  );
});

Deno.test("copy of a single file puts it into the target folder under its own name", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path(), { "one.txt": "1" });
  assertRun(await environment.run("copy", "one.txt", "jotta:in/here"), { stderr: /^Copied 1 file \(1 B\)/ });
  deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive"), ["in/here/one.txt"]);
  assertRun(await environment.run("copy", "jotta:in/here/one.txt", "down/below"), {
    stderr: /^Copied 1 file/,
  });
  deepEqual(await readFiles(environment.path("down")), {
    "below/one.txt": (await readFiles(environment.home))["one.txt"] ?? "",
  });
  assertRun(await environment.run("copy", "one.txt", "jotta:in/here"), {
    stderr: "Nothing to do: 1 file is already the same\n",
  });
});

Deno.test("copy sends what changed, by size or by time, and sets a new time without sending bytes", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  const source = environment.path("source");
  await makeTree(source, { "size.txt": "123", "touched.txt": "same", "still.txt": "still" });
  assertRun(await environment.run("copy", "source", "jotta:"), {});
  const uploads = emulator.stats.uploads;
  const later = new Date("2024-04-01T00:00:00Z");
  await makeTree(source, { "size.txt": "12345" });
  await Deno.utime(`${source}/touched.txt`, later, later);
  const second = await environment.run("copy", "source", "jotta:");
  assertRun(second, {
    stderr: /^Copied 1 file \(5 B\), set the time of 1 file in .*; 1 unchanged\n$/,
  });
  equal(emulator.stats.uploads - uploads, 1);
  deepEqual(emulator.tree.getFile("/Jotta/Archive/touched.txt")?.modified, later);

  emulator.tree.putFile("/Jotta/Archive/still.txt", "still", { modified: later });
  const downloads = emulator.stats.downloads;
  assertRun(await environment.run("copy", "jotta:", "source"), {});
  equal(emulator.stats.downloads, downloads);
  equal((await Deno.stat(`${source}/still.txt`)).mtime?.getTime(), later.getTime());
});

Deno.test("copy between two places of one side works too", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a/b.txt": "b" });
  assertRun(await environment.run("copy", "source", "other"), { stderr: /^Copied 1 file/ });
  deepEqual(await readFiles(environment.path("other")), await readFiles(environment.path("source")));
  assertRun(await environment.run("copy", "source", "jotta:one"), {});
  assertRun(await environment.run("copy", "jotta:one", "jotta:two"), { stderr: /^Copied 1 file/ });
  deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive/two"), ["a/b.txt"]);
});

Deno.test("copy says nothing with -q, and lines of progress now and then with -P in a pipe", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.bin": noise(500_000) });
  assertRun(await environment.run("copy", "-q", "source", "jotta:quiet"), { stdout: "", stderr: "" });
  environment.emulator.addFault({
    match: { path: "/big/", query: "mode=bin" },
    times: 1,
    action: { kind: "stall", ms: 800, afterResponseBytes: 100_000 },
  });
  environment.emulator.tree.putFile("/Jotta/Archive/big/b.bin", noise(400_000, 2), { modified: FIXED_TIME });
  const shown = await environment.run("copy", "-P", "--stats", "100ms", "jotta:big", "back");
  assertRun(shown, { stdout: "" });
  const lines = shown.stderr.trimEnd().split("\n");
  ok(lines.length >= 3, shown.stderr);
  for (const line of lines.slice(0, -1)) match(line, /B.*%/);
  match(lines.at(-1) ?? "", /^Copied 1 file/);
  // deno-lint-ignore no-control-regex
  ok(!/[\x1b\r]/.test(shown.stderr));
});

Deno.test({
  name: "copy leaves out links with a warning",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a.txt": "a" });
  await Deno.symlink("a.txt", environment.path("source/link"));
  assertRun(await environment.run("copy", "source", "jotta:"), {
    stderr: /^jottash: warning: Left out "link": it is a symbolic link\nCopied 1 file .*; 1 skipped\n$/,
  });
});

Deno.test("copy refuses a target that is the source, or inside it", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "sub/a.txt": "a" });
  environment.emulator.tree.putFile("/Jotta/Archive/photos/a", "a");
  const inside = "the target is inside the source";
  const cases: readonly [from: string, to: string, state: string, hint?: string][] = [
    ["source", "./source/", "they are the same"],
    ["source", "source/sub/x", inside, 'Leave it out with: --exclude "/sub/x/**"'],
    ["jotta:photos", "jotta:PHOTOS/copy", inside, 'Leave it out with: --exclude "/copy/**"'],
  ];
  for (const [from, to, state, hint] of cases) {
    const error = `Cannot copy "${from}" to "${to}": ${state}`;
    const expected = { status: 2, error, ...hint === undefined ? {} : { hint } };
    assertFailure(await environment.run("copy", from, to), expected);
  }
});

Deno.test({
  name: "copy into itself and purge of where one stands are noticed through symbolic links too",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using environment = await Environment.create();
  await makeTree(environment.path("real"), { "a.txt": "a", "sub/b.txt": "b" });
  await Deno.symlink(environment.path("real"), environment.path("link"));
  const before = await readTree(environment.path("real"));
  for (const target of ["link/copy", "link/sub"]) {
    assertFailure(await environment.run("copy", "real", target), {
      status: 2,
      error: `Cannot copy "real" to "${target}": the target is inside the source`,
      hint: `Leave it out with: --exclude "${target.replace("link", "")}/**"`,
    });
  }
  const place = environment.path("link", "sub");
  assertFailure(await environment.runWith({ cwd: environment.path("real", "sub") }, "purge", place), {
    status: 2,
    error: `Cannot purge "${place}": the current directory is in it`,
    hint: "Name a directory below it",
  });
  deepEqual(await readTree(environment.path("real")), before);
});
