/** check and checksum between this machine and the service, in every pair of places. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";
import type { RunResult } from "./running_program.ts";

const HERE = { "same.txt": "same", "content.txt": "aaaa", "size.txt": "1", "deep/er/only here": "x" };
const THERE = { "same.txt": "same", "content.txt": "bbbb", "size.txt": "12", "other/only there": "y" };

/** `one` and `two` on this machine, `jotta:one` and `jotta:two` with the same. */
async function withTrees(): Promise<Environment> {
  const environment = await Environment.signedIn();
  for (const [name, files] of [["one", HERE], ["two", THERE]] as const) {
    await makeTree(environment.path(name), { ...files, "hollow/inner": null });
    for (const [path, content] of Object.entries(files)) {
      environment.emulator.tree.putFile(`/Jotta/Archive/${name}/${path}`, content);
    }
    environment.emulator.tree.makeFolder(`/Jotta/Archive/${name}/hollow ${name}`);
  }
  return environment;
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "").sort();

function assertReport(result: RunResult, status: number, report: readonly string[]): void {
  equal(result.status, status, result.stderr);
  deepEqual(linesOf(result.stdout), report.toSorted());
}

const ALL = [
  "* content.txt",
  "* size.txt",
  "+ deep/er/only here",
  "- other/only there",
  "= same.txt",
];

for (
  const [source, target] of [["one", "two"], ["one", "jotta:two"], ["jotta:one", "two"], [
    "jotta:one",
    "jotta:two",
  ]] as const
) {
  Deno.test(`check ${source} ${target} tells the same from either side, by MD5 without a download`, async () => {
    await using environment = await withTrees();
    const { emulator } = environment;
    const check = (...words: string[]) => environment.run("check", "--combined", "-", ...words);
    const said = await check(source, target);
    assertReport(said, 11, ALL);
    deepEqual(linesOf(said.stderr), [
      `4 differences found (2 files with other content, 1 file not in "${target}", 1 file not in "${source}"), 1 matching file`,
      'jottash: warning: "content.txt" differs: another MD5',
      `jottash: warning: "deep/er/only here" is not in "${target}"`,
      `jottash: warning: "other/only there" is not in "${source}"`,
      'jottash: warning: "size.txt" differs: 1 byte, 2 at the target',
    ]);
    assertReport(await check("--one-way", source, target), 11, ALL.filter((line) => !line.startsWith("-")));
    assertReport(
      await check("--size-only", source, target),
      11,
      ALL.map((line) => line.replace("* content", "= content")),
    );
    assertReport(await check("--include", "s*.txt", source, target), 11, ["* size.txt", "= same.txt"]);
    equal(emulator.stats.downloads, 0);
    const before = emulator.stats.downloads;
    const read = await check("--download", source, target);
    assertReport(read, 11, ALL);
    match(read.stderr, /"content\.txt" differs: other content\n/);
    const remotes = [source, target].filter((place) => place.includes(":")).length;
    equal(emulator.stats.downloads - before, 2 * remotes);
    const same = await check(source, source.includes(":") ? "one" : "jotta:one");
    assertReport(same, 0, Object.keys(HERE).map((path) => `= ${path}`));
    equal(same.stderr, "0 differences found, 4 matching files\n");
    const reversed = { "+": "-", "-": "+" } as const;
    assertReport(
      await check(target, source),
      11,
      ALL.map((line) => line.replace(/^[+-]/, (sign) => reversed[sign as "+" | "-"])),
    );
  });
}

Deno.test("check writes each report to its file, two to one file, and to standard output", async () => {
  await using environment = await withTrees();
  const reports = {
    "combined": ALL,
    "match": ["same.txt"],
    "differ": ["content.txt", "size.txt"],
    "missing-on-src": ["other/only there"],
    "missing-on-dst": ["deep/er/only here"],
    "error": [],
  };
  const words = Object.keys(reports).flatMap((name) => [`--${name}`, `report ${name}`]);
  assertRun(await environment.run("check", ...words, "one", "jotta:two"), { status: 11, stdout: "" });
  for (const [name, lines] of Object.entries(reports)) {
    deepEqual(linesOf(await Deno.readTextFile(environment.path(`report ${name}`))), lines.toSorted(), name);
  }
  const both = ["--match", "both", "--differ", "both", "--missing-on-src", "-", "--missing-on-dst", "-"];
  assertReport(await environment.run("check", ...both, "one", "jotta:two"), 11, [
    "deep/er/only here",
    "other/only there",
  ]);
  deepEqual(linesOf(await Deno.readTextFile(environment.path("both"))), [
    "content.txt",
    "same.txt",
    "size.txt",
  ]);
  assertFailure(await environment.run("check", "--match", "jotta:report", "one", "jotta:two"), {
    status: 2,
    error: 'Cannot write to "jotta:report": it is not a file of this machine',
    hint: 'Write to a file here and copy it with "jottash copy"',
  });
});

Deno.test("check compares names as the service does: encoded, without case, accents however written", async () => {
  await using environment = await Environment.signedIn();
  const names = ["Photo.JPG", "Folder/x", "e\u0301.txt", "a:b?.txt", "100%", " blank "];
  await makeTree(environment.path("here"), Object.fromEntries(names.map((name) => [name, name])));
  assertRun(await environment.run("copy", "here", "jotta:there"), {});
  assertRun(await environment.run("check", "here", "jotta:there"), {
    stderr: "0 differences found, 6 matching files\n",
  });
  assertRun(await environment.run("check", "jotta:there", "here"), { status: 0 });
  for (
    const [from, to] of [["Photo.JPG", "pHOTO.jpg"], ["Folder", "FOLDER"], [
      "e\u0301.txt",
      "\u00e9.txt",
    ]] as const
  ) {
    await Deno.rename(environment.path("here", from), environment.path("here", to));
  }
  assertReport(
    await environment.run("check", "--combined", "-", "here", "jotta:there"),
    0,
    ["pHOTO.jpg", "FOLDER/x", "\u00e9.txt", "a:b?.txt", "100%", " blank "].map((name) => `= ${name}`),
  );
  // Of two names that the service takes for one, it can have only one.
  await Deno.writeTextFile(environment.path("here", "Photo.JPG"), "another");
  assertReport(
    await environment.run("check", "--combined", "-", "--include", "*.{jpg,JPG}", "here", "jotta:there"),
    11,
    ["* Photo.JPG", "+ pHOTO.jpg"],
  );
});

Deno.test("check says with status 6 what could not be read, and never takes it for missing", async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  assertRun(await environment.shell("printf x > $'one/\\xff.bin'; ln -s same.txt one/link"), {});
  emulator.addFault({
    match: { method: "GET", path: /\/two\/other$/ },
    times: 100,
    action: { kind: "status", status: 500 },
  });
  const words = ["--combined", "-", "--error", "bad", "--low-level-retries", "1", "one", "jotta:two"];
  const result = await environment.run("check", ...words);
  const failed = ["! \ufffd.bin", "! other"];
  assertReport(result, 6, [...ALL.filter((line) => !line.startsWith("-")), ...failed]);
  deepEqual(linesOf(await Deno.readTextFile(environment.path("bad"))), ["other", "\ufffd.bin"]);
  ok(result.stderr.includes('warning: Left out "link": it is a symbolic link'));
  ok(result.stderr.includes("its name is not valid UTF-8"));
  ok(
    result.stderr.endsWith(
      '\njottash: Cannot compare all of "one" with "jotta:two": 2 entries could not be read\n',
    ),
    result.stderr,
  );
  emulator.clearFaults();
  // Bytes that are not those of the service's MD5 are a failure, not a difference.
  emulator.addFault({
    match: { method: "GET", path: /same\.txt$/, query: "mode=bin" },
    times: 100,
    action: { kind: "corruptBody" },
  });
  const corrupt = ["check", "--download", "--combined", "-", "--include", "same.txt", "jotta:one", "two"];
  const unsound = await environment.run(...corrupt);
  assertReport(unsound, 6, ["! same.txt"]);
  match(unsound.stderr, /^jottash: Cannot trust the bytes of "same\.txt"/);
});

Deno.test("check of one file looks for its name alone, and takes no filters", async () => {
  await using environment = await withTrees();
  const check = (...words: string[]) => environment.run("check", "--combined", "-", ...words);
  assertReport(await check("one/same.txt", "jotta:two"), 0, ["= same.txt"]);
  assertReport(await check("jotta:one/content.txt", "two"), 11, ["* content.txt"]);
  assertReport(await check("one/deep/er/only here", "jotta:two"), 11, ["+ only here"]);
  assertReport(await check("one/same.txt", "jotta:none"), 11, ["+ same.txt"]);
  assertRun(await check("one/same.txt", "jotta:two", "--exclude", "*.jpg"), { status: 2, stdout: "" });
  assertFailure(await check("one", "jotta:two/same.txt"), {
    status: 12,
    error: 'Cannot compare "one" with "jotta:two/same.txt": it is a file, not a folder',
    hint: "Name the folder that holds the files",
  });
});

Deno.test("check of places that are not there: no source is an error, no target lacks everything", async () => {
  await using environment = await withTrees();
  for (const [source, target] of [["none", "jotta:two"], ["jotta:none", "two"]] as const) {
    const result = await environment.run("check", "--match", "report", source, target);
    assertRun(result, { status: 3, stdout: "" });
  }
  await Deno.stat(environment.path("report")).then(
    () => ok(false),
    (error) => ok(error instanceof Deno.errors.NotFound),
  );
  for (const [source, target] of [["one", "jotta:none"], ["jotta:one", "none"]] as const) {
    const result = await environment.run("check", "--combined", "-", source, target);
    assertReport(result, 11, Object.keys(HERE).map((path) => `+ ${path}`));
  }
});

Deno.test("check refuses words that contradict each other, and explains its filter", async () => {
  await using environment = await withTrees();
  assertFailure(await environment.run("check", "--size-only", "--download", "one", "two"), {
    status: 2,
    error: "Cannot use --size-only with --download: sizes alone need no hash",
  });
  assertFailure(await environment.run("check", "-C", "md4", "one", "two"), {
    status: 2,
    error: 'Cannot use the hash "md4": there is none of that name',
    hint: "Known: md5, sha1, crc32, sha256, sha512",
  });
  const explained = await environment.run(
    "check",
    "--exclude",
    "*.txt",
    "--explain-filter",
    "a.txt",
    "one",
    "two",
  );
  equal(explained.status, 0);
  match(explained.stdout, /\*\.txt/);
});

const MD5 = {
  "same.txt": "51037a4a37730f52c8732586d3aaa316",
  "content.txt": "74b87337454200d4d33f80c4663dc5e5",
  "size.txt": "c4ca4238a0b923820dcc509a6f75849b",
};

Deno.test("checksum compares a list with either side, wherever the list is", async () => {
  await using environment = await withTrees();
  const list = [
    `${MD5["same.txt"].toUpperCase()}  same.txt`,
    `${MD5["content.txt"]} *CONTENT.txt`,
    `${"0".repeat(32)}  size.txt`,
    `${"0".repeat(32)}  gone/away`,
    `${"0".repeat(32)}  ./same.txt`,
    "# a comment",
  ];
  await Deno.writeTextFile(environment.path("sums"), list.map((line) => `${line}\n`).join(""));
  assertRun(await environment.run("copy", "sums", "jotta:lists"), {});
  const inside = ["* size.txt", "+ ./same.txt", "+ gone/away", "- deep/er/only here", "= same.txt"];
  const onRemote = [...inside, "= CONTENT.txt"];
  const onDisk = [...inside, "+ CONTENT.txt", "- content.txt"];
  const { downloads } = environment.emulator.stats;
  for (const [place, expected] of [["jotta:one", onRemote], ["one", onDisk]] as const) {
    for (const words of [["checksum", "MD5", "sums"], ["check", "--checkfile", "md5", "sums"]]) {
      const result = await environment.run(...words, place, "--combined", "-");
      assertReport(result, 11, expected);
      match(result.stderr, /"size\.txt" differs: another sum\n/);
    }
    assertReport(
      await environment.run("checksum", "md5", "sums", place, "--one-way", "--combined", "-"),
      11,
      expected.filter((line) => !line.startsWith("-")),
    );
    const filtered = ["--combined", "-", "--include", "/s*.txt", "--min-size", "2b"];
    assertReport(await environment.run("checksum", "md5", "sums", place, ...filtered), 0, ["= same.txt"]);
    const single = `${place}/same.txt`;
    assertReport(await environment.run("checksum", "md5", "sums", single, "--match", "-"), 0, ["same.txt"]);
  }
  equal(environment.emulator.stats.downloads, downloads);
  assertReport(
    await environment.run("checksum", "md5", "jotta:lists/sums", "jotta:one", "--combined", "-"),
    11,
    onRemote,
  );
});

Deno.test("checksum has other hashes of a remote only by reading", async () => {
  await using environment = await withTrees();
  assertRun(await environment.run("hashsum", "sha256", "one", "--output-file", "sums"), {});
  assertFailure(await environment.run("checksum", "sha256", "sums", "jotta:one"), {
    status: 2,
    error: 'Cannot hash "jotta:one" with sha256: the service tells only MD5',
    hint: 'Have the files read with "--download"',
  });
  for (const words of [["one"], ["jotta:one", "--download"]]) {
    assertRun(await environment.run("checksum", "SHA-256", "sums", ...words), {
      stdout: "",
      stderr: "0 differences found, 4 matching files\n",
    });
  }
  equal((await environment.run("checksum", "sha256", "sums", "two")).status, 11);
});

Deno.test({
  name: "check that is stopped leaves no report, neither half nor temporary",
  ignore: Deno.build.os === "windows",
}, async () => {
  await using environment = await withTrees();
  const { emulator } = environment;
  await Deno.mkdir(environment.path("reports"));
  emulator.addFault({ match: { path: /\/two\/other$/ }, times: 9, action: { kind: "stall" } });
  const child = await environment.start({}, "check", "--combined", "reports/all", "one", "jotta:two");
  await child.until(() => emulator.stats.faultsFired >= 1);
  child.kill("SIGINT");
  const stopped = await child.result();
  equal(stopped.status, 130);
  match(stopped.stderr, /jottash: Stopped\n$/);
  deepEqual([...Deno.readDirSync(environment.path("reports"))], []);
});

Deno.test("check without a session ends with status 7, not with a difference", async () => {
  await using environment = await withTrees();
  environment.emulator.revokeSessions();
  environment.emulator.addFault({
    match: { path: "/jfs/" },
    times: 100,
    action: { kind: "status", status: 401 },
  });
  const result = await environment.run("check", "--combined", "-", "one", "jotta:two");
  assertRun(result, { status: 7, stdout: "" });
});
