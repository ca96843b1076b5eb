import { defineCommand } from "../lib/cli/command.ts";
import { UsageError } from "../lib/errors.ts";
import { text, toggle } from "../lib/options.ts";

export const command = defineCommand({
  spec: {
    name: "link",
    summary: "Make, show or remove a public link",
    description:
      "Writes the address of the link to standard output. Whoever has the address can read the file, or the folder as an archive, without signing in, until the link is removed. A link that is there already is shown. The service has no links that end by themselves.",
    arguments: [{ name: "PLACE", kind: "remote-location", help: "File or folder, as remote:path" }],
    options: {
      unlink: toggle({ flag: "unlink", help: "Remove the link; its address works no more" }),
      expire: text({
        flag: "expire",
        valueName: "DURATION",
        help: 'Not possible here; only "off" is accepted',
      }),
    },
    examples: [
      { line: "jottash link jotta:photos/cat.jpg", does: "Print the address, made if there is none." },
      { line: "jottash link --unlink jotta:photos/cat.jpg", does: "Remove the link." },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options: { unlink, expire } }) => {
    const { signal, settings } = context;
    const label = context.labelOf(place);
    if (expire !== undefined && expire !== "off") {
      throw new UsageError(`Cannot make a link to "${label}" that expires: the service has no such links`, {
        hint: `Leave out --expire, and remove the link later: ${context.commandAt("link --unlink", place)}`,
      });
    }
    await context.remote(place, unlink ? "remove the link to" : "make a link to");
    const { tree, name } = await context.parentOf(place);
    if (tree.side !== "remote") return;
    if (settings.dryRun) await context.source(place); // throws when nothing is there
    if (unlink) {
      if (!settings.dryRun) await tree.removeLink(name, { signal });
      return await context.report({ action: "unlinked", path: label });
    }
    const url = settings.dryRun ? undefined : await tree.makeLink(name, { signal });
    await context.report({ action: "linked", path: label, url });
  },
});
