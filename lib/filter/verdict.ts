/** What a filter says of one file or directory, and why. */
import type { Rule } from "./rule.ts";
import type { Origin } from "./words.ts";

export type Reason =
  /** The first rule that matches. */
  | { readonly kind: "rule"; readonly rule: Rule }
  /** No rule matches, so it is included. */
  | { readonly kind: "no-rule" }
  /** `origin` is undefined for a directory on the way to a listed file. */
  | { readonly kind: "listed"; readonly origin: Origin | undefined }
  | { readonly kind: "not-listed" }
  | { readonly kind: "size" | "age" | "depth" | "hash" };

export interface Verdict {
  readonly isIncluded: boolean;
  readonly reason: Reason;
}

/** The verdict of a rule, or of none. */
export function verdictOf(rule: Rule | undefined): Verdict {
  if (rule === undefined) return { isIncluded: true, reason: { kind: "no-rule" } };
  return { isIncluded: rule.isInclude, reason: { kind: "rule", rule } };
}

export function excludedBy(kind: "not-listed" | "size" | "age" | "depth" | "hash"): Verdict {
  return { isIncluded: false, reason: { kind } };
}
