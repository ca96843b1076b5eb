/** Which bytes of each file `cat` shows: rclone's options, and what they mean for a file of a given size. */
import { UsageError } from "../errors.ts";
import { type OptionDefinition, type OptionValues } from "../options.ts";
import type { ByteRange } from "../transfer/read_range.ts";

function bytesOption(
  definition: Pick<OptionDefinition<number>, "flag" | "help" | "default">,
): OptionDefinition<number> {
  const { flag } = definition;
  return {
    ...definition,
    valueName: "N",
    parse: (value) => {
      if (/^[+-]?\d{1,15}$/.test(value)) return Number(value);
      throw new UsageError(`Cannot use "${value}" for --${flag}: it is not a number of bytes`);
    },
  };
}

export const RANGE_OPTIONS = {
  head: bytesOption({ flag: "head", default: 0, help: "Only the first N bytes (default all)" }),
  tail: bytesOption({ flag: "tail", default: 0, help: "Only the last N bytes (default all)" }),
  offset: bytesOption({
    flag: "offset",
    default: 0,
    help: "Begin at byte N, from the end if negative (default 0)",
  }),
  count: bytesOption({ flag: "count", default: -1, help: "At most N bytes (default all)" }),
} as const;

type RangeValues = OptionValues<typeof RANGE_OPTIONS>;

/** The bytes of a file of that size; undefined for all of it. */
export type RangeOf = (size: number) => ByteRange | undefined;

/** Throws `UsageError` for options that contradict each other. */
export function createRange({ head, tail, offset, count }: RangeValues): RangeOf {
  const used = [head > 0, tail > 0, offset !== 0 || count >= 0].filter((isUsed) => isUsed).length;
  if (used > 1) {
    throw new UsageError(
      "Cannot use --head, --tail and --offset with --count together: one of them is enough",
    );
  }
  if (used === 0) return () => undefined;
  if (head > 0) return () => ({ offset: 0, count: head });
  const begin = tail > 0 ? -tail : offset;
  const most = count >= 0 ? count : Infinity;
  return (size) => ({ offset: begin < 0 ? Math.max(0, size + begin) : begin, count: most });
}
