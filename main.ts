/** The program: real edges, the command table, an exit status. Only what nobody caught ends the process elsewhere. */
import { COMMANDS } from "./commands/mod.ts";
import { run } from "./lib/cli/run.ts";
import { createEdges } from "./lib/sys/edges.ts";
import { installLastWords } from "./lib/sys/last_words.ts";

if (import.meta.main) {
  installLastWords({ showStack: Deno.args.includes("--debug") });
  Deno.exit(await run(Deno.args, COMMANDS, createEdges()));
}
