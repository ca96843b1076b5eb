/** The options of `verify`. Its reports are those of `check`. */
import { duration, type OptionDefinition, type OptionValues, sizeLimit, text, toggle } from "../options.ts";
import { parseShare } from "../verify/sample.ts";
import { CHECK_OPTIONS } from "./check_options.ts";

const { oneWay: _oneWay, download: _download, ...REPORT_AND_FILTER_OPTIONS } = CHECK_OPTIONS;

export const VERIFY_OPTIONS = {
  manifest: text({
    flag: "manifest",
    valueName: "FILE",
    help: "Compare with what this manifest of an earlier run says",
  }),
  sample: {
    flag: "sample",
    valueName: "N%",
    default: undefined,
    help: "Read only this part of the files, chosen by chance; the sizes of all are compared",
    parse: (value: string) => value === "" ? undefined : parseShare(value),
  } as OptionDefinition<number | undefined>,
  sampleSeed: text({
    flag: "sample-seed",
    valueName: "TEXT",
    help: "Choose the same part of the files as another run with this text",
  }),
  budget: sizeLimit({ flag: "budget", help: "Read no more than this, and say what is left" }),
  state: text({
    flag: "state",
    valueName: "FILE",
    help: "Remember what was read when: a later run goes on with what was read longest ago",
  }),
  againAfter: duration({
    flag: "again-after",
    default: 0,
    minMs: 0,
    help: "Do not read again what was read within this time (with --state)",
  }),
  bothWays: toggle({ flag: "both-ways", help: "Tell of files that only PLACE has too" }),
  ...REPORT_AND_FILTER_OPTIONS,
} as const;

export type VerifyChoices = OptionValues<typeof VERIFY_OPTIONS>;
