import { deepEqual, doesNotMatch, equal, match, throws } from "node:assert/strict";
import { type CommandSpec, type CommandTable, defineCommand } from "../../../../lib/cli/command.ts";
import { findCommand, helpText, optionsText, parseLine } from "../../../../lib/cli/program.ts";
import { UsageError } from "../../../../lib/errors.ts";
import { text, toggle } from "../../../../lib/options.ts";

const SPEC: CommandSpec = {
  name: "move",
  summary: "Move things",
  description: "First paragraph.\n\nSecond paragraph.",
  arguments: [
    { name: "SOURCE", kind: "location", help: "From here" },
    { name: "TARGET", kind: "location", help: "To there", isOptional: true },
  ],
  options: {
    force: toggle({ flag: "force", short: "f", help: "Whatever it takes" }),
    tag: text({ flag: "tag", valueName: "TEXT", help: "A tag" }),
    list: { ...text({ flag: "list", valueName: "TEXT", help: "Several" }), joinedBy: "," },
  },
  examples: [{ line: "jottash move a b", does: "Move a to b." }],
  changes: true,
};

const TABLE: CommandTable = ["ls", "copy", "config", "config show", "config create", "help"].map((name) => ({
  name,
  group: "All",
  summary: name,
  load: () => Promise.resolve(defineCommand({ spec: { ...SPEC, name }, run: () => Promise.resolve() })),
}));

function refusal(work: () => unknown): UsageError {
  let caught: unknown;
  throws(() => {
    try {
      work();
    } catch (error) {
      caught = error;
      throw error;
    }
  }, UsageError);
  if (!(caught instanceof UsageError)) throw new Error("unreachable");
  return caught;
}

function parsed(...words: string[]): { args: readonly string[]; flags: Record<string, string> } {
  const line = parseLine(SPEC, words);
  if (line.kind !== "run") throw new Error("help was shown");
  return { args: line.args, flags: Object.fromEntries(line.flags) };
}

Deno.test("findCommand() takes the longest name, wherever options stand", () => {
  const cases: [words: string[], name: string | undefined, rest: string[]][] = [
    [["ls", "a"], "ls", ["a"]],
    [["-v", "--transfers", "3", "ls", "a"], "ls", ["-v", "--transfers", "3", "a"]],
    [["--transfers=3", "ls"], "ls", ["--transfers=3"]],
    [["config"], "config", []],
    [["config", "show", "jotta"], "config show", ["jotta"]],
    [["config", "-v", "show", "--config", "show", "x"], "config show", ["-v", "--config", "show", "x"]],
    [["copy", "config", "show"], "copy", ["config", "show"]],
    [["ls", "--", "-odd"], "ls", ["--", "-odd"]],
    [["--order-by", "show", "ls", "x:"], "ls", ["--order-by", "show", "x:"]],
    [["--compare-dest", "show", "--backup-dir", "config", "ls"], "ls", [
      "--compare-dest",
      "show",
      "--backup-dir",
      "config",
    ]],
    [["ls", "-"], "ls", ["-"]],
    [["--", "ls"], undefined, []],
    [["-v", "--config", "ls"], undefined, []],
  ];
  for (const [words, name, rest] of cases) {
    const found = findCommand(TABLE, words);
    equal(found?.row.name, name, words.join(" "));
    if (found !== undefined) deepEqual(found.rest, rest);
  }
});

Deno.test("findCommand() suggests what may have been meant", () => {
  const cases: [words: string[], message: RegExp, hint: RegExp][] = [
    [["lss"], /^Cannot run "lss": there is no such command$/, /^Did you mean "ls"\?/],
    [["conf"], /"conf"/, /^Did you mean "config"\?/],
    [["qqqq"], /"qqqq"/, /^All commands are listed by "jottash help"$/],
    [["config", "shwo"], /"config shwo"/, /^Did you mean "config show"\? Known: show, create$/],
    [["config", "qqqq"], /"config qqqq"/, /^Known: show, create$/],
    [["show"], /"show"/, /^All commands/],
    [
      ["ncdu", "x:"],
      /^Cannot run "ncdu": rclone has this command, jottash does not have it yet$/,
      /^Nearest: "jott/,
    ],
    [["mount", "x:", "/m"], /"mount": rclone has/, /^All commands are listed by "jottash help"$/],
    [["config", "touch"], /^Cannot run "config touch": rclone has/, /^Nearest: "jottash config file"$/],
    [["bisync", "x:a"], /"bisync": rclone has/, /"jottash sync" in one direction$/],
    [["cp", "a", "b"], /^Cannot run "cp": there is no such command$/, /^Nearest: "jottash copy"$/],
    [
      ["x:"],
      /^Cannot run "x:": there is no such command$/,
      /^The command comes first, as in: jottash lsd NAME:$/,
    ],
    [
      [":jottacloud,pass=SECRET:a"],
      /^Cannot run ":jottacloud,\.\.\.": there is no such command$/,
      /comes first/,
    ],
  ];
  for (const [words, message, hint] of cases) {
    const error = refusal(() => findCommand(TABLE, words));
    match(error.message, message);
    match(error.hint ?? "", hint);
  }
});

Deno.test("parseLine() reads arguments and options in any order", () => {
  const cases: [words: string[], args: string[], flags: Record<string, string>][] = [
    [["a"], ["a"], {}],
    [["a", "b"], ["a", "b"], {}],
    [["-n", "a", "--force", "b"], ["a", "b"], { "dry-run": "true", force: "true" }],
    [["-nfq", "a"], ["a"], { "dry-run": "true", force: "true", quiet: "true" }],
    [["--tag=x=y", "a"], ["a"], { tag: "x=y" }],
    [["--tag", "-x", "a"], ["a"], { tag: "-x" }],
    [["--tag=", "a"], ["a"], { tag: "" }],
    [["--tag", "one", "--tag", "two", "a"], ["a"], { tag: "two" }],
    [["--transfers", "-1", "a"], ["a"], { transfers: "-1" }],
    [["-v", "a"], ["a"], { verbose: "1" }],
    [["-vv", "a", "-v"], ["a"], { verbose: "3" }],
    [["--verbose", "a", "--verbose"], ["a"], { verbose: "2" }],
    [["--verbose=2", "a"], ["a"], { verbose: "2" }],
    [["--dry-run=false", "a"], ["a"], { "dry-run": "false" }],
    [["--dry-run", "--dry-run=false", "a"], ["a"], { "dry-run": "false" }],
    [["-n=false", "a"], ["a"], { "dry-run": "false" }],
    [["-n=false", "-n", "a"], ["a"], { "dry-run": "true" }],
    [["--list", "one", "a", "--list=two"], ["a"], { list: "one,two" }],
    [["--", "-a", "--tag=x"], ["-a", "--tag=x"], {}],
    [["a", "--", "--dry-run=true"], ["a", "--dry-run=true"], {}],
    [["-"], ["-"], {}],
    [[""], [""], {}],
  ];
  for (const [words, args, flags] of cases) deepEqual(parsed(...words), { args, flags }, words.join(" "));
});

Deno.test("parseLine() says what is wrong without repeating what may be a secret", () => {
  const cases: [words: string[], message: string, hint: string][] = [
    [
      [],
      'Cannot run "move": the argument SOURCE is missing',
      'SOURCE is: From here. See "jottash help move"',
    ],
    [
      ["a", "b", "SECRET"],
      'Cannot run "move": it takes at most 2 arguments (SOURCE and TARGET), not 3',
      'Put quotes around a path with spaces. See "jottash help move"',
    ],
    [
      ["a", "--forse"],
      'Cannot run "move": there is no option "--forse"',
      'Did you mean "--force"? See "jottash help move"',
    ],
    [["a", "--token=SECRET"], 'Cannot run "move": there is no option "--token"', 'See "jottash help move"'],
    [
      ["a", "--low"],
      'Cannot run "move": there is no option "--low"',
      'Did you mean "--low-level-retries"? See "jottash help move"',
    ],
    [["a", "-Z"], 'Cannot run "move": there is no option "-Z"', 'See "jottash help move"'],
    [["a", "--tag"], 'Cannot run "move": the option --tag needs a value', 'See "jottash help move"'],
  ];
  for (const [words, message, hint] of cases) {
    const error = refusal(() => parseLine(SPEC, words));
    equal(error.message, message);
    equal(error.hint?.replace('Did you mean "--tag"? ', ""), hint);
  }
});

Deno.test("parseLine() hands out the help where it is asked for, whatever else is wrong", () => {
  for (const words of [["--help"], ["-h"], ["a", "-h", "b", "c", "d"]]) {
    const line = parseLine(SPEC, words);
    equal(line.kind, "help");
    if (line.kind === "help") equal(line.text.trimEnd(), helpText(SPEC).trimEnd());
  }
});

Deno.test("helpText() names arguments, options with defaults, and examples; own options come first", () => {
  const help = helpText(SPEC);
  match(
    help,
    /^Usage: jottash move SOURCE \[TARGET\] \[OPTION\.\.\.\]\n\nMove things\.\n\nFirst paragraph\.\n\nSecond/,
  );
  match(help, /\nArguments:\n {2}SOURCE +From here\n {2}TARGET +To there\n/);
  match(
    help,
    /\nOptions:\n {2}-f, --force +Whatever it takes\n {2}--tag TEXT +A tag\n {2}--list TEXT +Several\n\nOptions of every command:\n/,
  );
  match(help, / {2}--transfers N .*\(default 4\)\n/);
  match(help, /\n {2}-h, --help +Show this help\n/);
  match(help, /\nMore options: jottash help flags\n\nExamples:\n {2}jottash move a b\n {6}Move a to b\.\n$/);
});

Deno.test("helpText() leaves out options that few people need, optionsText() has them under their headings", () => {
  const options = {
    often: toggle({ flag: "often", help: "Needed often" }),
    seldom: toggle({ flag: "seldom", help: "Needed seldom", group: "Odd things", isRare: true }),
  };
  const help = helpText({ ...SPEC, options });
  match(help, /--often +Needed often\n/);
  doesNotMatch(help, /--seldom|Odd things/);
  equal(
    optionsText([{ heading: "Options:", options }]),
    "Options:\n  --often   Needed often\n\nOdd things:\n  --seldom  Needed seldom\n",
  );
});

Deno.test("parseLine() says why an option of rclone is not there", () => {
  const cases: [name: string, words: string[], state: RegExp, hint: RegExp][] = [
    [
      "sync",
      ["--no-traverse"],
      /there is no "--no-traverse" here: the target has to be listed/,
      /"jottash copy"/,
    ],
    ["copy", ["--max-delete", "3"], /there is no "--max-delete" here: nothing is deleted/, /"jottash sync"/],
    ["ls", ["--no-check-certificate"], /is always checked$/, /--ca-cert FILE/],
    ["copy", ["--ignore-checksum"], /is always compared$/, /See "jottash help copy"/],
    [
      "ls",
      ["--no-traverse"],
      /^Cannot run "ls": there is no option "--no-traverse"$/,
      /See "jottash help ls"/,
    ],
  ];
  for (const [name, words, state, hint] of cases) {
    const error = refusal(() => parseLine({ ...SPEC, name }, ["a", ...words]));
    match(error.message, state);
    match(error.hint ?? "", hint);
  }
});
