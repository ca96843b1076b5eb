/**
 * Answers whether a regular expression matches somewhere in a text, in time that grows with the length of the
 * text alone, whatever the expression is: JavaScript's own RegExp tries one way after the other and needs years
 * for a harmless looking `*a*a*a*a*b`.
 *
 * The automaton follows all ways at once. Each set of places that it is in becomes a state, made when it is
 * first reached and kept (a lazy DFA, as in RE2); the kept states are thrown away when they become many.
 */
import type { Assertion } from "./node.ts";
import { parseRe2 } from "./parse.ts";
import { compileProgram, type Program } from "./program.ts";

/** What stands beside a place in the text: nothing, or a character of one of these kinds. */
type Neighbour = "edge" | "word" | "newline" | "other";

interface State {
  /** Steps that wait here, in ascending order. */
  readonly places: readonly number[];
  readonly before: Neighbour;
  /** Next states by ASCII character: most of what names are made of, and several times faster than the map. */
  readonly followingAscii: (State | undefined)[];
  readonly following: Map<number, State>;
  matchesAtEnd: boolean | undefined;
}

const ASCII_SIZE = 128;
/** What one matcher may keep, a thousand states or so; an ordinary rule makes a dozen. */
const MAX_KEPT_BYTES = 2 ** 20;
const BYTES_OF_STATE = 8 * ASCII_SIZE;
const BYTES_OF_PLACE = 16;
const BYTES_OF_WAY = 40;

const MATCH = createState([], "other");
const DEAD = createState([], "other");

const ASSERTIONS: Readonly<Record<Assertion, (before: Neighbour, after: Neighbour) => boolean>> = {
  textStart: (before) => before === "edge",
  textEnd: (_, after) => after === "edge",
  lineStart: (before) => before === "edge" || before === "newline",
  lineEnd: (_, after) => after === "edge" || after === "newline",
  wordEdge: (before, after) => (before === "word") !== (after === "word"),
  noWordEdge: (before, after) => (before === "word") === (after === "word"),
};

export class Re2Matcher {
  readonly #program: Program;
  /** For each step the round that last came by, so that no round visits it twice. */
  readonly #seenIn: Float64Array;
  #round = 0;
  #keptBytes = 0;
  readonly #states = new Map<string, State>();
  #first: State;

  /** Throws Re2SyntaxError when `source` is not RE2's syntax. */
  constructor(source: string) {
    this.#program = compileProgram(parseRe2(source));
    this.#seenIn = new Float64Array(this.#program.steps.length);
    this.#first = this.#state([], "edge");
  }

  /** Whether the expression matches somewhere in `text`. */
  test(text: string): boolean {
    let state = this.#first;
    for (let index = 0; index < text.length; index++) {
      let codePoint = text.charCodeAt(index);
      if (codePoint < ASCII_SIZE) {
        state = state.followingAscii[codePoint] ?? this.#follow(state, codePoint);
      } else {
        codePoint = text.codePointAt(index) ?? 0;
        if (codePoint > 0xffff) index += 1;
        state = state.following.get(codePoint) ?? this.#follow(state, codePoint);
      }
      if (state === MATCH) return true;
      if (state === DEAD) return false;
    }
    state.matchesAtEnd ??= this.#reach(state, "edge") === undefined;
    return state.matchesAtEnd;
  }

  /** The state after one more character. */
  #follow(state: State, codePoint: number): State {
    const reached = this.#reach(state, this.#neighbour(codePoint));
    let next = MATCH;
    if (reached !== undefined) {
      const places = new Set<number>();
      for (const index of reached) {
        const step = this.#program.steps[index];
        if (step?.kind === "character" && step.accepts(codePoint)) places.add(step.next);
      }
      next = places.size === 0 && this.#program.isAnchored
        ? DEAD
        : this.#state([...places].sort((a, b) => a - b), this.#neighbour(codePoint));
    }
    if (this.#keptBytes >= MAX_KEPT_BYTES) this.#forget();
    this.#keptBytes += BYTES_OF_WAY;
    if (codePoint < ASCII_SIZE) state.followingAscii[codePoint] = next;
    else state.following.set(codePoint, next);
    return next;
  }

  /** All steps that want a character now, with `after` next in the text; undefined when it is a match. */
  #reach({ places, before }: State, after: Neighbour): readonly number[] | undefined {
    const waiting: number[] = [];
    const open = before === "edge" || !this.#program.isAnchored
      ? [this.#program.start, ...places]
      : [...places];
    this.#round += 1;
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (this.#seenIn[index] === this.#round) continue;
      this.#seenIn[index] = this.#round;
      const step = this.#program.steps[index];
      if (step === undefined || step.kind === "match") return undefined;
      if (step.kind === "character") waiting.push(index);
      else if (step.kind === "split") open.push(...step.next);
      else if (ASSERTIONS[step.assertion](before, after)) open.push(step.next);
    }
    return waiting;
  }

  #state(places: readonly number[], before: Neighbour): State {
    const key = `${before} ${places.join(" ")}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    const state = createState(places, before);
    this.#states.set(key, state);
    this.#keptBytes += BYTES_OF_STATE + BYTES_OF_PLACE * places.length;
    return state;
  }

  #forget(): void {
    this.#states.clear();
    this.#keptBytes = 0;
    this.#first = this.#state([], "edge");
  }

  /** "other" for all where nothing asks for words and lines, so that fewer states are needed. */
  #neighbour(codePoint: number): Neighbour {
    if (!this.#program.looksAround) return "other";
    if (codePoint === 10) return "newline";
    return /^\w$/.test(String.fromCodePoint(codePoint)) ? "word" : "other";
  }
}

function createState(places: readonly number[], before: Neighbour): State {
  return {
    places,
    before,
    followingAscii: Array.from({ length: ASCII_SIZE }),
    following: new Map(),
    matchesAtEnd: undefined,
  };
}
