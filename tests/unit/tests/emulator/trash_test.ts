/** Trash, Latest and purge: API reference 3.5, 4.8, 5.6, 5.9, 5.12, 6.2, 6.4. */
import assert from "node:assert/strict";
import { startSession } from "./session.ts";

const A = "/Jotta/Archive";

Deno.test("Trash shows only the tops of trashed subtrees, of every device, with their former parents", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/s/f.txt`, "x");
  tree.putFile(`${A}/same.txt`, "x");
  tree.putFile("/PC/Docs/same.txt", "x");
  tree.trash(`${A}/d`);
  tree.trash(`${A}/same.txt`);
  tree.trash("/PC/Docs/same.txt");
  const { text } = await session.get("/Jotta/trash");
  assert.match(
    text,
    /<name xml:space="preserve">Trash<\/name>[^]*<size><\/size>\n {2}<modified><\/modified>/,
  );
  assert.match(text, /<metadata first="" max="" total="3" num_folders="1" num_files="2"\/>/);
  const paths = Array.from(
    text.matchAll(/contextType="TRASH">\s+<abspath [^>]*>\/[0-9a-f]+(\/[^<]*)/g),
    (m) => m[1],
  );
  assert.deepEqual(paths, ["/Jotta/Archive", "/Jotta/Archive", "/PC/Docs"]);
});

Deno.test("nothing can be addressed or made inside Trash, Links, Latest, Shared", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/f`, "x");
  session.emulator.tree.trash(`${A}/f`);
  assert.equal((await session.get("/Jotta/Shared")).status, 200);
  for (const mount of ["Trash", "Links", "Latest", "Shared"]) {
    assert.equal((await session.get(`/Jotta/${mount}`)).status, 200);
    assert.equal((await session.get(`/Jotta/${mount}/f`)).status, 404);
    for (const command of ["rm=true", "rmDir=true", "mkDir=true", `mv=${session.target(`${A}/g`)}`]) {
      assert.equal((await session.post(`/Jotta/${mount}/f?${command}`)).status, 404, `${mount} ${command}`);
    }
    assert.equal((await session.allocate(`/Jotta/${mount}/f`, "x")).status, 400);
  }
});

Deno.test("purge_trash counts every descendant and frees content nobody else uses", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/s/f1`, "only here");
  tree.putFile(`${A}/d/f2`, "shared content");
  tree.putFile(`${A}/keep`, "shared content");
  tree.trash(`${A}/d`);
  assert.equal(session.emulator.stats.blobs, 2);
  const purge = await session.call("/files/v1/purge_trash", { method: "POST" });
  assert.deepEqual([purge.status, JSON.parse(purge.text)], [200, { files: 2, folders: 2 }]);
  assert.equal(session.emulator.stats.blobs, 1);
  assert.equal((await session.allocate(`${A}/x`, "only here")).state, "INCOMPLETE");
  assert.equal((await session.get(`${A}/d`)).status, 404);
  const again = await session.call("/files/v1/purge_trash", { method: "POST" });
  assert.deepEqual(JSON.parse(again.text), { files: 0, folders: 0 });
});

Deno.test("a trashed file still downloads at its original path", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile(`${A}/f`, "still here");
  session.emulator.tree.trash(`${A}/f`);
  assert.equal((await session.get(`${A}/f?mode=bin`)).text, "still here");
});

Deno.test("uploading below a trashed folder revives the chain and not the siblings", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/d/s/old`, "old");
  tree.trash(`${A}/d`);
  await session.put(`${A}/d/s/new`, "new");
  assert.deepEqual([tree.exists(`${A}/d/s`), tree.exists(`${A}/d/s/new`), tree.isTrashed(`${A}/d/s/old`)], [
    true,
    true,
    true,
  ]);
});

Deno.test("a tombstoned file comes back by upload: when its bytes have arrived, not before", async () => {
  await using session = await startSession();
  const { tree } = session.emulator;
  tree.putFile(`${A}/f`, "old");
  tree.trash(`${A}/f`);
  const allocated = await session.allocate(`${A}/f`, "new");
  assert.equal(tree.isTrashed(`${A}/f`), true);
  await session.send(allocated.upload_url, "new");
  assert.equal(tree.isTrashed(`${A}/f`), false);
  assert.equal(tree.getFile(`${A}/f`)?.revisions.length, 2);
});

Deno.test("a folder may take a trashed file's name and the reverse, unless the switch forbids it", async () => {
  await using session = await startSession({ switches: { otherKindReplacesTombstone: false } });
  const { tree } = session.emulator;
  tree.putFile(`${A}/f`, "x");
  tree.trash(`${A}/f`);
  assert.equal((await session.post(`${A}/f?mkDir=true`)).status, 409);
  session.emulator.setSwitches({ otherKindReplacesTombstone: true });
  assert.equal((await session.post(`${A}/f?mkDir=true`)).status, 200);
  tree.trash(`${A}/f`);
  await session.put(`${A}/f`, "y");
  assert.equal(tree.kindOf(`${A}/f`), "file");
});

Deno.test("Latest lists the newest live files, at least ten", async () => {
  await using session = await startSession();
  for (let index = 0; index < 12; index += 1) {
    session.clock.nowMs += 1000;
    session.emulator.tree.putFile(`${A}/f${index}`, `${index}`);
  }
  session.emulator.tree.putFile(`${A}/trashed`, "newest");
  session.emulator.tree.trash(`${A}/trashed`);
  const { text } = await session.get("/Jotta/Latest?sort=updated&max=3");
  assert.equal(text.match(/<file /g)?.length, 10);
  assert.doesNotMatch(text, /name="trashed"/);
  assert.match(text, /^<searchresult [^]*?<file name="f11"/m);
});

Deno.test("purge_trash removes a trashed mountpoint from its device and counts it as a folder", async () => {
  await using session = await startSession();
  session.emulator.tree.putFile("/PC/Docs/f", "x");
  session.emulator.tree.makeFolder("/PC/Keep");
  await session.post("/PC/Docs?dl=true");
  const purge = await session.call("/files/v1/purge_trash", { method: "POST" });
  assert.deepEqual(JSON.parse(purge.text), { files: 1, folders: 1 });
  assert.equal((await session.get("/PC/Docs")).status, 404);
  assert.match((await session.get("/PC")).text, /<metadata first="" max="" total="1" num_mountpoints="1"\/>/);
});
