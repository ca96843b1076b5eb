/** What the options of local files make the local trees do. */
import { UsageError } from "../errors.ts";
import type { LinkRule, LocalRules } from "../local/local_rules.ts";
import type { OptionValues } from "../options.ts";
import type { LOCAL_OPTIONS } from "../shared_options/local.ts";

export type LocalSettings = OptionValues<typeof LOCAL_OPTIONS>;

/** Throws `UsageError` for options that cannot go together. */
export function localRulesOf(settings: LocalSettings): LocalRules {
  const { oneFileSystem, inplace, partialSuffix } = settings;
  return {
    links: linkRuleOf(settings),
    staysOnFileSystem: oneFileSystem,
    writing: { isInPlace: inplace, partialSuffix },
  };
}

function linkRuleOf({ links, copyLinks, skipLinks }: LocalSettings): LinkRule {
  if (links && copyLinks) {
    throw new UsageError("Cannot use --links with --copy-links: a link is either copied or followed", {
      hint: "Choose one of them",
    });
  }
  return links ? "translate" : copyLinks ? "follow" : skipLinks ? "skip" : "warn";
}
