/** What of a line is kept in the journal of a job. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { storableWords } from "../../../../lib/cli/job_words.ts";

Deno.test("storableWords(): as typed, and as a person can paste it", () => {
  const words = ["copy", "--transfers=2", "my files", "jotta,hard_delete,device=PC:it's", "-v", ""];
  deepEqual(storableWords(words), {
    words,
    obstacle: undefined,
    command: "jottash copy --transfers=2 'my files' 'jotta:it'\\''s' -v ''",
  });
});

const SECRETS: readonly (readonly string[])[] = [
  ["copy", "a", "jotta,token=Geheimnis:x"],
  ["copy", "a", ":jottacloud,client_secret='Geheimnis',device=x:y"],
  ["copy", "a", "jotta,unknown=Geheimnis:x"],
  ["copy", "a", "jotta,token=Geheimnis"],
  ["copy", "--backup-dir=jotta,token=Geheimnis:x", "a", "b"],
  ["copy", "--backup-dir", 'jotta,pass="Geheimnis', "a", "b:"],
];

for (const words of SECRETS) {
  Deno.test(`storableWords() keeps no secret of: ${words.join(" ")}`, () => {
    const stored = storableWords(words);
    equal(stored.words, undefined);
    ok(!JSON.stringify(stored).includes("Geheimnis"), JSON.stringify(stored));
    ok(stored.obstacle?.includes("secret"));
  });
}

for (const word of ["-", "--files-from=-"]) {
  Deno.test(`storableWords(): ${word} is what nobody can read again`, () => {
    const { words, obstacle } = storableWords(["copy", "--files-from", word, "a", "b"]);
    deepEqual([words, obstacle], [undefined, "it read standard input, which is not kept"]);
  });
}
