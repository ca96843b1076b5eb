import { equal } from "node:assert/strict";
import { isKeptName, keptName } from "../../../../lib/sync/kept_name.ts";

/** Name, then with a suffix at its end, then before its ending. */
const NAMES: readonly (readonly [name: string, atEnd: string, beforeEnding: string])[] = [
  ["file.txt", "file.txt-old", "file-old.txt"],
  ["file", "file-old", "file-old"],
  ["file.tar.gz", "file.tar.gz-old", "file-old.tar.gz"],
  ["FILE.TAR.GZ", "FILE.TAR.GZ-old", "FILE-old.TAR.GZ"],
  ["file.badextension.gz", "file.badextension.gz-old", "file.badextension-old.gz"],
  ["file.unheard", "file.unheard-old", "file-old.unheard"],
  ["2024.01.02.html.zip", "2024.01.02.html.zip-old", "2024.01.02-old.html.zip"],
  [".bashrc", ".bashrc-old", "-old.bashrc"],
  [".tar.gz", ".tar.gz-old", "-old.tar.gz"],
  ["ends.", "ends.-old", "ends-old."],
  ["two..gz", "two..gz-old", "two.-old.gz"],
  ["é ü.txt", "é ü.txt-old", "é ü-old.txt"],
];

for (const [name, atEnd, beforeEnding] of NAMES) {
  Deno.test(`keptName() gives "${name}" a suffix that isKeptName() knows again`, () => {
    for (const [keepsExtension, expected] of [[false, atEnd], [true, beforeEnding]] as const) {
      const suffix = { text: "-old", keepsExtension };
      equal(keptName(name, suffix), expected);
      equal(isKeptName(expected, suffix), true);
      equal(isKeptName(name, suffix), false);
      equal(isKeptName(expected, { ...suffix, text: "-new" }), false);
      // Kept once more, it is another name that is known as well.
      equal(isKeptName(keptName(expected, suffix), suffix), true);
    }
  });
}

Deno.test("isKeptName() takes no name that only looks like it", () => {
  const before = { text: ".bak", keepsExtension: true };
  const atEnd = { text: ".bak", keepsExtension: false };
  equal(isKeptName("a.bak.txt", before), true);
  equal(isKeptName("a.bak.txt", atEnd), false);
  equal(isKeptName(".bak", atEnd), false);
  equal(isKeptName("a.bak", atEnd), true);
  equal(isKeptName("a.bak", before), true);
  equal(isKeptName("a.bakery", atEnd), false);
  equal(isKeptName("anything", { text: "", keepsExtension: false }), false);
});
