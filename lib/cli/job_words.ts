/** The words of a line as the journal of a job keeps them: whoever reads it later must find no secret. Pure. */
import { parseConnectionString, withoutParameters } from "../path/connection_string.ts";
import { SHARED_OPTIONS } from "../shared_options/mod.ts";
import type { OptionDefinition } from "../options.ts";

export interface StorableWords {
  /** Undefined where the line cannot be run again; `obstacle` says why. */
  readonly words: readonly string[] | undefined;
  readonly obstacle: string | undefined;
  /** For people; without secrets. */
  readonly command: string;
}

/** Those are options too, which anybody may see. Any other parameter may be a secret. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(
  Object.values(SHARED_OPTIONS).flatMap(({ configKey }: OptionDefinition<unknown>) => configKey ?? []),
);
const STANDARD_INPUT = /^(?:--[\w-]+=)?-$/;

export function storableWords(words: readonly string[]): StorableWords {
  const command = ["jottash", ...words.map(shown)].map(quoted).join(" ");
  const refuse = (obstacle: string): StorableWords => ({ words: undefined, obstacle, command });
  if (words.some((word) => mayHoldSecret(valueOf(word)))) {
    return refuse("a connection string of it may hold a secret, which is not kept");
  }
  if (words.some((word) => STANDARD_INPUT.test(word))) {
    return refuse("it read standard input, which is not kept");
  }
  return { words, obstacle: undefined, command };
}

/** What stands behind `--flag=`, or the whole word. */
function valueOf(word: string): string {
  return /^--[\w-]+=(.*)$/s.exec(word)?.[1] ?? word;
}

function mayHoldSecret(text: string): boolean {
  if (withoutParameters(text) === text) return false;
  try {
    const keys = [...parseConnectionString(text)?.remote.parameters.keys() ?? [""]];
    return !keys.every((key) => HARMLESS_KEYS.has(key));
  } catch {
    return true;
  }
}

function shown(word: string): string {
  const value = valueOf(word);
  return word.slice(0, word.length - value.length) + withoutParameters(value);
}

function quoted(word: string): string {
  return /^[\p{L}\p{N}_./:@%+=,~^-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
