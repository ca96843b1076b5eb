/** The address of this machine that connections come from. */
import { ConfigError } from "../errors.ts";

/**
 * The address that `text` is or names, in numbers. Throws `ConfigError` when no connection can come from it: the only
 * test that knows of every address of this machine is to use it.
 */
export function resolveLocalAddress(text: string): string {
  try {
    using listener = Deno.listen({ hostname: text.replace(/^\[(.*)\]$/, "$1"), port: 0 });
    return listener.addr.hostname;
  } catch (cause) {
    throw new ConfigError(`Cannot connect from "${text}": this machine has no such address`, {
      hint: `Its addresses are: ${ownAddresses().join(", ")}`,
      cause,
    });
  }
}

function ownAddresses(): string[] {
  return [...new Set(Deno.networkInterfaces().map(({ address }) => address))];
}
