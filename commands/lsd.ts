import { defineCommand } from "../lib/cli/command.ts";
import { FILTER_OPTIONS } from "../lib/cli/filter_options.ts";
import { openFilter } from "../lib/cli/filters.ts";
import { printListing } from "../lib/cli/listing.ts";
import {
  depthOf,
  HUMAN_READABLE,
  MAX_DEPTH_OF_ONE,
  PLACE_ARGUMENT,
  RECURSIVE,
} from "../lib/cli/listing_options.ts";
import { modifiedAtNsOf } from "../lib/listing/item.ts";
import { formatListedSize } from "../lib/listing/size_field.ts";
import { createTimeFormatter } from "../lib/listing/time_layout.ts";

const UNKNOWN = -1;

export const command = defineCommand({
  spec: {
    name: "lsd",
    summary: "List folders",
    description:
      "One line for each folder: size (-1: not known), modification time, number of entries (-1), path, as rclone prints it. The service keeps no times of folders: 2000-01-01 00:00:00 stands for them.",
    arguments: [PLACE_ARGUMENT],
    options: {
      recursive: RECURSIVE,
      humanReadable: HUMAN_READABLE,
      maxDepth: MAX_DEPTH_OF_ONE,
      ...FILTER_OPTIONS,
    },
    examples: [
      { line: "jottash lsd jotta:", does: "The folders of the remote." },
      { line: "jottash lsd -R jotta:photos", does: "All folders below one." },
    ],
    changes: false,
  },
  run: async (context, { args: [place = ""], options }) => {
    const { recursive, humanReadable: isHuman } = options;
    // As in rclone, -R goes down all the way, whatever the depth.
    const maxDepth = recursive ? 0 : options.maxDepth;
    const filter = await openFilter(context, { ...options, maxDepth });
    if (filter === undefined) return;
    const formatTime = createTimeFormatter("2006-01-02 15:04:05");
    const size = formatListedSize(UNKNOWN, { isHuman, width: 12 });
    const count = String(UNKNOWN).padStart(isHuman ? 8 : 9);
    await printListing(context, await context.source(place), {
      filter,
      maxDepth: depthOf(maxDepth, { isRecursive: false }),
      format: (entry) =>
        entry.kind === "directory"
          ? `${size} ${formatTime(modifiedAtNsOf(entry))} ${count} ${entry.path}`
          : undefined,
    });
  },
});
