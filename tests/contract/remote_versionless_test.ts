/**
 * Uploads with no-versions on the wire: the order of requests, and what is under the name, or known to the user, when any
 * of them fails in any way. (API reference 5.6, 5.7, 5.14, 6.3.)
 */
import assert from "node:assert/strict";
import { JottashError } from "../../lib/errors.ts";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { uploadFile, type UploadOutcome } from "../../lib/transfer/upload.ts";
import type { FaultAction } from "../emulator/mod.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { type EmulatorWorld, type EmulatorWorldOptions, withEmulator } from "./remote_worlds.ts";

const TREE = "/Jotta/Archive";
const KEY = md5OfBytes(new TextEncoder().encode("a.txt")).slice(0, 16);
const FRESH = `.jottash-${KEY}.new`;
const FORMER = `.jottash-${KEY}.old`;

function test(
  title: string,
  work: (world: EmulatorWorld) => Promise<void>,
  options: EmulatorWorldOptions = {},
): void {
  Deno.test(title, () => withEmulator(options, work));
}

interface Upload {
  readonly content?: string;
  readonly path?: string;
  readonly signal?: AbortSignal;
}

async function upload(
  world: EmulatorWorld,
  { content = "new", path = "dir/a.txt", signal }: Upload = {},
): Promise<UploadOutcome> {
  const source = new MemoryRemote();
  source.put("a.txt", content, { modifiedAtMs: 1_700_000_000_000 });
  const file = await source.stat("a.txt");
  assert.ok(file?.kind === "file");
  const target = world.remote("", { noVersions: true });
  const { clock, policy } = world;
  return await uploadFile({ source, file, target, targetPath: path }, {
    retryPolicy: policy,
    retryContext: { clock, random: new SeededRandom(), signal },
    emit: () => {},
  });
}

function textAt({ emulator }: EmulatorWorld, name: string): string | undefined {
  const file = emulator.tree.getFile(`${TREE}/dir/${name}`);
  if (file === undefined || file.deleted !== null || file.md5 === "") return undefined;
  return new TextDecoder().decode(file.bytes());
}

/** `a.txt` with two versions, as an upload finds it. */
function seed({ emulator }: EmulatorWorld): void {
  emulator.tree.putFile(`${TREE}/dir/a.txt`, "older");
  emulator.tree.putFile(`${TREE}/dir/a.txt`, "old");
  emulator.tree.putFile(`${TREE}/dir/other`, "other");
  emulator.clearRequests();
}

/** Method, name and command of each request below the folder, and the two of an upload. */
function sent({ emulator }: EmulatorWorld): string[] {
  return emulator.requests.flatMap(({ method, path, query }) => {
    if (path.endsWith("/allocate")) return ["allocate"];
    if (path.startsWith("/upload/")) return ["send"];
    if (!path.includes("/dir/")) return [];
    const name = path.split("/").at(-1) ?? "";
    return [
      `${method} ${shown(name)}${
        query === "" ? "" : ` ${shown(decodeURIComponent(query).replace(/=.*\//, " ").replace("=true", ""))}`
      }`,
    ];
  });
}

function shown(text: string): string {
  return text.replace(FRESH, "NEW").replace(FORMER, "OLD");
}

/** Only the new content, with one version, and nothing that was in between. */
function assertReplaced(world: EmulatorWorld, content = "new"): void {
  const { tree } = world.emulator;
  assert.equal(textAt(world, "a.txt"), content);
  assert.deepEqual(tree.getFile(`${TREE}/dir/a.txt`)?.revisions.map(({ state }) => state), ["COMPLETED"]);
  assert.deepEqual(tree.list(`${TREE}/dir`, { all: true }), ["a.txt", "other"]);
}

test("no-versions: the new content is safe before the old is touched, and in place before that is destroyed", async (world) => {
  seed(world);
  assert.deepEqual(await upload(world), { how: "transferred", size: 3, resumedBytes: 0 });
  assertReplaced(world);
  assert.equal(world.emulator.tree.getFile(`${TREE}/dir/a.txt`)?.modified.getTime(), 1_700_000_000_000);
  const [first, second, ...rest] = sent(world);
  assert.deepEqual([first, second].sort(), ["GET NEW", "GET a.txt"]);
  assert.deepEqual(rest, [
    "allocate",
    "send",
    "GET NEW",
    "POST a.txt mv OLD",
    "GET OLD",
    "POST NEW mv a.txt",
    "GET a.txt",
    "POST OLD rm",
    "GET a.txt",
  ]);
});

test("without no-versions the file that is replaced becomes an older version", async (world) => {
  seed(world);
  const remote = world.remote();
  const md5 = md5OfBytes(new TextEncoder().encode("other"));
  await remote.allocate({ path: "dir/a.txt", size: 5, md5, modifiedAtMs: 0, createdAtMs: 0 });
  assert.equal(textAt(world, "a.txt"), "other");
  assert.equal(world.emulator.tree.getFile(`${TREE}/dir/a.txt`)?.revisions.length, 3);
  assert.deepEqual(sent(world), ["allocate"]);
});

test("no-versions: content that the service knows is not sent, and the file has one version all the same", async (world) => {
  seed(world);
  assert.equal((await upload(world, { content: "other" })).how, "deduplicated");
  assertReplaced(world, "other");
  assert.ok(!sent(world).includes("send"));
});

test("no-versions: a file with the same content only gets new times, and keeps its versions", async (world) => {
  seed(world);
  assert.equal((await upload(world, { content: "old" })).how, "deduplicated");
  assert.equal(world.emulator.tree.getFile(`${TREE}/dir/a.txt`)?.revisions.length, 2);
  assert.equal(world.emulator.tree.getFile(`${TREE}/dir/a.txt`)?.modified.getTime(), 1_700_000_000_000);
  assert.ok(!sent(world).some((each) => / mv | rm$/.test(each)));
});

test("no-versions: a new file, one in the trash and an empty one are uploaded as ever", async (world) => {
  const { tree } = world.emulator;
  tree.putFile(`${TREE}/dir/b`, "in the trash");
  tree.trash(`${TREE}/dir/b`);
  await upload(world);
  await upload(world, { path: "dir/b" });
  await upload(world, { path: "dir/empty", content: "" });
  await upload(world, { path: "dir/empty", content: "filled" });
  await upload(world, { path: "dir/empty", content: "" });
  assert.deepEqual(tree.list(`${TREE}/dir`, { all: true }), ["a.txt", "b", "empty"]);
  assert.deepEqual([textAt(world, "a.txt"), textAt(world, "b"), textAt(world, "empty")], ["new", "new", ""]);
  assert.equal(tree.getFile(`${TREE}/dir/empty`)?.revisions.length, 1);
});

test("no-versions: the name keeps its spelling, and a folder that has it is a conflict", async (world) => {
  world.emulator.tree.putFile(`${TREE}/dir/Read Me+.txt`, "old");
  world.emulator.tree.makeFolder(`${TREE}/dir/folder`);
  await upload(world, { path: "dir/READ me+.txt" });
  assert.deepEqual(world.emulator.tree.list(`${TREE}/dir`, { all: true }), ["Read Me+.txt", "folder"]);
  assert.equal(textAt(world, "Read Me+.txt"), "new");
  await assert.rejects(upload(world, { path: "dir/folder" }), { code: "conflict" });
});

test("no-versions: what another client put there during the upload becomes an older version", async (world) => {
  seed(world);
  const { emulator } = world;
  const target = world.remote("", { noVersions: true });
  const bytes = new TextEncoder().encode("new");
  const request = { path: "dir/a.txt", size: 3, md5: md5OfBytes(bytes), modifiedAtMs: 0, createdAtMs: 0 };
  const slot = await target.allocate(request);
  assert.ok(slot.state === "wanted");
  emulator.tree.putFile(`${TREE}/dir/a.txt`, "of another client");
  await slot.send(ReadableStream.from([bytes]));
  assert.equal(textAt(world, "a.txt"), "new");
  const versions = emulator.tree.getFile(`${TREE}/dir/a.txt`)?.revisions.map(({ md5 }) => md5);
  assert.equal(versions?.[1], md5OfBytes(new TextEncoder().encode("of another client")));
  assert.deepEqual(emulator.tree.list(`${TREE}/dir`, { all: true }), ["a.txt", "other"]);
});

test("no-versions: a file that was deleted during the upload is uploaded", async (world) => {
  seed(world);
  const target = world.remote("", { noVersions: true });
  const bytes = new TextEncoder().encode("new");
  const request = { path: "dir/a.txt", size: 3, md5: md5OfBytes(bytes), modifiedAtMs: 0, createdAtMs: 0 };
  const slot = await target.allocate(request);
  assert.ok(slot.state === "wanted");
  await world.remote("", { hardDelete: true }).removeFile("dir/a.txt");
  await slot.send(ReadableStream.from([bytes]));
  assertReplaced(world);
});

test("no-versions: a stop during the upload leaves the old file, and the next run goes on", async (world) => {
  seed(world);
  const stop = new AbortController();
  stop.abort(new Error("stop"));
  await assert.rejects(upload(world, { signal: stop.signal }), /stop/);
  assert.equal(textAt(world, "a.txt"), "old");
  await upload(world);
  assertReplaced(world);
});

const ACTIONS: readonly FaultAction[] = [
  { kind: "status", status: 500 },
  { kind: "status", status: 500, afterEffect: true },
  { kind: "status", status: 404 },
  { kind: "status", status: 404, afterEffect: true },
  { kind: "status", status: 409 },
  { kind: "status", status: 409, afterEffect: true },
  { kind: "dropBeforeResponse" },
  { kind: "dropBeforeResponse", afterEffect: true },
  { kind: "dropRequestAfterBytes", bytes: 1 },
  { kind: "truncateBody" },
];
/** Requests of an upload that goes well. */
const REQUESTS = 11;
const ON_FILES = /dir\/|allocate|upload/;

/** Content is under the name, or the message names where it is. */
function assertNothingLost(world: EmulatorWorld, error: unknown, what: string): void {
  const at = textAt(world, "a.txt");
  if (error === undefined) {
    assert.equal(at, "new", what);
    return;
  }
  assert.ok(error instanceof JottashError, `${what}: ${error}`);
  if (at === "old" || at === "new") return;
  assert.equal(at, undefined, what);
  const named = [FRESH, FORMER].filter((name) => error.hint?.includes(`"jotta:dir/${name}"`));
  const contents = named.map((name) => textAt(world, name)).filter((text) => text !== undefined);
  assert.ok(contents.includes("new"), `${what}: told ${error.hint}, there is ${contents}`);
}

/** Where the service said that a file is not there although it is, older versions may have stayed. */
function assertMended(
  world: EmulatorWorld,
  { action, what }: { readonly action: FaultAction; readonly what: string },
): void {
  const { tree } = world.emulator;
  assert.equal(textAt(world, "a.txt"), "new", what);
  assert.deepEqual(tree.list(`${TREE}/dir`, { all: true }), ["a.txt", "other"], what);
  if (action.kind === "status" && action.status === 404) return;
  assert.equal(tree.getFile(`${TREE}/dir/a.txt`)?.revisions.length, 1, what);
}

for (const maxAttempts of [1, 4]) {
  for (const action of ACTIONS) {
    const { kind, ...rest } = action;
    const name = `${kind} ${JSON.stringify(rest)}, ${maxAttempts} tries`;

    test(
      `no-versions: one failing request loses nothing, and the next run mends it: ${name}`,
      async (world) => {
        for (let skip = 0; skip < REQUESTS; skip++) {
          seed(world);
          world.emulator.addFault({ match: { path: ON_FILES }, times: 1, skip, action });
          const error = await upload(world).then(() => undefined, (reason: unknown) => reason);
          const what = `${name}, request ${skip + 1}: ${error}`;
          assertNothingLost(world, error, what);
          world.emulator.clearFaults();
          await upload(world);
          assertMended(world, { action, what });
          world.emulator.tree.remove(`${TREE}/dir`);
        }
      },
      { retryPolicy: { maxAttempts } },
    );

    test(
      `no-versions: a service that fails from any request on loses nothing, and the next run mends it: ${name}`,
      async (world) => {
        for (let skip = 0; skip < REQUESTS; skip++) {
          seed(world);
          world.emulator.addFault({ match: { path: ON_FILES }, times: 1_000, skip, action });
          const error = await upload(world).then(() => undefined, (reason: unknown) => reason);
          const what = `${name}, from request ${skip + 1} on: ${error}`;
          assertNothingLost(world, error, what);
          world.emulator.clearFaults();
          await upload(world);
          assertMended(world, { action, what });
          world.emulator.tree.remove(`${TREE}/dir`);
        }
      },
      { retryPolicy: { maxAttempts } },
    );
  }
}
