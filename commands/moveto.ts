import { changeOptions, requireNoErrors } from "../lib/cli/changes.ts";
import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { ConfigError, ConflictError, UsageError } from "../lib/errors.ts";
import { parseLocation } from "../lib/path/location.ts";
import { moveInto } from "../lib/sync/move_into.ts";

export const command = defineCommand({
  spec: {
    name: "moveto",
    summary: "Move or rename a file or folder of a remote, without a transfer",
    description:
      "The service moves by itself: files keep their versions, times and links. A file takes the place of a file, which goes to the trash (the service may drop it from there). A folder is moved into one that is there already: files take the place of files, the rest of it stays. Both places are on one remote.",
    arguments: [
      { name: "SOURCE", kind: "remote-location", help: "File or folder, as remote:path" },
      { name: "TARGET", kind: "remote-location", help: "Its new path and name, as remote:path" },
    ],
    options: {},
    examples: [
      { line: "jottash moveto jotta:a.txt jotta:notes/b.txt", does: "Move and rename a file." },
      { line: "jottash moveto jotta:Photos jotta:photos", does: "Change the case of a folder's name." },
    ],
    changes: true,
  },
  run: async (context, { args: [from = "", to = ""] }) => {
    const { signal, settings, printer, log } = context;
    const labels = `"${context.labelOf(from)}" to "${context.labelOf(to)}"`;
    const source = await context.parentOf(from);
    const target = await context.parentOf(to);
    if (target.tree.side !== "remote" || !target.tree.canTakeFrom(source.tree)) {
      throw new ConfigError(
        `Cannot move ${labels}: only the places of one remote can be moved by the service`,
        {
          hint: 'Copy with "jottash copy", then delete the source with "deletefile" or "purge"',
        },
      );
    }
    const { file } = await context.source(from); // throws when nothing is there
    await requireTarget(context, to);
    if (settings.dryRun) return printer.notice(`Would move ${labels}`);
    const work = { source: source.tree, from: source.name, to: target.name };
    if (file !== undefined) {
      await requireNoFolder(context, { labels, from, to });
      await target.tree.moveFile({ ...work, overwrite: true }, { signal });
      return log.info("moved", { path: context.labelOf(from) });
    }
    await refuseOverlap(context, { labels, from, to });
    try {
      await target.tree.moveDirectory(work, { signal });
      return log.info("moved", { path: context.labelOf(from) });
    } catch (error) {
      if (!(error instanceof ConflictError) || !await isFolderOrTrash(context, to, error)) throw error;
    }
    const { checkers: workers, onError } = changeOptions(context);
    const errors = await moveInto(await context.tree(from), await context.remote(to, "move to"), {
      signal,
      workers,
      onError,
      onMoved: (path) => log.info("moved", { path }),
    });
    requireNoErrors(`move all of ${labels}`, errors);
  },
});

interface Move {
  /** Both, for messages. */
  readonly labels: string;
  readonly from: string;
  readonly to: string;
}

/** Nothing makes a mountpoint in passing. */
async function requireTarget(context: CommandContext, to: string): Promise<void> {
  const { tree } = await context.parentOf(to);
  if (await tree.stat("", { signal: context.signal }) !== undefined) return;
  const location = parseLocation(to, context.platform.os);
  if (location.kind === "remote") await context.requireMountpoint(location.remote);
}

async function requireNoFolder(context: CommandContext, { labels, from, to }: Move): Promise<void> {
  const { tree, name } = await context.parentOf(to);
  if ((await tree.stat(name, { signal: context.signal }))?.kind !== "directory") return;
  const { name: fileName } = await context.parentOf(from);
  const inside = `${context.labelOf(to).replace(/([^:/])$/, "$1/")}${fileName}`;
  throw new ConflictError(`Cannot move ${labels}: a folder of that name is in the way`, {
    hint: `To move it into the folder, name the file too: "${inside}"`,
  });
}

/** A folder that goes into one that holds it would meet itself. */
async function refuseOverlap(context: CommandContext, { labels, from, to }: Move): Promise<void> {
  const source = (await context.tree(from)).identity;
  const target = (await context.tree(to)).identity;
  if (source === target || !source.startsWith(target)) return;
  throw new UsageError(`Cannot move ${labels}: one lies inside of the other`);
}

async function isFolderOrTrash(context: CommandContext, to: string, error: ConflictError): Promise<boolean> {
  if (error.data.isTrashed === true) return true;
  const { tree, name } = await context.parentOf(to);
  return (await tree.stat(name, { signal: context.signal }))?.kind === "directory";
}
