/** rclone and jottash mean the same by --links, --copy-links and --skip-links: on the disk, and through the service. */
import assert from "node:assert/strict";
import { rcloneTest, type World } from "./world.ts";

const ARCHIVE = "/Jotta/Archive";
const LINKS: Readonly<Record<string, string>> = {
  "to-file": "real/file",
  "to-directory": "real",
  "broken": "/nø/such place",
  "real/deep/up": "../file",
};

async function makeLinks({ directory }: World): Promise<string> {
  const root = `${directory}/links`;
  await Deno.mkdir(`${root}/real/deep`, { recursive: true });
  await Deno.writeTextFile(`${root}/real/file`, "hello");
  for (const [path, target] of Object.entries(LINKS)) await Deno.symlink(target, `${root}/${path}`);
  return root;
}

/** Where each link leads and what each file holds, without directories. */
async function readAll(root: string, prefix = ""): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isSymlink, isDirectory } of Deno.readDir(root)) {
    const path = `${root}/${name}`;
    if (isDirectory) Object.assign(found, await readAll(path, `${prefix}${name}/`));
    else found[prefix + name] = isSymlink ? `-> ${await Deno.readLink(path)}` : await Deno.readTextFile(path);
  }
  return found;
}

rcloneTest("rclone lists what jottash lists of a directory with links", {}, async (world) => {
  const root = await makeLinks(world);
  await Deno.remove(`${root}/broken`);
  const jottash = await world.createJottash();
  for (const flags of [[], ["-l"], ["-L"], ["--skip-links"]]) {
    for (const command of ["lsf", "md5sum"]) {
      const words = [command, ...command === "lsf" ? ["-R", "--format", "pst"] : [], ...flags, root];
      const [theirs, ours] = [await world.rclone.must(words), await jottash.must(words)];
      assert.deepEqual(ours.split("\n").sort(), theirs.split("\n").sort(), words.join(" "));
    }
  }
});

rcloneTest("links that jottash takes up, rclone brings back, and the other way round", {}, async (world) => {
  const { emulator, rclone, directory } = world;
  const root = await makeLinks(world);
  const expected = await readAll(root);
  const jottash = await world.createJottash();
  await jottash.must(["copy", "-l", root, "jotta:ours"]);
  await rclone.must(["copy", "-l", root, "jotta:theirs"]);
  const filesOf = (folder: string) =>
    emulator.tree.walkFiles(`${ARCHIVE}/${folder}`).sort().map((path) => {
      const { md5, modified } = emulator.tree.getFile(`${ARCHIVE}/${folder}/${path}`) ?? {};
      return [path, md5, modified];
    });
  assert.deepEqual(filesOf("ours"), filesOf("theirs"));
  await rclone.must(["copy", "-l", "jotta:ours", `${directory}/by-rclone`]);
  await jottash.must(["copy", "-l", "jotta:theirs", `${directory}/by-jottash`]);
  assert.deepEqual(await readAll(`${directory}/by-rclone`), expected);
  assert.deepEqual(await readAll(`${directory}/by-jottash`), expected);
  // Neither sends anything again.
  const { allocations } = emulator.stats;
  await rclone.must(["copy", "-l", root, "jotta:ours"]);
  await jottash.must(["copy", "-l", root, "jotta:theirs"]);
  assert.equal(emulator.stats.allocations, allocations);
});
