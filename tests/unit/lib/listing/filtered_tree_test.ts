import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { createFilter } from "../../../../lib/filter/filter.ts";
import type { FilterFlag } from "../../../../lib/filter/words.ts";
import { filterTree } from "../../../../lib/listing/filtered_tree.ts";
import type { Entry, Tree } from "../../../../lib/tree/tree.ts";
import { walkTree } from "../../../../lib/tree/walk.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";

/** A flag with its value; of one that reads a file, with the content. */
type Words = readonly (readonly [flag: FilterFlag, value: string])[];

function filterOf(words: Words) {
  return createFilter(words.map(([flag, value]) => ({ flag, value, content: value })), {
    nowMs: 0,
    random: () => 0.5,
  });
}

function sampleRemote(): MemoryRemote {
  const remote = new MemoryRemote();
  const paths = ["a.jpg", "a.txt", "cache/x", "cache/deep/y", "photos/b.jpg", "photos/2024/c.jpg"];
  for (const path of paths) remote.put(path, path);
  remote.putFolder("empty");
  return remote;
}

interface Walked {
  readonly paths: readonly string[];
  /** What was asked of the remote, as in `list photos`. */
  readonly calls: readonly string[];
}

async function walk(remote: MemoryRemote, words: Words, checkers = 3): Promise<Walked> {
  const paths: string[] = [];
  const tree = filterTree(remote, { filter: filterOf(words), checkers });
  for await (const { kind, path } of walkTree(tree, { checkers })) {
    paths.push(kind === "file" ? path : `${path}/${kind === "directory" ? "" : kind}`);
  }
  return { paths, calls: remote.calls.map(({ name, path }) => `${name} ${path}`).sort() };
}

Deno.test("filterTree() lists what is let through, and asks for no directory that is left out", async () => {
  deepEqual(await walk(sampleRemote(), [["exclude", "cache/"], ["exclude", "*.txt"]]), {
    paths: ["a.jpg", "empty/", "photos/", "photos/2024/", "photos/b.jpg", "photos/2024/c.jpg"],
    calls: ["list ", "list empty", "list photos", "list photos/2024"],
  });
  deepEqual(await walk(sampleRemote(), [["include", "/photos/*.jpg"]]), {
    paths: ["photos/", "photos/b.jpg"],
    calls: ["list ", "list photos"],
  });
});

Deno.test("filterTree() goes no deeper than the filter", async () => {
  deepEqual(await walk(sampleRemote(), [["max-depth", "1"]]), {
    paths: ["a.jpg", "a.txt", "cache/", "empty/", "photos/"],
    calls: ["list "],
  });
});

Deno.test("filterTree() looks up listed files one by one where they are few, and lists nothing", async () => {
  const list = "photos/2024/c.jpg\na.txt\nnosuch/file\nphotos\n../a.jpg\nphotos//b.jpg\n";
  deepEqual(await walk(sampleRemote(), [["files-from", list]]), {
    paths: ["a.txt", "photos/", "photos/2024/", "photos/2024/c.jpg"],
    calls: ["stat a.txt", "stat nosuch", "stat photos", "stat photos/2024", "stat photos/2024/c.jpg"],
  });
});

Deno.test("filterTree() takes a listed name only as it is written", async () => {
  const { paths } = await walk(sampleRemote(), [["files-from", "A.TXT\nPHOTOS/b.jpg\n"]]);
  deepEqual(paths, []);
});

Deno.test("filterTree() lists the folder of many listed files once", async () => {
  const remote = new MemoryRemote();
  const paths = Array.from({ length: 30 }, (_, index) => `many/${String(index).padStart(2, "0")}`);
  for (const path of [...paths, "many/other"]) remote.put(path, path);
  deepEqual(await walk(remote, [["files-from", paths.join("\n")]]), {
    paths: ["many/", ...paths],
    calls: ["list many", "stat many"],
  });
});

Deno.test("filterTree() lists directories of this machine: a look-up would follow symbolic links", async () => {
  const entries: Entry[] = [{ kind: "special", path: "link", reason: "it is a symbolic link" }];
  const tree = { side: "local", list: () => Promise.resolve(entries) } as unknown as Tree;
  const list = (words: Words) => filterTree(tree, { filter: filterOf(words), checkers: 1 }).list("");
  deepEqual(await list([["files-from", "link"]]), entries);
  deepEqual(await list([["files-from", "other"]]), []);
  deepEqual(await list([["exclude", "li*"]]), []);
});

Deno.test("filterTree() leaves out marked directories, shown or entered, and a marked root is empty", async () => {
  const remote = sampleRemote();
  remote.put("cache/.skip", "");
  remote.putFolder("photos/.skip"); // a folder of that name is no mark
  const { paths, calls } = await walk(remote, [["exclude-if-present", ".skip"]]);
  deepEqual(paths, [
    "a.jpg",
    "a.txt",
    "empty/",
    "photos/",
    "photos/.skip/",
    "photos/2024/",
    "photos/b.jpg",
    "photos/2024/c.jpg",
  ]);
  ok(!calls.some((call) => call.startsWith("list cache")), calls.join());
  remote.put(".skip", "");
  deepEqual((await walk(remote, [["exclude-if-present", ".skip"]])).paths, []);
});

Deno.test("filterTree() tells of a directory whose mark cannot be looked for, and of a file that cannot", async () => {
  const failing = () => {
    const remote = sampleRemote();
    remote.beforeCall = ({ name, path }) => {
      if (name === "stat" && path.startsWith("photos")) throw new LocalError("Cannot look");
    };
    return remote;
  };
  const marked = await walk(failing(), [["exclude-if-present", ".skip"], ["include", "*.jpg"]]);
  deepEqual(marked.paths, ["a.jpg", "cache/", "empty/", "photos/unreadable", "cache/deep/"]);
  const listed = await walk(failing(), [["files-from", "a.txt\nphotos/b.jpg"]]);
  deepEqual(listed.paths, ["a.txt", "photos/unreadable"]);
});

Deno.test("filterTree() has no more look-ups under way than it may, of all listings together", async () => {
  const remote = new MemoryRemote();
  for (let outer = 0; outer < 4; outer++) {
    for (let inner = 0; inner < 10; inner++) remote.put(`${outer}/${inner}/x`, "x");
  }
  let underWay = 0;
  let most = 0;
  remote.beforeCall = async ({ name }) => {
    if (name !== "stat") return;
    most = Math.max(most, ++underWay);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    underWay--;
  };
  const { paths } = await walk(remote, [["exclude-if-present", ".skip"]], 3);
  equal(paths.length, 4 + 40 + 40);
  equal(most, 3);
});

Deno.test("filterTree() judges by metadata", async () => {
  const remote = new MemoryRemote();
  remote.put("old", "x", { modifiedAtMs: Date.UTC(2023, 5, 1) });
  remote.put("new", "x", { modifiedAtMs: Date.UTC(2024, 5, 1) });
  deepEqual((await walk(remote, [["metadata-include", "mtime=2024*"]])).paths, ["new"]);
});

Deno.test("filterTree() ends with the reason of the signal, not with an entry that is unreadable", async () => {
  const stop = new AbortController();
  const remote = sampleRemote();
  remote.beforeCall = ({ name }) => {
    if (name === "stat") stop.abort(new LocalError("Stopped"));
    stop.signal.throwIfAborted();
  };
  for (const words of [[["files-from", "a.txt"]], [["exclude-if-present", ".skip"]]] as const) {
    const tree = filterTree(remote, { filter: filterOf(words), checkers: 1 });
    await rejects(tree.list("", { signal: stop.signal }), /Stopped/);
  }
});
