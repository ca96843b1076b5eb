/** Signals from the terminal and the system. Windows has no SIGTERM: there it never comes. */
import type { Signals } from "../edges.ts";

export function createDenoSignals(): Signals {
  return {
    on(names, callback) {
      const listening = names
        .filter((name) => name !== "SIGTERM" || Deno.build.os !== "windows")
        .map((name) => ({ name, listener: () => callback(name) }));
      for (const { name, listener } of listening) Deno.addSignalListener(name, listener);
      return {
        [Symbol.dispose]() {
          for (const { name, listener } of listening.splice(0)) Deno.removeSignalListener(name, listener);
        },
      };
    },
  };
}
