import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { CancelledError, LocalError } from "../../../../lib/errors.ts";
import { type BranchOptions, walkBranches } from "../../../../lib/tree/branches.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";

function sampleRemote(): MemoryRemote {
  const remote = new MemoryRemote();
  for (const path of ["b/2", "b/1/x", "a", "c/x/deep", "d", ".h/y"]) remote.put(path, path);
  remote.putFolder("empty");
  return remote;
}

async function linesOf(remote: MemoryRemote, options: Partial<BranchOptions> = {}): Promise<string[]> {
  const lines: string[] = [];
  for await (const each of walkBranches(remote, { checkers: 3, accepts: () => true, ...options })) {
    if ("entry" in each) {
      lines.push(`${each.lasts.map((last) => last ? "L" : "-").join("")} ${each.entry.path}`);
    } else lines.push(`unreadable ${each.path}`);
  }
  return lines;
}

const ALL = [
  "- .h",
  "-L .h/y",
  "- a",
  "- b",
  "-- b/1",
  "--L b/1/x",
  "-L b/2",
  "- c",
  "-L c/x",
  "-LL c/x/deep",
  "- d",
  "L empty",
];

Deno.test("walkBranches() puts each directory's entries behind it, and knows the last of each", async () => {
  for (const checkers of [1, 2, 8]) deepEqual(await linesOf(sampleRemote(), { checkers }), ALL);
});

Deno.test("walkBranches() leaves out what is not accepted, with all below, before it looks for the last", async () => {
  const remote = sampleRemote();
  const accepts: BranchOptions["accepts"] = ({ path, kind }) => kind === "directory" && !path.startsWith(".");
  deepEqual(await linesOf(remote, { accepts }), ["- b", "-L b/1", "- c", "-L c/x", "L empty"]);
  ok(!remote.calls.some(({ path }) => path === ".h"));
});

Deno.test("walkBranches() sorts as it is told and goes no deeper than it is told", async () => {
  const remote = sampleRemote();
  const compare: BranchOptions["compare"] = (left, right) => left.path < right.path ? 1 : -1;
  const expected = ["- empty", "- d", "- c", "- b", "- a", "L .h"];
  deepEqual(await linesOf(remote, { compare, maxDepth: 1 }), expected);
  equal(remote.calls.length, 1);
});

Deno.test("walkBranches() shows a directory that cannot be listed, and goes on", async () => {
  const remote = sampleRemote();
  remote.beforeCall = ({ path }) => {
    if (path === "b") throw new LocalError("no permission");
  };
  const lines = await linesOf(remote);
  deepEqual(lines.slice(2, 6), ["- a", "- b", "unreadable b", "- c"]);
  equal(lines.at(-1), "L empty");
});

Deno.test("walkBranches() throws what keeps it from the root, and the reason of the signal", async () => {
  const remote = sampleRemote();
  const stop = new AbortController();
  remote.beforeCall = ({ path }) => {
    if (path === "b") stop.abort(new CancelledError("SIGTERM"));
  };
  await rejects(linesOf(remote, { signal: stop.signal, checkers: 1 }), { signal: "SIGTERM" });
  remote.beforeCall = () => {
    throw new LocalError("no permission");
  };
  await rejects(linesOf(remote), LocalError);
});

Deno.test("walkBranches() lets go of the listings under way when it is left early", async () => {
  const remote = sampleRemote();
  let aborted = 0;
  const { list } = remote;
  remote.list = async (path, options = {}) => {
    if (path === "") return await list.call(remote, path, options);
    await new Promise((resolve) => options.signal?.addEventListener("abort", resolve));
    aborted++;
    throw options.signal?.reason;
  };
  for await (const _each of walkBranches(remote, { checkers: 2, accepts: () => true })) break;
  equal(aborted, 2);
});
