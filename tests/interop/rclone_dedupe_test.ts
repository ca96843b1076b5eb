/** rclone's and our `dedupe --by-hash` come to the same: what is written, what is left, on a remote and on this machine. */
import assert from "node:assert/strict";
import { rcloneTest, type World } from "./world.ts";

const ARCHIVE = "/Jotta/Archive";
const MODES = ["first", "newest", "oldest", "largest", "smallest", "skip"] as const;

/** Path, content and year of each file; one content has more than nine. */
const FILES: readonly (readonly [path: string, content: string, year: number])[] = [
  ["b", "same", 2020],
  ["c", "same", 2019],
  ["a/1", "same", 2021],
  ["a/deep/2", "other", 2015],
  ["d", "other", 2016],
  ["a/single", "single", 2020],
  ["e1", "", 2012],
  ["x/e2", "", 2011],
  ...Array.from({ length: 11 }, (_, index) => [`many/${index + 10}`, "many of them", 2000 + index] as const),
];

async function seed({ emulator, directory }: World, root: string): Promise<void> {
  for (const [path, content, year] of FILES) {
    const modified = new Date(Date.UTC(year, 5, 1, 12, 30, 15));
    emulator.tree.putFile(`${ARCHIVE}/${root}/${path}`, content, { modified });
    const local = `${directory}/${root}/${path}`;
    await Deno.mkdir(local.slice(0, local.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(local, content);
    await Deno.utime(local, modified, modified);
  }
}

async function localFiles(directory: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (isDirectory) found.push(...await localFiles(`${directory}/${name}`, `${prefix}${name}/`));
    else found.push(`${prefix}${name}`);
  }
  return found.sort();
}

/** rclone has its groups in any order. */
function groupsOf(stdout: string): string[] {
  return stdout.split(/^(?=[0-9a-f]{32}: )/m).sort();
}

rcloneTest("dedupe --by-hash list writes what rclone writes", {}, async (world) => {
  await seed(world, "r");
  const jottash = await world.createJottash();
  for (const place of ["jotta:r", `${world.directory}/r`]) {
    const words = ["dedupe", "--by-hash", "list", place];
    const theirs = groupsOf(await world.rclone.must(words));
    assert.equal(theirs.length, 4);
    assert.deepEqual(groupsOf(await jottash.must(words)), theirs);
  }
});

for (const mode of MODES) {
  rcloneTest(`dedupe --by-hash ${mode} leaves what rclone leaves`, {}, async (world) => {
    const { emulator, rclone, directory } = world;
    await seed(world, "r");
    await seed(world, "j");
    const jottash = await world.createJottash();
    const words = (place: string) => ["dedupe", "--by-hash", mode, place];
    await rclone.must(words("jotta:r"));
    await jottash.must(words("jotta:j"));
    const left = emulator.tree.walkFiles(`${ARCHIVE}/r`);
    assert.equal(left.length, mode === "skip" ? FILES.length : 5);
    assert.deepEqual(emulator.tree.walkFiles(`${ARCHIVE}/j`), left);
    for (const [path] of FILES) assert.ok(emulator.tree.getFile(`${ARCHIVE}/j/${path}`) !== undefined, path);
    await rclone.must(words(`${directory}/r`));
    await jottash.must(words(`${directory}/j`));
    assert.deepEqual(await localFiles(`${directory}/j`), await localFiles(`${directory}/r`));
  });
}
