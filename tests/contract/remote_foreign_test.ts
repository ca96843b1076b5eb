/** The real remote over HTTP: answers that break off, and what other programs have stored. */
import assert from "node:assert/strict";
import { fileAt, namesOf, textAt } from "./remote_suite.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () => withEmulator(options, work));
}

test("JottaRemote repeats a command whose answer breaks off", {}, async ({ emulator, remote }) => {
  const tree = remote();
  emulator.tree.putFile("/Jotta/Archive/a", "a");
  emulator.tree.putFile("/Jotta/Archive/d/b", "b");
  const breakOff = (query: string) => {
    emulator.addFault({ match: { query }, times: 1, action: { kind: "dropResponseAfterBytes", bytes: 10 } });
  };
  breakOff("mkDir");
  await tree.makeDirectory("made");
  breakOff("cphash");
  await tree.setTimes(await fileAt(tree, "a"), { modifiedAtMs: 5_000, createdAtMs: 4_000 });
  breakOff("dl=");
  await tree.removeFile("a");
  breakOff("dlDir");
  await tree.purge("d");
  assert.equal(emulator.stats.faultsFired, 4);
  assert.deepEqual(await namesOf(tree), ["directory made"]);
  assert.equal(emulator.tree.getFile("/Jotta/Archive/a")?.modified.getTime(), 5_000);
});

test("JottaAccount asks again when an answer breaks off", {}, async ({ emulator, account }) => {
  for (const path of ["/account/v1", "/jfs/"]) {
    emulator.addFault({ match: { path }, times: 2, action: { kind: "dropResponseAfterBytes", bytes: 20 } });
  }
  await account.requireMountpoint("Jotta", "Archive");
  assert.ok((await account.devices()).length > 0);
  assert.equal(emulator.stats.faultsFired, 4);
});

test(
  "JottaRemote reaches what other programs stored under names of their own",
  {},
  async ({ emulator, remote }) => {
    const names = [
      "sq\u201b",
      "end ",
      " lead",
      "dot.",
      "back\\slash",
      "nb\u00a0sp",
      "zw\u200dj",
      "a;b",
      "a+b",
    ];
    for (const name of names) {
      emulator.tree.putFile(`/Jotta/Archive/f ${name}/${name}`, name);
    }
    const tree = remote();
    for (const folder of await tree.list("")) {
      for (const file of await tree.list(folder.path)) {
        assert.ok(file.kind === "file");
        assert.ok(names.includes(await textAt(tree, file.path)), file.path);
        await tree.setTimes(file, { modifiedAtMs: 5_000, createdAtMs: 5_000 });
      }
    }
    for (const name of names) {
      assert.equal(emulator.tree.getFile(`/Jotta/Archive/f ${name}/${name}`)?.modified.getTime(), 5_000);
    }
  },
);

test(
  'JottaRemote says why a raw "%" cannot be had, and writes a name beside it that can',
  {},
  async (world) => {
    const tree = world.remote();
    world.emulator.tree.putFile("/Jotta/Archive/50%/in", "x");
    world.emulator.tree.putFile("/Jotta/Archive/100%", "x");
    const [folder, file] = (await tree.list("")).toSorted((a) => a.kind === "directory" ? -1 : 1);
    assert.equal(folder?.path, "50%");
    await assert.rejects(tree.list("50%"), {
      code: "directory-not-found",
      message: /"jotta:50%": another program stored/,
    });
    assert.ok(file?.kind === "file");
    await assert.rejects(tree.open(file), {
      code: "file-not-found",
      message: /"100%" with a "%" in its name/,
    });
    await tree.makeDirectory("50%/new");
    assert.ok(world.emulator.tree.exists("/Jotta/Archive/50\uff05/new"));
  },
);
