import { defineCommand } from "../lib/cli/command.ts";
import { resumeJob } from "../lib/cli/jobs_resume.ts";

export const command = defineCommand({
  spec: {
    name: "jobs resume",
    summary: "Go on with a job that was stopped or interrupted",
    description:
      "Runs the same command in the same directory; what is done is left alone. Without ID it is the last job that is not done. Options of every command that are given here count more than those of the job.\n\n" +
      "Two processes never work on the same job: a second one ends with status 13.",
    arguments: [{
      name: "ID",
      kind: "text",
      help: 'As "jottash jobs" lists it; its first letters do',
      isOptional: true,
    }],
    options: {},
    examples: [
      { line: "jottash jobs resume", does: "The last one that is not done." },
      { line: "jottash jobs resume kqtd --transfers 2", does: "This one, with fewer files at a time." },
    ],
    changes: true,
  },
  run: (context, { args: [id], invocation }) => resumeJob(context, invocation, { id, scope: "all" }),
});
