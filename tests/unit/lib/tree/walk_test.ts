import assert from "node:assert/strict";
import { CancelledError, LocalError } from "../../../../lib/errors.ts";
import { joinPath, nameOf, parentOf } from "../../../../lib/tree/tree.ts";
import { type WalkOptions, walkTree } from "../../../../lib/tree/walk.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";

function sampleRemote(): MemoryRemote {
  const remote = new MemoryRemote();
  for (const path of ["b/2", "b/1", "a", "c/x/deep", "c/y", "B2"]) remote.put(path, path);
  remote.putFolder("empty");
  return remote;
}

async function pathsOf(remote: MemoryRemote, options: Partial<WalkOptions> = {}): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of walkTree(remote, { checkers: 3, ...options })) {
    paths.push(`${entry.kind[0]} ${entry.path}`);
  }
  return paths;
}

Deno.test("walkTree() gives a directory's entries in order, then those of its directories", async () => {
  const expected = ["f B2", "f a", "d b", "d c", "d empty", "f b/1", "f b/2", "d c/x", "f c/y", "f c/x/deep"];
  for (const checkers of [1, 2, 8]) assert.deepEqual(await pathsOf(sampleRemote(), { checkers }), expected);
});

Deno.test("walkTree() goes no deeper than it is told", async () => {
  const remote = sampleRemote();
  assert.deepEqual(await pathsOf(remote, { maxDepth: 1 }), ["f B2", "f a", "d b", "d c", "d empty"]);
  assert.equal(remote.calls.length, 1);
  assert.ok(!(await pathsOf(remote, { maxDepth: 2 })).includes("f c/x/deep"));
});

Deno.test("walkTree() shows a directory that cannot be listed, and goes on", async () => {
  const remote = sampleRemote();
  remote.beforeCall = ({ path }) => {
    if (path === "b") throw new LocalError("no permission");
  };
  const paths = await pathsOf(remote);
  assert.ok(paths.includes("u b"));
  assert.ok(paths.includes("f c/x/deep"));
});

Deno.test("walkTree() throws what keeps it from the root", async () => {
  const remote = sampleRemote();
  remote.beforeCall = () => {
    throw new LocalError("no permission");
  };
  await assert.rejects(pathsOf(remote), LocalError);
});

Deno.test("walkTree() ends with the reason of the signal", async () => {
  const remote = sampleRemote();
  const stop = new AbortController();
  remote.beforeCall = ({ path }) => {
    if (path === "b") stop.abort(new CancelledError("SIGTERM"));
  };
  await assert.rejects(pathsOf(remote, { signal: stop.signal, checkers: 1 }), { signal: "SIGTERM" });
});

Deno.test("walkTree() lets go of the listings under way when it is left early", async () => {
  const remote = sampleRemote();
  let aborted = 0;
  let running = 0;
  const { list } = remote;
  remote.list = async (path, options = {}) => {
    if (path === "") return await list.call(remote, path, options);
    running++;
    await new Promise((resolve) => options.signal?.addEventListener("abort", resolve));
    aborted++;
    throw options.signal?.reason;
  };
  for await (const _entry of walkTree(remote, { checkers: 3 })) break;
  assert.deepEqual([running, aborted], [3, 3]);
});

Deno.test("joinPath(), parentOf() and nameOf() belong together", () => {
  const cases = [["", "a", "a"], ["a", "", "a"], ["a", "b", "a/b"], ["a/b", "c", "a/b/c"], [
    "",
    "",
    "",
  ]] as const;
  for (const [directory, name, path] of cases) assert.equal(joinPath(directory, name), path);
  for (const path of ["a", "a/b", "a/b c/d"]) assert.equal(joinPath(parentOf(path), nameOf(path)), path);
  assert.equal(parentOf("a"), "");
});
