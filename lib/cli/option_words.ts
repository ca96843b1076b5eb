/**
 * rclone's names of the options of a remote: `--jottacloud-device` is `--device` here, so that a command line written
 * for rclone means the same.
 */
import { type OptionDefinition } from "../options.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";

const PREFIX = "--jottacloud-";

const FLAGS: ReadonlyMap<string, string> = new Map(
  Object.values(SHARED_OPTIONS).flatMap(({ flag, configKey }: OptionDefinition<unknown>) =>
    configKey === undefined ? [] : [[PREFIX + configKey.replaceAll("_", "-"), `--${flag}`] as const]
  ),
);

/** Words of a command line with our own names for those options; a word after an option that takes a value stays. */
export function withOwnNames(words: readonly string[], takesValue: ReadonlySet<string>): string[] {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  let isValue = false;
  return words.map((word, position) => {
    if (position >= end) return word;
    const [name = "", ...value] = word.split(/(?==)/);
    const own = isValue ? word : (FLAGS.get(name) ?? name) + value.join("");
    isValue = !isValue && takesValue.has(own);
    return own;
  });
}
