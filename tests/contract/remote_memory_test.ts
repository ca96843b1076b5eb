/** The remote in memory keeps what every remote promises. */
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { type RemoteWorld, testRemote } from "./remote_suite.ts";
import { testRemoteVerbs } from "./remote_verbs_suite.ts";

async function withMemory(work: (world: RemoteWorld) => Promise<void>): Promise<void> {
  const remote = new MemoryRemote();
  await work({
    remote,
    put: (path, content, times) => remote.put(path, content, times),
    putFolder: (path) => remote.putFolder(path),
    putIncomplete: (path, whole, received) => remote.putIncomplete(path, whole, received),
    trash: (path) => remote.trash(path),
    isTrashed: (path) => remote.isTrashed(path),
  });
}

testRemote("memory", withMemory);
testRemoteVerbs("memory", withMemory);
