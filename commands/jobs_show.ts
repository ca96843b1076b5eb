import { defineCommand } from "../lib/cli/command.ts";
import { jobDetailLines, jobJson } from "../lib/cli/jobs_report.ts";
import { toggle } from "../lib/options.ts";
import { JobStore } from "../lib/store/job_store.ts";

export const command = defineCommand({
  spec: {
    name: "jobs show",
    summary: "Show all that is known of a job, and what failed",
    description:
      "--json writes an object with id, state, begunAt, lastAt, command, words, obstacle (why it cannot be run again), directory, host, processId, version, attempts, totals, done (entries that are as they have to be), failed, hasMoreFailures, reason (what ended it before its time), damagedLines and failures (path, code, message); what is not known is null.",
    arguments: [{ name: "ID", kind: "text", help: 'As "jottash jobs" lists it; its first letters do' }],
    options: { json: toggle({ flag: "json", help: "Write a JSON object" }) },
    examples: [{ line: "jottash jobs show kqtd --json", does: "For programs." }],
    changes: false,
  },
  run: async (context, { args: [id = ""], options }) => {
    const { printer } = context;
    const job = await new JobStore(context).find(id);
    if (options.json) {
      return await printer.line(JSON.stringify({ ...jobJson(job), failures: job.failures }, undefined, 2));
    }
    for (const line of jobDetailLines(job)) await printer.line(line);
  },
});
