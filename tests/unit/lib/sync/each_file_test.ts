import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { AuthError, LocalError } from "../../../../lib/errors.ts";
import { type EachFileOptions, forEachFile } from "../../../../lib/sync/each_file.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";

function remoteWith(count: number): MemoryRemote {
  const remote = new MemoryRemote();
  for (let index = 0; index < count; index++) remote.put(`d${index % 7}/f${index}`, `${index}`);
  return remote;
}

const OPTIONS: EachFileOptions = { checkers: 3, onError: () => {}, onSpecial: () => {} };

Deno.test("forEachFile() runs for every file, never for more at a time than it may", async () => {
  let [running, most] = [0, 0];
  const seen: string[] = [];
  const errors = await forEachFile(remoteWith(100), OPTIONS, async ({ path }: FileEntry) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    seen.push(path);
  });
  deepEqual(errors, []);
  equal(new Set(seen).size, 100);
  equal(most, 3);
});

Deno.test("forEachFile() collects failures, of files and of folders, and goes on", async () => {
  const remote = remoteWith(30);
  remote.beforeCall = ({ name, path }) => {
    if (name === "list" && path === "d1") throw new LocalError("unreadable");
  };
  const told: string[] = [];
  let done = 0;
  const errors = await forEachFile(
    remote,
    { ...OPTIONS, onError: ({ message }) => told.push(message) },
    ({ path }) => path === "d2/f2" ? Promise.reject(new LocalError("failed")) : Promise.resolve(void done++),
  );
  deepEqual(told.sort(), ["failed", "unreadable"]);
  equal(errors.length, 2);
  ok(done > 20);
});

Deno.test("forEachFile() tells of what is no file", async () => {
  const remote = remoteWith(2);
  const list = remote.list.bind(remote);
  remote.list = async (path) =>
    path === ""
      ? [...await list(path), { kind: "special", path: "link", reason: "it is a link" }]
      : await list(path);
  const special: string[] = [];
  await forEachFile(
    remote,
    { ...OPTIONS, onSpecial: ({ path }) => special.push(path) },
    () => Promise.resolve(),
  );
  deepEqual(special, ["link"]);
});

Deno.test("forEachFile() ends at a lost sign-in, at a stop and at a bug, without starting the rest", async () => {
  const reasons = [new AuthError("signed out"), new TypeError("bug")];
  for (const reason of reasons) {
    let calls = 0;
    await rejects(
      forEachFile(remoteWith(5_000), OPTIONS, () => {
        calls++;
        return Promise.reject(reason);
      }),
      (error) => error instanceof Error && error.message.includes(reason.message),
    );
    ok(calls <= 3, `${calls}`);
  }
  const stop = new AbortController();
  await rejects(
    forEachFile(remoteWith(50), { ...OPTIONS, signal: stop.signal }, () => {
      stop.abort(new Error("stop"));
      return Promise.reject(new LocalError("broken off"));
    }),
    /stop/,
  );
});
