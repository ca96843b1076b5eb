/**
 * The port that identity providers send the browser back to is fixed, so whoever needs it waits for its turn: test
 * files run side by side, also of two test runs on one machine.
 */
import { join } from "node:path";
import { tmpdir } from "node:os";

export const REDIRECT_PORT = 53682;

/** Nobody listens there now. */
export function isRedirectPortFree(): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port: REDIRECT_PORT }).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) return false;
    throw error;
  }
}

/** Waits for the turn; disposing ends it. */
export async function takeRedirectPort(): Promise<Disposable> {
  const file = await Deno.open(join(tmpdir(), "jottash-test-redirect-port.lock"), {
    create: true,
    write: true,
  });
  await file.lock(true);
  return { [Symbol.dispose]: () => file.close() };
}
