/**
 * From the flags to lists of rules, in rclone's order of evaluation: all `--include`, `--include-from`,
 * `--exclude`, `--exclude-from`, `--filter`, `--filter-from`, whatever the order on the command line (documented:
 * rclone.org/filtering; observed: rclone v1.76 `parseRules` and `Filter.Add`).
 */
import { directoryGlobs } from "./directory_globs.ts";
import { readLines } from "./lines.ts";
import { createRule, refuseRule, type RuleDraft, RuleList, type RuleOptions } from "./rule.ts";
import { type FilterFlag, type FilterWord, type Origin, wordsOf } from "./words.ts";

export interface PathRules {
  readonly files: RuleList;
  /** Asked with the path of a directory and a `/` behind it. */
  readonly directories: RuleList;
}

/** What the rules of a family are added to: paths have two lists, metadata one. */
interface RuleSink {
  add(draft: RuleDraft): void;
  clear(): void;
}

interface RuleText {
  readonly text: string;
  readonly origin: Origin;
}

/** Excludes all that no other rule has included. */
const REST = "/**";

/** Throws UsageError for a rule that cannot be used. */
export function parsePathRules(words: readonly FilterWord[], options: RuleOptions): PathRules {
  const files = new RuleList();
  const directories = new RuleList();
  feedRules(words, "", {
    add: (draft) => addPathRule(draft, { files, directories }, options),
    clear: () => {
      files.clear();
      directories.clear();
    },
  });
  return { files, directories };
}

/** The rules of `--metadata-include` and so on, for texts `key=value`. Throws UsageError. */
export function parseMetadataRules(words: readonly FilterWord[]): RuleList {
  const list = new RuleList();
  feedRules(words, "metadata-", {
    add: (draft) => list.add(createRule(draft, { ignoreCase: false })),
    clear: () => list.clear(),
  });
  return list;
}

/** Whether the user mixes includes and excludes, whose order is then not the one on the command line. */
export function mixesIncludesAndExcludes(words: readonly FilterWord[]): boolean {
  const has = (...flags: FilterFlag[]) => words.some(({ flag }) => flags.includes(flag));
  return has("include", "include-from") && has("exclude", "exclude-from");
}

function feedRules(words: readonly FilterWord[], family: "" | "metadata-", sink: RuleSink): void {
  const included = textsOf(words, `${family}include`, `${family}include-from`);
  const excluded = textsOf(words, `${family}exclude`, `${family}exclude-from`);
  for (const { text, origin } of included) sink.add({ isInclude: true, glob: text, text, origin });
  for (const { text, origin } of excluded) sink.add({ isInclude: false, glob: text, text, origin });
  for (const { text, origin } of textsOf(words, `${family}filter`, `${family}filter-from`)) {
    addSigned(text, origin, sink);
  }
  const first = words.find(({ flag }) => flag === `${family}include` || flag === `${family}include-from`);
  if (first === undefined) return;
  const { flag, value, content } = first;
  const origin = content === undefined ? { flag } : { flag, file: value };
  sink.add({ isInclude: false, glob: REST, text: undefined, origin });
}

function textsOf(words: readonly FilterWord[], flag: FilterFlag, fileFlag: FilterFlag): readonly RuleText[] {
  return [
    ...wordsOf(words, flag).map(({ value }) => ({ text: value, origin: { flag } })),
    ...wordsOf(words, fileFlag).flatMap(({ value, content = "" }) =>
      readLines(content, "rules").map(({ text, number }) => ({
        text,
        origin: { flag: fileFlag, file: value, line: number },
      }))
    ),
  ];
}

/** `+ GLOB`, `- GLOB`, or `!`, which forgets all rules before it. */
function addSigned(text: string, origin: Origin, sink: RuleSink): void {
  if (text === "!") return sink.clear();
  const isInclude = text.startsWith("+ ");
  if (!isInclude && !text.startsWith("- ")) {
    throw refuseRule(text, { origin, state: 'a rule is "+ PATTERN", "- PATTERN" or "!"' });
  }
  sink.add({ isInclude, glob: text.slice(2), text, origin });
}

function addPathRule(draft: RuleDraft, { files, directories }: PathRules, options: RuleOptions): void {
  const { isInclude, glob } = draft;
  const endsAsDirectory = glob.endsWith("/");
  // Without the directory itself goes all that is in it; with it comes only the directory.
  const whole = endsAsDirectory && !isInclude ? `${glob}**` : glob;
  const spansLevels = whole.includes("**");
  const rule = createRule({ ...draft, glob: whole }, options);
  if (!endsAsDirectory || spansLevels) {
    files.add(rule);
    // To include a file, its directories must be entered. An exclude rules out no directory but with `*`, all.
    if (isInclude || whole === "*") {
      for (const directory of directoryGlobs(whole)) {
        // The root is always entered.
        if (directory !== "/") directories.add(createRule({ ...draft, glob: directory }, options));
      }
    }
  }
  if (endsAsDirectory || spansLevels) directories.add(rule);
}
