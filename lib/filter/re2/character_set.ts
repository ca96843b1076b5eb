/**
 * Sets of characters, asked one code point at a time. The runtime's own RegExp knows Unicode's properties and
 * which letters are the same but for their case; each RegExp here looks at one character, so it never backtracks.
 */

/** Whether a code point belongs to the set. */
export type CharacterTest = (codePoint: number) => boolean;

export interface CaseOptions {
  readonly ignoreCase: boolean;
}

/** First and last code point, both included. */
export type CharacterRange = readonly [number, number];

/** The groups of ASCII that `\d` and `[:alpha:]` name. */
export const NAMED_RANGES: Readonly<Record<string, readonly CharacterRange[]>> = {
  alnum: ranges("09AZaz"),
  alpha: ranges("AZaz"),
  ascii: ranges("\0\x7f"),
  blank: ranges("\t\t  "),
  cntrl: ranges("\0\x1f\x7f\x7f"),
  digit: ranges("09"),
  graph: ranges("!~"),
  lower: ranges("az"),
  print: ranges(" ~"),
  punct: ranges("!/:@[`{~"),
  space: ranges("\t\r  "),
  upper: ranges("AZ"),
  word: ranges("09AZaz__"),
  xdigit: ranges("09AFaf"),
  /** `\s`: unlike `[:space:]` without the vertical tab. */
  perlSpace: ranges("\t\n\f\r  "),
};

/** One character, and those that differ from it by case alone where case is ignored. */
export function oneCharacter(codePoint: number, { ignoreCase }: CaseOptions): CharacterTest {
  if (!ignoreCase) return (other) => other === codePoint;
  return inRanges([[codePoint, codePoint]], { ignoreCase });
}

export function inRanges(members: readonly CharacterRange[], { ignoreCase }: CaseOptions): CharacterTest {
  const plain: CharacterTest = (codePoint) =>
    members.some(([first, last]) => codePoint >= first && codePoint <= last);
  if (!ignoreCase) return plain;
  const source = members.map(([first, last]) => `${escaped(first)}-${escaped(last)}`).join("");
  return withRegExp(`[${source}]`, { ignoreCase });
}

/**
 * The set of `\p{NAME}`: a general category, a script, `Any`, `ASCII`, `Assigned`; undefined when unknown. As in
 * Go since 1.25, case does not matter, nor how the words of the name are joined.
 */
export function unicodeProperty(name: string, { ignoreCase }: CaseOptions): CharacterTest | undefined {
  const joined = name.replace(/[\s-]+/g, "_");
  if (!/^\w+$/.test(joined)) return undefined;
  const capitalized = joined.toLowerCase().replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
  for (const spelling of [joined, capitalized]) {
    for (
      const property of [`General_Category=${spelling}`, `Script=${spelling}`, ...binaryProperty(spelling)]
    ) {
      try {
        return withRegExp(`\\p{${property}}`, { ignoreCase });
      } catch {
        continue; // not a name of this kind
      }
    }
  }
  return undefined;
}

export function not(test: CharacterTest): CharacterTest {
  return (codePoint) => !test(codePoint);
}

export function oneOf(tests: readonly CharacterTest[]): CharacterTest {
  return (codePoint) => tests.some((test) => test(codePoint));
}

function binaryProperty(name: string): readonly string[] {
  return ["Any", "ASCII", "Assigned"].includes(name) ? [name] : [];
}

function withRegExp(source: string, { ignoreCase }: CaseOptions): CharacterTest {
  const pattern = new RegExp(source, ignoreCase ? "iu" : "u");
  return (codePoint) => pattern.test(String.fromCodePoint(codePoint));
}

function escaped(codePoint: number): string {
  return `\\u{${codePoint.toString(16)}}`;
}

function ranges(ends: string): readonly CharacterRange[] {
  return Array.from(
    { length: ends.length / 2 },
    (_, index) => [ends.charCodeAt(2 * index), ends.charCodeAt(2 * index + 1)] as const,
  );
}
