import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { ConfigError } from "../../lib/errors.ts";
import { ConfigDocument } from "../../lib/store/config_document.ts";

const PIECES = [
  "[",
  "]",
  "a",
  "b",
  "=",
  ":",
  " ",
  "\t",
  "#",
  ";",
  '"',
  '"""',
  "`",
  "%(a)s",
  "-",
  "\r",
  "\ufeff",
  "é",
  "\u0085",
];
const line = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((parts) => parts.join(""));
const entry = fc.tuple(fc.constantFrom("x", "y", "token", "a b"), line).map(([key, value]) =>
  `${key} = ${value}`
);
const header = fc.constantFrom("[a]", "[b]", " [c d] ", "[e]");
const text = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: entry }, header, line, fc.constantFrom("", "# c", "; d")),
      fc.constantFrom("\n", "\r\n"),
    ),
    { maxLength: 12 },
  )
  .chain((lines) =>
    fc.boolean().map((cut) =>
      lines.map(([body, end], index) => cut && index === lines.length - 1 ? body : body + end).join("")
    )
  );

/** The document; undefined for a text that does not parse. */
function tryParse(source: string): ConfigDocument | undefined {
  try {
    return ConfigDocument.parse(source, "/c");
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function contentOf(document: ConfigDocument): [string, [string, string][]][] {
  return document.sections().map((name) => [name, document.entries(name)]);
}

Deno.test("ConfigDocument: parse then toString is identity for every text that parses", () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: "binary" })), (source) => {
      strictEqual(tryParse(source)?.toString() ?? source, source);
    }),
    { numRuns: 500 },
  );
});

Deno.test("ConfigDocument: set then get gives the value, also after writing and reading, and touches no other key", () => {
  const key = fc.oneof(
    fc.constantFrom("x", "y", "token"),
    line,
    fc.string({ unit: "grapheme", maxLength: 8 }),
  );
  const value = fc.oneof(line, fc.string({ unit: "grapheme", maxLength: 20 }));
  fc.assert(
    fc.property(text, fc.constantFrom("a", "b", "new"), key, value, (source, section, name, content) => {
      const document = tryParse(source);
      if (document === undefined) return;
      const before = new Map(contentOf(document).map(([other, entries]) => [other, new Map(entries)]));
      // References make a value depend on another key: those are compared in the table tests.
      if (source.includes("%(")) return;
      try {
        document.set(section, name, content);
      } catch (error) {
        strictEqual(error instanceof ConfigError, true);
        strictEqual(document.toString(), source);
        return;
      }
      const again = ConfigDocument.parse(document.toString(), "/c");
      for (const changed of [document, again]) {
        strictEqual(changed.get(section, name), content);
        for (const other of changed.sections()) {
          const kept = before.get(other) ?? new Map<string, string>();
          if (other === section) kept.set(name, content);
          deepStrictEqual(new Map(changed.entries(other)), kept);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("ConfigDocument: an edit keeps every other line", () => {
  fc.assert(
    fc.property(text, fc.constantFrom("a", "b"), (source, section) => {
      const document = tryParse(source);
      if (document === undefined || document.get(section, "x") === undefined) return;
      document.set(section, "x", "changed");
      const before = source.split("\n");
      const after = document.toString().split("\n");
      strictEqual(after.length, before.length);
      strictEqual(after.filter((one, index) => one !== before[index]).length, 1);
    }),
    { numRuns: 500 },
  );
});

Deno.test("ConfigDocument: a deleted section is gone and the others are as they were", () => {
  fc.assert(
    fc.property(text, fc.constantFrom("a", "b", "e"), (source, section) => {
      const document = tryParse(source);
      if (document === undefined || source.includes("%(")) return;
      const wanted = contentOf(document).filter(([name]) => name !== section);
      document.deleteSection(section);
      deepStrictEqual(contentOf(ConfigDocument.parse(document.toString(), "/c")), wanted);
    }),
    { numRuns: 500 },
  );
});

Deno.test("ConfigDocument: a renamed section keeps its keys, a copied one has them twice", () => {
  fc.assert(
    fc.property(text, (source) => {
      const document = tryParse(source);
      if (document === undefined || !document.has("a") || source.includes("%(")) return;
      const entries = document.entries("a");
      document.copySection("a", "copy");
      document.renameSection("a", "moved");
      const again = ConfigDocument.parse(document.toString(), "/c");
      deepStrictEqual(again.entries("copy"), entries);
      deepStrictEqual(again.entries("moved"), entries);
      strictEqual(again.has("a"), false);
    }),
    { numRuns: 500 },
  );
});
