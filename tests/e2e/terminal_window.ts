/** A program that is a terminal, and runs the words it is given in there; whoever kills it closes the window. */
import { spawn } from "@lydell/node-pty";

if (import.meta.main) {
  const [file = "", ...args] = Deno.args;
  const terminal = spawn(file, args, { cwd: Deno.cwd(), env: Deno.env.toObject() });
  terminal.onData((text) => Deno.stdout.writeSync(new TextEncoder().encode(text)));
  terminal.onExit(() => Deno.exit(0));
}
