/** A regular expression as steps of an automaton that may be in many places at once. */
import type { CharacterTest } from "./character_set.ts";
import type { Assertion, Node } from "./node.ts";
import { Re2SyntaxError } from "./reader.ts";

/** Numbers are indexes of steps. */
export type Step =
  | { readonly kind: "match" }
  | { readonly kind: "character"; readonly accepts: CharacterTest; readonly next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly next: number }
  | { readonly kind: "split"; next: readonly number[] };

export interface Program {
  readonly steps: readonly Step[];
  readonly start: number;
  /** It can only match from the first character on. */
  readonly isAnchored: boolean;
  /** Whether words or lines matter, so that the character before makes a difference. */
  readonly looksAround: boolean;
}

/** Keeps memory small; an ordinary filter rule has some dozens. */
const MAX_STEPS = 100_000;

/** Throws Re2SyntaxError when the program would be too large. */
export function compileProgram(tree: Node): Program {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length >= MAX_STEPS) throw new Re2SyntaxError("it is too large");
    return steps.push(step) - 1;
  };
  const start = emit(tree, add({ kind: "match" }), add);
  const looksAround = steps.some((step) => step.kind === "assertion" && !step.assertion.startsWith("text"));
  return { steps, start, isAnchored: isAnchored(tree), looksAround };
}

/** Adds the steps of `node` in front of the step `next`; the index of the first one. */
function emit(node: Node, next: number, add: (step: Step) => number): number {
  switch (node.kind) {
    case "character":
      return add({ kind: "character", accepts: node.accepts, next });
    case "assertion":
      return add({ kind: "assertion", assertion: node.assertion, next });
    case "sequence":
      return node.parts.reduceRight((following, part) => emit(part, following, add), next);
    case "choice":
      return add({ kind: "split", next: node.options.map((option) => emit(option, next, add)) });
    case "repeat":
      return emitRepeat(node, next, add);
  }
}

function emitRepeat(
  { body, min, max }: Extract<Node, { kind: "repeat" }>,
  next: number,
  add: (step: Step) => number,
): number {
  let entry = next;
  if (max === Infinity) {
    const loop: Extract<Step, { kind: "split" }> = { kind: "split", next: [] };
    entry = add(loop);
    loop.next = [emit(body, entry, add), next];
  } else {
    for (let optional = min; optional < max; optional++) {
      entry = add({ kind: "split", next: [emit(body, entry, add), next] });
    }
  }
  for (let copy = 0; copy < min; copy++) entry = emit(body, entry, add);
  return entry;
}

function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case "assertion":
      return node.assertion === "textStart";
    case "sequence": {
      const [first] = node.parts;
      return first !== undefined && isAnchored(first);
    }
    case "choice":
      return node.options.every(isAnchored);
    default:
      return false;
  }
}
