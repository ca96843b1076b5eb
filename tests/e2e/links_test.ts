/** `--links`, `--copy-links`, `--skip-links` `--metadata`, `--inplace` and `--partial-suffix`, through the service and back. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree, noise } from "./local_tree.ts";

const IS_WINDOWS = Deno.build.os === "windows";

/** Where each link of a directory leads, all levels. */
async function readLinks(root: string, prefix = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isSymlink, isDirectory } of Deno.readDir(root)) {
    if (isSymlink) found[prefix + name] = await Deno.readLink(`${root}/${name}`);
    else if (isDirectory) Object.assign(found, await readLinks(`${root}/${name}`, `${prefix}${name}/`));
  }
  return found;
}

const LINKS: Readonly<Record<string, string>> = {
  "to-file": "real/file",
  "to-directory": "real",
  "broken": "/nø/such/place",
  "loop": ".",
  "real/deep/up": "../..",
};

async function makeLinks(root: string): Promise<void> {
  await makeTree(root, { "real/file": "hello", "real/deep": null });
  for (const [path, target] of Object.entries(LINKS)) await Deno.symlink(target, `${root}/${path}`);
}

Deno.test(
  "copy --links takes links of every kind up and brings them back",
  { ignore: IS_WINDOWS },
  async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    await makeLinks(environment.path("source"));
    assertRun(await environment.run("copy", "-l", "source", "jotta:backup"), { stderr: /^Copied 6 files/ });
    deepEqual(
      emulator.tree.walkFiles("/Jotta/Archive/backup").sort(),
      [...Object.keys(LINKS).map((path) => `${path}.rclonelink`), "real/file"].sort(),
    );
    equal((await environment.run("cat", "jotta:backup/broken.rclonelink")).stdout, "/nø/such/place");
    assertRun(await environment.run("copy", "-l", "source", "jotta:backup"), {
      stderr: /^Nothing to do: 6 files/,
    });

    assertRun(await environment.run("copy", "--links", "jotta:backup", "back"), {
      stderr: /^Copied 6 files/,
    });
    deepEqual(await readLinks(environment.path("back")), LINKS);
    for (const path of Object.keys(LINKS)) {
      const [there, here] = [environment.path("source", path), environment.path("back", path)];
      const seconds = async (each: string) =>
        Math.floor(((await Deno.lstat(each)).mtime?.getTime() ?? 0) / 1000);
      equal(await seconds(here), await seconds(there), path);
    }
    assertRun(await environment.run("copy", "-l", "jotta:backup", "back"), {
      stderr: /^Nothing to do: 6 files/,
    });
    assertRun(await environment.run("check", "-l", "source", "jotta:backup"), {});
    const size = await environment.runWith({ env: { JOTTASH_LINKS: "1" } }, "size", "--json", "source");
    const bytes = Object.values(LINKS).reduce((sum, each) => sum + new TextEncoder().encode(each).length, 5);
    deepEqual([JSON.parse(size.stdout).count, JSON.parse(size.stdout).bytes], [6, bytes]);
  },
);

Deno.test("a link from the service leads nothing out of the target", { ignore: IS_WINDOWS }, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await makeTree(environment.path("outside"), { "kept": "kept" });
  emulator.tree.putFile("/Jotta/Archive/bad/a.rclonelink", environment.path("outside"));
  emulator.tree.putFile("/Jotta/Archive/bad/a/x", "bad");
  emulator.tree.putFile("/Jotta/Archive/bad/a/kept", "bad");
  emulator.tree.putFile("/Jotta/Archive/bad/good", "good");
  for (let round = 0; round < 3; round++) {
    const run = await environment.run("copy", "-l", "--retries", "1", "jotta:bad", "target");
    equal(run.status, 6, run.stderr);
    equal(await Deno.readTextFile(environment.path("target/good")), "good");
    deepEqual(Array.from(Deno.readDirSync(environment.path("outside")), ({ name }) => name), ["kept"]);
    equal(await Deno.readTextFile(environment.path("outside/kept")), "kept");
  }
});

Deno.test(
  "copy --copy-links follows links, tells broken ones and circles",
  { ignore: IS_WINDOWS },
  async () => {
    await using environment = await Environment.signedIn();
    await makeLinks(environment.path("source"));
    const run = await environment.run("copy", "-L", "--retries", "1", "source", "jotta:backup");
    equal(run.status, 6, run.stderr);
    deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive/backup").sort(), [
      "real/file",
      "to-directory/file",
      "to-file",
    ]);
    match(run.stderr, /broken": it is a symbolic link to nothing/);
    match(run.stderr, /loop": by way of symbolic links it is ".*source" once more/);
    equal(run.stderr.match(/once more/g)?.length, 3, run.stderr); // loop, real/deep/up, to-directory/deep/up
  },
);

Deno.test(
  "links are left out with a warning, with --skip-links without one",
  { ignore: IS_WINDOWS },
  async () => {
    await using environment = await Environment.signedIn();
    await makeLinks(environment.path("source"));
    const warned = await environment.run("copy", "source", "jotta:one");
    assertRun(warned, { stderr: /Left out "loop": it is a symbolic link/ });
    const quiet = await environment.run("copy", "--skip-links", "source", "jotta:two");
    assertRun(quiet, {});
    ok(!quiet.stderr.includes("symbolic"), quiet.stderr);
    for (const place of ["one", "two"]) {
      deepEqual(environment.emulator.tree.walkFiles(`/Jotta/Archive/${place}`), ["real/file"]);
    }
  },
);

Deno.test("links are not both copied and followed", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "a": "a" });
  assertFailure(await environment.run("ls", "-l", "-L", "source"), {
    status: 2,
    error: "Cannot use --links with --copy-links: a link is either copied or followed",
    hint: "Choose one of them",
  });
});

function deviceOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).dev;
  } catch {
    return undefined;
  }
}

Deno.test({
  name: "--one-file-system leaves out directories of other disks",
  ignore: Deno.build.os !== "linux" || [undefined, deviceOf("/dev")].includes(deviceOf("/dev/shm")),
  fn: async () => {
    await using environment = await Environment.create();
    const list = async (...flags: string[]) =>
      (await environment.run("lsf", "--dirs-only", ...flags, "/dev")).stdout.split("\n");
    ok((await list()).includes("shm/"));
    for (const flag of ["--one-file-system", "-x"]) ok(!(await list(flag)).includes("shm/"), flag);
  },
});

Deno.test("copy --metadata takes the time of creation along, and lsjson -M shows it", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await makeTree(environment.path("source"), { "file": "content" });
  const born = (await Deno.stat(environment.path("source/file"))).birthtime;
  assertRun(await environment.run("copy", "source", "jotta:plain"), {});
  assertRun(await environment.run("copy", "-M", "source", "jotta:full"), {});
  const [plain, full] = ["plain", "full"].map((name) => emulator.tree.getFile(`/Jotta/Archive/${name}/file`));
  equal(plain?.created?.getTime(), FIXED_TIME.getTime());
  equal(full?.modified?.getTime(), FIXED_TIME.getTime());
  if (born !== null) equal(full?.created?.getTime(), Math.floor(born.getTime() / 1000) * 1000);
  const { stdout } = await environment.run("lsjson", "-M", "jotta:full");
  const [item] = JSON.parse(stdout);
  equal(item.Metadata.mtime, "2024-03-05T06:07:08Z");
  equal(item.Metadata.btime, full?.created?.toISOString().replace(".000Z", "Z"));
  assertRun(await environment.run("copy", "-M", "jotta:full", "back"), {});
  equal((await Deno.stat(environment.path("back/file"))).mtime?.getTime(), FIXED_TIME.getTime());
});

Deno.test("copy --inplace writes into the file that is there, --partial-suffix under another name beside it", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/f/file", noise(300_000));
  const names = () => Array.from(Deno.readDirSync(environment.path("back")), ({ name }) => name).sort();
  const file = environment.path("back/file");
  const old = "an old content";
  await makeTree(environment.path("back"), { "file": old });
  const cases: readonly (readonly [words: string[], others: RegExp[], isOldThere: boolean])[] = [
    [["--inplace"], [], false],
    [["--partial-suffix", ".part"], [/^file\..*\.part$/], true],
    [[], [/^\.jottash-.*\.partial$/], true],
  ];
  for (const [words, others, isOldThere] of cases) {
    await Deno.writeTextFile(file, old);
    const { emulator } = environment;
    const fired = emulator.stats.faultsFired;
    const stall = { kind: "stall", afterResponseBytes: 100_000 } as const;
    emulator.addFault({ match: { path: "/f/file", query: "mode=bin" }, times: 1, action: stall });
    const child = await environment.start({}, "copy", ...words, "jotta:f", "back");
    const hasBegun = () => isOldThere ? names().length === 2 : Deno.statSync(file).size > old.length;
    await child.until(() => emulator.stats.faultsFired > fired && hasBegun());
    const beside = names().filter((name) => name !== "file");
    equal(beside.length, others.length, `${words}: ${beside}`);
    for (const [index, pattern] of others.entries()) match(beside[index] ?? "", pattern);
    if (isOldThere) equal(await Deno.readTextFile(file), old);
    child.kill("SIGINT");
    equal((await child.result()).status, 130);
    if (isOldThere) equal(await Deno.readTextFile(file), old);
    assertRun(await environment.run("copy", ...words, "jotta:f", "back"), { stderr: /^Copied 1 file/ });
    deepEqual(await Deno.readFile(file), noise(300_000));
    deepEqual(names(), ["file"]);
  }
});
