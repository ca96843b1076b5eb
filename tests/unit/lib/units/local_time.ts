/** Prints local times, for local_time_test.ts to run under one time zone after another: `local_time.ts MS...`. */
import { formatLocalTime } from "../../../../lib/units.ts";

for (const ms of Deno.args) console.log(formatLocalTime(Number(ms)));
