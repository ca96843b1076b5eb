/** A remote that shows what is in the trash where it was: `trashed-only`. */
import assert from "node:assert/strict";
import { DirectoryNotFoundError, UsageError } from "../../lib/errors.ts";
import { JOTTACLOUD_MASK } from "../../lib/names/mask.ts";
import { createRemoteNames } from "../../lib/names/remote_name.ts";
import type { Remote } from "../../lib/remote/remote.ts";
import { TrashedRemote } from "../../lib/remote/trashed_remote.ts";
import type { FileEntry } from "../../lib/tree/tree.ts";
import { walkTree } from "../../lib/tree/walk.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { type EmulatorWorld, withEmulator } from "./remote_worlds.ts";

function trashOf({ account, clock, policy }: EmulatorWorld): Remote {
  return new TrashedRemote({
    device: "Jotta",
    mountpoint: "Archive",
    account,
    remoteName: "jotta",
    root: "",
    label: "jotta:",
    names: createRemoteNames(JOTTACLOUD_MASK),
    retryPolicy: policy,
    retryContext: { clock, random: new SeededRandom() },
  });
}

function test(title: string, work: (world: EmulatorWorld, trash: Remote) => Promise<void>): void {
  Deno.test(title, () =>
    withEmulator({}, async (world) => {
      const { tree } = world.emulator;
      tree.putFile("/Jotta/Archive/live", "live");
      tree.putFile("/Jotta/Archive/gone", "was here", { modified: new Date(1_600_000_000_000) });
      tree.trash("/Jotta/Archive/gone");
      tree.putFile("/Jotta/Archive/mixed/kept", "kept");
      tree.putFile("/Jotta/Archive/mixed/lost", "lost");
      tree.trash("/Jotta/Archive/mixed/lost");
      tree.putFile("/Jotta/Archive/all gone/deep/er", "deep");
      tree.seedIncomplete("/Jotta/Archive/all gone/half", "half", 2);
      tree.trash("/Jotta/Archive/all gone");
      tree.makeFolder("/Jotta/Archive/empty");
      tree.seedIncomplete("/Jotta/Archive/unfinished", "xyz", 1);
      await work(world, trashOf(world));
    }));
}

test("a trashed remote lists all folders, and of the files only the trashed ones", async (_world, trash) => {
  const paths = (await Array.fromAsync(walkTree(trash, { checkers: 2 }))).map(({ kind, path }) =>
    `${kind} ${path}`
  );
  assert.deepEqual(paths.sort(), [
    "directory all gone",
    "directory all gone/deep",
    "directory empty",
    "directory mixed",
    "file all gone/deep/er",
    "file gone",
    "file mixed/lost",
  ]);
  const file = await trash.stat("gone");
  assert.ok(file?.kind === "file");
  assert.deepEqual([file.size, file.modifiedAtMs], [8, 1_600_000_000_000]);
  assert.equal((await trash.stat("all gone"))?.kind, "directory");
  assert.equal((await trash.stat("mixed"))?.kind, "directory");
  assert.equal(await trash.stat("live"), undefined);
  assert.equal(await trash.stat("mixed/kept"), undefined);
  assert.equal(await trash.stat("unfinished"), undefined);
  await assert.rejects(trash.list("nowhere"), DirectoryNotFoundError);
});

test("trashed files can be read, from any offset", async (_world, trash) => {
  const file = await trash.stat("all gone/deep/er");
  assert.ok(file?.kind === "file");
  assert.equal(await new Response(await trash.open(file)).text(), "deep");
  assert.equal(await new Response(await trash.open(file, { offset: 2 })).text(), "ep");
});

test("a trashed remote has no stream: that tells live files only", ({ emulator }, trash) => {
  assert.equal(trash.fastListed({ mode: "always", checkers: 1 }), trash);
  assert.equal(trash.walkAll?.({ checkers: 1 }), undefined);
  assert.ok(emulator.requests.every(({ query }) => query !== "mode=liststream"));
  return Promise.resolve();
});

test(
  "nothing can be changed where the trash is shown, and nothing is sent",
  async ({ emulator, remote }, trash) => {
    const file = await trash.stat("gone") as FileEntry;
    const times = { modifiedAtMs: 1_000, createdAtMs: 1_000 };
    const upload = { path: "new", size: 1, md5: "0cc175b9c0f1b6a831c399e269772661", ...times };
    emulator.clearRequests();
    const changes: Readonly<Record<string, () => Promise<unknown>>> = {
      allocate: () => trash.allocate(upload),
      setTimes: () => trash.setTimes(file, times),
      makeDirectory: () => trash.makeDirectory("new"),
      removeFile: () => trash.removeFile("gone"),
      removeDirectory: () => trash.removeDirectory("empty"),
      purge: () => trash.purge("mixed"),
      moveFile: () => trash.moveFile({ source: trash, from: "gone", to: "new" }),
      moveDirectory: () => trash.moveDirectory({ source: trash, from: "mixed", to: "new" }),
      copyFile: () => trash.copyFile({ source: trash, from: "gone", to: "new" }),
      makeLink: () => trash.makeLink("gone"),
      removeLink: () => trash.removeLink("gone"),
      emptyTrash: () => trash.emptyTrash(),
    };
    for (const [name, change] of Object.entries(changes)) {
      await assert.rejects(change, (error) => {
        assert.ok(error instanceof UsageError, name);
        assert.match(error.message, /^Cannot .+ "jotta:.*": it shows what is in the trash/, name);
        return true;
      });
    }
    assert.deepEqual(emulator.requests, []);
    // The service would copy a live file of the name, or nothing.
    assert.equal(trash.canTakeFrom(remote()), false);
    assert.equal(remote().canTakeFrom(trash), false);
  },
);
