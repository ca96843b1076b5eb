/**
 * Names that are one name at the target, and names that cannot be read: told with all names before anything is sent, the
 * rest goes on, and nothing of either is overwritten, deleted or taken for missing.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { makeTree, readFiles } from "./local_tree.ts";

const ARCHIVE = "/Jotta/Archive";
const DISK_KNOWS_CASE = Deno.build.os === "linux";
const MAY_READ_ALL = Deno.build.os === "windows" || Deno.uid() === 0;
/** One try is enough: a second would say the same. */
const ONCE = ["--retries", "1"];

const TWINS = {
  "Readme.txt": "one",
  "README.txt": "two",
  "other.txt": "other",
  "Photos/a.jpg": "a",
  "photos/b.jpg": "b",
  "fine/c.txt": "c",
};
const NOT_SENT = ["Readme.txt", "README.txt", "Photos", "photos"];

function storyOfCase(title: string, work: (environment: Environment) => Promise<void>): void {
  Deno.test(title, { ignore: !DISK_KNOWS_CASE }, async () => {
    await using environment = await Environment.signedIn();
    await makeTree(environment.path("source"), TWINS);
    await work(environment);
  });
}

function assertTold(stderr: string): void {
  for (
    const [name, other] of [["Readme.txt", "README.txt"], ["README.txt", "Readme.txt"], ["photos", "Photos"]]
  ) {
    match(stderr, new RegExp(`"${name}": at the target it would be the same name as "${other}"`));
  }
}

storyOfCase("copy tells names that differ by case alone, and copies the rest", async (environment) => {
  const { emulator } = environment;
  const run = await environment.run("copy", ...ONCE, "source", "jotta:t");
  equal(run.status, 6, run.stderr);
  assertTold(run.stderr);
  deepEqual(emulator.tree.walkFiles(`${ARCHIVE}/t`).sort(), ["fine/c.txt", "other.txt"]);
  equal(emulator.stats.allocations, 2);
});

for (const flags of [[], ["--ignore-errors"], ["--delete-before", "--ignore-errors"]]) {
  storyOfCase(`sync ${flags.join(" ")} deletes nothing of either name`, async (environment) => {
    const { emulator } = environment;
    emulator.tree.putFile(`${ARCHIVE}/t/readme.txt`, "kept");
    emulator.tree.putFile(`${ARCHIVE}/t/photos/kept.jpg`, "kept");
    emulator.tree.putFile(`${ARCHIVE}/t/extra.txt`, "extra");
    const run = await environment.run("sync", ...ONCE, ...flags, "source", "jotta:t");
    equal(run.status, 6, run.stderr);
    assertTold(run.stderr);
    const extra = flags.length === 0 ? ["extra.txt"] : [];
    deepEqual(emulator.tree.walkFiles(`${ARCHIVE}/t`).sort(), [
      ...extra,
      "fine/c.txt",
      "other.txt",
      "photos/kept.jpg",
      "readme.txt",
    ]);
    equal((await environment.run("cat", "jotta:t/readme.txt")).stdout, "kept");
  });
}

storyOfCase("move leaves both names at the source", async (environment) => {
  const run = await environment.run("move", ...ONCE, "source", "jotta:t");
  equal(run.status, 6, run.stderr);
  assertTold(run.stderr);
  deepEqual(environment.emulator.tree.walkFiles(`${ARCHIVE}/t`).sort(), ["fine/c.txt", "other.txt"]);
  const left = Object.keys(await readFiles(environment.path("source")));
  deepEqual(left.sort(), ["Photos/a.jpg", "README.txt", "Readme.txt", "photos/b.jpg"]);
  ok(NOT_SENT.every((name) => left.some((path) => path.startsWith(name))));
});

Deno.test("copyto and rcat onto another case of a name replace that file, and make no second one", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile(`${ARCHIVE}/t/Notes.txt`, "old");
  await makeTree(environment.path(), { "new.txt": "new" });
  assertRun(await environment.run("copyto", "new.txt", "jotta:t/NOTES.TXT"), {});
  equal(emulator.tree.walkFiles(`${ARCHIVE}/t`).length, 1);
  equal((await environment.run("cat", "jotta:t/notes.txt")).stdout, "new");
  assertRun(await environment.runWith({ stdin: "newer" }, "rcat", "jotta:t/nOTES.txt"), {});
  equal(emulator.tree.walkFiles(`${ARCHIVE}/t`).length, 1);
  equal((await environment.run("cat", "jotta:t/notes.txt")).stdout, "newer");
});

Deno.test("mkdir of another case of a folder is fine with it, of a file it is refused", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile(`${ARCHIVE}/Photos/a.jpg`, "a");
  assertRun(await environment.run("mkdir", "jotta:photos"), {});
  assertRun(await environment.run("lsf", "jotta:"), { stdout: "Photos/\n" });
  const refused = await environment.run("mkdir", "jotta:photos/A.JPG");
  ok(refused.status !== 0, "a folder in the place of a file");
  deepEqual(emulator.tree.walkFiles(ARCHIVE), ["Photos/a.jpg"]);
});

Deno.test("names that differ by how accents are written are two names of the service", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("source"), { "cafe\u0301.txt": "nfd", "caf\u00e9.txt": "nfc" });
  if (Object.keys(await readFiles(environment.path("source"))).length === 1) return;
  assertRun(await environment.run("sync", "source", "jotta:t"), { stderr: /opied 2 files/ });
  assertRun(await environment.run("sync", "jotta:t", "back"), { stderr: /opied 2 files/ });
  deepEqual(await readFiles(environment.path("back")), await readFiles(environment.path("source")));
});

/** A file whose name is no UTF-8. */
async function makeUnnamable(directory: string, format: string): Promise<void> {
  const script = `: > "$(printf '${format}')"`;
  const { success } = await new Deno.Command("sh", { args: ["-c", script], cwd: directory }).output();
  ok(success);
}

for (const flags of [[], ["--ignore-errors"]]) {
  const title = `sync ${flags.join(" ")} takes no name that cannot be read for deleted`;
  Deno.test(title, { ignore: Deno.build.os !== "linux" }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    await makeTree(environment.path("source"), { "fine.txt": "fine", "d/fine.txt": "fine" });
    await makeUnnamable(environment.path("source"), "caf\\351.txt");
    await makeUnnamable(environment.path("source/d"), "x\\377");
    emulator.tree.putFile(`${ARCHIVE}/t/caf\ufffd.txt`, "as others show it");
    emulator.tree.putFile(`${ARCHIVE}/t/caf\u201bE9.txt`, "as rclone stores it");
    emulator.tree.putFile(`${ARCHIVE}/t/d/x\u201bFF`, "as rclone stores it");
    emulator.tree.putFile(`${ARCHIVE}/t/gone/extra.txt`, "extra");
    const run = await environment.run("sync", ...ONCE, ...flags, "source", "jotta:t");
    equal(run.status, 6, run.stderr);
    match(run.stderr, /Cannot read "\S*caf\ufffd.txt": its name is not valid UTF-8/);
    const left = emulator.tree.walkFiles(`${ARCHIVE}/t`);
    for (const path of ["caf\ufffd.txt", "caf\u201bE9.txt", "d/x\u201bFF", "fine.txt", "d/fine.txt"]) {
      ok(left.includes(path), `"${path}" is gone: ${left}`);
    }
  });

  Deno.test(`sync ${flags.join(" ")} takes nothing in a directory that is closed for deleted`, {
    ignore: MAY_READ_ALL,
  }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    await makeTree(environment.path("source"), { "fine.txt": "fine", "closed/a.txt": "a" });
    await Deno.chmod(environment.path("source/closed"), 0);
    try {
      emulator.tree.putFile(`${ARCHIVE}/t/closed/a.txt`, "a");
      emulator.tree.putFile(`${ARCHIVE}/t/closed/deep/b.txt`, "b");
      const run = await environment.run("sync", ...ONCE, ...flags, "source", "jotta:t");
      equal(run.status, 6, run.stderr);
      const left = emulator.tree.walkFiles(`${ARCHIVE}/t`);
      deepEqual(left.sort(), ["closed/a.txt", "closed/deep/b.txt", "fine.txt"]);
    } finally {
      await Deno.chmod(environment.path("source/closed"), 0o700);
    }
  });
}
