/** What upload-resume-limit changes on the wire, and where the service's own position is kept whatever the limit says. */
import assert from "node:assert/strict";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { uploadFile, type UploadOutcome } from "../../lib/transfer/upload.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { type EmulatorWorld, withEmulator } from "./remote_worlds.ts";

const PLACE = "/Jotta/Archive/dir/a";
const CONTENT = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);

function test(title: string, work: (world: EmulatorWorld) => Promise<void>): void {
  Deno.test(title, () => withEmulator({}, work));
}

async function upload(
  { remote, clock, policy, emulator }: EmulatorWorld,
  uploadResumeLimit: number | undefined,
): Promise<UploadOutcome> {
  const source = new MemoryRemote();
  source.put("a", CONTENT);
  const file = await source.stat("a");
  assert.ok(file?.kind === "file");
  emulator.clearRequests();
  const target = remote("", { uploadResumeLimit });
  const context = {
    retryPolicy: policy,
    retryContext: { clock, random: new SeededRandom() },
    emit: () => {},
  };
  return await uploadFile({ source, file, target, targetPath: "dir/a" }, context);
}

/** What was asked for, and with which range bytes were sent. */
function sent({ emulator }: EmulatorWorld): string[] {
  return emulator.requests.filter(({ method }) => method === "POST").map(({ path, query, headers }) => {
    if (path.endsWith("/allocate")) return "allocate";
    if (!path.startsWith("/upload/")) return query;
    return `send ${headers["range"] ?? "all"} (${headers["content-length"]})`;
  });
}

function assertArrived({ emulator }: EmulatorWorld): void {
  const file = emulator.tree.getFile(PLACE);
  assert.equal(file?.md5, md5OfBytes(CONTENT));
  assert.equal(file.deleted, null);
}

const RESUMED = ["allocate", "send bytes=4000-9999 (6000)"];
const ANEW = ["allocate", "rm=true", "allocate", "send all (10000)"];

for (
  const [limit, expected] of [[undefined, RESUMED], [0, RESUMED], [9_999, RESUMED], [10_000, ANEW]] as const
) {
  test(`upload-resume-limit ${limit}: ${expected.length === 2 ? "goes on" : "is sent anew"} where a run broke off`, async (world) => {
    world.emulator.tree.seedIncomplete(PLACE, CONTENT, 4_000);
    const { resumedBytes } = await upload(world, limit);
    assert.deepEqual(sent(world), expected);
    assert.equal(resumedBytes, expected === RESUMED ? 4_000 : 0);
    assertArrived(world);
  });
}

test("upload-resume-limit: what this very run has sent counts, whatever the size", async (world) => {
  const cut = { kind: "dropRequestAfterBytes", bytes: 3_000 } as const;
  world.emulator.addFault({ match: { path: "/upload/" }, times: 1, action: cut });
  await upload(world, 1_000_000);
  assert.deepEqual(sent(world), ["allocate", "send all (10000)", "allocate", "send bytes=3000-9999 (7000)"]);
  assertArrived(world);
});

test("upload-resume-limit: a file that is there, live or in the trash, is never destroyed for it", async (world) => {
  const { tree } = world.emulator;
  for (const isTrashed of [false, true]) {
    tree.putFile(PLACE, "what was there before");
    if (isTrashed) tree.trash(PLACE);
    tree.seedIncomplete(PLACE, CONTENT, 4_000);
    if (isTrashed) tree.trash(PLACE);
    await upload(world, 1_000_000);
    assert.deepEqual(sent(world), RESUMED);
    assertArrived(world);
    const versions = tree.getFile(PLACE)?.revisions.map(({ md5 }) => md5) ?? [];
    assert.ok(versions.includes(md5OfBytes(new TextEncoder().encode("what was there before"))));
    tree.remove(PLACE);
  }
});

test("upload-resume-limit: where the broken upload cannot be destroyed, it goes on", async (world) => {
  world.emulator.tree.seedIncomplete(PLACE, CONTENT, 4_000);
  world.emulator.addFault({ match: { query: "rm=" }, times: 1, action: { kind: "status", status: 403 } });
  await upload(world, 1_000_000);
  assert.deepEqual(sent(world), ["allocate", "rm=true", "send bytes=4000-9999 (6000)"]);
  assertArrived(world);
});

test("upload-resume-limit: a destruction whose answer was lost has happened", async (world) => {
  world.emulator.tree.seedIncomplete(PLACE, CONTENT, 4_000);
  const action = { kind: "dropBeforeResponse", afterEffect: true } as const;
  world.emulator.addFault({ match: { query: "rm=" }, times: 1, action });
  await upload(world, 1_000_000);
  assert.deepEqual(sent(world), ["allocate", "rm=true", "rm=true", "allocate", "send all (10000)"]);
  assertArrived(world);
});
