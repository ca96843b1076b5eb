import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  AuthError,
  ConflictError,
  DirectoryNotFoundError,
  type JottashError,
} from "../../../../lib/errors.ts";
import { createFilter, type Filter } from "../../../../lib/filter/filter.ts";
import type { FilterWord } from "../../../../lib/filter/words.ts";
import { removeEmptyDirectories } from "../../../../lib/sync/remove_empty.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";

function remoteWith(folders: readonly string[], files: readonly string[] = []): MemoryRemote {
  const remote = new MemoryRemote();
  for (const path of folders) remote.putFolder(path);
  for (const path of files) remote.put(path, path);
  return remote;
}

interface RemoveOptions {
  readonly checkers?: number;
  readonly filter?: Filter;
}

async function removeFrom(remote: MemoryRemote, options: RemoveOptions = {}) {
  const removed: string[] = [];
  const told: JottashError[] = [];
  const errors = await removeEmptyDirectories(remote, {
    checkers: options.checkers ?? 3,
    ...options.filter === undefined ? {} : { filter: options.filter },
    keepRoot: true,
    remove: async (path) => {
      await remote.removeDirectory(path);
      removed.push(path);
    },
    onError: (error) => told.push(error),
  });
  deepEqual(told, errors);
  return { removed, errors };
}

Deno.test("removeEmptyDirectories() removes from the inside out, whatever the number of workers", async () => {
  for (const checkers of [1, 2, 8]) {
    const remote = remoteWith(["a/b/c", "a/d", "x/y"], ["x/file"]);
    const { removed } = await removeFrom(remote, { checkers });
    deepEqual([...removed].sort(), ["a", "a/b", "a/b/c", "a/d", "x/y"]);
    equal(removed.indexOf("a/b/c") < removed.indexOf("a/b"), true);
    equal(removed.at(-1) === "a" || removed.at(-1) === "x/y", true);
    deepEqual(remote.files(), ["x/file"]);
  }
});

Deno.test("removeEmptyDirectories() keeps what is around a directory that stays, and goes on with the rest", async () => {
  const remote = remoteWith(["a/b/c", "d/e"]);
  remote.beforeCall = ({ name, path }) => {
    if (name === "list" && path === "a/b") throw new ConflictError("cannot list");
  };
  const { removed, errors } = await removeFrom(remote);
  deepEqual([...removed].sort(), ["d", "d/e"]);
  deepEqual(errors.map(({ message }) => message), ["cannot list"]);
});

Deno.test("removeEmptyDirectories() keeps a directory that was filled meanwhile", async () => {
  const remote = remoteWith(["a/b"]);
  remote.beforeCall = ({ name, path }) => {
    if (name === "removeDirectory" && path === "a/b") remote.put("a/b/new", "x");
  };
  const { removed, errors } = await removeFrom(remote);
  deepEqual(removed, []);
  deepEqual(errors.map(({ code }) => code), ["conflict"]);
  deepEqual(remote.files(), ["a/b/new"]);
});

Deno.test("removeEmptyDirectories() ends at a missing root, a lost sign-in and a stop", async () => {
  const options = { checkers: 2, keepRoot: false, remove: () => Promise.resolve(), onError: () => {} };
  const lost = remoteWith(["a/b"]);
  lost.beforeCall = ({ path }) => {
    if (path === "a/b") throw new AuthError("signed out");
  };
  await rejects(removeEmptyDirectories(lost, options), AuthError);
  const missing = remoteWith([]);
  missing.list = () => Promise.reject(new DirectoryNotFoundError("none"));
  await rejects(removeEmptyDirectories(missing, options), DirectoryNotFoundError);
  await rejects(
    removeEmptyDirectories(remoteWith(["a"]), { ...options, signal: AbortSignal.abort(new Error("stop")) }),
    /stop/,
  );
});

Deno.test("removeEmptyDirectories() leaves alone what a filter leaves out, as rclone does", async () => {
  const folders = ["a/b", "keep/inner", "marked/inner"];
  const cases: [word: FilterWord, removed: string[], looked: string[]][] = [
    [{ flag: "exclude", value: "keep/**" }, ["a", "a/b", "marked/inner"], [
      "",
      "a",
      "a/b",
      "marked",
      "marked/inner",
    ]],
    [{ flag: "exclude-if-present", value: ".skip" }, ["a", "a/b", "keep", "keep/inner"], [
      "",
      "a",
      "a/b",
      "keep",
      "keep/inner",
      "marked",
    ]],
    [{ flag: "include", value: "/a/b/**" }, ["a/b"], ["", "a", "a/b"]],
    [{ flag: "max-depth", value: "1" }, [], [""]],
  ];
  for (const [word, removed, looked] of cases) {
    const remote = remoteWith(folders, ["marked/.skip"]);
    const filter = createFilter([word], { nowMs: 0, random: () => 0.5 });
    const result = await removeFrom(remote, { filter });
    deepEqual([...result.removed].sort(), removed, word.flag);
    const lists = remote.calls.filter(({ name }) => name === "list").map(({ path }) => path);
    deepEqual([...new Set(lists)].sort(), looked, word.flag);
  }
});
