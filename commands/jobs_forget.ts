import { defineCommand } from "../lib/cli/command.ts";
import { UsageError } from "../lib/errors.ts";
import { toggle } from "../lib/options.ts";
import type { Job } from "../lib/store/job.ts";
import { JobStore } from "../lib/store/job_store.ts";

export const command = defineCommand({
  spec: {
    name: "jobs forget",
    summary: "Forget jobs, so that they are not listed any more",
    description:
      "Removes journals, no files: what a job has copied stays. A job that is running is never forgotten.",
    arguments: [{
      name: "ID",
      kind: "text",
      help: 'As "jottash jobs" lists it; its first letters do',
      isOptional: true,
      isRepeated: true,
    }],
    options: {
      done: toggle({ flag: "done", help: "All that are done" }),
      all: toggle({ flag: "all", help: "All that are not running" }),
    },
    examples: [
      { line: "jottash jobs forget kqtd", does: "This one." },
      { line: "jottash jobs forget --done", does: "All that are done." },
    ],
    changes: true,
  },
  run: async (context, { args, options: { done, all } }) => {
    const { printer, settings } = context;
    if ((args.length > 0 ? 1 : 0) + (done ? 1 : 0) + (all ? 1 : 0) !== 1) {
      throw new UsageError("Cannot tell which jobs to forget: one of ID, --done and --all is needed", {
        hint: "All are listed by: jottash jobs",
      });
    }
    const store = new JobStore(context);
    const chosen: Job[] = [];
    for (const id of args) chosen.push(await store.find(id));
    if (done || all) chosen.push(...(await store.list()).filter(({ state }) => isChosen(state, { done })));
    for (const { id, command } of chosen) {
      if (!settings.dryRun) await store.forget(id);
      printer.notice(`${settings.dryRun ? "Would forget" : "Forgot"} the job "${id}": ${command}`);
    }
    if (chosen.length === 0) printer.notice("Nothing to do: there are no such jobs");
  },
});

function isChosen(state: Job["state"], { done }: { readonly done: boolean }): boolean {
  return done ? state === "done" : state !== "running";
}
