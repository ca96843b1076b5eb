import { SIGNS_HELP } from "../lib/cli/check_options.ts";
import { defineCommand } from "../lib/cli/command.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { VERIFY_OPTIONS } from "../lib/cli/verify_options.ts";
import { verifyPlaces } from "../lib/cli/verify_run.ts";

export const command = defineCommand({
  spec: {
    name: "verify",
    summary: "Prove by reading that files are there and whole",
    description: [
      "Every file of REFERENCE has to be at PLACE, with the same size and the MD5 of the bytes that come when it is read now. Nothing is stored and nothing changes. A manifest, which copy, sync and move write with --manifest, can stand for REFERENCE. Status 0: all that was read is right; 11: a file is missing or differs; 6: something could not be read.",
      "With --state a run goes on where others ended: first what was never read, then what was read longest ago; one that is stopped or killed loses nothing. With --budget it ends after so many bytes and says what is left, which does not change the status. The first file is read whatever its size.",
      SIGNS_HELP.replaceAll("DEST", "PLACE"),
    ].join("\n\n"),
    arguments: [
      { name: "PLACE", kind: "location", help: "What is read: remote:path, or a path of this machine" },
      {
        name: "REFERENCE",
        kind: "location",
        help: "How it has to be: mostly a path of this machine",
        isOptional: true,
      },
    ],
    options: VERIFY_OPTIONS,
    examples: [
      { line: "jottash verify jotta:Pictures ~/Pictures", does: "Read all of it, here and there." },
      {
        line: "jottash verify --state ~/pictures.state --budget 50G jotta:Pictures ~/Pictures",
        does: "Each night another 50 GiB, oldest first.",
      },
      { line: "jottash verify --sample 5% jotta:Pictures ~/Pictures", does: "A part chosen by chance." },
      {
        line: "jottash verify --manifest pictures.manifest jotta:Pictures",
        does: "Without the files that were copied.",
      },
    ],
    changes: false,
  },
  run: async (context, { args: [place = "", reference], options }) => {
    const filter = await openFilter(context, options);
    if (filter === undefined) return;
    const json = "json" in options && options.json === true;
    return await verifyPlaces(context, { place, reference, choices: options, filter, json });
  },
});
