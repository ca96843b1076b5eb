/** What the service does oddly when it moves and copies by itself, one switch or fault of the emulator each. */
import assert from "node:assert/strict";
import { ConflictError, IntegrityError, NetworkError, ServiceError } from "../../lib/errors.ts";
import { fileAt, namesOf, textAt } from "./remote_suite.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const TREE = "/Jotta/Archive";

/** Every story ends without a byte of content on the line, but for what it reads back itself. */
function test(
  title: string,
  options: EmulatorWorldOptions,
  work: (world: EmulatorWorld) => Promise<void>,
): void {
  Deno.test(title, () =>
    withEmulator(options, async (world) => {
      await work(world);
      assert.equal(world.emulator.stats.uploads, 0);
    }));
}

function commandsSent({ emulator }: EmulatorWorld): string[] {
  return emulator.requests.filter(({ method }) => method === "POST")
    .map(({ path, query }) => `${path.split("/").slice(5).join("/")}?${query.split("=")[0]}`);
}

const lost = [
  { kind: "dropBeforeResponse", afterEffect: true },
  { kind: "status", status: 500, afterEffect: true },
] as const;

for (const action of lost) {
  for (const maxAttempts of [1, 3]) {
    const title = `${JSON.stringify(action)}, ${maxAttempts} tries`;
    test(
      `a move whose answer was lost has happened: ${title}`,
      { retryPolicy: { maxAttempts } },
      async (world) => {
        const { emulator, remote } = world;
        emulator.tree.putFile(`${TREE}/a`, "a");
        emulator.tree.putFile(`${TREE}/old`, "old");
        emulator.tree.putFile(`${TREE}/dir/b`, "b");
        const tree = remote();
        emulator.addFault({ match: { query: "mv=" }, times: 2, skip: 0, action });
        await tree.moveFile({ source: tree, from: "a", to: "old", overwrite: true });
        emulator.clearFaults();
        emulator.addFault({ match: { query: "mvDir=" }, times: 1, action });
        await tree.moveDirectory({ source: tree, from: "dir", to: "moved" });
        assert.deepEqual(emulator.tree.walkFiles(TREE), ["moved/b", "old"]);
        assert.equal(await textAt(tree, "old"), "a");
      },
    );
  }
}

test(
  "a mvDir that answers 500 after moving has moved",
  { switches: { mvDirAnswers500AfterMoving: true } },
  async (world) => {
    const { emulator, remote } = world;
    emulator.tree.putFile(`${TREE}/dir/a`, "a");
    const tree = remote();
    await tree.moveDirectory({ source: tree, from: "dir", to: "x/y" });
    assert.deepEqual(emulator.tree.walkFiles(TREE), ["x/y/a"]);
  },
);

test("a move that fails for good leaves the source, and what was to make way comes back", {
  retryPolicy: { maxAttempts: 2 },
}, async ({ emulator, remote }) => {
  const tree = remote();
  emulator.tree.putFile(`${TREE}/new`, "new");
  emulator.tree.putFile(`${TREE}/old`, "old", { modified: new Date(1e12) });
  for (const action of [{ kind: "status", status: 500 }, { kind: "dropBeforeResponse" }] as const) {
    emulator.clearFaults();
    emulator.addFault({ match: { query: "mv=" }, times: 99, action });
    await assert.rejects(
      tree.moveFile({ source: tree, from: "new", to: "old", overwrite: true }),
      (error) => error instanceof ServiceError || error instanceof NetworkError,
    );
    assert.deepEqual([await textAt(tree, "new"), await textAt(tree, "old")], ["new", "old"]);
    assert.equal((await fileAt(tree, "old")).modifiedAtMs, 1e12);
  }
});

test(
  "an answer that says moved, copied or trashed is not believed where nothing was done",
  {},
  async (world) => {
    const { emulator, remote } = world;
    const tree = remote();
    emulator.tree.putFile(`${TREE}/new`, "new");
    emulator.tree.putFile(`${TREE}/old`, "old");
    emulator.tree.putFile(`${TREE}/same`, "new");
    emulator.tree.putFile(`${TREE}/dir/a`, "a");
    const nothing = (query: string) =>
      emulator.addFault({ match: { query }, times: 1, action: { kind: "status", status: 200 } });
    nothing("mv=");
    await assert.rejects(
      tree.moveFile({ source: tree, from: "new", to: "old", overwrite: true }),
      IntegrityError,
    );
    assert.deepEqual([await textAt(tree, "new"), await textAt(tree, "old")], ["new", "old"]);
    nothing("cp=");
    await assert.rejects(tree.copyFile({ source: tree, from: "new", to: "copy" }), IntegrityError);
    nothing("dl=");
    await assert.rejects(
      tree.moveFile({ source: tree, from: "new", to: "same", overwrite: true }),
      ConflictError,
    );
    assert.equal(await textAt(tree, "new"), "new");
    nothing("mvDir=");
    await assert.rejects(tree.moveDirectory({ source: tree, from: "dir", to: "moved" }), IntegrityError);
    assert.equal(await textAt(tree, "dir/a"), "a");
  },
);

test(
  "a folder that turns up at the target is not taken for the one that was to be moved",
  {},
  async (world) => {
    const { emulator, remote } = world;
    const tree = remote();
    emulator.tree.putFile(`${TREE}/from/a`, "a");
    emulator.tree.putFile(`${TREE}/there/b`, "b");
    // As if it were made just after it was looked for.
    const action = { kind: "status", status: 404, body: "xml" } as const;
    emulator.addFault({ match: { method: "GET", path: "/there" }, times: 1, action });
    await assert.rejects(tree.moveDirectory({ source: tree, from: "from", to: "there" }), ConflictError);
    assert.deepEqual(emulator.tree.walkFiles(TREE), ["from/a", "there/b"]);
  },
);

test("parents are made before anything is moved, as rclone does for files", {}, async (world) => {
  const { emulator, remote } = world;
  const tree = remote();
  emulator.tree.putFile(`${TREE}/dir/a`, "a");
  await tree.moveDirectory({ source: tree, from: "dir", to: "p/q/dir" });
  await tree.moveFile({ source: tree, from: "p/q/dir/a", to: "r/a" });
  assert.deepEqual(commandsSent(world), ["p/q?mkDir", "dir/?mvDir", "r?mkDir", "p/q/dir/a?mv"]);
});

test("who stops a move gets back what was to make way", {}, async ({ emulator, remote }) => {
  const tree = remote();
  emulator.tree.putFile(`${TREE}/new`, "new");
  emulator.tree.putFile(`${TREE}/old`, "old");
  emulator.addFault({ match: { query: "mv=" }, times: 1, action: { kind: "stall" } });
  const stop = new AbortController();
  const moving = tree.moveFile({ source: tree, from: "new", to: "old", overwrite: true }, {
    signal: stop.signal,
  });
  while (!emulator.requests.some(({ query }) => query === "dl=true")) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  stop.abort(new Error("stop"));
  await assert.rejects(moving, /stop/);
  assert.deepEqual([await textAt(tree, "new"), await textAt(tree, "old")], ["new", "old"]);
});

test("where the replaced file cannot be brought back, the error says that it is in the trash", {
  retryPolicy: { maxAttempts: 1 },
}, async ({ emulator, remote }) => {
  const tree = remote();
  emulator.tree.putFile(`${TREE}/new`, "new");
  emulator.tree.putFile(`${TREE}/old`, "old");
  for (const query of ["mv=", "cphash"]) {
    emulator.addFault({ match: { query }, times: 99, action: { kind: "status", status: 500 } });
  }
  await assert.rejects(tree.moveFile({ source: tree, from: "new", to: "old", overwrite: true }), {
    code: "service",
    hint: 'The file that was at "jotta:old" before is in the trash of the account',
  });
  assert.ok(emulator.tree.isTrashed(`${TREE}/old`));
  assert.equal(await textAt(tree, "new"), "new");
});

test("a tombstone that refuses a move takes the content by its MD5, and keeps what it was as a version", {
  switches: { mvOntoTombstoneFails: true },
}, async (world) => {
  const { emulator, remote } = world;
  const tree = remote();
  for (const isLive of [false, true]) {
    const [from, to] = [`new ${isLive}`, `old ${isLive}`];
    emulator.tree.putFile(`${TREE}/${from}`, `new ${isLive}`, { modified: new Date(1e12) });
    emulator.tree.putFile(`${TREE}/${to}`, `old ${isLive}`);
    if (!isLive) emulator.tree.trash(`${TREE}/${to}`);
    await tree.moveFile({ source: tree, from, to, overwrite: isLive });
    const file = emulator.tree.getFile(`${TREE}/${to}`);
    assert.equal(await textAt(tree, to), `new ${isLive}`);
    assert.equal(file?.modified.getTime(), 1e12);
    assert.equal(file?.revisions.length, 2);
    assert.ok(emulator.tree.isTrashed(`${TREE}/${from}`));
  }
});

test("a trashed folder that holds the name of a file is a conflict that says so, and nothing is lost", {
  switches: { mvOntoTombstoneFails: true, otherKindReplacesTombstone: false },
}, async ({ emulator, remote }) => {
  const tree = remote();
  emulator.tree.putFile(`${TREE}/name/inside`, "x");
  emulator.tree.trash(`${TREE}/name`);
  emulator.tree.putFile(`${TREE}/a`, "a");
  const work = { source: tree, from: "a", to: "name" };
  const refused = { code: "conflict", hint: /empty the trash with "jottash cleanup"$/ };
  await assert.rejects(tree.moveFile(work), refused);
  await assert.rejects(tree.copyFile(work), refused);
  assert.equal(await textAt(tree, "a"), "a");
  assert.ok(emulator.tree.isTrashed(`${TREE}/name/inside`));
});

test("a trashed folder that refuses a mvDir is a conflict that can be told from others", {
  switches: { mvOntoTombstoneFails: true },
}, async ({ emulator, remote }) => {
  const tree = remote();
  emulator.tree.putFile(`${TREE}/old/x`, "x");
  emulator.tree.trash(`${TREE}/old`);
  emulator.tree.putFile(`${TREE}/new/y`, "y");
  await assert.rejects(
    tree.moveDirectory({ source: tree, from: "new", to: "old" }),
    (error) => error instanceof ConflictError && error.data.isTrashed === true,
  );
  assert.deepEqual(emulator.tree.walkFiles(TREE), ["new/y"]);
});

test("a folder goes onto a trashed one, and into a trashed parent", {}, async ({ emulator, remote }) => {
  const tree = remote();
  for (const path of ["old/x", "parent/y"]) emulator.tree.putFile(`${TREE}/${path}`, "x");
  emulator.tree.trash(`${TREE}/old`);
  emulator.tree.trash(`${TREE}/parent`);
  emulator.tree.putFile(`${TREE}/a/z`, "z");
  await tree.moveDirectory({ source: tree, from: "a", to: "old" });
  await tree.moveDirectory({ source: tree, from: "old", to: "parent/old" });
  assert.deepEqual(emulator.tree.walkFiles(TREE), ["parent/old/z"]);
});

for (const cpOntoTombstoneStaysTrashed of [true, false]) {
  test(`a copy onto a tombstone is live (cpOntoTombstoneStaysTrashed: ${cpOntoTombstoneStaysTrashed})`, {
    switches: { cpOntoTombstoneStaysTrashed },
  }, async (world) => {
    const { emulator, remote } = world;
    const tree = remote();
    emulator.tree.putFile(`${TREE}/a`, "a", { modified: new Date(1e12), created: new Date(9e11) });
    emulator.tree.putFile(`${TREE}/b`, "b");
    emulator.tree.trash(`${TREE}/b`);
    await tree.copyFile({ source: tree, from: "a", to: "b" });
    const copy = emulator.tree.getFile(`${TREE}/b`);
    assert.deepEqual([copy?.deleted, copy?.modified.getTime(), copy?.created.getTime()], [null, 1e12, 9e11]);
    assert.deepEqual(commandsSent(world), cpOntoTombstoneStaysTrashed ? ["a?cp", "b?cphash"] : ["a?cp"]);
  });
}

test(
  "a moved file keeps its identity, versions, times and link; its old name is free",
  {},
  async ({ emulator, remote }) => {
    const tree = remote();
    emulator.tree.putFile(`${TREE}/a`, "first");
    emulator.tree.putFile(`${TREE}/a`, "second", { modified: new Date(1e12) });
    await tree.makeLink("a");
    const before = emulator.tree.getFile(`${TREE}/a`);
    await tree.moveFile({ source: tree, from: "a", to: "sub/b" });
    const after = emulator.tree.getFile(`${TREE}/sub/b`);
    assert.deepEqual([after?.uuid, after?.publicUri, after?.revisions], [
      before?.uuid,
      before?.publicUri,
      before?.revisions,
    ]);
    assert.equal(emulator.tree.kindOf(`${TREE}/a`), undefined);
  },
);

test(
  "files and folders go from one device and mountpoint of the account to another",
  {},
  async ({ emulator, remote }) => {
    emulator.tree.makeFolder("/Laptop/Backup/box");
    const [archive, backup] = [remote(), remote("box", { device: "Laptop", mountpoint: "Backup" })];
    emulator.tree.putFile(`${TREE}/a`, "a");
    emulator.tree.putFile(`${TREE}/dir/b`, "b");
    assert.ok(backup.canTakeFrom(archive));
    await backup.copyFile({ source: archive, from: "a", to: "copy" });
    await backup.moveFile({ source: archive, from: "a", to: "a" });
    await backup.moveDirectory({ source: archive, from: "dir", to: "dir" });
    assert.deepEqual(emulator.tree.walkFiles("/Laptop/Backup"), ["box/a", "box/copy", "box/dir/b"]);
    assert.deepEqual(emulator.tree.walkFiles(TREE), []);
  },
);

test("trees of two accounts do not take from each other", {}, async ({ remote }) => {
  await withEmulator({}, (other) => {
    assert.equal(remote().canTakeFrom(other.remote()), false);
    return Promise.resolve();
  });
});

test("mvDir has its slash and every name is escaped, in the path and in the value", {}, async (world) => {
  const { emulator, remote } = world;
  const tree = remote();
  const name = "a+b #1; 100% ø&=?";
  emulator.tree.putFile(`${TREE}/plain/file`, "x");
  await tree.moveDirectory({ source: tree, from: "plain", to: name });
  await tree.moveDirectory({ source: tree, from: name, to: `${name}2` });
  assert.deepEqual(await namesOf(tree), [`directory ${name}2`]);
  const moves = emulator.requests.filter(({ query }) => query.startsWith("mvDir="));
  for (const { path, query } of moves) {
    assert.match(path, /\/$/);
    assert.match(`${path}?${query}`, /^[\w/.%?=-]+$/);
  }
  assert.match(moves[1]?.path ?? "", /a%2Bb%20%231%3B/);
});

test(
  "an upload that was never finished gives up its name to a moved file",
  {},
  async ({ emulator, remote }) => {
    const tree = remote();
    emulator.tree.seedIncomplete(`${TREE}/name`, "0123456789", 4);
    emulator.tree.putFile(`${TREE}/a`, "a");
    await tree.moveFile({ source: tree, from: "a", to: "name" });
    assert.deepEqual(emulator.tree.walkFiles(TREE), ["name"]);
    assert.equal(await textAt(tree, "name"), "a");
  },
);
