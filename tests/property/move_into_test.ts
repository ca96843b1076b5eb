/** Laws of moving a folder into another one, over random trees. */
import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { ConflictError } from "../../lib/errors.ts";
import { moveInto } from "../../lib/sync/move_into.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { folderOf } from "../fakes/memory_remote_folder.ts";

const PATH = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((names) =>
  names.join("/")
);

Deno.test("moveInto() ends with the files of both, those of the source on top, and no source", async () => {
  await fc.assert(fc.asyncProperty(fc.uniqueArray(PATH), fc.uniqueArray(PATH), async (from, to) => {
    const remote = new MemoryRemote();
    const wanted = new Map<string, string>();
    const put = (root: string, path: string) => {
      try {
        remote.put(`${root}/${path}`, `${root}/${path}`);
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error; // a file and a folder of one name
      }
    };
    remote.putFolder("from");
    for (const path of to) put("to", path);
    for (const path of from) put("from", path);
    for (const root of ["to", "from"]) {
      for (const path of remote.files().filter((file) => file.startsWith(`${root}/`))) {
        wanted.set(path.slice(root.length + 1), path);
      }
    }
    const before = remote.files();
    const contents = () => remote.files().map((path) => new TextDecoder().decode(remote.peek(path))).sort();
    const errors = await moveInto(folderOf(remote, "from"), folderOf(remote, "to"), {
      workers: 3,
      onMoved: () => {},
      onError: () => {},
    });
    if (errors.length === 0) {
      deepEqual(remote.files(), [...wanted.keys()].map((path) => `to/${path}`).sort());
      deepEqual(contents(), [...wanted.values()].sort());
      equal(await remote.stat("from"), undefined);
    } else {
      // A file met a folder: all that was in the source is still somewhere.
      for (const path of before.filter((file) => file.startsWith("from/"))) {
        equal(contents().includes(path), true, path);
      }
    }
  }));
});
