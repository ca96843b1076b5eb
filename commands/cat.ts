import { defineCommand } from "../lib/cli/command.ts";
import type { CommandContext } from "../lib/cli/context.ts";
import { IntegrityError, type JottashError, PartialError } from "../lib/errors.ts";
import { readVerified } from "../lib/transfer/read_verified.ts";
import { type FileEntry, type Tree } from "../lib/tree/tree.ts";
import { walkTree } from "../lib/tree/walk.ts";

export const command = defineCommand({
  spec: {
    name: "cat",
    summary: "Write the content of files to standard output",
    description:
      "The bytes of one file, or of all files below a folder, one after the other. The MD5 is checked on the way; where it differs the command ends with status 14, after the bytes are out.",
    arguments: [{ name: "PLACE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {},
    examples: [{ line: "jottash cat jotta:notes.txt", does: "Show a file." }, {
      line: "jottash cat jotta:logs/2024.gz | gunzip | less",
      does: "Page through a compressed file.",
    }],
    changes: false,
  },
  run: async (context, { args: [place = ""] }) => {
    const { tree, file } = await context.source(place);
    if (file !== undefined) return await writeOut(context, tree, file);
    const errors: JottashError[] = [];
    for await (
      const entry of walkTree(tree, { checkers: context.settings.checkers, signal: context.signal })
    ) {
      if (entry.kind === "file") await writeOut(context, tree, entry);
      else if (entry.kind === "unreadable") {
        errors.push(entry.error);
        context.printer.error(entry.error);
      }
    }
    if (errors.length > 0) throw new PartialError(`Cannot read all of "${place}"`, errors);
  },
});

async function writeOut(context: CommandContext, tree: Tree, file: FileEntry): Promise<void> {
  const transfer = context.transferContext((event) => {
    if (event.type === "retried") context.log.info("trying again", { error: event.error.message });
  });
  const isSound = await readVerified(
    { source: tree, file },
    transfer,
    (chunk) => context.printer.bytes(chunk),
  );
  await context.printer.flush();
  if (!isSound) {
    throw new IntegrityError(
      `Cannot trust the bytes of "${file.path}": they are not those that the service announced`,
    );
  }
}
