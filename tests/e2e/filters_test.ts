/** Filters on the command line: what is asked of the service, where rules come from, what is refused and explained. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree } from "./local_tree.ts";

const FILES = {
  "notes.txt": "hello\n",
  "photos/a.jpg": "aaaa",
  "photos/a.raw": "raw",
  "photos/cache/thumb.jpg": "t",
  "photos/2024/b.jpg": "bb",
};

async function withTree(): Promise<Environment> {
  const environment = await Environment.signedIn();
  for (const [path, content] of Object.entries(FILES)) {
    environment.emulator.tree.putFile(`/Jotta/Archive/${path}`, content, { modified: FIXED_TIME });
  }
  await makeTree(environment.path("here"), FILES);
  return environment;
}

const lines = (...each: readonly string[]) => each.map((line) => `${line}\n`).join("");

/** What the service was asked for in the mountpoint, since the last look. */
function askedFor({ emulator }: Environment): readonly string[] {
  const paths = emulator.requests.flatMap(({ method, path }) =>
    method === "GET" ? decodeURIComponent(/^\/jfs\/.*\/Jotta\/Archive\/?(.*)$/.exec(path)?.[1] ?? "none") : []
  );
  emulator.clearRequests();
  return paths.filter((path) => path !== "none").sort();
}

Deno.test("a folder that a rule leaves out is never asked for, whatever the command", async (t) => {
  await using environment = await withTree();
  const commands = [
    ["ls"],
    ["lsl"],
    ["lsd", "-R"],
    ["lsf", "-R"],
    ["lsjson", "-R"],
    ["tree"],
    ["size"],
    ["md5sum"],
    ["sha1sum", "--download"],
    ["hashsum", "md5"],
    ["cat", "--discard"],
    ["copy", "new"],
  ];
  for (const [command = "", ...words] of commands) {
    await t.step(command, async () => {
      askedFor(environment);
      const places = command === "copy" ? ["jotta:", ...words] : [...words, "jotta:"];
      assertRun(await environment.run(command, ...places, "--exclude", "cache/"), {});
      const asked = askedFor(environment);
      ok(asked.includes("photos/2024"), asked.join());
      ok(!asked.some((path) => path.includes("cache")), asked.join());
    });
  }
});

Deno.test("--files-from looks up what it lists, and lists no folder", async () => {
  await using environment = await withTree();
  await Deno.writeTextFile(environment.path("list"), "photos/2024/b.jpg\nnotes.txt\nnosuch.txt\n");
  askedFor(environment);
  assertRun(await environment.run("lsf", "-R", "--files-only", "jotta:", "--files-from", "list"), {
    stdout: lines("notes.txt", "photos/2024/b.jpg"),
    stderr: "",
  });
  const asked = askedFor(environment);
  ok(asked.includes("photos/2024/b.jpg") && asked.includes("notes.txt"), asked.join());
  ok(!asked.some((path) => path.includes("cache") || path.includes("a.jpg")), asked.join());
  const result = await environment.run("copy", "jotta:", "there", "--files-from", "list", "-v");
  equal(result.status, 0, result.stderr);
  equal(await Deno.readTextFile(environment.path("there", "photos", "2024", "b.jpg")), "bb");
  deepEqual([...Deno.readDirSync(environment.path("there", "photos"))].map(({ name }) => name), ["2024"]);
});

Deno.test("rules come from the line, from files, from standard input and from the environment", async (t) => {
  await using environment = await withTree();
  await Deno.writeTextFile(environment.path("rules"), "# a comment\n- cache/\n+ *.jpg\n- *\n");
  const cases: readonly [words: readonly string[], stdin: string, env: Record<string, string>][] = [
    [["--include", "/photos/2*/*.jpg", "--include", "nosuch"], "", {}],
    [["--filter-from", "rules", "--exclude", "/photos/*.jpg"], "", {}],
    [["--filter-from", "-", "--exclude", "/photos/*.jpg"], "- cache/\n+ *.jpg\n- *\n", {}],
    [["--files-from0", "-"], "photos/2024/b.jpg\0nosuch\0", {}],
    [["--filter=- cache/", "--min-size", "2b"], "", { JOTTASH_INCLUDE: "/photos/2*/*.jpg" }],
    [["--exclude", "/photos/*.jpg"], "", { JOTTASH_FILTER_FROM: "rules" }],
  ];
  for (const place of ["jotta:", "here"]) {
    for (const [words, stdin, env] of cases) {
      await t.step(`${place} ${words.join(" ")} ${JSON.stringify(env)}`, async () => {
        const result = await environment.runWith(
          { stdin, env },
          "lsf",
          "-R",
          "--files-only",
          place,
          ...words,
        );
        assertRun(result, { stdout: lines("photos/2024/b.jpg"), stderr: "" });
      });
    }
  }
});

Deno.test("flags of filters may stand before the command, as in rclone", async () => {
  await using environment = await withTree();
  assertRun(
    await environment.run("--include", "*.raw", "--max-depth", "2", "lsf", "--files-only", "jotta:"),
    {
      stdout: lines("photos/a.raw"),
      stderr: "",
    },
  );
});

Deno.test("rules may come from a pipe, as the shell makes them", async () => {
  await using environment = await withTree();
  const result = await environment.shell(
    "jottash lsf -R here --files-only --files-from <(echo photos/a.raw)",
  );
  assertRun(result, { stdout: lines("photos/a.raw"), stderr: "" });
});

Deno.test("cat shows a part of each file, asked for from where it begins", async () => {
  await using environment = await withTree();
  const { tree, stats: before } = environment.emulator;
  tree.putFile("/Jotta/Archive/big", `${"x".repeat(3_000_000)}the end`);
  const cat = async (expected: string, ...words: string[]) =>
    assertRun(await environment.run("cat", ...words), { stdout: expected, stderr: "" });
  await cat("the end", "--tail", "7", "jotta:big");
  await cat("the", "--offset", "-7", "--count", "3", "jotta:big");
  await cat("xx", "--head", "2", "jotta:big");
  await cat("", "--offset", "4000000", "jotta:big");
  await cat("", "--discard", "jotta:notes.txt");
  const downloads = environment.emulator.requests.filter(({ headers }) => headers.range !== undefined);
  deepEqual(downloads.map(({ headers }) => headers.range), ["bytes=3000000-", "bytes=3000000-"]);
  equal(environment.emulator.stats.downloads - before.downloads, 4);
  for (const place of ["jotta:", "here"]) {
    await cat("hab", "--head", "1", place, "--exclude", "cache/", "--exclude", "*.raw", "--exclude", "big");
  }
});

Deno.test("a list of sums is compared without what the rules leave out", async () => {
  await using environment = await withTree();
  assertRun(await environment.run("md5sum", "here", "--output-file", "sums"), {});
  await Deno.writeTextFile(environment.path("sums"), `${"0".repeat(32)}  photos/cache/gone\n`, {
    append: true,
  });
  const check = ["md5sum", "-C", "sums", "jotta:"];
  equal((await environment.run(...check)).status, 11);
  assertRun(await environment.run(...check, "--exclude", "cache/", "--exclude", "*.raw"), {
    stdout: lines("= notes.txt", "= photos/a.jpg", "= photos/2024/b.jpg"),
  });
});

Deno.test("includes and excludes together are warned of, once", async () => {
  await using environment = await withTree();
  const words = ["--exclude", "*.raw", "--include", "*.txt", "--include", "*.md"];
  for (const command of [["lsf", "-R", "jotta:"], ["copy", "jotta:", "new"]]) {
    const { stderr } = await environment.run(...command, ...words);
    equal(stderr.match(/^jottash: warning: All --include count before all --exclude/gm)?.length, 1, stderr);
  }
});

Deno.test("folders that hold a mark are neither shown nor entered; a marked place is empty", async () => {
  await using environment = await withTree();
  environment.emulator.tree.putFile("/Jotta/Archive/photos/cache/.skip", "");
  const skip = ["--exclude-if-present", ".skip"];
  askedFor(environment);
  assertRun(await environment.run("lsf", "-R", "--dirs-only", "jotta:", ...skip), {
    stdout: lines("photos/", "photos/2024/"),
    stderr: "",
  });
  const asked = askedFor(environment);
  ok(asked.includes("photos/cache/.skip") && !asked.includes("photos/cache"), asked.join());
  assertRun(await environment.run("lsf", "jotta:photos/cache", ...skip), { stdout: "", stderr: "" });
});

Deno.test("copy leaves alone what the rules leave out, on both sides", async () => {
  await using environment = await withTree();
  const { tree } = environment.emulator;
  await makeTree(environment.path("up"), { "a.jpg": "new jpg", "a.raw": "new raw", "cache/x.jpg": "x" });
  tree.putFile("/Jotta/Archive/target/a.raw", "old raw");
  tree.putFile("/Jotta/Archive/target/cache/other", "o");
  askedFor(environment);
  const rules = ["- cache/**", "+ *.jpg", "- *"].flatMap((rule) => ["--filter", rule]);
  assertRun(await environment.run("copy", "up", "jotta:target", ...rules), {
    stdout: "",
    stderr: /^Copied 1 file/,
  });
  const content = (path: string) => new TextDecoder().decode(tree.getFile(`/Jotta/Archive/${path}`)?.bytes());
  deepEqual([content("target/a.jpg"), content("target/a.raw")], ["new jpg", "old raw"]);
  assertRun(await environment.run("copy", "up", "jotta:other", "--exclude", "cache/", "--max-size", "7b"), {
    stdout: "",
    stderr: /^Copied 2 files/,
  });
  ok(!askedFor(environment).includes("other/cache"));
  const before = environment.emulator.stats.uploads;
  assertRun(
    await environment.run("copy", "up", "jotta:target", "--max-depth", "1", "--include", "*.jpg"),
    {},
  );
  deepEqual([environment.emulator.stats.uploads, tree.exists("/Jotta/Archive/target/cache/x.jpg")], [
    before,
    false,
  ]);
});

for (const place of ["jotta:", "here"]) {
  Deno.test(`delete takes from ${place} what the rules let through, and no folder that they leave out`, async () => {
    await using environment = await withTree();
    const left = async () => {
      const { stdout } = await environment.run("lsf", "-R", place);
      return stdout.trimEnd().split("\n").sort();
    };
    await environment.run("mkdir", place === "here" ? "here/hollow/inner" : "jotta:hollow/inner");
    const rules = ["--include", "*.jpg", "--filter", "- cache/**"];
    askedFor(environment);
    assertRun(await environment.run("delete", "-n", place, "--max-depth", "2", ...rules), {
      stdout: "",
      stderr: 'Would delete "photos/a.jpg" (4 B)\n',
    });
    const said =
      (await environment.run("delete", "--rmdirs", place, "--exclude", "cache/", "--min-size", "4b")).stderr;
    equal(said, "");
    ok(!askedFor(environment).some((path) => path.includes("cache")));
    deepEqual(await left(), [
      "photos/",
      "photos/2024/",
      "photos/2024/b.jpg",
      "photos/a.raw",
      "photos/cache/",
      "photos/cache/thumb.jpg",
    ]);
    await Deno.writeTextFile(environment.path("list"), "photos/a.raw\n");
    assertRun(await environment.run("delete", "--rmdirs", place, "--files-from", "list"), { stderr: "" });
    deepEqual(await left(), [
      "photos/",
      "photos/2024/",
      "photos/2024/b.jpg",
      "photos/cache/",
      "photos/cache/thumb.jpg",
    ]);
    assertRun(await environment.run("delete", place, "--explain-filter", "a", "--exclude", "a"), {
      stdout: lines('"a" is excluded by "a" (--exclude)'),
    });
    equal((await left()).length, 5);
  });
}

Deno.test("a single file takes no filters: listings refuse them, copy warns and copies", async () => {
  await using environment = await withTree();
  for (const command of ["ls", "lsf", "lsjson", "tree", "size", "md5sum", "cat", "delete"]) {
    const result = await environment.run(command, "jotta:notes.txt", "--include", "*.txt");
    equal(result.stdout, "", command);
    assertFailure(result, {
      status: 2,
      error: 'Cannot use filters for "notes.txt": it is a single file',
      hint: "Name the folder that holds it",
    });
  }
  assertRun(await environment.run("ls", "jotta:notes.txt", "--max-depth", "1"), {
    stdout: "        6 notes.txt\n",
    stderr: "",
  });
  assertRun(await environment.run("copy", "jotta:notes.txt", "new", "--exclude", "*.txt"), {
    stderr:
      /^jottash: warning: No filter decides about "jotta:notes.txt": it is a single file\nCopied 1 file/,
  });
});

Deno.test("what cannot be used is a usage error that names its flag, before anything is asked", async (t) => {
  await using environment = await withTree();
  await Deno.writeTextFile(environment.path("bad"), "+ ok\nnonsense\n");
  await Deno.mkdir(environment.path("directory"));
  const large = await Deno.open(environment.path("large"), { write: true, create: true });
  await large.truncate(16 * 1024 * 1024 + 1);
  large.close();
  const refused: readonly [words: readonly string[], error: string][] = [
    [["--filter-from", "nosuch"], 'Cannot read "nosuch": it does not exist (from --filter-from)'],
    [["--files-from", "nosuch"], 'Cannot read "nosuch": it does not exist (from --files-from)'],
    [["--include-from", "directory"], 'Cannot read "directory": it is a directory (from --include-from)'],
    [
      ["--exclude-from", "large"],
      'Cannot use "large": it is longer than 16777216 bytes (from --exclude-from)',
    ],
    [
      ["--exclude-from", "-", "--files-from", "-"],
      "Cannot read standard input for --files-from: --exclude-from reads it already",
    ],
    [["--filter-from", "bad"], 'Cannot use "nonsense" in --filter-from "bad", line 2: a rule is'],
    [["--include", "[a"], 'Cannot use "[a" for --include: '],
    [["--min-size", "many"], 'Cannot read the size "many": '],
    [["--include", "a", "--files-from", "bad"], "Cannot use --files-from: it names all files itself"],
  ];
  askedFor(environment);
  for (const [words, error] of refused) {
    await t.step(words.join(" "), async () => {
      const result = await environment.runWith({ stdin: "x" }, "lsf", "jotta:", ...words);
      equal(result.status, 2, result.stderr);
      equal(result.stdout, "");
      ok(result.stderr.startsWith(`jottash: ${error}`), result.stderr);
    });
  }
  const tooLong = new Uint8Array(16 * 1024 * 1024 + 1);
  const result = await environment.runWith({ stdin: tooLong }, "lsf", "jotta:", "--files-from", "-");
  equal(result.status, 2);
  match(
    result.stderr,
    /^jottash: Cannot use standard input: it is longer than 16777216 bytes \(from --files-from\)/,
  );
  deepEqual(askedFor(environment), []);
});

Deno.test("--explain-filter says which rule decides and does nothing else", async (t) => {
  await using environment = await withTree();
  await Deno.writeTextFile(environment.path("rules"), "# none\n- /photos/cache/\n");
  const cases: readonly [words: readonly string[], said: string, warned?: string][] = [
    [
      ["--filter-from", "rules", "--explain-filter", "photos/cache/thumb.jpg"],
      '"photos/cache/thumb.jpg" is excluded with the directory "photos/cache/" by "- /photos/cache/" (--filter-from "rules", line 2)',
    ],
    [
      ["--include", "*.jpg", "--explain-filter", "/photos/a.jpg"],
      '"photos/a.jpg" is included by "*.jpg" (--include)',
    ],
    [["--exclude", "cache/", "--explain-filter", "cache/"], '"cache/" is excluded by "cache/" (--exclude)'],
    [["--exclude", "cache/", "--explain-filter", "cache"], '"cache" is included: no rule says otherwise'],
    [["--max-depth", "1", "--explain-filter", "a/b"], '"a/b" is excluded: it lies deeper than --max-depth'],
    [
      ["--min-size", "1k", "--explain-filter", "a"],
      '"a" is included: no rule says otherwise',
      "Size, age, metadata and marks of folders were not looked at: only the path was\n",
    ],
  ];
  askedFor(environment);
  for (const command of ["ls", "lsl", "lsd", "lsf", "lsjson", "tree", "size", "md5sum", "cat", "copy"]) {
    for (const [words, said, warned = ""] of command === "ls" ? cases : cases.slice(0, 1)) {
      await t.step([command, ...words].join(" "), async () => {
        const places = command === "copy" ? ["jotta:", "new"] : ["jotta:"];
        assertRun(await environment.run(command, ...places, ...words), {
          stdout: lines(said),
          stderr: warned,
        });
      });
    }
  }
  deepEqual(askedFor(environment), []);
  assertRun(await environment.run("hashsum", "md5", "--explain-filter", "x", "--exclude", "x"), {
    stdout: lines('"x" is excluded by "x" (--exclude)'),
  });
});

Deno.test("help filters tells the language, in lines that fit a terminal, and names every flag", async () => {
  await using environment = await Environment.create();
  const { stdout, stderr, status } = await environment.run("help", "filters");
  deepEqual([status, stderr], [0, ""]);
  for (const line of stdout.split("\n")) ok(line.length <= 80, line);
  for (const flag of ["include", "exclude", "filter", "files-from", "exclude-if-present", "explain-filter"]) {
    ok(stdout.includes(`--${flag}`), flag);
  }
});
