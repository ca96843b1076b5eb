import { defineCommand } from "../lib/cli/command.ts";
import { resumeJob } from "../lib/cli/jobs_resume.ts";

export const command = defineCommand({
  spec: {
    name: "jobs retry-failed",
    summary: "Try again what failed in a job, and nothing else",
    description:
      "Only the entries that failed are looked at, and all that is in a folder that failed. Without ID it is the last job with failures. A sync that deleted nothing because of a failure is done again as a whole.",
    arguments: [{
      name: "ID",
      kind: "text",
      help: 'As "jottash jobs" lists it; its first letters do',
      isOptional: true,
    }],
    options: {},
    examples: [{ line: "jottash jobs retry-failed", does: "Of the last job that had any." }],
    changes: true,
  },
  run: (context, { args: [id], invocation }) => resumeJob(context, invocation, { id, scope: "failed" }),
});
