/** Every option of every command can be given by a variable; walks the command table, so that no new one is left out. */
import { deepEqual, doesNotMatch, equal, notDeepEqual, ok } from "node:assert/strict";
import { COMMANDS } from "../../../commands/mod.ts";
import { findCommand, parseLine } from "../../../lib/cli/program.ts";
import { type OptionDefinition, type OptionTable } from "../../../lib/options.ts";
import { SHARED_OPTIONS } from "../../../lib/shared_options/mod.ts";
import { environmentName, environmentNames, resolveOptions } from "../../../lib/settings.ts";
import { fakeEnv } from "../../fakes/fake_env.ts";

/** One of these is a value for any option, and not its default. */
const TEXTS = [
  "2",
  "true",
  "false",
  "7s",
  "Slash,Del",
  "some text",
  "legacy",
  "st",
  "sha1",
  "size",
  "soft",
  "INFO",
];

function textFor(definition: OptionDefinition<unknown>): string {
  for (const text of TEXTS) {
    try {
      if (definition.parse(text) !== definition.default) return text;
    } catch {
      // It is a value for options of another kind.
    }
  }
  throw new Error(`None of the texts is a value for --${definition.flag}`);
}

function requireVariables(table: OptionTable): number {
  const own = Object.values(table).map(environmentName);
  deepEqual([...new Set(own)], own);
  for (const [key, definition] of Object.entries(table)) {
    const text = textFor(definition);
    for (const variable of environmentNames(definition)) {
      // These begin the names of variables that make remotes or have a meaning of their own.
      doesNotMatch(variable, /^JOTTASH_CONFIG_/);
      const { values, origins } = resolveOptions(table, {
        flags: new Map(),
        env: fakeEnv({ [variable]: text }),
      });
      deepEqual(values[key], definition.parse(text), variable);
      notDeepEqual(values[key], definition.default);
      equal(origins[key], "environment");
    }
  }
  return own.length;
}

Deno.test("every shared option has a variable of its own, and it works", () => {
  ok(requireVariables(SHARED_OPTIONS) > 15);
});

Deno.test("every option of a single command has a variable of its own, and it works", async () => {
  let checked = 0;
  for (const row of COMMANDS) {
    const { spec } = await row.load();
    checked += requireVariables(spec.options);
    const all = [...Object.values(SHARED_OPTIONS), ...Object.values(spec.options)].map(environmentName);
    equal(new Set(all).size, all.length, row.name);
  }
  ok(checked > 5);
});

Deno.test("every option of a remote can be written with rclone's name, wherever it stands", () => {
  let checked = 0;
  for (const definition of Object.values<OptionDefinition<unknown>>(SHARED_OPTIONS)) {
    const { configKey, flag } = definition;
    if (configKey === undefined) continue;
    const text = textFor(definition);
    const name = `--jottacloud-${configKey.replaceAll("_", "-")}`;
    const given = definition.valueName === undefined ? [name] : [name, text];
    for (
      const words of [["purge", "jotta:x", ...given], [...given, "purge", "jotta:x"], [
        "purge",
        `${name}=${text}`,
        "jotta:x",
      ]]
    ) {
      deepEqual(flagsOf(words), {
        [flag]: definition.valueName === undefined && words.includes(name) ? "true" : text,
      });
      checked++;
    }
  }
  ok(checked >= 3 * 7);
});

Deno.test("rclone's names of options: switches take a value, the last word counts, the values of others stay", () => {
  const cases: [words: string[], flags: Record<string, string>][] = [
    [["--jottacloud-hard-delete"], { "hard-delete": "true" }],
    [["--jottacloud-hard-delete=false"], { "hard-delete": "false" }],
    [["--hard-delete", "--jottacloud-hard-delete=false"], { "hard-delete": "false" }],
    [["--jottacloud-hard-delete=false", "--hard-delete"], { "hard-delete": "true" }],
    [["--device", "a", "--jottacloud-device", "b"], { device: "b" }],
    [["--jottacloud-device", "b", "--device=a"], { device: "a" }],
    [["--device", "--jottacloud-mountpoint"], { device: "--jottacloud-mountpoint" }],
    [["--jottacloud-device=a=b"], { device: "a=b" }],
  ];
  for (const [words, flags] of cases) deepEqual(flagsOf(["purge", "jotta:x", ...words]), flags);
  deepEqual(findCommand(COMMANDS, ["purge", "--", "--jottacloud-device"])?.rest, [
    "--",
    "--jottacloud-device",
  ]);
});

function flagsOf(words: string[]): Record<string, string> {
  const found = findCommand(COMMANDS, words);
  equal(found?.row.name, "purge", words.join(" "));
  const line = parseLine({
    name: "purge",
    summary: "Purge",
    arguments: [{ name: "FOLDER", kind: "location", help: "A folder" }],
    options: {},
    examples: [],
    changes: true,
  }, found?.rest ?? []);
  ok(line.kind === "run");
  deepEqual(line.args, ["jotta:x"]);
  return Object.fromEntries(line.flags);
}
