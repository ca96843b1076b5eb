/**
 * Scripted faults: a rule says which requests it hits, how often, and what goes wrong with them. This file owns the
 * rules and their matching; fault_effects.ts owns what they do to answers. Source of the wish list: API reference 6.8.
 */

export type FaultAction =
  /** Answers with this status; with `afterEffect` the request has been carried out first ("500 but done"). */
  | {
    readonly kind: "status";
    readonly status: number;
    readonly retryAfterSeconds?: number;
    readonly body?: "xml" | "json" | "plain";
    readonly afterEffect?: boolean;
  }
  /** Closes the connection without an answer; with `afterEffect` a lost answer, else a lost request. */
  | { readonly kind: "dropBeforeResponse"; readonly afterEffect?: boolean }
  /** Kills the connection when this many body bytes have been read (uploads keep them). */
  | { readonly kind: "dropRequestAfterBytes"; readonly bytes: number }
  /** Kills the connection when this many body bytes have been sent. */
  | { readonly kind: "dropResponseAfterBytes"; readonly bytes: number }
  /**
   * Waits `ms`, or until the client goes away when absent: before the request is looked at, or, with
   * `afterResponseBytes`, in the middle of the answer's body.
   */
  | { readonly kind: "stall"; readonly ms?: number; readonly afterResponseBytes?: number }
  /** A tidy answer whose body is cut to `bytes` (default: half of it). */
  | { readonly kind: "truncateBody"; readonly bytes?: number }
  /** Flips the byte at index `at` (default 0) of the body. */
  | { readonly kind: "corruptBody"; readonly at?: number }
  /** A tidy answer whose XML does not parse. */
  | { readonly kind: "malformedXml" }
  /** A tidy answer whose XML ends after `bytes` (default: half of it). */
  | { readonly kind: "truncateXml"; readonly bytes?: number };

export interface FaultMatch {
  readonly method?: string;
  /** Part of the raw path, or `/pattern/` as a regular expression. */
  readonly path?: string | RegExp;
  /** Part of the raw query, or `/pattern/`. */
  readonly query?: string | RegExp;
}

export interface Fault {
  readonly match: FaultMatch;
  /** How many matching requests it hits. */
  readonly times: number;
  /** How many matching requests pass first. */
  readonly skip?: number;
  readonly action: FaultAction;
}

interface Rule {
  readonly fault: Fault;
  skip: number;
  left: number;
}

interface Target {
  readonly method: string;
  readonly path: string;
  readonly query: string;
}

export class Faults {
  fired = 0;
  #rules: Rule[] = [];

  add(fault: Fault): void {
    this.#rules.push({ fault, skip: fault.skip ?? 0, left: fault.times });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The action for a request; counts it. The first rule that is due wins, later ones do not see the request. */
  take(request: Target): FaultAction | undefined {
    for (const rule of this.#rules) {
      if (!isMatch(rule.fault.match, request)) continue;
      if (rule.skip > 0) rule.skip -= 1;
      else if (rule.left > 0) {
        rule.left -= 1;
        this.fired += 1;
        return rule.fault.action;
      }
    }
    return undefined;
  }
}

function isMatch(match: FaultMatch, request: Target): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== request.method) return false;
  return isTextMatch(match.path, request.path) && isTextMatch(match.query, request.query);
}

function isTextMatch(wanted: string | RegExp | undefined, actual: string): boolean {
  if (wanted === undefined) return true;
  if (wanted instanceof RegExp) {
    return new RegExp(wanted.source, wanted.flags.replaceAll(/[gy]/g, "")).test(actual);
  }
  // A path starts with a slash too: only `/…/` with something between that is no plain path part is a pattern.
  const pattern = /^\/(.+)\/$/.exec(wanted)?.[1];
  if (pattern !== undefined && /[\\^$*+?()[\]{}|]/.test(pattern)) return new RegExp(pattern).test(actual);
  return actual.includes(wanted);
}

const ACTION_KINDS: ReadonlySet<string> = new Set(
  [
    "status",
    "dropBeforeResponse",
    "dropRequestAfterBytes",
    "dropResponseAfterBytes",
    "stall",
    "truncateBody",
    "corruptBody",
    "malformedXml",
    "truncateXml",
  ] satisfies FaultAction["kind"][],
);

/** A rule from JSON (admin path); says what is wrong with it. `times` defaults to 1. */
export function parseFault(value: unknown): Fault | string {
  if (typeof value !== "object" || value === null) return "A fault must be an object";
  const { match = {}, times = 1, skip = 0, action } = value as Record<string, unknown>;
  if (typeof match !== "object" || match === null) return "Field match must be an object";
  if (typeof times !== "number" || typeof skip !== "number") return "Fields times and skip must be numbers";
  if (typeof action !== "object" || action === null || !("kind" in action)) {
    return "Field action.kind is required";
  }
  if (!ACTION_KINDS.has(String(action.kind))) return `Unknown action.kind "${action.kind}"`;
  return { match, times, skip, action: action as FaultAction };
}
