import { deepEqual, equal, ok } from "node:assert/strict";
import { COMMANDS } from "../../../../commands/mod.ts";
import { FILTER_HELP } from "../../../../lib/cli/filter_help.ts";
import { FILTER_GROUP, FILTER_OPTIONS, FILTER_WORD_FLAGS } from "../../../../lib/cli/filter_options.ts";
import { helpText, parseLine } from "../../../../lib/cli/program.ts";
import { FILTER_FLAGS } from "../../../../lib/filter/words.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

/** Commands that deal with many files, and take filters. */
const FILTERED = [
  "ls",
  "lsl",
  "lsd",
  "lsf",
  "lsjson",
  "tree",
  "size",
  "md5sum",
  "sha1sum",
  "hashsum",
  "cat",
  "copy",
  "delete",
];

Deno.test("every flag of a filter is an option, and the help for filters names it", () => {
  deepEqual([...FILTER_WORD_FLAGS, "max-depth"].sort(), Object.keys(FILTER_FLAGS).sort());
  for (const flag of FILTER_WORD_FLAGS) {
    equal(FILTER_OPTIONS[`--${flag}`].flag, flag);
    const family = flag.replace(/^(metadata-\w+)-from$/, "$1");
    ok(FILTER_HELP.includes(`--${family}`), `--${flag} is not in the help`);
  }
  for (const line of FILTER_HELP.split("\n")) ok(line.length <= 80, line);
});

Deno.test("values of a flag that is given several times stay apart and in order, whatever is in them", async () => {
  const row = COMMANDS.find(({ name }) => name === "ls");
  ok(row !== undefined);
  const { spec } = await row.load();
  const typed = ["*.jpg", "a,b", "two words", "", "line\nbreak", "--exclude", "{a,b};c"];
  const words = [
    "x:",
    ...typed.flatMap((value) => ["--include", value]),
    "--min-size",
    "1",
    "--min-size",
    "2",
  ];
  const line = parseLine(spec, words);
  ok(line.kind === "run");
  const { values } = resolveOptions(FILTER_OPTIONS, { flags: line.flags, env: fakeEnv({}) });
  deepEqual(values["--include"], typed);
  deepEqual([values["--exclude"], values["--min-size"]], [[], ["2"]]);
});

Deno.test("commands that deal with many files take filters, in a group of their own in the help", async () => {
  for (const name of FILTERED) {
    const { spec } = await COMMANDS.find((row) => row.name === name)?.load() ?? {};
    ok(spec !== undefined, name);
    const flags = new Set(Object.values(spec.options).map(({ flag }) => flag));
    for (const flag of [...FILTER_WORD_FLAGS, "max-depth", "ignore-case", "explain-filter"]) {
      ok(flags.has(flag), `${name} --${flag}`);
    }
    const help = helpText(spec);
    const group = help.slice(help.indexOf(FILTER_GROUP), help.indexOf("Options of every command:"));
    for (const flag of FILTER_WORD_FLAGS) {
      const { isRare } = FILTER_OPTIONS[`--${flag}`];
      equal(group.includes(`--${flag} `), isRare !== true, `${name} --${flag}`);
    }
    equal(help.split(FILTER_GROUP).length, 2);
  }
});
