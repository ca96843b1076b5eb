/** Signals from the terminal and the system. Windows has Ctrl-C alone: there the others never come. */
import type { Signals, StopSignal } from "../edges.ts";

export function createDenoSignals(): Signals {
  return {
    on(names, callback) {
      const listening = names
        .filter((name) => name === "SIGINT" || Deno.build.os !== "windows")
        .map((name) => ({ name, listener: isIgnored(name) ? () => {} : () => callback(name) }));
      for (const { name, listener } of listening) Deno.addSignalListener(name, listener);
      return {
        [Symbol.dispose]() {
          for (const { name, listener } of listening.splice(0)) Deno.removeSignalListener(name, listener);
        },
      };
    },
  };
}

/**
 * Whoever started us with `nohup` wants the work to outlive the terminal; only Linux tells. Listening for any signal
 * makes Deno end at a SIGHUP that nobody listens for (Deno 2.9.6, measured): it gets a listener that does nothing.
 */
function isIgnored(name: StopSignal): boolean {
  if (name !== "SIGHUP" || Deno.build.os !== "linux") return false;
  try {
    return ignoresHangup(Deno.readTextFileSync("/proc/self/status"));
  } catch {
    return false;
  }
}

/** By the mask of ignored signals in `/proc/PID/status`, a number in base 16 whose lowest bit is SIGHUP. */
export function ignoresHangup(status: string): boolean {
  const mask = /^SigIgn:\s*([0-9a-f]+)$/im.exec(status)?.[1] ?? "0";
  return (BigInt(`0x${mask}`) & 1n) === 1n;
}
