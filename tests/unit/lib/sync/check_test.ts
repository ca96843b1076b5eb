import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { AuthError, CancelledError, DirectoryNotFoundError, LocalError } from "../../../../lib/errors.ts";
import { checkFiles, type CheckOptions, checkTrees, type Finding } from "../../../../lib/sync/check.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { MemoryRemote, type RemoteCall } from "../../../fakes/memory_remote.ts";

const SIGNS = {
  "same": "=",
  "different": "*",
  "missing-at-target": "+",
  "missing-at-source": "-",
  "failed": "!",
} as const;

function remoteOf(files: Readonly<Record<string, string>>): MemoryRemote {
  const remote = new MemoryRemote();
  for (const [path, content] of Object.entries(files)) remote.put(path, content);
  return remote;
}

function failing(remote: MemoryRemote, failure: Error, at: (call: RemoteCall) => boolean): MemoryRemote {
  remote.beforeCall = (call) => {
    if (at(call)) throw failure;
  };
  return remote;
}

const isListing = (wanted: string) => ({ name, path }: RemoteCall) => name === "list" && path === wanted;

const byMd5: CheckOptions["compare"] = (source, target) =>
  Promise.resolve(source.md5 === target.md5 ? undefined : "another MD5");

/** Findings as lines of a combined report, in order of paths. */
async function reportOf(
  source: MemoryRemote,
  target: MemoryRemote,
  more: Partial<CheckOptions> = {},
): Promise<readonly string[]> {
  const lines: string[] = [];
  await checkTrees(source, target, {
    checkers: 3,
    oneWay: false,
    folding: target.features,
    compare: byMd5,
    tell: ({ kind, path }) => Promise.resolve(void lines.push(`${SIGNS[kind]} ${path}`)),
    onSpecial: ({ path, reason }) => lines.push(`left out ${path}: ${reason}`),
    ...more,
  });
  return lines.sort((left, right) => left.slice(2) < right.slice(2) ? -1 : 1);
}

const SOURCE = { "a": "1", "b": "2", "Dir/x": "3", "dir2/deep/y": "4", "kind": "5" };
const TARGET = { "a": "1", "b": "other", "dir/x": "3", "only/deep/z": "6", "kind/inner": "7" };

Deno.test("checkTrees() tells each file of either side once", async () => {
  deepEqual(await reportOf(remoteOf(SOURCE), remoteOf(TARGET)), [
    "= Dir/x",
    "= a",
    "* b",
    "+ dir2/deep/y",
    "+ kind",
    "- kind/inner",
    "- only/deep/z",
  ]);
});

Deno.test("checkTrees() one way neither tells nor lists what only the target has", async () => {
  const target = remoteOf(TARGET);
  deepEqual(await reportOf(remoteOf(SOURCE), target, { oneWay: true }), [
    "= Dir/x",
    "= a",
    "* b",
    "+ dir2/deep/y",
    "+ kind",
  ]);
  ok(!target.calls.some(({ path }) => path.startsWith("only") || path.startsWith("kind")));
});

Deno.test("checkTrees() follows the case of the target alone", async () => {
  const folding = { caseInsensitive: false };
  deepEqual(await reportOf(remoteOf({ "A": "1" }), remoteOf({ "a": "1" }), { folding }), ["+ A", "- a"]);
  deepEqual(await reportOf(remoteOf({ "A": "1" }), remoteOf({ "a": "1" })), ["= A"]);
});

Deno.test("checkTrees() takes a target that is not there for empty, a missing source for an error", async () => {
  const gone = () =>
    failing(new MemoryRemote(), new DirectoryNotFoundError("Cannot list: not there"), isListing(""));
  deepEqual(await reportOf(remoteOf({ "a": "1", "d/b": "2" }), gone()), ["+ a", "+ d/b"]);
  await rejects(reportOf(gone(), remoteOf({ "a": "1" })), DirectoryNotFoundError);
});

Deno.test("checkTrees() never takes for missing what cannot be listed, and goes on with the rest", async () => {
  const files = { "a": "1", "d/b": "2", "e/c": "3" };
  const broken = () => failing(remoteOf(files), new LocalError("unreadable"), isListing("d"));
  deepEqual(await reportOf(broken(), remoteOf(files)), ["= a", "! d", "= e/c"]);
  deepEqual(await reportOf(remoteOf(files), broken()), ["= a", "! d", "= e/c"]);
  deepEqual(await reportOf(broken(), broken()), ["= a", "! d", "= e/c"]);
});

Deno.test("checkTrees() never takes for missing what a listing holds as unreadable", async () => {
  const files = { "a": "1", "b": "2", "d/c": "3" };
  const broken = () => {
    const remote = remoteOf(files);
    const list = remote.list.bind(remote);
    remote.list = async (path) =>
      (await list(path)).map((entry) =>
        entry.path === "a" || entry.path === "d"
          ? { kind: "unreadable", path: entry.path, error: new LocalError("unreadable") }
          : entry
      );
    return remote;
  };
  for (const [source, target] of [[broken(), remoteOf(files)], [remoteOf(files), broken()]] as const) {
    deepEqual(await reportOf(source, target), ["! a", "= b", "! d"]);
  }
});

Deno.test("checkTrees() tells of what is no file, and takes it for missing", async () => {
  const source = remoteOf({ "a": "1" });
  const list = source.list.bind(source);
  source.list = async (path) => [
    ...await list(path),
    { kind: "special", path: "link", reason: "it is a link" },
  ];
  deepEqual(await reportOf(source, remoteOf({ "a": "1", "link": "2" })), [
    "= a",
    "left out link: it is a link",
    "- link",
  ]);
});

Deno.test("checkTrees() keeps the failure of one comparison to that pair, with its error", async () => {
  const findings: Finding[] = [];
  const files = { "a": "1", "b": "2" };
  const failure = new LocalError("Cannot read it");
  await reportOf(remoteOf(files), remoteOf(files), {
    compare: (source) => source.path === "a" ? Promise.reject(failure) : Promise.resolve(undefined),
    tell: (finding) => Promise.resolve(void findings.push(finding)),
  });
  deepEqual(findings.sort((left, right) => left.path < right.path ? -1 : 1), [
    { kind: "failed", path: "a", error: failure },
    { kind: "same", path: "b" },
  ]);
});

Deno.test("checkTrees() ends at once without a session, or when reports cannot be written", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`d${index % 9}/${index}`, "x"]),
  );
  const lost = new AuthError("Cannot go on: nobody is signed in");
  let compared = 0;
  const compare = () => {
    compared++;
    return Promise.reject(lost);
  };
  await rejects(reportOf(remoteOf(files), remoteOf(files), { compare }), lost);
  ok(compared <= 3, `${compared}`);
  const full = new LocalError("Cannot write: the disk is full");
  await rejects(reportOf(remoteOf(files), remoteOf(files), { tell: () => Promise.reject(full) }), full);
  await rejects(reportOf(failing(remoteOf(files), lost, isListing("d3")), remoteOf(files)), lost);
});

Deno.test("checkTrees() stops with the signal, and nothing runs on", async () => {
  const files = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${index}`, "x"]));
  const stop = new AbortController();
  let running = 0;
  let compared = 0;
  const compare = async () => {
    running++;
    if (++compared === 10) stop.abort(new CancelledError());
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    stop.signal.throwIfAborted();
    return undefined;
  };
  const report = reportOf(remoteOf(files), remoteOf(files), { compare, signal: stop.signal });
  await rejects(report, CancelledError);
  equal(running, 0);
  ok(compared < 20, `${compared}`);
});

Deno.test("checkTrees() compares as many files at a time as it may, and reports while it goes on", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`d${index % 7}/${index}`, "x"]),
  );
  let [running, most, told, first] = [0, 0, 0, 0];
  await reportOf(remoteOf(files), remoteOf(files), {
    checkers: 4,
    compare: async () => {
      most = Math.max(most, ++running);
      if (told > 0 && first === 0) first = told;
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return undefined;
    },
    tell: () => Promise.resolve(void told++),
  });
  equal(most, 4);
  equal(told, 100);
  ok(first > 0 && first < 20, `${first}`);
});

Deno.test("checkFiles() tells of one pair, and of one that is alone", async () => {
  const file = (path: string, md5: string): FileEntry => ({
    kind: "file",
    path,
    size: 1,
    modifiedAtMs: undefined,
    md5,
  });
  const told: Finding[] = [];
  const options = { compare: byMd5, tell: (finding: Finding) => Promise.resolve(void told.push(finding)) };
  await checkFiles(file("a", "1"), file("A", "1"), options);
  await checkFiles(file("a", "1"), file("a", "2"), options);
  await checkFiles(file("a", "1"), undefined, options);
  deepEqual(told, [
    { kind: "same", path: "a" },
    { kind: "different", path: "a", what: "another MD5" },
    { kind: "missing-at-target", path: "a" },
  ]);
});
