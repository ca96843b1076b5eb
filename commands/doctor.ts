import { defineCommand } from "../lib/cli/command.ts";
import { examine } from "../lib/cli/doctor_run.ts";
import { duration, text, toggle } from "../lib/options.ts";

export const command = defineCommand({
  spec: {
    name: "doctor",
    summary: "Find damaged uploads and other trouble, mend it",
    description:
      "Looks into every folder for what listings hide: uploads that never came to their end, or whose bytes were not those that were announced; they keep their names taken. Also names that cannot be used, the session, the clock, and whether state can be kept on this machine. One line for each problem, on standard output. Status 0: nothing is left to be mended; 11: something is.\n\n" +
      "--finish sends the rest of an unfinished upload where the file of the same path in SOURCE has its MD5. --clean then destroys uploads that have nothing but the name. A file with a whole version always keeps that.",
    arguments: [{ name: "REMOTE", kind: "remote-location", help: "Where to look: remote: or remote:path" }],
    options: {
      clean: toggle({ flag: "clean", help: "Free the names that broken uploads keep taken" }),
      finish: text({
        flag: "finish",
        valueName: "SOURCE",
        help: "Finish uploads of files that are in this directory",
      }),
      olderThan: duration({
        flag: "older-than",
        default: 3_600_000,
        minMs: 0,
        help: "Clear only unfinished uploads older than this (default 1h)",
      }),
    },
    examples: [
      { line: "jottash doctor jotta:", does: "What is wrong, and since when?" },
      { line: "jottash doctor --finish ~/Pictures jotta:Pictures", does: "Send what is missing." },
      { line: "jottash doctor --clean -n jotta:", does: "Only say what would be cleared." },
    ],
    changes: true,
  },
  run: (context, { args: [place = ""], options }) => examine(context, place, options),
});
