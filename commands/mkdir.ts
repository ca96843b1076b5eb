import { defineCommand } from "../lib/cli/command.ts";
import { makeLocalTarget, openTarget } from "../lib/cli/target.ts";

export const command = defineCommand({
  spec: {
    name: "mkdir",
    summary: "Make a folder",
    description: "Makes missing folders above it too. A folder that is there already is no error.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [{
      line: "jottash mkdir jotta:photos/2025",
      does: "Make the folder, and photos if it is missing.",
    }],
    changes: true,
  },
  run: async (context, { args: [place = ""] }) => {
    const tree = await openTarget(context, place, {
      purpose: `make the ${context.nounAt(place)}`,
      hint: "Choose another name",
    });
    if (tree.side === "local") await makeLocalTarget(context, tree);
    else if (!context.settings.dryRun) await tree.makeDirectory("", { signal: context.signal });
    const path = context.labelOf(place);
    await context.report({ action: "directory-made", path, noun: context.nounAt(place) });
  },
});
