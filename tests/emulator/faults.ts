/**
 * Scripted faults: a rule says which requests it hits, how often, and what goes wrong with them. This file owns the
 * rules and their matching; fault_effects.ts owns what they do to requests and answers. Source of the wish list: API reference 6.8.
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
  /** The service sees only this many body bytes, as if the client had sent no more: the way to 420. */
  | { readonly kind: "shortenRequest"; readonly bytes: number }
  /** Flips the request's body byte at index `at` (default 0): the way to 421 and CORRUPT. */
  | { readonly kind: "corruptRequest"; readonly at?: number }
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
  readonly isMatch: (request: Target) => boolean;
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
    this.#rules.push({ fault, isMatch: matcherOf(fault.match), skip: fault.skip ?? 0, left: fault.times });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The action for a request; counts it. The first rule that is due wins, later ones do not see the request. */
  take(request: Target): FaultAction | undefined {
    for (const rule of this.#rules) {
      if (!rule.isMatch(request)) continue;
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

/** Whether a request is meant; throws SyntaxError for a pattern that is no regular expression. */
export function matcherOf(match: FaultMatch): (request: Target) => boolean {
  const method = match.method?.toUpperCase();
  const path = textMatcherOf(match.path);
  const query = textMatcherOf(match.query);
  return (request) =>
    (method === undefined || method === request.method) && path(request.path) && query(request.query);
}

function textMatcherOf(wanted: string | RegExp | undefined): (actual: string) => boolean {
  if (wanted === undefined) return () => true;
  const pattern = wanted instanceof RegExp ? withoutPosition(wanted) : patternIn(wanted);
  return (actual) => pattern?.test(actual) ?? actual.includes(String(wanted));
}

/** Flags `g` and `y` would make a match depend on the one before. */
function withoutPosition({ source, flags }: RegExp): RegExp {
  return new RegExp(source, flags.replaceAll(/[gy]/g, ""));
}

/** A path starts with a slash too: only `/…/` with something between that is no plain path part is a pattern. */
function patternIn(text: string): RegExp | undefined {
  const source = /^\/(.+)\/$/.exec(text)?.[1];
  return source !== undefined && /[\\^$*+?()[\]{}|]/.test(source) ? new RegExp(source) : undefined;
}
