import { deepEqual } from "node:assert/strict";
import { coupleEntries, nameKey } from "../../../../lib/sync/couple.ts";
import { LocalError } from "../../../../lib/errors.ts";
import type { Entry } from "../../../../lib/tree/tree.ts";

const NFD = "e\u0301";
const NFC = "\u00e9";

/** A name with a slash behind it is a directory, one with a question mark unreadable. */
function entry(name: string): Entry {
  const path = `d/${name.replace(/[/?]$/, "")}`;
  if (name.endsWith("/")) return { kind: "directory", path, modifiedAtMs: undefined };
  if (name.endsWith("?")) return { kind: "unreadable", path, error: new LocalError("no") };
  return { kind: "file", path, size: 1, modifiedAtMs: undefined };
}

interface Case {
  readonly title: string;
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly exact: readonly string[];
  /** Where the target knows no case; the same when not given. */
  readonly folded?: readonly string[];
}

const CASES: readonly Case[] = [
  { title: "nothing", sources: [], targets: [], exact: [] },
  {
    title: "same names, and names of one side",
    sources: ["a", "b"],
    targets: ["b", "c"],
    exact: ["b=b", "a=", "=c"],
  },
  { title: "case", sources: ["A"], targets: ["a"], exact: ["A=", "=a"], folded: ["A=a"] },
  {
    title: "the very same name wins over one of another case",
    sources: ["A", "a", "aB"],
    targets: ["AB", "a"],
    exact: ["a=a", "A=", "aB=", "=AB"],
    folded: ["a=a", "aB=AB", "A="],
  },
  {
    title: "of several that could, the first by name",
    sources: ["aB"],
    targets: ["ab", "AB"],
    exact: ["aB=", "=ab", "=AB"],
    folded: ["aB=AB", "=ab"],
  },
  {
    title: "several sources of one target",
    sources: ["ab", "aB"],
    targets: ["AB"],
    exact: ["ab=", "aB=", "=AB"],
    folded: ["aB=AB", "ab="],
  },
  { title: "accents however they are written", sources: [NFD], targets: [NFC], exact: [`${NFD}=${NFC}`] },
  {
    title: "both spellings of an accent",
    sources: [NFD, NFC],
    targets: [NFC, NFD],
    exact: [`${NFD}=${NFD}`, `${NFC}=${NFC}`],
  },
  { title: "a file and a directory", sources: ["a/"], targets: ["a"], exact: ["a=", "=a"] },
  { title: "directories", sources: ["a/"], targets: ["a/"], exact: ["a=a"] },
  { title: "an unreadable source", sources: ["a?"], targets: ["a/", "b"], exact: ["a=a", "=b"] },
  { title: "an unreadable target", sources: ["a"], targets: ["a?"], exact: ["a=a"] },
];

for (const { title, sources, targets, exact, folded = exact } of CASES) {
  Deno.test(`coupleEntries() joins what belongs together: ${title}`, () => {
    for (const [caseInsensitive, expected] of [[false, exact], [true, folded]] as const) {
      const couples = coupleEntries(sources.map(entry), targets.map(entry), { caseInsensitive });
      const shown = couples.map(({ source, target }) =>
        `${source?.path.slice(2) ?? ""}=${target?.path.slice(2) ?? ""}`
      );
      deepEqual(shown.sort(), expected.toSorted(), `case folded: ${caseInsensitive}`);
    }
  });
}

Deno.test("nameKey() is the same for what a directory of the target takes for one path", () => {
  const key = (text: string) => nameKey(text, { caseInsensitive: true });
  deepEqual(key(`A/${NFD}.TXT`), key(`a/${NFC.toUpperCase()}.txt`));
  deepEqual(nameKey(`A/${NFD}`, { caseInsensitive: false }), `A/${NFC}`);
});
