/** A remote whose listings come from one stream: the suites that any remote passes. */
import type { Remote } from "../../lib/remote/remote.ts";
import { withServiceWorld } from "./remote_service_world.ts";
import { type RemoteWorld, testRemote } from "./remote_suite.ts";
import { testRemoteVerbs } from "./remote_verbs_suite.ts";

/** One walk is what the listings are good for: each is of a walk of its own. */
function fastListed(remote: Remote): Remote {
  const fresh = () => remote.fastListed({ mode: "always", checkers: 4 });
  const listed = fresh();
  listed.list = (path, options) => fresh().list(path, options);
  return listed;
}

const withFastListed = (work: (world: RemoteWorld) => Promise<void>) => withServiceWorld(fastListed, work);

testRemote("fast list", withFastListed);
testRemoteVerbs("fast list", withFastListed);
