/** Words of a command line before they are parsed: which are values of options, which switches have a value. Pure. */
import { type OptionDefinition } from "../options.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import type { CommandSpec } from "./command.ts";
import { ALL_SYNC_OPTIONS } from "./sync_options.ts";

/** Options that take the next word as their value and may stand before the name of the command. */
export const VALUE_FLAGS: ReadonlySet<string> = new Set(
  Object.values({ ...SHARED_OPTIONS, ...ALL_SYNC_OPTIONS }).flatMap((
    option: OptionDefinition<unknown>,
  ) =>
    option.valueName === undefined
      ? []
      : [`--${option.flag}`, ...option.short === undefined ? [] : [`-${option.short}`]]
  ),
);

/** Where the words are that are neither options nor their values. */
export function plainWordPositions(words: readonly string[]): number[] {
  const positions: number[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--") break;
    if (VALUE_FLAGS.has(word)) i++;
    else if (!word.startsWith("-") || word === "-") positions.push(i);
  }
  return positions;
}

/** `--dry-run=false`, `-n=false`: switches and counters with a value, as rclone has them; the parser knows them only bare. */
export function takeSwitchValues(spec: CommandSpec, words: readonly string[]) {
  const bare = new Map<string, string>();
  for (const { flag, short, valueName } of definitionsOf(spec)) {
    if (valueName !== undefined) continue;
    bare.set(`--${flag}`, flag);
    if (short !== undefined) bare.set(`-${short}`, flag);
  }
  const switches = new Map<string, string>();
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const rest = words.filter((word, position) => {
    const [, name = "", value = ""] = /^(--[^=]+|-[^-=])=(.*)$/s.exec(word) ?? [];
    if (position < end) switches.delete(bare.get(word) ?? ""); // the last one counts
    const flag = bare.get(name);
    if (position >= end || flag === undefined) return true;
    switches.set(flag, value);
    return false;
  });
  return { rest, switches };
}

/** The options of every command and those of its own. */
export function definitionsOf(spec: CommandSpec): readonly OptionDefinition<unknown>[] {
  return [...Object.values(SHARED_OPTIONS), ...Object.values(spec.options)];
}
