/** Sizes and content counts stay right under any mix of commands. */
import assert from "node:assert/strict";
import { TreeView } from "../../../emulator/tree_view.ts";
import { type Session, startSession, textOf } from "./session.ts";

/** Small deterministic generator (LCG), so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
}

const FOLDERS = ["/Jotta/Archive", "/Jotta/Archive/a", "/Jotta/Archive/a/b", "/Jotta/Sync", "/Jotta/Sync/c"];
const NAMES = ["x", "X", "y", "a", "b", "c"];

async function randomStep(session: Session, pick: (below: number) => number): Promise<void> {
  const any = () => `${FOLDERS[pick(FOLDERS.length)]}/${NAMES[pick(NAMES.length)]}`;
  const path = any();
  const steps: (() => Promise<unknown>)[] = [
    async () => {
      const content = "c".repeat(pick(6));
      const allocated = await session.allocate(path, content);
      if (allocated.state === "INCOMPLETE") {
        await session.send(allocated.upload_url, content.slice(0, pick(7)));
      }
    },
    () => session.post(`${path}?dl=true`),
    () => session.post(`${path}?dlDir=true`),
    () => session.post(`${path}?rm=true`),
    () => session.post(`${path}?rmDir=true`),
    () => session.post(`${path}?mkDir=true`),
    () => session.post(`${path}?mv=${session.target(any())}`),
    () => session.post(`${path}/?mvDir=${session.target(any())}`),
    () => session.post(`${path}?cp=${session.target(any())}`),
    () => session.call("/files/v1/purge_trash", { method: "POST" }),
  ];
  const weighted = [...Array(6).fill(0), ...steps.keys()];
  await steps[weighted[pick(weighted.length)] ?? 0]?.();
}

/** Sum of completed revisions and set of contents, found by walking everything. */
function walkAll(tree: TreeView, path: string, found: { bytes: number; contents: Set<string> }): void {
  for (const name of tree.list(path, { all: true })) {
    const file = tree.getFile(`${path}/${name}`);
    if (file === undefined) walkAll(tree, `${path}/${name}`, found);
    for (const { state, size, md5 } of file?.revisions ?? []) {
      if (state !== "COMPLETED") continue;
      found.bytes += size;
      found.contents.add(md5);
    }
  }
}

for (const seed of [1, 2, 3]) {
  Deno.test(`mountpoint sizes, usage and stored contents match the tree after random commands (seed ${seed})`, async () => {
    await using session = await startSession();
    const pick = generator(seed);
    for (let step = 0; step < 400; step += 1) await randomStep(session, pick);
    const contents = new Set<string>();
    let bytes = 0;
    for (const mount of ["/Jotta/Archive", "/Jotta/Sync"]) {
      const found = { bytes: 0, contents };
      walkAll(session.emulator.tree, mount, found);
      assert.equal(textOf((await session.get(mount)).text, "size"), String(found.bytes), mount);
      bytes += found.bytes;
    }
    const { usedBytes, blobs } = session.emulator.stats;
    assert.deepEqual([usedBytes, blobs], [bytes, contents.size]);
    assert.ok(session.emulator.requests.every(({ status }) => status !== 0 && (status < 500)));
  });
}
