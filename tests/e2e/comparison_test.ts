/** The options that say when two files are the same, what replaces what, and what goes first. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { FIXED_TIME, makeTree } from "./local_tree.ts";

const ARCHIVE = "/Jotta/Archive";
const EARLIER = new Date(FIXED_TIME.getTime() - 3_600_000);
const LATER = new Date(FIXED_TIME.getTime() + 3_600_000);

/** What the source holds, all of one time, and what the target does. */
const FILES: Readonly<Record<string, readonly [here: string, there?: string, changed?: Date]>> = {
  "content": ["aaaa", "bbbb", FIXED_TIME],
  "missing": ["missing"],
  "newer": ["newer", "newer there", LATER],
  "older": ["older", "older there", EARLIER],
  "same": ["same", "same", FIXED_TIME],
  "touched": ["touched", "touched", LATER],
};

async function withFiles(): Promise<Environment> {
  const environment = await Environment.signedIn();
  const { tree } = environment.emulator;
  for (const [name, [here, there, modified]] of Object.entries(FILES)) {
    await makeTree(environment.path("source"), { [name]: here });
    if (there !== undefined && modified !== undefined) {
      tree.putFile(`${ARCHIVE}/t/${name}`, there, { modified });
    }
  }
  tree.putFile(`${ARCHIVE}/other/missing`, "missing", { modified: FIXED_TIME });
  return environment;
}

/** Flags, what would be copied, and what would only get another time. */
const COMPARISONS: readonly (readonly [flags: readonly string[], copied: string, touched?: string])[] = [
  [[], "missing newer older", "touched"],
  [["--no-traverse"], "missing newer older", "touched"],
  [["--check-first"], "missing newer older", "touched"],
  [["-c"], "content missing newer older"],
  [["--checksum", "--no-traverse"], "content missing newer older"],
  [["--size-only"], "missing newer older"],
  [["-I"], "content missing newer older same touched"],
  [["--ignore-existing"], "missing"],
  [["-u"], "missing older"],
  [["--update", "--checksum"], "content missing older"],
  [["--modify-window", "2h"], "missing newer older"],
  [["--compare-dest", "jotta:other"], "newer older", "touched"],
  [["--compare-dest", "jotta:none", "--compare-dest", "jotta:other"], "newer older", "touched"],
];

Deno.test("each option of comparison decides as its help says", async (t) => {
  await using environment = await withFiles();
  for (const [flags, copied, touched] of COMPARISONS) {
    for (const command of flags.includes("--no-traverse") ? ["copy"] : ["copy", "sync"]) {
      await t.step([command, ...flags].join(" "), async () => {
        const { status, stderr } = await environment.run(command, "-n", ...flags, "source", "jotta:t");
        equal(status, 0, stderr);
        const named = (verb: string) =>
          stderr.split("\n").flatMap((line) => new RegExp(`^Would ${verb} "([^"]+)"`).exec(line)?.[1] ?? [])
            .sort();
        deepEqual(named("copy"), copied.split(" "));
        deepEqual(named("touch"), touched === undefined ? [] : touched.split(" "));
      });
    }
  }
});

Deno.test("--immutable fails for what differs, replaces nothing, and copies the rest", async () => {
  await using environment = await withFiles();
  const { status, stderr } = await environment.run("copy", "--immutable", "source", "jotta:t");
  equal(status, 6, stderr);
  for (const name of ["newer", "older", "touched"]) match(stderr, new RegExp(`"${name}"`));
  match(stderr, /3 entries failed/);
  for (const [name, [here, there]] of Object.entries(FILES)) {
    const file = environment.emulator.tree.getFile(`${ARCHIVE}/t/${name}`);
    equal(new TextDecoder().decode(file?.bytes()), there ?? here);
  }
});

Deno.test("--copy-dest takes within the account what another folder holds already", async () => {
  await using environment = await withFiles();
  const words = ["--copy-dest", "jotta:other", "--include", "missing", "source", "jotta:fresh"];
  assertRun(await environment.run("copy", ...words), { stderr: /^Copied 1 file/ });
  deepEqual(environment.emulator.tree.walkFiles(`${ARCHIVE}/fresh`), ["missing"]);
  const { allocations, uploads } = environment.emulator.stats;
  deepEqual([allocations, uploads], [0, 0]);
});

Deno.test("--order-by says what goes first", async () => {
  await using environment = await withFiles();
  const namesIn = async (order: string) => {
    const words = ["-v", "--order-by", order, "--check-first", "--transfers", "1"];
    const { stderr, status } = await environment.run("copy", ...words, "source", `jotta:by ${order}`);
    equal(status, 0, stderr);
    return stderr.split("\n").flatMap((line) => /^info: copied path="([^"]+)"/.exec(line)?.[1] ?? []);
  };
  const all = Object.keys(FILES).sort();
  deepEqual(await namesIn("name"), all);
  deepEqual(await namesIn("name,desc"), all.toReversed());
  const sizes = (await namesIn("size,descending")).map((name) => FILES[name]?.[0].length);
  deepEqual(sizes, [7, 7, 5, 5, 4, 4]);
});

Deno.test("--no-traverse looks for each file, and lists no folder of the target", async () => {
  await using environment = await withFiles();
  await makeTree(environment.path("few"), { "sub/new": "new", "sub/same": "same" });
  const { emulator } = environment;
  emulator.tree.putFile(`${ARCHIVE}/t/sub/same`, "same", { modified: FIXED_TIME });
  const askedIn = async (...flags: string[]) => {
    emulator.clearRequests();
    assertRun(await environment.run("copy", "-n", ...flags, "few", "jotta:t"), {
      stderr: /^Would copy "sub\/new"/,
    });
    return emulator.requests.flatMap(({ path }) => /^\/jfs\/.*\/Archive\/t\/(.+)$/.exec(path)?.[1] ?? [])
      .sort();
  };
  deepEqual(await askedIn("--no-traverse"), ["sub/new", "sub/same"]);
  deepEqual(await askedIn(), ["sub"]);
});

Deno.test("--checkers 1 looks at one folder after the other, whatever the command", async (t) => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await Deno.mkdir(environment.path("here"));
  for (const name of "abcdefgh") emulator.tree.putFile(`${ARCHIVE}/t/${name}/file`, name);
  // Each folder takes so long that all of them, one by one, take 0.8 seconds at least.
  emulator.addFault({ match: { path: /\/t\/[a-h]$/ }, times: 1_000, action: { kind: "stall", ms: 100 } });
  const lines: readonly (readonly string[])[] = [
    ["copy", "-n", "jotta:t", "here"],
    ["sync", "-n", "jotta:t", "here"],
    ["check", "jotta:t", "jotta:t"],
    ["ls", "jotta:t"],
    ["delete", "-n", "jotta:t"],
  ];
  for (const [command = "", ...words] of lines) {
    await t.step(command, async () => {
      const startedAt = performance.now();
      const { status, stderr } = await environment.run(
        command,
        ...words,
        ...["--checkers", "1", "--fast-list=false"],
      );
      equal(status, 0, stderr);
      ok(performance.now() - startedAt >= 800, command);
    });
  }
});
