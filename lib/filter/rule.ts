/** One rule, and a list of them in which the first that matches decides. */
import { UsageError } from "../errors.ts";
import { GlobSyntaxError, pathGlobSource } from "./glob.ts";
import { Re2Matcher } from "./re2/matcher.ts";
import { Re2SyntaxError } from "./re2/reader.ts";
import { formatOrigin, type Origin } from "./words.ts";

export interface Rule {
  readonly isInclude: boolean;
  /** What the user wrote: `*.jpg`, `- *.jpg`; undefined for the end that `--include` puts behind all rules. */
  readonly text: string | undefined;
  readonly origin: Origin;
  /** The regular expression that stands for the glob, in RE2's syntax. */
  readonly source: string;
  matches(path: string): boolean;
}

/** What a rule is made from. */
export interface RuleDraft {
  readonly isInclude: boolean;
  readonly glob: string;
  readonly text: string | undefined;
  readonly origin: Origin;
}

export interface RuleOptions {
  readonly ignoreCase: boolean;
}

/** Throws UsageError when the glob cannot be used. */
export function createRule({ isInclude, glob, text, origin }: RuleDraft, { ignoreCase }: RuleOptions): Rule {
  try {
    const source = pathGlobSource(glob, { ignoreCase });
    const matcher = new Re2Matcher(source);
    return { isInclude, text, origin, source, matches: (path) => matcher.test(path) };
  } catch (error) {
    if (!(error instanceof GlobSyntaxError) && !(error instanceof Re2SyntaxError)) throw error;
    throw refuseRule(text ?? glob, { origin, state: error.message, cause: error });
  }
}

/** The error for a rule of the user that cannot be used. */
export function refuseRule(
  text: string,
  { origin, state, cause }: { readonly origin: Origin; readonly state: string; readonly cause?: unknown },
): UsageError {
  const { flag, file, line } = origin;
  const place = `${file === undefined ? "for" : "in"} ${formatOrigin(origin)}`;
  return new UsageError(`Cannot use "${text}" ${place}: ${state}`, {
    hint: 'A character that should only mean itself needs a "\\" before it',
    data: { flag, rule: text, ...(file === undefined ? {} : { file, line }) },
    cause,
  });
}

/** Rules in order. */
export class RuleList {
  readonly #rules: Rule[] = [];
  /** A rule that stands there already would never get a say. */
  readonly #known = new Set<string>();

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  add(rule: Rule): void {
    const key = `${rule.isInclude ? "+" : "-"} ${rule.source}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#rules.push(rule);
  }

  clear(): void {
    this.#rules.length = 0;
    this.#known.clear();
  }

  /** The first rule that matches one of `texts`; undefined when none does, which means that it is included. */
  decide(texts: readonly string[]): Rule | undefined {
    return this.#rules.find((rule) => texts.some((text) => rule.matches(text)));
  }
}
