/** A remote whose listings come from one stream: what a stream can do wrong, and what it saves. */
import assert from "node:assert/strict";
import { CancelledError, DirectoryNotFoundError, type JottashError, NetworkError } from "../../lib/errors.ts";
import type { FastListOptions, Remote } from "../../lib/remote/remote.ts";
import type { Entry, Listable } from "../../lib/tree/tree.ts";
import { walkTree } from "../../lib/tree/walk.ts";
import type { Emulator, FaultAction } from "../emulator/mod.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const CHECKERS = 4;

function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () => withEmulator(options, work));
}

/** An entry as text; what a stream does not tell left out. */
function shown(entry: Entry): string {
  if (entry.kind === "file") {
    const { path, size, modifiedAtMs, createdAtMs, md5 } = entry;
    return JSON.stringify({ path, size, modifiedAtMs, createdAtMs, md5 });
  }
  return entry.kind === "unreadable" ? `unreadable ${entry.path}: ${entry.error.message}` : `${entry.path}/`;
}

/** Everything in the tree in order of the paths: of one walk over all, or of a listing for each folder. */
async function all(tree: Remote, by: "walkAll" | "list" = "walkAll"): Promise<string[]> {
  const listable: Listable = by === "walkAll" ? tree : { list: (path, options) => tree.list(path, options) };
  const entries = await Array.fromAsync(walkTree(listable, { checkers: CHECKERS }));
  return entries.map(shown).sort();
}

function fast(world: Pick<EmulatorWorld, "remote">, more: Partial<FastListOptions> = {}): Remote {
  return world.remote().fastListed({ mode: "always", checkers: CHECKERS, ...more });
}

/** Listings asked for since the last look: those of a whole tree, those of one folder. */
function takeCounts(emulator: Emulator): { streams: number; listings: number } {
  const requests = emulator.requests.filter(({ method, path }) =>
    method === "GET" && path.startsWith("/jfs/")
  );
  emulator.clearRequests();
  const streams = requests.filter(({ query }) => query === "mode=liststream").length;
  return { streams, listings: requests.length - streams };
}

function seed({ tree }: Emulator): void {
  tree.putFile("/Jotta/Archive/top", "1");
  tree.putFile("/Jotta/Archive/a/one", "22", { modified: new Date(1_600_000_000_000) });
  tree.putFile("/Jotta/Archive/a/b/two", "333");
  tree.putFile("/Jotta/Archive/a/b/c/d/deep", "4444");
  tree.makeFolder("/Jotta/Archive/a/empty");
  tree.putFile("/Jotta/Archive/a/gone", "x");
  tree.trash("/Jotta/Archive/a/gone");
  tree.putFile("/Jotta/Archive/trashed/inside", "x");
  tree.trash("/Jotta/Archive/trashed");
  tree.seedIncomplete("/Jotta/Archive/a/half", "xyz", 1);
  tree.seedCorrupt("/Jotta/Archive/a/bad", "xyz");
}

for (const listStreamFolders of ["withoutFiles", "all"] as const) {
  for (const by of ["walkAll", "list"] as const) {
    test(
      `one request tells what a listing of each folder tells (${by}, elements for folders: ${listStreamFolders})`,
      { switches: { listStreamFolders, upperCaseMd5: true, emptyModified: listStreamFolders === "all" } },
      async (world) => {
        const { emulator } = world;
        seed(emulator);
        const expected = await all(world.remote());
        assert.equal(expected.length, 9);
        takeCounts(emulator);
        assert.deepEqual(await all(fast(world), by), expected);
        // The look at the root tells a missing one from an empty one.
        assert.deepEqual(takeCounts(emulator), { streams: 1, listings: 1 });
      },
    );
  }
}

test(
  "a folder below the mountpoint is found in a stream whatever the case it was written in",
  {},
  async (world) => {
    world.emulator.tree.putFile("/Jotta/Archive/Fotos/Ærø/2024/a.jpg", "x");
    for (const root of ["Fotos/Ærø", "fotos/ÆRØ"]) {
      const remote = world.remote(root).fastListed({ mode: "always", checkers: CHECKERS });
      takeCounts(world.emulator);
      assert.deepEqual(
        (await Array.fromAsync(walkTree(remote, { checkers: 1 }))).map(({ path }) => path).sort(),
        [
          "2024",
          "2024/a.jpg",
        ],
      );
      assert.deepEqual(takeCounts(world.emulator), { streams: 1, listings: 1 }, root);
    }
    const remote = world.remote("fotos").fastListed({ mode: "always", checkers: CHECKERS });
    assert.deepEqual((await remote.list("ærø/2024")).map(({ path }) => path), ["ærø/2024/a.jpg"]);
  },
);

test("an entry is there before the stream has ended", {}, async (world) => {
  const { emulator } = world;
  for (let index = 0; index < 500; index++) emulator.tree.putFile(`/Jotta/Archive/f/${index}`, `${index}`);
  emulator.addFault({
    match: { query: "liststream" },
    times: 1,
    action: { kind: "stall", afterResponseBytes: 20_000 },
  });
  const stop = new AbortController();
  const walk = walkTree(fast(world), { checkers: CHECKERS, signal: stop.signal });
  assert.deepEqual((await walk.next()).value?.path, "f");
  assert.deepEqual((await walk.next()).value?.path, "f/0");
  const waiting = (async () => {
    while (!(await walk.next()).done) { /* until the stall */ }
  })();
  stop.abort(new CancelledError());
  await assert.rejects(waiting, CancelledError);
});

const BROKEN: readonly { readonly name: string; readonly action: FaultAction }[] = [
  { name: "cut tidily", action: { kind: "truncateXml", bytes: 9_000 } },
  { name: "cut by the line", action: { kind: "dropResponseAfterBytes", bytes: 9_000 } },
  { name: "no XML", action: { kind: "malformedXml" } },
  { name: "garbled", action: { kind: "corruptBody", at: 9_000 } },
  { name: "status 500", action: { kind: "status", status: 500 } },
  { name: "status 404", action: { kind: "status", status: 404 } },
  { name: "no answer", action: { kind: "dropBeforeResponse" } },
];

for (const { name, action } of BROKEN) {
  for (const by of ["walkAll", "list"] as const) {
    for (const times of [1, 1_000]) {
      test(`a stream that breaks off hides and doubles nothing (${name}, ${times} times, ${by})`, {
        retryPolicy: { maxAttempts: 2 },
      }, async (world) => {
        const { emulator } = world;
        seed(emulator);
        for (let index = 0; index < 300; index++) {
          emulator.tree.putFile(`/Jotta/Archive/many/${index % 7}/${index}`, `${index}`);
        }
        const expected = await all(world.remote());
        emulator.addFault({ match: { query: "liststream" }, times, action });
        const reasons: JottashError[] = [];
        const found = await all(fast(world, { onFallback: (error) => reasons.push(error) }), by);
        assert.deepEqual(found, expected);
        if (times > 1) assert.notEqual(reasons.length, 0, "nobody was told");
      });
    }
  }
}

for (const wrong of ["listStreamWrongStats", "listStreamTruncated"] as const) {
  for (const by of ["walkAll", "list"] as const) {
    test(`a stream that is not what was announced is not believed (${wrong}, ${by})`, {
      switches: { [wrong]: true },
    }, async (world) => {
      seed(world.emulator);
      const expected = await all(world.remote());
      const reasons: JottashError[] = [];
      takeCounts(world.emulator);
      assert.deepEqual(await all(fast(world, { onFallback: (error) => reasons.push(error) }), by), expected);
      const { streams, listings } = takeCounts(world.emulator);
      // A service that counts wrong does so each time; then each folder is asked for.
      assert.equal(streams, by === "list" ? 3 : 4);
      assert.ok(listings >= 7, `${listings} listings`);
      assert.match(reasons[0]?.message ?? "", /^Cannot list all of "jotta:": the service /);
    });
  }
}

test("a tree that is too large for the memory is listed folder by folder", {}, async (world) => {
  world.emulator.tree.seedSynthetic({ folders: 30, filesPerFolder: 2 });
  const expected = await all(world.remote());
  const reasons: JottashError[] = [];
  const small = { maxStoreBytes: 1_000, onFallback: (error: JottashError) => void reasons.push(error) };
  assert.deepEqual(await all(fast(world, small), "list"), expected);
  assert.match(String(reasons[0]?.message), /there is too much for the memory/);
  // Entries that go on at once need no memory, until the stream breaks off: then it is an error, never a part.
  assert.deepEqual(await all(fast(world, small)), expected);
  world.emulator.addFault({
    match: { query: "liststream" },
    times: 1,
    action: { kind: "truncateXml", bytes: 9_000 },
  });
  await assert.rejects(all(fast(world, small)), /Cannot list all of "jotta:"/);
});

test("a root that is not there, in the trash or a file is told as by a plain listing", {}, async (world) => {
  const { emulator } = world;
  emulator.tree.putFile("/Jotta/Archive/file", "x");
  emulator.tree.putFile("/Jotta/Archive/trashed/inside", "x");
  emulator.tree.trash("/Jotta/Archive/trashed");
  for (const root of ["missing", "trashed", "file"]) {
    const expected = await world.remote(root).list("").catch((error) => error);
    for (const mode of ["always", "auto"] as const) {
      for (const by of ["walkAll", "list"] as const) {
        const remote = world.remote(root).fastListed({ mode, checkers: CHECKERS });
        const error = await all(remote, by).catch((error) => error);
        assert.deepEqual(
          [error.name, error.message],
          [expected.name, expected.message],
          `${root} ${mode} ${by}`,
        );
      }
    }
  }
});

test("a listing is given once: who asks again asks the service", {}, async (world) => {
  const { emulator } = world;
  seed(emulator);
  const remote = fast(world);
  assert.deepEqual((await remote.list("a/b")).map(({ path }) => path).sort(), ["a/b/c", "a/b/two"]);
  await remote.removeFile("a/b/two");
  await remote.makeDirectory("a/b/new");
  assert.deepEqual((await remote.list("a/b")).map(({ path }) => path).sort(), ["a/b/c", "a/b/new"]);
  await assert.rejects(remote.list("nowhere"), DirectoryNotFoundError);
  // Neither is it the answer of any other verb.
  assert.equal(await remote.stat("a/b/two"), undefined);
  assert.equal((await remote.stat("a/b/new"))?.kind, "directory");
});

test("files of a fast listing can be moved by the service, as any other", {}, async (world) => {
  seed(world.emulator);
  const [source, target] = [fast(world), fast(world)];
  assert.ok(target.canTakeFrom(source));
  assert.ok(world.remote().canTakeFrom(source));
  await target.moveFile({ source, from: "a/one", to: "moved" });
  assert.ok(world.emulator.tree.exists("/Jotta/Archive/moved"));
});

test("names of other programs are what a plain listing makes of them", {}, async (world) => {
  const { emulator } = world;
  const { tree } = emulator;
  const stored = [
    "50%",
    "dir%/inside",
    "sq‛/z/deep",
    "sq‛/w",
    "both%/theirs",
    "both％/ours",
    "both ‛/theirs",
    "both ‛‛/ours",
    "twin%",
    "twin％",
    "ordinary",
    "sub/‛q",
    "sub/plain",
    "‛ff",
    "a＋b",
    "+ #;&'",
    " space ",
    "dot.",
    "‛‛",
    "\u00e9\u0065\u0301",
    "𝄞",
  ];
  for (const path of stored) tree.putFile(`/Jotta/Archive/${path}`, path);
  const expected = await all(world.remote());
  assert.ok(expected.some((line) => line.startsWith("unreadable")));
  for (const by of ["walkAll", "list"] as const) assert.deepEqual(await all(fast(world), by), expected, by);
  // The names, once listed, can be asked for.
  for (const by of ["walkAll", "list"] as const) {
    const remote = fast(world);
    await all(remote, by);
    const file = await remote.stat("sq‛‛/z/deep");
    assert.ok(file?.kind === "file", by);
    assert.equal(await new Response(await remote.open(file)).text(), "sq‛/z/deep");
  }
  // The same when ordinary listings have come across them before the stream began.
  for (let index = 0; index < 20; index++) tree.putFile(`/Jotta/Archive/sub/${index}/file`, `${index}`);
  const more = await all(world.remote());
  for (let checkers = 1; checkers < 12; checkers++) {
    const remote = world.remote().fastListed({ mode: "auto", checkers });
    const entries = await Array.fromAsync(walkTree(remote, { checkers }));
    assert.deepEqual(entries.map(shown).sort(), more, `${checkers} checkers`);
  }
});

for (const by of ["walkAll", "list"] as const) {
  test(
    `auto: few folders and large ones are listed, many come with one request (${by})`,
    {},
    async (world) => {
      const { emulator } = world;
      const count = async (checkers: number) => {
        const expected = await all(world.remote());
        takeCounts(emulator);
        assert.deepEqual(await all(fast(world, { mode: "auto", checkers }), by), expected);
        return takeCounts(emulator);
      };
      emulator.tree.seedSynthetic({ under: "/Jotta/Archive/large", folders: 1, filesPerFolder: 2_000 });
      assert.deepEqual(await count(CHECKERS), { streams: 0, listings: 3 });
      emulator.tree.seedSynthetic({ under: "/Jotta/Archive/many", folders: 300, filesPerFolder: 1 });
      const { streams, listings } = await count(CHECKERS);
      assert.equal(streams, 1);
      assert.ok(listings <= 4 * CHECKERS, `${listings} listings`);
      assert.deepEqual(await count(1_000), { streams: 0, listings: 304 });
      // Most of what is there is not wanted: the stream would bring it all.
      const wants = (path: string) => !/many\/folder-000[0-2]/.test(path);
      takeCounts(emulator);
      await all(fast(world, { mode: "auto", wants }), by);
      assert.equal(takeCounts(emulator).streams, 0);
    },
  );
}

test(
  "a folder that nobody wants is not listed, before a stream and after a broken one",
  {},
  async (world) => {
    const { emulator } = world;
    seed(emulator);
    emulator.tree.putFile("/Jotta/Archive/cache/deep/x", "x");
    const wants = (path: string) => path !== "cache";
    for (const mode of ["auto", "always"] as const) {
      takeCounts(emulator);
      emulator.addFault({
        match: { query: "liststream" },
        times: 9,
        action: { kind: "truncateXml", bytes: 200 },
      });
      const found = await Array.fromAsync(walkTree(fast(world, { mode, wants }), { checkers: CHECKERS }));
      assert.ok(found.some(({ path }) => path === "a/b/c/d/deep"), mode);
      assert.ok(emulator.requests.every(({ path }) => !path.includes("cache")), mode);
      emulator.clearFaults();
    }
  },
);

test("a stream that nobody waits for any more is broken off", {}, async (world) => {
  const { emulator } = world;
  seed(emulator);
  emulator.addFault({
    match: { query: "liststream" },
    times: 1,
    action: { kind: "stall", afterResponseBytes: 100 },
  });
  const remote = fast(world);
  const stop = new AbortController();
  const listings = ["", "a", "a/b"].map((path) => remote.list(path, { signal: stop.signal }));
  while (emulator.stats.faultsFired === 0) await remote.stat("top"); // until the stream is on its way
  stop.abort(new CancelledError());
  for (const listing of listings) await assert.rejects(listing, CancelledError);
  assert.deepEqual((await remote.list("a/b")).map(({ path }) => path).sort(), ["a/b/c", "a/b/two"]);
});

test(
  "a service that is gone is an error, never an empty tree",
  { retryPolicy: { maxAttempts: 2 } },
  async (world) => {
    seed(world.emulator);
    await world.remote().list("");
    world.emulator.addFault({
      match: { path: "/jfs/" },
      times: 10_000,
      action: { kind: "dropBeforeResponse" },
    });
    for (const mode of ["always", "auto"] as const) {
      for (const by of ["walkAll", "list"] as const) {
        await assert.rejects(all(fast(world, { mode }), by), NetworkError);
      }
    }
  },
);
