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

/** Waits for the turn; disposing ends it. One turn for each user: nobody may write what belongs to another one. */
export async function takeRedirectPort(): Promise<Disposable> {
  const name = `jottash-test-redirect-port-${Deno.build.os === "windows" ? "" : Deno.uid()}.lock`;
  const file = await Deno.open(join(tmpdir(), name), {
    create: true,
    write: true,
  });
  await file.lock(true);
  return { [Symbol.dispose]: () => file.close() };
}
