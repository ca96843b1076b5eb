import { defineCommand } from "../lib/cli/command.ts";
import { keepStandardInput, requireStandardInput, writeStandardInput } from "../lib/cli/standard_input.ts";
import { openTargetFile } from "../lib/cli/target.ts";
import { runTransfers } from "../lib/cli/transfers.ts";
import { UsageError } from "../lib/errors.ts";
import type { OptionDefinition } from "../lib/options.ts";
import { collectable } from "../lib/sync/each_file.ts";
import { uploadSpool } from "../lib/transfer/upload_spool.ts";

export const command = defineCommand({
  spec: {
    name: "rcat",
    summary: "Write standard input to a file",
    description:
      "What comes through the pipe becomes the content of FILE, whose time is now; a file that is there is replaced. The service wants to know size and MD5 before the first byte: up to --md5-memory-limit is kept in memory (10 MiB), more in a temporary file in --temp-dir, which is gone afterwards in every case. Content that the service knows is not sent.",
    arguments: [{ name: "FILE", kind: "location", help: "remote:path, or a path of this machine" }],
    options: {
      size: {
        flag: "size",
        valueName: "BYTES",
        help:
          "What will come; anything else is a failure, and a disk without room for it is found out before",
        default: undefined,
        parse: parseBytes,
      } as OptionDefinition<number | undefined>,
    },
    examples: [
      {
        line: "tar c photos | jottash rcat jotta:photos.tar",
        does: "A file that never lies on the disk here.",
      },
      {
        line: "pg_dump shop | gzip | jottash rcat --temp-dir /mnt/big jotta:backup/shop.gz",
        does: "More than fits into the usual temporary directory.",
      },
    ],
    changes: true,
  },
  run: async (context, { args: [place = ""], options }) => {
    requireStandardInput(context);
    const label = context.labelOf(place);
    const { tree, name } = await openTargetFile(context, place, {
      purpose: "write standard input to",
      hint: "Name the file that is to hold it",
    });
    const { settings, clock, signal } = context;
    const expectedSize = options.size;
    if (settings.dryRun) {
      if (expectedSize === undefined) {
        return context.printer.notice(`Would write standard input to "${label}"`);
      }
      return await context.report({ action: "transferred", path: name, size: expectedSize });
    }
    if (tree.side === "local") {
      const size = await writeStandardInput(context, { tree, name }, { expectedSize });
      return await context.report({ action: "transferred", path: name, size });
    }
    await using content = await keepStandardInput(context, place, { expectedSize });
    const job = { target: tree, targetPath: name, modifiedAtMs: clock.now() };
    return await runTransfers(
      context,
      { what: `write standard input to "${label}"`, isSingle: true },
      async (transfer) => {
        try {
          await uploadSpool(content, job, transfer);
          return [];
        } catch (reason) {
          const error = collectable(reason, signal);
          transfer.emit({ type: "failed", path: name, error });
          return [error];
        }
      },
    );
  },
});

/** rclone's -1 says that nobody knows. */
function parseBytes(text: string): number | undefined {
  if (text === "-1") return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot use "${text}" for --size: it is not a number of bytes`);
}
