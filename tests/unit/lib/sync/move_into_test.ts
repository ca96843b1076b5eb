import { deepEqual, rejects } from "node:assert/strict";
import { AuthError, type JottashError, ServiceError } from "../../../../lib/errors.ts";
import { moveInto } from "../../../../lib/sync/move_into.ts";
import { MemoryRemote } from "../../../fakes/memory_remote.ts";
import { folderOf } from "../../../fakes/memory_remote_folder.ts";

function move(remote: MemoryRemote) {
  const told: JottashError[] = [];
  const moved: string[] = [];
  const options = { workers: 3, onMoved: (path: string) => moved.push(path), onError: told.push.bind(told) };
  return moveInto(folderOf(remote, "from"), folderOf(remote, "to"), options).then((errors) => {
    deepEqual(told, errors);
    return { errors, moved: moved.sort() };
  });
}

Deno.test("moveInto() takes a missing folder as a whole, and looks into one that is there", async () => {
  const remote = new MemoryRemote();
  for (const path of ["from/new/a/b", "from/both/c", "to/both/d"]) remote.put(path, path);
  deepEqual(await move(remote), { errors: [], moved: ["both/c", "new"] });
  deepEqual(remote.files(), ["to/both/c", "to/both/d", "to/new/a/b"]);
});

Deno.test("moveInto() leaves what failed where it was, and ends at a lost sign-in", async () => {
  const remote = new MemoryRemote();
  for (const path of ["from/a", "from/b"]) remote.put(path, path);
  remote.beforeCall = ({ name, path }) => {
    if (name === "moveFile" && path === "from/a") throw new ServiceError("not now");
  };
  const { errors } = await move(remote);
  deepEqual(errors.map(({ message }) => message), ["not now"]);
  deepEqual(remote.files(), ["from/a", "to/b"]);
  remote.beforeCall = ({ name }) => {
    if (name === "moveFile") throw new AuthError("signed out");
  };
  await rejects(move(remote), AuthError);
});
