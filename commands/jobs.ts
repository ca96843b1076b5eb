import { defineCommand } from "../lib/cli/command.ts";
import { jobJson, jobLines } from "../lib/cli/jobs_report.ts";
import { toggle } from "../lib/options.ts";
import { JobStore } from "../lib/store/job_store.ts";

export const command = defineCommand({
  spec: {
    name: "jobs",
    summary: "List runs that can be picked up, and how they ended",
    description:
      "Each copy, copyto, sync, move and moveto keeps a journal on this machine; a dry run keeps none. States: running, done, failed (entries, or all of it), stopped (by you), interrupted (killed, or the machine went down). DONE counts what is as it should be: copied, moved, deleted, or the same already. The last 100 that are done are kept for 30 days, others longer.\n\n" +
      '--json writes an array of what "jottash jobs show --json" writes for one, without the single failures.',
    arguments: [],
    options: { json: toggle({ flag: "json", help: "Write a JSON array" }) },
    examples: [
      { line: "jottash jobs", does: "The newest first." },
      { line: "jottash jobs --json", does: "For programs." },
    ],
    changes: false,
  },
  run: async (context, { options }) => {
    const { printer } = context;
    const jobs = await new JobStore(context).list();
    if (options.json) return await printer.line(JSON.stringify(jobs.map(jobJson), undefined, 2));
    if (jobs.length === 0) return printer.notice("There are no jobs");
    for (const line of jobLines(jobs)) await printer.line(line);
  },
});
