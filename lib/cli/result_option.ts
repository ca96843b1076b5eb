/** `--json`: what a command did, as a document for programs. One option for all commands that change files or folders. */
import { type OptionTable, toggle } from "../options.ts";

/** What decides, of the spec of a command. */
interface Changing {
  readonly name: string;
  readonly changes: boolean;
}

const RESULT_OPTION = toggle({ flag: "json", help: "Write what was done as JSON to standard output" });
/** Those change the config, the session or what is known of jobs: there are no entries to tell about. */
const SET_UP = /^((config|auth)( |$)|jobs forget$)/;

/** Changes nothing, but what it finds of each file is worth a document. */
const TELLS_OF_EACH: ReadonlySet<string> = new Set(["verify"]);

/** The spec of a command with the option, where there are entries to tell about. */
export function withResultOption<Spec extends Changing & { readonly options: OptionTable }>(
  spec: Spec,
): Spec {
  return hasResult(spec) ? { ...spec, options: { ...spec.options, json: RESULT_OPTION } } : spec;
}

/** Whether the words of a line that may not even be valid ask for the result: it then tells what is wrong with them. */
export function seemsToAskForResult(spec: Changing, words: readonly string[]): boolean {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  return hasResult(spec) && words.slice(0, end).includes(`--${RESULT_OPTION.flag}`);
}

/** Whether the resolved options of a command ask for the result. */
export function asksForResult(spec: Changing, options: Readonly<Record<string, unknown>>): boolean {
  return hasResult(spec) && options.json === true;
}

function hasResult({ name, changes }: Changing): boolean {
  return (changes || TELLS_OF_EACH.has(name)) && !SET_UP.test(name);
}
