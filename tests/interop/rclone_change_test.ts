/** rclone changes a tree: folders, moves, copies on the service, the trash, links. */
import assert from "node:assert/strict";
import { rcloneTest } from "./world.ts";

const ARCHIVE = "/Jotta/Archive";

rcloneTest("rclone mkdir and rmdir make and trash folders", {}, async ({ emulator, rclone }) => {
  await rclone.must(["mkdir", "jotta:one/two/three"]);
  assert.equal(emulator.tree.exists(`${ARCHIVE}/one/two/three`), true);
  await rclone.must(["mkdir", "jotta:one/two/three"]);
  const full = await rclone.run(["rmdir", "jotta:one"]);
  assert.notEqual(full.code, 0);
  assert.equal(emulator.tree.exists(`${ARCHIVE}/one`), true);
  await rclone.must(["rmdir", "jotta:one/two/three"]);
  assert.equal(emulator.tree.isTrashed(`${ARCHIVE}/one/two/three`), true);
  await rclone.must(["mkdir", "jotta:one/two/three"]);
  assert.equal(emulator.tree.exists(`${ARCHIVE}/one/two/three`), true);
  await rclone.must(["rmdirs", "jotta:one"]);
  assert.equal(await rclone.must(["lsf", "jotta:"]), "");
});

rcloneTest("rclone moveto renames and moves a file with its identity", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/a/old name.txt`, "x", { modified: new Date(1e12) });
  const uuid = emulator.tree.getFile(`${ARCHIVE}/a/old name.txt`)?.uuid;
  await rclone.must(["moveto", "jotta:a/old name.txt", "jotta:b/c/new + name.txt"]);
  const moved = emulator.tree.getFile(`${ARCHIVE}/b/c/new + name.txt`);
  assert.equal(moved?.uuid, uuid);
  assert.equal(moved?.modified.getTime(), 1e12);
  assert.equal(emulator.tree.kindOf(`${ARCHIVE}/a/old name.txt`), undefined);
  assert.equal(emulator.stats.uploads, 0);
});

rcloneTest(
  "rclone moveto replaces an existing file, which goes to the trash",
  {},
  async ({ emulator, rclone }) => {
    emulator.tree.putFile(`${ARCHIVE}/new`, "new content");
    emulator.tree.putFile(`${ARCHIVE}/target`, "old");
    await rclone.must(["moveto", "jotta:new", "jotta:target"]);
    assert.equal(await rclone.must(["cat", "jotta:target"]), "new content");
    assert.deepEqual(emulator.tree.walkFiles(ARCHIVE), ["target"]);
  },
);

rcloneTest("rclone moveto changes only the case of a name", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/readme.txt`, "x");
  await rclone.must(["moveto", "jotta:readme.txt", "jotta:README.txt"]);
  assert.deepEqual(emulator.tree.list(ARCHIVE), ["README.txt"]);
});

rcloneTest(
  "rclone move takes a whole folder to a place that does not exist yet",
  {},
  async ({ emulator, rclone }) => {
    emulator.tree.putFile(`${ARCHIVE}/from here/a.txt`, "a");
    emulator.tree.putFile(`${ARCHIVE}/from here/sub/b.txt`, "b");
    await rclone.must(["move", "jotta:from here", "jotta:to/there"]);
    assert.deepEqual(emulator.tree.walkFiles(ARCHIVE), ["to/there/a.txt", "to/there/sub/b.txt"]);
    const moves = emulator.requests.filter(({ query }) => query.startsWith("mvDir="));
    assert.equal(moves.length, 1);
    assert.ok(moves[0]?.path.endsWith("/from%20here/"));
  },
);

rcloneTest("rclone move merges a folder into an existing one", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/from/a.txt`, "a");
  emulator.tree.putFile(`${ARCHIVE}/to/b.txt`, "b");
  await rclone.must(["move", "jotta:from", "jotta:to", "--delete-empty-src-dirs"]);
  assert.deepEqual(emulator.tree.walkFiles(ARCHIVE), ["to/a.txt", "to/b.txt"]);
});

rcloneTest("rclone copyto copies on the service", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/a.txt`, "a", { modified: new Date(1e12) });
  await rclone.must(["copyto", "jotta:a.txt", "jotta:copies/b # c;d.txt"]);
  assert.equal(emulator.tree.getFile(`${ARCHIVE}/copies/b # c;d.txt`)?.modified.getTime(), 1e12);
  assert.equal(emulator.tree.exists(`${ARCHIVE}/a.txt`), true);
  assert.equal(emulator.stats.uploads + emulator.stats.downloads, 0);
});

rcloneTest("rclone copyto onto a tombstone leaves a live file", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/a.txt`, "a");
  emulator.tree.putFile(`${ARCHIVE}/b.txt`, "b");
  emulator.tree.trash(`${ARCHIVE}/b.txt`);
  await rclone.must(["copyto", "jotta:a.txt", "jotta:b.txt"]);
  assert.equal(await rclone.must(["cat", "jotta:b.txt"]), "a");
  assert.ok(emulator.requests.some(({ query }) => query === "cphash=true"));
});

rcloneTest("rclone deletefile trashes, with hard delete destroys", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/a.txt`, "a");
  emulator.tree.putFile(`${ARCHIVE}/b.txt`, "b");
  await rclone.must(["deletefile", "jotta:a.txt"]);
  assert.equal(emulator.tree.isTrashed(`${ARCHIVE}/a.txt`), true);
  await rclone.must(["deletefile", "--jottacloud-hard-delete", "jotta:b.txt"]);
  assert.equal(emulator.tree.kindOf(`${ARCHIVE}/b.txt`), undefined);
  assert.equal(await rclone.must(["lsf", "jotta:"]), "");
});

rcloneTest(
  "rclone delete removes the files of a tree and keeps its folders",
  {},
  async ({ emulator, rclone }) => {
    emulator.tree.putFile(`${ARCHIVE}/d/a.txt`, "a");
    emulator.tree.putFile(`${ARCHIVE}/d/e/b.log`, "b");
    await rclone.must(["delete", "--include", "*.txt", "jotta:d"]);
    assert.deepEqual(emulator.tree.walkFiles(ARCHIVE), ["d/e/b.log"]);
    await rclone.must(["delete", "jotta:d"]);
    assert.equal(await rclone.must(["lsf", "-R", "jotta:"]), "d/\nd/e/\n");
  },
);

rcloneTest("rclone purge trashes a tree, with hard delete destroys it", {}, async ({ emulator, rclone }) => {
  for (const top of ["one", "two"]) emulator.tree.putFile(`${ARCHIVE}/${top}/sub/a.txt`, top);
  await rclone.must(["purge", "jotta:one"]);
  assert.equal(emulator.tree.isTrashed(`${ARCHIVE}/one/sub/a.txt`), true);
  await rclone.must(["purge", "--jottacloud-hard-delete", "jotta:two"]);
  assert.equal(emulator.tree.kindOf(`${ARCHIVE}/two`), undefined);
  const again = await rclone.run(["purge", "jotta:two"]);
  assert.equal(again.code, 3);
});

rcloneTest("rclone cleanup empties the trash", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/a.txt`, "a");
  emulator.tree.putFile(`${ARCHIVE}/keep.txt`, "k");
  emulator.tree.trash(`${ARCHIVE}/a.txt`);
  await rclone.must(["cleanup", "jotta:"]);
  assert.equal(emulator.tree.kindOf(`${ARCHIVE}/a.txt`), undefined);
  assert.equal(emulator.tree.exists(`${ARCHIVE}/keep.txt`), true);
});

rcloneTest("rclone link makes a link that works, and unlinks it", {}, async ({ emulator, rclone }) => {
  emulator.tree.putFile(`${ARCHIVE}/shared file.txt`, "shared");
  const link = (await rclone.must(["link", "jotta:shared file.txt"])).trim();
  const { publicUri } = emulator.tree.getFile(`${ARCHIVE}/shared file.txt`) ?? {};
  assert.equal(link, `https://www.jottacloud.com/opin/io/downloadPublic/${emulator.username}/${publicUri}`);
  assert.equal((await rclone.must(["link", "jotta:shared file.txt"])).trim(), link);
  const response = await fetch(emulator.endpoint + new URL(link).pathname);
  assert.equal(await response.text(), "shared");
  await rclone.must(["link", "--unlink", "jotta:shared file.txt"]);
  assert.equal(emulator.tree.getFile(`${ARCHIVE}/shared file.txt`)?.publicUri, null);
  const gone = await fetch(emulator.endpoint + new URL(link).pathname);
  await gone.body?.cancel();
  assert.equal(gone.status, 404);
});

rcloneTest(
  "rclone sync makes the service equal to the directory",
  {},
  async ({ emulator, rclone, directory }) => {
    emulator.tree.putFile(`${ARCHIVE}/s/stale.txt`, "stale");
    emulator.tree.putFile(`${ARCHIVE}/s/changed.txt`, "before");
    await Deno.writeTextFile(`${directory}/changed.txt`, "after it");
    await Deno.mkdir(`${directory}/empty`);
    await rclone.must(["sync", directory, "jotta:s", "--create-empty-src-dirs"]);
    assert.equal(await rclone.must(["lsf", "-R", "jotta:s"]), "changed.txt\nempty/\n");
    assert.equal(emulator.tree.isTrashed(`${ARCHIVE}/s/stale.txt`), true);
    await rclone.must(["check", directory, "jotta:s"]);
  },
);
