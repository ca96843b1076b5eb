/**
 * Whether two places are one, or one is inside of the other, however they are written: through other remotes of the same
 * account, in another case, through symbolic links. What is moved or deleted must not meet itself.
 */
import { foldName, nfcKey } from "../names/compare.ts";
import { parseConnectionString } from "../path/connection_string.ts";
import type { Tree, TreeFeatures } from "../tree/tree.ts";
import type { CommandContext } from "./context.ts";

export interface Place {
  /** As the user wrote it. */
  readonly text: string;
  readonly tree: Pick<Tree, "side" | "identity" | "features">;
}

/** Ends with a slash; that of a place inside begins with it. */
export type PlaceIdentity = string;

/**
 * The identities of places that are compared with each other. The account is asked for its name only where places are
 * on several remotes.
 */
export async function placeIdentities(
  context: CommandContext,
  places: readonly Place[],
): Promise<PlaceIdentity[]> {
  const remotes = places.filter(({ tree }) => tree.side === "remote").map(({ tree }) =>
    ownerOf(tree.identity)
  );
  const isOneRemote = new Set(remotes).size <= 1;
  return await Promise.all(places.map(async ({ text, tree: { side, identity, features } }) => {
    const known = side === "local" || isOneRemote
      ? identity
      : identity.replace(/^remote:[^/]*/, `remote:${await accountName(context, text)}`);
    return folded(known, features);
  }));
}

/** The path of `inner` below `outer`, without slashes around it, in the case of the identity; undefined when it is not inside. */
export function pathInside(inner: PlaceIdentity, outer: PlaceIdentity): string | undefined {
  return inner.startsWith(outer) ? inner.slice(outer.length).replace(/\/$/, "") : undefined;
}

/** What stands for the remote in an identity. */
function ownerOf(identity: string): string {
  return identity.slice(0, identity.indexOf("/"));
}

function folded(identity: string, { caseInsensitive, foldsUnicode }: TreeFeatures): string {
  const cased = caseInsensitive ? foldName(identity) : identity;
  return foldsUnicode ? nfcKey(cased) : cased;
}

async function accountName(context: CommandContext, text: string): Promise<string> {
  const path = parseConnectionString(text)?.path ?? "";
  const profile = await context.profile(text.slice(0, text.length - path.length));
  const account = await context.accounts.accountOf(profile);
  return (await account.customer(context.signal)).username;
}
