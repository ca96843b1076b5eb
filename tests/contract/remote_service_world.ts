/** The service as the suites of remotes want it: an empty remote, and ways past it into the emulator. */
import { JOTTACLOUD_MASK } from "../../lib/names/mask.ts";
import { createRemoteNames } from "../../lib/names/remote_name.ts";
import type { Remote } from "../../lib/remote/remote.ts";
import type { RemoteWorld } from "./remote_suite.ts";
import { withEmulator } from "./remote_worlds.ts";

const NAMES = createRemoteNames(JOTTACLOUD_MASK);

/** A path of the tree as the emulator stores it. */
function storedPath(path: string): string {
  const names = path === "" ? [] : path.split("/").map((name) => NAMES.toStored(name));
  return ["/Jotta/Archive", ...names].join("/");
}

/** `wrap` puts something before the remote. */
export async function withServiceWorld(
  wrap: (remote: Remote) => Remote,
  work: (world: RemoteWorld) => Promise<void>,
): Promise<void> {
  await withEmulator({}, async ({ emulator: { tree }, remote }) => {
    await work({
      remote: wrap(remote()),
      put: (path, content, times) =>
        tree.putFile(
          storedPath(path),
          content,
          times === undefined ? {} : { modified: new Date(times.modifiedAtMs) },
        ),
      putFolder: (path) => tree.makeFolder(storedPath(path)),
      putIncomplete: (path, whole, received) => tree.seedIncomplete(storedPath(path), whole, received),
      trash: (path) => tree.trash(storedPath(path)),
      isTrashed: (path) => tree.isTrashed(storedPath(path)),
    });
  });
}
