/**
 * Failures that nobody caught, outside of `run()`: a promise that was left alone, an event of a stream. They end the
 * process as they always do, but without the dump of Deno, which shows the error with all that it holds.
 */
import { redactText } from "../http/redact.ts";

/** Listens until the process ends. `showStack` says where it comes from, too. */
export function installLastWords({ showStack }: { readonly showStack: boolean }): void {
  const end = (event: Event, reason: unknown) => {
    event.preventDefault();
    const message = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
    const stack = showStack && reason instanceof Error ? `${reason.stack}\n` : "";
    const hint = '  This is a bug of jottash; run it again with "--debug" and report what it says\n';
    say(redactText(`jottash: Unexpected failure: ${message}\n${hint}${stack}`));
    Deno.exit(1);
  };
  addEventListener("unhandledrejection", (event) => end(event, event.reason));
  addEventListener("error", (event) => end(event, event.error ?? event.message));
}

function say(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // Nobody is left to be told.
  }
}
