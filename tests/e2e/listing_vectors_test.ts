/** What rclone prints for the same local trees (tests/fixtures/listing/rclone.json), from the real executable. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Environment } from "./environment.ts";
import { buildTree, type TreeFixture } from "./listing_tree.ts";

interface CaseFixture {
  readonly id: string;
  readonly kind: "run" | "timeFormat";
  readonly argv: readonly string[];
  readonly exit: number;
  /** What rclone's newest version ends with, where it differs. */
  readonly headExit?: number;
  readonly order: "exact" | "lines" | "chunks" | "json" | "tree-unstable" | "shape";
  readonly stdout: string;
  readonly tz?: string;
  /** Of the one file of a `timeFormat` case. */
  readonly mtime?: string;
  readonly inFiles?: Readonly<Record<string, string>>;
  readonly outFiles?: Readonly<Record<string, string>>;
}

const FIXTURE = fileURLToPath(new URL("../fixtures/listing/rclone.json", import.meta.url));
const { trees, cases }: {
  readonly trees: Readonly<Record<string, TreeFixture>>;
  readonly cases: readonly CaseFixture[];
} = JSON.parse(Deno.readTextFileSync(FIXTURE));

/** Where ours is another status than rclone's: differences found, a usage error that rclone ends with 1. */
const OWN_STATUS: Readonly<Record<string, number>> = { "ls-0213": 11, "ls-0273": 2 };

const NOW = "{NOW}";

Deno.test("listing commands print what rclone prints", async (t) => {
  await using environment = await Environment.create();
  for (const [name, tree] of Object.entries(trees)) await buildTree(environment.path(name), tree);
  ok(cases.length >= 108);
  for (const each of cases) {
    const { id, argv, tz, kind } = each;
    await t.step(`${id}: ${argv.join(" ")}${tz === undefined ? "" : ` (${tz})`}`, async () => {
      if (kind === "timeFormat") await Deno.writeTextFile(environment.path("file"), "");
      if (each.mtime !== undefined) await touch(environment.path("file"), each.mtime);
      for (const [name, text] of Object.entries(each.inFiles ?? {})) {
        await Deno.writeTextFile(environment.path(name), text);
      }
      const words = argv.map((word) =>
        word.replace("{ROOT}", environment.home).replace("{FILE}", environment.path("file"))
      );
      const result = await environment.runWith({ env: { TZ: tz ?? "UTC" } }, ...words);
      equal(result.status, OWN_STATUS[id] ?? each.headExit ?? each.exit, result.stderr);
      compare(result.stdout, each.stdout, each);
      for (const [name, text] of Object.entries(each.outFiles ?? {})) {
        compare(await Deno.readTextFile(environment.path(name)), text, each);
      }
    });
  }
});

async function touch(path: string, at: string): Promise<void> {
  const { success } = await new Deno.Command("touch", { args: ["-d", at, "--", path] }).output();
  ok(success);
}

function compare(actual: string, expected: string, { order, argv }: CaseFixture): void {
  switch (order) {
    case "exact":
      return equal(actual, expected);
    case "lines":
      return deepEqual(actual.split("\n").sort(), expected.split("\n").sort());
    case "chunks":
      return deepEqual([...actual].sort(), [...expected].sort());
    case "shape":
      return equal(actual, expected);
    case "json":
      return compareJson(actual, expected, { isUnordered: argv.includes("-R") });
    case "tree-unstable":
      return compareTree(actual, expected);
  }
}

/** Beside the values the text is compared too: rclone writes one entry a line. */
function compareJson(
  actual: string,
  expected: string,
  { isUnordered }: { readonly isUnordered: boolean },
): void {
  if (expected.includes(NOW)) {
    const shown = /"ModTime": "([^"]+)"/.exec(actual)?.[1] ?? "";
    ok(Math.abs(new Date(shown).getTime() - Date.now()) < 60_000, `"${shown}" is not the current time`);
    return equal(actual.replace(shown, NOW), expected);
  }
  if (!isUnordered) return equal(actual, expected);
  deepEqual(sortByPath(JSON.parse(actual)), sortByPath(JSON.parse(expected)));
  deepEqual(jsonLines(actual), jsonLines(expected));
}

function sortByPath(entries: { readonly Path: string }[]): readonly unknown[] {
  return entries.sort((left, right) => left.Path < right.Path ? -1 : 1);
}

function jsonLines(text: string): readonly string[] {
  return text.split("\n").map((line) => line.replace(/,$/, "")).sort();
}

/** The same names, and folders before files at the first level. */
function compareTree(actual: string, expected: string): void {
  deepEqual(namesOf(actual), namesOf(expected));
  const first = actual.split("\n").flatMap((line) => /^[├└]── (.*)$/.exec(line)?.[1] ?? []);
  deepEqual(first.slice(0, 3).sort(), ["emptydir", "sub", "zdir"]);
}

function namesOf(text: string): readonly string[] {
  return text.split("\n").map((line) => line.replace(/^(?:│ {3}| {4})*(?:[├└]── )?/, "")).sort();
}
