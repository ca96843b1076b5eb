/** What every command has to have; walks the command table, so that a new one cannot forget it. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { COMMANDS } from "../../../commands/mod.ts";
import { answerOtherOption, otherOptions } from "../../../lib/cli/other_options.ts";
import { answerOtherWord, otherWords } from "../../../lib/cli/other_words.ts";
import { findCommand, helpText, optionsText, parseLine } from "../../../lib/cli/program.ts";
import { type OptionDefinition } from "../../../lib/options.ts";
import { SHARED_OPTIONS } from "../../../lib/shared_options/mod.ts";
import { environmentName } from "../../../lib/settings.ts";

Deno.test("COMMANDS: names are unique, lower-case words, and stand with their group", () => {
  const names = COMMANDS.map((row) => row.name);
  deepEqual([...new Set(names)], names);
  for (const row of COMMANDS) {
    match(row.name, /^[a-z][a-z0-9]*(?: [a-z]+(?:-[a-z]+)*)*$/);
    match(row.group, /^[A-Z]/);
    equal(findCommand(COMMANDS, row.name.split(" "))?.row, row);
  }
  // A group of rows that is torn apart would have its heading twice.
  const headings = COMMANDS.map((row) => row.group).filter((group, at, all) => group !== all[at - 1]);
  deepEqual([...new Set(headings)], headings);
});

for (const row of COMMANDS) {
  Deno.test(`${row.name}: spec, help and examples are whole`, async () => {
    const { spec, run } = await row.load();
    equal(typeof run, "function");
    equal(spec.name, row.name);
    equal(spec.summary, row.summary);
    match(spec.summary, /^[A-Z].*[^.]$/);
    ok(spec.summary.length <= 80);
    const help = helpText(spec);
    const flags = optionsText([{ heading: "Options:", options: spec.options }]);
    for (const option of definitionsOf(spec.options)) {
      const shown = option.isRare === true ? flags : help;
      ok(shown.includes(`--${option.flag}`), `--${option.flag} is not in the help`);
      match(option.help, /^[A-Z].*[^.]$/);
    }
    for (const argument of spec.arguments) match(help, new RegExp(`^ {2}${argument.name} +\\S`, "m"));
    for (const line of help.split("\n")) {
      const isExample = spec.examples.some((example) => line === `  ${example.line}`);
      ok(line.length <= 80 || isExample, `too long: ${line}`);
    }
    ok(spec.examples.length > 0, "no example");
    for (const example of spec.examples) {
      ok(help.includes(example.line));
      const typed = example.line.split(/\| /).find((part) => part.startsWith("jottash ")) ?? "";
      const found = findCommand(COMMANDS, typed.trim().split(/\s+/).slice(1));
      equal(found?.row.name, row.name, `"${typed}" is an example of another command`);
      equal(parseLine(spec, found?.rest ?? []).kind, "run");
    }
  });

  Deno.test(`${row.name}: options of its own do not clash with the shared ones`, async () => {
    const { spec } = await row.load();
    const all = [...definitionsOf(spec.options), ...definitionsOf(SHARED_OPTIONS)];
    for (
      const names of [
        all.map((each) => each.flag),
        all.map((each) => each.short),
        all.map(environmentName),
      ]
    ) {
      const given = names.filter((name) => name !== undefined);
      deepEqual([...new Set(given)], given);
    }
  });
}

const COMMAND_IN_HINT = /"jottash ([a-z]+(?: (?:list|show|create|delete|file))?)/g;

Deno.test("no word of the table of other words hides a command", () => {
  const names = new Set(COMMANDS.map((row) => row.name));
  for (const word of otherWords()) {
    ok(!names.has(word), `"${word}" is a command now: its row can go`);
    const { hint = "" } = answerOtherWord(word) ?? {};
    for (const [, named = ""] of hint.matchAll(COMMAND_IN_HINT)) {
      ok(names.has(named), `the hint for "${word}" names "${named}", which is no command`);
    }
  }
});

Deno.test("no row of the table of other options hides an option, and each is answered", async () => {
  for (const { command, flag } of otherOptions()) {
    ok(!definitionsOf(SHARED_OPTIONS).some((each) => each.flag === flag), `--${flag} is an option now`);
    for (const row of COMMANDS) {
      if (command !== undefined && row.name !== command) continue;
      const { spec } = await row.load();
      ok(!definitionsOf(spec.options).some((each) => each.flag === flag), `${row.name} has --${flag} now`);
      match(answerOtherOption(spec, `--${flag}`)?.state ?? "", new RegExp(`^there is no "--${flag}" here: `));
    }
    ok(command === undefined || COMMANDS.some((row) => row.name === command), command);
  }
});

function definitionsOf(table: Readonly<Record<string, OptionDefinition<unknown>>>) {
  return Object.values(table);
}
