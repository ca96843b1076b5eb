/** lsf, lsjson, tree, size, md5sum, sha1sum, hashsum and listremotes on a remote and on this machine. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree } from "./local_tree.ts";

const FILES = { "notes.txt": "hello\n", "photos/a.jpg": "aaaa", "photos/deep/b c.jpg": "bb", ".hidden": "h" };

async function withTree(): Promise<Environment> {
  const environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  for (const [path, content] of Object.entries(FILES)) {
    tree.putFile(`/Jotta/Archive/${path}`, content, { modified: FIXED_TIME });
  }
  tree.makeFolder("/Jotta/Archive/photos/empty");
  await makeTree(environment.path("here"), { ...FILES, "photos/empty": null });
  return environment;
}

const SUMS = [
  "2510c39011c5be704182423e3a695e91  .hidden",
  "b1946ac92492d2347c6235b4d2611184  notes.txt",
  "74b87337454200d4d33f80c4663dc5e5  photos/a.jpg",
  "21ad0bd836b90d08f4cf640b4c298e7c  photos/deep/b c.jpg",
];

const TREE = [
  "/",
  "├── notes.txt",
  "└── photos",
  "    ├── a.jpg",
  "    ├── deep",
  "    │   └── b c.jpg",
  "    └── empty",
  "",
  "3 directories, 3 files",
];

const lines = (...each: readonly string[]) => each.map((line) => `${line}\n`).join("");

for (const place of ["jotta:", "here"]) {
  Deno.test(`the listing commands write the same for ${place}, data on stdout alone`, async () => {
    await using environment = await withTree();
    const stdout = async (expected: string, ...words: string[]) =>
      assertRun(await environment.run(...words), { stdout: expected, stderr: "" });
    const inside = (path: string) => place.endsWith(":") ? `${place}${path}` : `${place}/${path}`;
    await stdout(lines(".hidden", "notes.txt", "photos/"), "lsf", place);
    await stdout(
      lines("4,74b87337454200d4d33f80c4663dc5e5,2024-03-05T06:07:08Z,a.jpg"),
      ...["lsf", "--csv", "-F", "shtp", "--time-format", "RFC3339", "--files-only", inside("photos")],
    );
    await stdout(lines("/deep/", "/empty/"), "lsf", "--absolute", "--dirs-only", inside("photos"));
    await stdout(lines(...TREE), "tree", place);
    await stdout(lines(...TREE.slice(0, 3)), "tree", "--level", "1", "--noreport", place);
    await stdout(lines("Total objects: 4 (4)", "Total size: 13 B (13 Byte)"), "size", place);
    await stdout(lines('{"count":1,"bytes":6,"sizeless":0}'), "size", "--json", inside("notes.txt"));
    await stdout(lines(...SUMS), "md5sum", place);
    await stdout(lines(...SUMS), "hashsum", "MD5", "--download", place);
    await stdout(
      lines("mpAPU4llpCaZTh6QYAkgr_C06NI=  b c.jpg"),
      ...["sha1sum", "--base64", "--download", inside("photos/deep")],
    );
    const json = JSON.parse((await environment.run("lsjson", "-R", "-M", "--hash", place)).stdout);
    deepEqual(json.map((entry: { Path: string }) => entry.Path), [
      ".hidden",
      "notes.txt",
      "photos",
      "photos/a.jpg",
      "photos/deep",
      "photos/empty",
      "photos/deep/b c.jpg",
    ]);
    equal(json[1].Hashes.md5, SUMS[1]?.slice(0, 32));
    ok(json[1].Metadata.mtime.startsWith("2024-03-05T06:07:08"));
    deepEqual([json[2].IsDir, json[2].Size, json[2].Hashes, json[2].Metadata], [
      true,
      -1,
      undefined,
      undefined,
    ]);
  });
}

Deno.test("the MD5 sums of a remote come without any download", async () => {
  await using environment = await withTree();
  const before = environment.emulator.stats.downloads;
  assertRun(await environment.run("md5sum", "jotta:"), { stdout: lines(...SUMS) });
  equal(environment.emulator.stats.downloads, before);
});

Deno.test("what is known is shown of a remote: MD5, the service's type, whole seconds", async () => {
  await using environment = await withTree();
  assertRun(await environment.run("lsjson", "--hash", "-M", "jotta:notes.txt"), {
    stdout: lines(
      "[",
      '{"Path":"notes.txt","Name":"notes.txt","Size":6,"MimeType":"text/plain","ModTime":"2024-03-05T06:07:08Z","IsDir":false,"Hashes":{"md5":"b1946ac92492d2347c6235b4d2611184"},"Metadata":{"btime":"2024-03-05T06:07:08Z","content-type":"text/plain","mtime":"2024-03-05T06:07:08Z"}}',
      "]",
    ),
    stderr: "",
  });
  assertRun(await environment.run("lsf", "-F", "tp", "--time-format", "max", "jotta:"), {
    stdout: lines(
      "2024-03-05 06:07:08;.hidden",
      "2024-03-05 06:07:08;notes.txt",
      "2000-01-01 00:00:00;photos/",
    ),
  });
  assertRun(await environment.run("lsf", "-F", "hp", "--hash", "SHA-1", "jotta:notes.txt"), {
    stdout: ";notes.txt\n",
    stderr: "",
  });
});

/** Short names and offsets of zones, as Go writes them. */
const ZONES: Readonly<Record<string, string>> = {
  "UTC": "UTC +0000 Z",
  "Europe/Oslo": "CET +0100 +01:00",
  "Europe/London": "GMT +0000 Z",
  "America/New_York": "EST -0500 -05:00",
  "Asia/Kolkata": "IST +0530 +05:30",
  "Asia/Tokyo": "JST +0900 +09:00",
  "Asia/Almaty": "+05 +0500 +05:00",
};

Deno.test("lsf writes the zone of this machine by name and by offset", async () => {
  await using environment = await withTree();
  for (const [zone, expected] of Object.entries(ZONES)) {
    const words = ["lsf", "-F", "t", "--time-format", "MST -0700 Z07:00", "here/notes.txt"];
    assertRun(await environment.runWith({ env: { TZ: zone } }, ...words), { stdout: `${expected}\n` });
  }
});

Deno.test("sums are compared with a list from either side: what differs is told by sign and status", async () => {
  await using environment = await withTree();
  const list = [...SUMS.slice(1), "00  gone.txt", "# comment", "no sum"];
  await Deno.writeTextFile(environment.path("sums"), lines(...list).replace("74b8", "74B9"));
  const expected = ["* photos/a.jpg", "+ gone.txt", "- .hidden", "= notes.txt", "= photos/deep/b c.jpg"];
  for (const place of ["jotta:", "here"]) {
    const result = await environment.run("md5sum", "-C", "sums", place);
    equal(result.status, 11, result.stderr);
    deepEqual(result.stdout.trimEnd().split("\n").sort(), expected);
    match(
      result.stderr,
      /^jottash: warning: Line 6 of "sums" is no hash sum with a path\n2 files as in the list, 3 differences\n$/,
    );
    const one = await environment.run(
      "md5sum",
      "-C",
      "sums",
      place === "here" ? "here/notes.txt" : "jotta:notes.txt",
    );
    assertRun(one, { stdout: "= notes.txt\n" });
  }
  assertRun(await environment.run("copy", "sums", "jotta:lists"), {});
  assertRun(await environment.run("md5sum", "--checkfile", "jotta:lists/sums", "here/notes.txt"), {
    stdout: "= notes.txt\n",
  });
  assertRun(await environment.run("md5sum", "--base64", "--output-file", "b64", "here"), { stdout: "" });
  const again = await environment.run("md5sum", "--base64", "-C", "b64", "here");
  assertRun(again, { stderr: /^4 files as in the list, 0 differences\n$/ });
});

Deno.test("a name that cannot be read is told, the rest is listed, and the status says so", async () => {
  await using environment = await withTree();
  assertRun(await environment.shell("printf x > $'here/photos/\\xff.bin'"), {});
  const partial = 'jottash: Cannot list all of "here": 1 entry could not be read\n';
  const runs: readonly (readonly [words: readonly string[], stdout: string])[] = [
    [["md5sum", "here"], lines(...SUMS)],
    [["tree", "here"], lines(...TREE)],
    [
      ["lsf", "-R", "--files-only", "here"],
      lines(".hidden", "notes.txt", "photos/a.jpg", "photos/deep/b c.jpg"),
    ],
  ];
  for (const [words, stdout] of runs) {
    const result = await environment.run(...words);
    assertRun(result, { status: 6, stdout });
    ok(result.stderr.includes("its name is not valid UTF-8"));
    ok(result.stderr.endsWith(partial), result.stderr);
  }
  const json = await environment.run("lsjson", "-R", "--files-only", "here");
  equal(json.status, 6);
  equal(JSON.parse(json.stdout).length, 4);
  assertRun(await environment.run("md5sum", "--output-file", "sums", "here"), { status: 6, stdout: "" });
  equal(await Deno.readTextFile(environment.path("sums")), lines(...SUMS));
  // What may be there all the same is never told as missing.
  await Deno.writeTextFile(environment.path("sums"), lines(...SUMS, "00  photos/\ufffd.bin", "00  gone"));
  const check = await environment.run("md5sum", "-C", "sums", "here");
  equal(check.status, 6);
  deepEqual(check.stdout.trimEnd().split("\n").slice(4), ["! photos/\ufffd.bin", "+ gone"]);
});

Deno.test("output files are whole, and none is left where the listing fails", async () => {
  await using environment = await withTree();
  assertRun(await environment.run("tree", "-o", "out", "here"), { stdout: "", stderr: "" });
  equal(await Deno.readTextFile(environment.path("out")), lines(...TREE));
  assertRun(await environment.run("md5sum", "--output-file", "none", "nosuch"), { status: 3, stdout: "" });
  assertFailure(await environment.run("tree", "-o", "jotta:out", "here"), {
    status: 2,
    error: 'Cannot write to "jotta:out": it is not a file of this machine',
    hint: 'Write to a file here and copy it with "jottash copy"',
  });
  deepEqual([...Deno.readDirSync(environment.home)].map(({ name }) => name).sort(), [
    ".config",
    "here",
    "out",
  ]);
});

Deno.test("standard input has sums too", async () => {
  await using environment = await Environment.create();
  const sum = async (...words: string[]) => await environment.runWith({ stdin: "abc" }, ...words);
  const md5 = "900150983cd24fb0d6963f7d28e17f72  -\n";
  assertRun(await sum("md5sum"), { stdout: md5, stderr: "" });
  assertRun(await sum("md5sum", "-"), { stdout: md5, stderr: "" });
  assertRun(await sum("hashsum", "crc32"), { stdout: "352441c2  -\n", stderr: "" });
  assertRun(await sum("sha1sum", "--base64"), { stdout: "qZk-NkcGgWq6PiVxeFDCbJzQ2J0=  -\n", stderr: "" });
});

Deno.test("hashsum lists its hashes, listremotes the remotes", async () => {
  await using environment = await Environment.create();
  assertRun(await environment.run("hashsum"), {
    stdout: lines("Supported hashes are:", "  * md5", "  * sha1", "  * crc32", "  * sha256", "  * sha512"),
  });
  assertRun(await environment.run("listremotes", "--long"), { stdout: "", stderr: "" });
  await environment.writeConfig(environment.remoteSection("much-longer") + environment.remoteSection("a"));
  assertRun(await environment.run("listremotes"), { stdout: lines("a:", "much-longer:"), stderr: "" });
  const env = { RCLONE_CONFIG_ENVIRON_TYPE: "jottacloud" };
  assertRun(await environment.runWith({ env }, "listremotes", "--long"), {
    stdout: lines("a:           jottacloud", "environ:     jottacloud", "much-longer: jottacloud"),
  });
});

const SEE_DOWNLOAD = 'Have the files read with "--download"';
const REFUSALS: readonly (readonly [words: readonly string[], error: string, hint?: string | RegExp])[] = [
  [
    ["hashsum", "whirlpool", "here"],
    'Cannot use the hash "whirlpool": there is none of that name',
    /^ {2}Known: md5/,
  ],
  [["lsf", "--hash", "x", "here"], 'Cannot use the hash "x": there is none of that name', /^ {2}Known: md5/],
  [
    ["lsf", "-F", "pz", "here"],
    'Cannot use the format "pz": "z" stands for nothing',
    /^ {2}The letters are: p path/,
  ],
  [
    ["lsf", "-F", "e", "here"],
    'Cannot use the format "e": "e" shows encrypted names, and there are none',
    /./,
  ],
  [["lsjson", "--encrypted", "here"], "Cannot show encrypted names: encrypted remotes are not supported"],
  [
    ["lsjson", "--hash-type", "MD5", "--hash-type", "y", "here"],
    'Cannot use the hash "y": there is none of that name',
    /./,
  ],
  [
    ["tree", "--sort", "foo", "here"],
    'Cannot use "foo" for --sort: there is no such order',
    /^ {2}Known: name/,
  ],
  [["tree", "--level", "-1", "here"], 'Cannot use "-1" for --level: it is not a number of levels'],
  [["ls", "--max-depth", "1.5", "here"], 'Cannot use "1.5" for --max-depth: it is not a number of levels'],
  [["sha1sum", "jotta:"], 'Cannot hash "jotta:" with sha1: the service tells only MD5', SEE_DOWNLOAD],
  [
    ["sha1sum", "-C", "sums", "jotta:"],
    'Cannot hash "jotta:" with sha1: the service tells only MD5',
    SEE_DOWNLOAD,
  ],
  [["md5sum", "-C", "here", "here"], 'Cannot use "here" as a list of sums: it is a directory'],
  [
    ["md5sum", "-C", "sums"],
    "Cannot compare standard input with a list of sums: name the place of the files",
  ],
  [["size", "a", "b"], 'Cannot run "size": it takes 1 argument (PLACE), not 2', /./],
];

Deno.test("what the listing commands cannot do is refused with status 2, before anything is written", async (t) => {
  await using environment = await withTree();
  for (const [words, error, hint] of REFUSALS) {
    await t.step(words.join(" "), async () => {
      const result = await environment.run(...words);
      assertFailure(result, { status: 2, error, ...hint === undefined ? {} : { hint } });
      equal(result.stdout, "");
    });
  }
});

Deno.test("a place that is not there has status 3 for each of them", async (t) => {
  await using environment = await withTree();
  for (const command of ["lsf", "lsjson", "tree", "size", "md5sum", "sha1sum", "hashsum md5"]) {
    for (const place of ["jotta:nosuch", "nosuch"]) {
      await t.step(`${command} ${place}`, async () => {
        const noun = place === "nosuch" ? "directory" : "folder";
        assertFailure(await environment.run(...command.split(" "), place), {
          status: 3,
          error: `Cannot find "${place}": there is no such file or ${noun}`,
        });
      });
    }
  }
});
