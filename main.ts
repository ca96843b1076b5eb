/** The program: real edges, the command table, an exit status. Nothing else ends the process. */
import { COMMANDS } from "./commands/mod.ts";
import { run } from "./lib/cli/run.ts";
import { createEdges } from "./lib/sys/edges.ts";

if (import.meta.main) Deno.exit(await run(Deno.args, COMMANDS, createEdges()));
