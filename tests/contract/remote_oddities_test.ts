/** Times, empty folders, links and the trash, where answers are lost or say too much. */
import assert from "node:assert/strict";
import { IntegrityError } from "../../lib/errors.ts";
import { fileAt } from "./remote_suite.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const TREE = "/Jotta/Archive";

function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () => withEmulator(options, work));
}

function commandsSent({ emulator }: EmulatorWorld): string[] {
  return emulator.requests.filter(({ method }) => method === "POST")
    .map(({ path, query }) => `${path.split("/").slice(5).join("/")}?${query.split("=")[0]}`);
}

const LOST = { kind: "dropBeforeResponse", afterEffect: true } as const;

test(
  "setTimes() sends the MD5 alone, and does not believe an answer that changed nothing",
  {},
  async (world) => {
    const { emulator, remote } = world;
    const tree = remote();
    emulator.tree.putFile(`${TREE}/a`, "a", { created: new Date(5e11) });
    const file = await fileAt(tree, "a");
    await tree.setTimes(file, { modifiedAtMs: 1e12, createdAtMs: file.createdAtMs ?? 0 });
    const after = emulator.tree.getFile(`${TREE}/a`);
    assert.deepEqual([after?.modified.getTime(), after?.created.getTime(), after?.revisions.length], [
      1e12,
      5e11,
      1,
    ]);
    assert.deepEqual(commandsSent(world), ["a?cphash"]);
    for (const content of ["b", "a"]) {
      emulator.addFault({ match: { query: "cphash" }, times: 1, action: { kind: "status", status: 200 } });
      emulator.tree.putFile(`${TREE}/a`, content);
      await assert.rejects(
        tree.setTimes(file, { modifiedAtMs: 2e12, createdAtMs: 0 }),
        IntegrityError,
        content,
      );
    }
  },
);

test(
  "an empty folder goes with its tombstones and unfinished uploads, also when the answer is lost",
  {},
  async (world) => {
    const { emulator, remote } = world;
    for (const [index, hardDelete] of [false, true].entries()) {
      const path = `${TREE}/d${index}`;
      emulator.tree.putFile(`${path}/tomb`, "x");
      emulator.tree.trash(`${path}/tomb`);
      emulator.tree.seedIncomplete(`${path}/half`, "0123456789", 4);
      emulator.addFault({ match: { query: /^(dl|rm)Dir=/ }, times: 1, action: LOST });
      await remote("", { hardDelete }).removeDirectory(`d${index}`);
      assert.equal(emulator.tree.isTrashed(`${path}/tomb`), !hardDelete);
      assert.equal(emulator.tree.kindOf(path), hardDelete ? undefined : "folder");
    }
    assert.deepEqual(commandsSent(world).filter((each) => each.endsWith("Dir")), [
      "d0?dlDir",
      "d0?dlDir",
      "d1?rmDir",
      "d1?rmDir",
    ]);
  },
);

test("makeLink() gives rclone's address, with which anybody can read", {}, async ({ emulator, remote }) => {
  emulator.tree.putFile(`${TREE}/a`, "shared");
  const address = await remote().makeLink("a");
  const { publicUri } = emulator.tree.getFile(`${TREE}/a`) ?? {};
  assert.equal(
    address,
    `https://www.jottacloud.com/opin/io/downloadPublic/${emulator.username}/${publicUri}`,
  );
  assert.equal(await (await fetch(emulator.endpoint + new URL(address).pathname)).text(), "shared");
});

test("emptyTrash() has done it when its answer was lost", {}, async ({ emulator, remote }) => {
  emulator.tree.putFile(`${TREE}/a`, "x");
  emulator.tree.trash(`${TREE}/a`);
  emulator.addFault({ match: { path: "purge_trash" }, times: 1, action: LOST });
  await remote().emptyTrash();
  assert.equal(emulator.tree.kindOf(`${TREE}/a`), undefined);
});
