/** Other places that may hold a file already, with rclone's names. */
import type { OptionDefinition } from "../options.ts";

/** Stands between the values of a flag that is given several times: no word of a command line can hold it. */
const SEPARATOR = "\0";

function placesOption(flag: string, help: string): OptionDefinition<readonly string[]> {
  return {
    flag,
    group: "Comparison:",
    isRare: true,
    valueName: "PLACE",
    default: [],
    joinedBy: SEPARATOR,
    help: `${help}; may be given several times`,
    parse: (value) => value === "" ? [] : value.split(SEPARATOR),
  };
}

export const OTHER_PLACE_OPTIONS = {
  compareDest: placesOption("compare-dest", "Leave out what is there already, and the same"),
  copyDest: placesOption("copy-dest", "Copy from there what is there already, and the same"),
} as const;
