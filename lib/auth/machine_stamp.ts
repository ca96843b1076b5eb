/**
 * Tells whether a session lives on the machine where it was made. A config that was copied to another machine has
 * two holders of one refresh token, and the second one that spends it ends the session for both
 * (API reference 2.4).
 *
 * A stamp is a hash, so that a config which is shown to others names no machine. A strong one comes from the
 * machine's id; a weak one from the host name, where the system has no id: containers get a new name at each start,
 * and people rename their machines, so a weak stamp never accuses.
 */
import type { Platform } from "../edges.ts";
import { fingerprintOf } from "../store/fingerprint.ts";

const STRONG = "m:";
const WEAK = "h:";

export async function machineStamp(platform: Pick<Platform, "hostname" | "machineId">): Promise<string> {
  const machineId = await platform.machineId();
  return machineId === undefined
    ? WEAK + await fingerprintOf(`jottash machine ${platform.hostname}`)
    : STRONG + await fingerprintOf(`jottash machine ${machineId}`);
}

/** Could the session with this stamp be one of another machine? Asked before the own stamp is looked up. */
export function isStrongStamp(stamp: string | undefined): stamp is string {
  return stamp?.startsWith(STRONG) === true;
}

/** Does a session with the stamp `stored` belong to another machine than the one with the stamp `own`? */
export function isOfAnotherMachine(stored: string | undefined, own: string): boolean {
  return isStrongStamp(stored) && isStrongStamp(own) && stored !== own;
}
