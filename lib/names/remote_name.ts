/**
 * Names in the program (standard form) and as the service stores them.
 *
 * Built on a mask, because users of rclone may have set another `encoding` for their remote. A name that the
 * service holds raw although the mask would replace it (`a:b`, put there by another program) and its
 * look-alike (`a：b`) are one standard name: as in rclone, keep the stored name from the listing to address
 * what exists.
 */
import { fromStandardName, toStandardName } from "./encode.ts";
import type { NameMask } from "./mask.ts";

/** Both directions between standard and stored names. */
export interface RemoteNames {
  /** The name to store for a standard name; different names stay different. */
  toStored(standardName: string): string;
  /** The standard name of a stored one; undoes `toStored`. */
  fromStored(storedName: string): string;
}

/**
 * The mapping for a remote with this mask (jottacloud-api.md 8.4). Never throws. With a mask that has a
 * trailing rule such as `RightSpace`, names that end in `‛` and the replaced character are not told apart
 * (see `encode.ts`).
 */
export function createRemoteNames(mask: NameMask): RemoteNames {
  return {
    toStored: (standardName) => fromStandardName(standardName, mask),
    fromStored: (storedName) => toStandardName(storedName, mask),
  };
}
