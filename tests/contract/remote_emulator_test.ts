/** The real remote over HTTP: the suite, and what only the service does. */
import assert from "node:assert/strict";
import {
  DirectoryNotFoundError,
  FileNotFoundError,
  JottashError,
  LocalError,
  ProtocolError,
} from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { fileAt, namesOf, type RemoteWorld, testRemote, textAt } from "./remote_suite.ts";
import { testRemoteVerbs } from "./remote_verbs_suite.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";
import { withServiceWorld } from "./remote_service_world.ts";

const withWorld = (work: (world: RemoteWorld) => Promise<void>) => withServiceWorld((remote) => remote, work);

testRemote("emulator", withWorld);
testRemoteVerbs("emulator", withWorld);

function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () => withEmulator(options, work));
}

test("JottaRemote below a root works on that folder only", {}, async ({ emulator, remote }) => {
  emulator.tree.putFile("/Jotta/Archive/photos/a.jpg", "a");
  emulator.tree.putFile("/Jotta/Archive/outside", "b");
  const photos = remote("photos");
  assert.deepEqual(await namesOf(photos), ["file a.jpg"]);
  await photos.purge("");
  assert.ok(emulator.tree.isTrashed("/Jotta/Archive/photos/a.jpg"));
  assert.ok(emulator.tree.exists("/Jotta/Archive/outside"));
  await assert.rejects(photos.list(""), { name: "DirectoryNotFoundError", message: /"jotta:photos"/ });
});

test("JottaRemote.list() leaves out corrupt files and takes upper-case MD5s and empty times", {
  switches: { upperCaseMd5: true, emptyModified: true },
}, async ({ emulator, remote }) => {
  emulator.tree.seedCorrupt("/Jotta/Archive/bad", "bytes");
  emulator.tree.putFile("/Jotta/Archive/good", "hello");
  assert.deepEqual(await namesOf(remote()), ["file good"]);
  assert.equal(await remote().stat("bad"), undefined);
  assert.equal((await fileAt(remote(), "good")).md5, md5OfBytes(new TextEncoder().encode("hello")));
});

test(
  "JottaRemote.list() asks again for a listing that broke off, as a whole",
  {},
  async ({ emulator, remote }) => {
    for (let index = 0; index < 50; index++) emulator.tree.putFile(`/Jotta/Archive/f${index}`, `${index}`);
    for (
      const action of [
        { kind: "dropResponseAfterBytes", bytes: 2000 },
        { kind: "truncateXml", bytes: 3000 },
        { kind: "malformedXml" },
        { kind: "dropBeforeResponse" },
        { kind: "status", status: 503, retryAfterSeconds: 2 },
        { kind: "status", status: 429 },
      ] as const
    ) {
      emulator.addFault({ match: { path: "/Archive" }, times: 2, action });
      assert.equal((await remote().list("")).length, 50, action.kind);
    }
  },
);

test("JottaRemote.list() gives up after the policy's attempts, and does not multiply them", {
  retryPolicy: { maxAttempts: 4 },
}, async ({ emulator, remote }) => {
  emulator.tree.makeFolder("/Jotta/Archive/photos");
  await remote().list("");
  for (
    const action of [{ kind: "truncateXml" }, { kind: "status", status: 500 }, {
      kind: "dropResponseAfterBytes",
      bytes: 10,
    }] as const
  ) {
    emulator.clearRequests();
    emulator.clearFaults();
    emulator.addFault({ match: { path: "/Archive" }, times: 100, action });
    await assert.rejects(
      remote().list("photos"),
      (error) =>
        error instanceof JottashError && error.retry === "later" &&
        error.message.startsWith('Cannot list "jotta:photos": '),
    );
    assert.equal(emulator.requests.length, 4, action.kind);
  }
});

test("JottaRemote never takes a failing service for an empty folder or a missing file", {
  retryPolicy: { maxAttempts: 1 },
}, async ({ emulator, remote }) => {
  emulator.tree.putFile("/Jotta/Archive/dir/a", "x");
  await remote().list("");
  for (const status of [400, 401, 403, 409, 418, 500, 503]) {
    emulator.clearFaults();
    emulator.addFault({ match: { path: "/Archive/dir" }, times: 100, action: { kind: "status", status } });
    for (const call of [() => remote().list("dir"), () => remote().stat("dir/a")]) {
      await assert.rejects(
        call,
        (error) =>
          error instanceof JottashError && !(error instanceof DirectoryNotFoundError) &&
          !(error instanceof FileNotFoundError),
        String(status),
      );
    }
  }
});

test(
  "JottaRemote.stat() of a big folder leaves its entries alone, and the line works on",
  {},
  async (world) => {
    world.emulator.tree.seedSynthetic({ under: "/Jotta/Archive/big", folders: 1, filesPerFolder: 5000 });
    const folder = "big/folder-000001";
    for (let round = 0; round < 5; round++) {
      assert.equal((await world.remote().stat(folder))?.kind, "directory");
    }
    assert.equal((await world.remote().list(folder)).length, 5000);
  },
);

test(
  "JottaRemote.removeFile() succeeds when the first try had done it and its answer was lost",
  {},
  async (world) => {
    const { emulator, remote } = world;
    for (
      const action of [
        { kind: "dropBeforeResponse", afterEffect: true },
        { kind: "status", status: 500, afterEffect: true },
      ] as const
    ) {
      for (const dlMissingStatus of [200, 404] as const) {
        emulator.setSwitches({ dlMissingStatus });
        emulator.tree.putFile("/Jotta/Archive/a", "x");
        emulator.tree.putFile("/Jotta/Archive/dir/b", "x");
        emulator.addFault({ match: { query: "dl=true" }, times: 1, action });
        await remote().removeFile("a");
        emulator.addFault({ match: { query: "dlDir=true" }, times: 1, action });
        await remote().purge("dir");
        assert.deepEqual(await namesOf(remote()), []);
      }
    }
  },
);

test("JottaRemote sends dl for files and dlDir for folders, never anything that destroys", {
  switches: { dlOnFolder: "vanish" },
}, async ({ emulator, remote }) => {
  emulator.tree.putFile("/Jotta/Archive/dir/a", "x");
  emulator.tree.putFile("/Jotta/Archive/b", "x");
  await assert.rejects(remote().removeFile("dir"));
  await remote().removeFile("b");
  await remote().purge("dir");
  await assert.rejects(remote().purge(""));
  const commands = emulator.requests.filter((request) => request.method === "POST").map(({ path, query }) =>
    `${path.split("/").at(-1)}?${query}`
  );
  assert.deepEqual(commands, ["b?dl=true", "dir?dlDir=true"]);
});

test(
  "JottaRemote renews a refused session once and goes on",
  { tokenLifetimeSeconds: 0.05 },
  async (world) => {
    world.emulator.tree.putFile("/Jotta/Archive/a", "x");
    await world.remote().list("");
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(await textAt(world.remote(), "a"), "x");
  },
);

test("JottaRemote looks the user name up once, also after a failure", {}, async ({ emulator, remote }) => {
  emulator.addFault({
    match: { path: "/account/v1/customer" },
    times: 3,
    action: { kind: "status", status: 500 },
  });
  await Promise.all([remote().list(""), remote().list(""), remote().stat("x")]);
  const lookUps = emulator.requests.filter((request) =>
    request.path.includes("customer") && request.status === 200
  );
  assert.equal(lookUps.length, 1);
});

test(
  "JottaRemote stops at once although the account is still being looked up",
  {},
  async ({ emulator, remote }) => {
    emulator.addFault({ match: { path: "customer" }, times: 1, action: { kind: "stall", ms: 60_000 } });
    const stop = new AbortController();
    const listing = remote().list("", { signal: stop.signal });
    stop.abort(new Error("stop"));
    await assert.rejects(listing, /stop/);
  },
);

test(
  "JottaRemote.allocate() refuses times that the service cannot write",
  {},
  async ({ emulator, remote }) => {
    const request = { path: "a", size: 0, md5: "d41d8cd98f00b204e9800998ecf8427e", createdAtMs: 0 };
    for (const modifiedAtMs of [Date.UTC(10_000, 0), -1e14, NaN]) {
      await assert.rejects(remote().allocate({ ...request, modifiedAtMs }), LocalError);
    }
    assert.equal(emulator.stats.allocations, 0);
  },
);

test(
  "JottaRemote.about() tells quota and what is left of it",
  { quotaBytes: 100 },
  async ({ emulator, remote }) => {
    emulator.tree.putFile("/Jotta/Archive/a", "1234567890");
    assert.deepEqual(await remote().about(), { totalBytes: 100, usedBytes: 10, freeBytes: 90 });
    emulator.addFault({
      match: { path: `/jfs/${emulator.username}` },
      times: 2,
      action: { kind: "truncateXml", bytes: 100 },
    });
    assert.equal((await remote().about()).usedBytes, 10);
  },
);

test(
  "JottaRemote.open() refuses an answer that begins elsewhere",
  { retryPolicy: { maxAttempts: 1 } },
  async (world) => {
    const { emulator, remote } = world;
    emulator.tree.putFile("/Jotta/Archive/a", "0123456789");
    const file = await fileAt(remote(), "a");
    emulator.addFault({ match: { query: "mode=bin" }, times: 1, action: { kind: "status", status: 200 } });
    await assert.rejects(remote().open(file, { offset: 4 }), ProtocolError);
  },
);

test(
  "JottaAccount finds devices and mountpoints, without views and trashed ones",
  {},
  async ({ emulator, account }) => {
    emulator.tree.makeFolder("/Laptop/Backup");
    const devices = (await account.devices()).map((device) => device.name);
    assert.deepEqual(devices, ["Jotta", "Laptop"]);
    assert.deepEqual((await account.mountpoints("jotta")).map(({ name }) => name), ["Archive", "Sync"]);
    assert.deepEqual((await account.mountpoints("Laptop")).map(({ name }) => name), ["Backup"]);
    await assert.rejects(account.mountpoints("None"), FileNotFoundError);
    await account.requireMountpoint("laptop", "BACKUP");
    await assert.rejects(account.requireMountpoint("laptop", "Trash"), FileNotFoundError);
  },
);

test(
  "JottaAccount makes what is missing, except mountpoints of the built-in device",
  {},
  async ({ account }) => {
    assert.equal(await account.ensureDevice("jotta"), "Jotta");
    assert.equal(await account.ensureDevice("New PC"), "New PC");
    assert.equal(await account.ensureMountpoint("New PC", "Docs"), "Docs");
    assert.equal(await account.ensureMountpoint("New PC", "docs"), "Docs");
    assert.equal(await account.ensureMountpoint("Jotta", "archive"), "Archive");
    await assert.rejects(account.ensureMountpoint("Jotta", "Mine"), {
      code: "conflict",
      message: /"Archive", "Sync"/,
    });
  },
);

test("JottaRemote does not take a trashed mountpoint for an empty one", {}, async ({ emulator, remote }) => {
  emulator.tree.putFile("/Laptop/Backup/dir/a", "x");
  const backup = remote("", { device: "Laptop", mountpoint: "Backup" });
  assert.equal((await backup.stat(""))?.kind, "directory");
  assert.deepEqual(await namesOf(backup), ["directory dir"]);
  const { accessToken } = emulator.issueTokens();
  const headers = { authorization: `Bearer ${accessToken}` };
  const url = `${emulator.endpoint}/jfs/${emulator.username}/Laptop/Backup?dl=true`;
  await (await fetch(url, { method: "POST", headers })).body?.cancel();
  assert.equal(await backup.stat(""), undefined);
  await assert.rejects(backup.list(""), DirectoryNotFoundError);
  await assert.rejects(backup.list("dir"), DirectoryNotFoundError);
});
