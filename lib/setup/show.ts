/** Sections of the config as text, for the commands that print them. */
import type { CommandContext } from "../cli/context.ts";
import type { ConfigDocument } from "../store/config_file.ts";
import { remoteNameOf, requireSection } from "./remotes.ts";

type Describe = (
  document: ConfigDocument,
  name: string,
) => readonly (readonly [key: string, value: string])[];

/** Prints the section named `typed`, or all of them; resolves with how many. Throws `ConfigError` for a name that is not there. */
export async function printSections(
  context: CommandContext,
  typed: string | undefined,
  describe: Describe,
): Promise<number> {
  const document = await context.shownConfig();
  const name = typed === undefined ? undefined : remoteNameOf(typed);
  if (name !== undefined) requireSection(document, name);
  if (document.sections().length === 0) {
    context.printer.notice("There are no remotes yet", { hint: "Make one: jottash config" });
    return 0;
  }
  const names = name === undefined ? document.sections() : [name];
  for (const [index, each] of names.entries()) {
    if (index > 0) await context.printer.line("");
    await context.printer.line(`[${each}]`);
    for (const [key, value] of describe(document, each)) await context.printer.line(`${key} = ${value}`);
  }
  return names.length;
}
