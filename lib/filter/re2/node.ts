/** What a regular expression consists of, once it has been read. Groups are gone: only yes or no is ever asked. */
import type { CharacterTest } from "./character_set.ts";

/** A place in the text, not a character. `textStart` and `textEnd` are the ends of the whole name. */
export type Assertion = "textStart" | "textEnd" | "lineStart" | "lineEnd" | "wordEdge" | "noWordEdge";

export type Node =
  | { readonly kind: "character"; readonly accepts: CharacterTest }
  | { readonly kind: "assertion"; readonly assertion: Assertion }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | { readonly kind: "repeat"; readonly body: Node; readonly min: number; readonly max: number };

/** Matches the empty text. */
export const EMPTY: Node = { kind: "sequence", parts: [] };

/** Whether no character needs more than `budget` copies, nested repeats multiplied. */
export function fitsBudget(node: Node, budget: number): boolean {
  switch (node.kind) {
    case "character":
    case "assertion":
      return true;
    case "sequence":
      return node.parts.every((part) => fitsBudget(part, budget));
    case "choice":
      return node.options.every((option) => fitsBudget(option, budget));
    case "repeat": {
      if (node.max === 0) return true;
      const copies = Math.max(1, node.max === Infinity ? node.min : node.max);
      return copies <= budget && fitsBudget(node.body, Math.floor(budget / copies));
    }
  }
}
