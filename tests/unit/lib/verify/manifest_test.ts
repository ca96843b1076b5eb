/** A manifest: both directions, what md5sum sees of it, and damage of every kind. */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import { ManifestFormatter, ManifestParser, ManifestProblem } from "../../../../lib/verify/manifest.ts";

const HEAD = { command: "copy", source: "one", target: "jotta:one", startedAtMs: 0 };
const MD5 = "74b87337454200d4d33f80c4663dc5e5";

function format(paths: readonly string[], isWhole = true): string[] {
  const formatter = new ManifestFormatter();
  return [
    ...formatter.head(HEAD),
    ...paths.flatMap((path, at) => formatter.entry({ path, size: at, md5: MD5, modifiedAtMs: at })),
    ...formatter.end({ isWhole, finishedAtMs: 5 }),
  ];
}

function parse(lines: readonly string[]) {
  const parser = new ManifestParser();
  for (const line of lines) parser.line(line);
  return parser.finish();
}

Deno.test("ManifestParser gives back any names and sizes, whatever is in the names", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: "binary" })), (paths) => {
    const lines = format(paths).join("\n").split("\n");
    const { files, isWhole } = parse(lines);
    ok(isWhole);
    deepEqual([...files], paths.map((path, size) => [path, { size, md5: MD5 }]));
  }));
});

Deno.test("ManifestFormatter writes what md5sum reads: escaped where a name would break the line", () => {
  const lines = format(["a b.txt", "back\\slash", "line\nend\r"]).filter((line) => !line.startsWith("#"));
  deepEqual(lines, [`${MD5}  a b.txt`, `\\${MD5}  back\\\\slash`, `\\${MD5}  line\\nend\\r`]);
});

Deno.test("ManifestParser refuses a manifest that lacks any line or has any letter changed", () => {
  const lines = format(["a", "b", "c"]);
  for (const at of lines.keys()) {
    throws(() => parse(lines.toSpliced(at, 1)), ManifestProblem, `without line ${at}`);
    throws(() => parse(lines.slice(0, at)), ManifestProblem, `up to line ${at}`);
  }
  const text = lines.join("\n");
  for (let at = 0; at < text.lastIndexOf("\n"); at++) {
    const changed = `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`;
    throws(() => parse(changed.split("\n")), ManifestProblem, `letter ${at}`);
  }
  throws(() => parse([...lines, "more"]), /goes on behind its last line/);
  throws(() => parse([lines[0]?.replace('"manifest":1', '"manifest":2') ?? ""]), /later version/);
});

Deno.test("ManifestParser says whether the run did all its work", () => {
  equal(parse(format(["a"], false)).isWhole, false);
  match(format([])[0] ?? "", /^#\{"manifest":1,"command":"copy","source":"one","target":"jotta:one"/);
});
