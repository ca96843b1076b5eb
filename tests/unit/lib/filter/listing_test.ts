/**
 * What `rclone lsf -R` lists of a tree under a filter, with a walk over the tree in memory that asks the filter as
 * every walk does. Two vectors are about files that are missing, which only the command can see.
 */
import assert from "node:assert/strict";
import { createFilter, type Filter } from "../../../../lib/filter/filter.ts";
import { FILTER_FLAGS, type FilterFlag, type FilterWord } from "../../../../lib/filter/words.ts";
import data from "../../../fixtures/filter/vectors.json" with { type: "json" };
import tree from "../../../fixtures/filter/tree.json" with { type: "json" };

interface Listing {
  readonly id: string;
  readonly argv: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly listed: readonly string[];
  readonly error?: string;
}

/** The rule file does not exist: reading it is the command's work. */
const LEFT_TO_THE_COMMAND = ["flt-05161", "flt-05162"];
const OPTIONS = { nowMs: Date.UTC(2026, 0, 1), zone: "utc", random: () => 0.5 } as const;

const listings = (data as unknown as readonly (Listing & { readonly kind: string })[])
  .filter(({ kind }) => kind === "listing");

const files = new Map(tree.files.map((file) => [file.path, file]));
const directories = new Set(
  [...tree.files.map(({ path }) => parentOf(path)), ...tree.emptyDirs].flatMap((path) => {
    const segments = path.split("/");
    return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
  }).filter((path) => path !== ""),
);

function parentOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function* list(filter: Filter, directory: string, onlyDirectories: boolean): Generator<string> {
  const inside = [...files.values()].filter(({ path }) => parentOf(path) === directory);
  if (isMarked(filter, directory)) return;
  for (const { path, size, mtime } of inside) {
    if (!onlyDirectories && filter.includes({ path, size, modifiedAtMs: mtime * 1000 })) yield path;
  }
  for (const path of directories) {
    if (parentOf(path) !== directory || !filter.includesDirectory(path) || isMarked(filter, path)) continue;
    yield `${path}/`;
    if (filter.entersDirectory(path)) yield* list(filter, path, onlyDirectories);
  }
}

function isMarked(filter: Filter, directory: string): boolean {
  return filter.isMarked(
    [...files.keys()].filter((path) => parentOf(path) === directory).map((path) =>
      path.split("/").at(-1) ?? ""
    ),
  );
}

function wordsOf({ argv, files: contents = {} }: Listing): readonly FilterWord[] {
  const words: FilterWord[] = [];
  const flags = argv.slice(0, -1).filter((word) => !["lsf", "-R", "--dirs-only"].includes(word));
  for (let index = 0; index < flags.length; index += 2) {
    const flag = flags[index]?.slice(2) as FilterFlag;
    const value = flags[index + 1] ?? "";
    const content = contents[value];
    assert.ok(flag in FILTER_FLAGS, flag);
    if (FILTER_FLAGS[flag].reads === "text") words.push({ flag, value });
    else words.push({ flag, value, content: content ?? assert.fail(`no file ${value}`) });
  }
  return words;
}

Deno.test("a walk that asks the filter lists what rclone lists", () => {
  let count = 0;
  for (const listing of listings) {
    if (LEFT_TO_THE_COMMAND.includes(listing.id)) continue;
    count += 1;
    if (listing.error !== undefined) {
      assert.throws(() => createFilter(wordsOf(listing), OPTIONS), { name: "UsageError" }, listing.id);
      continue;
    }
    const filter = createFilter(wordsOf(listing), OPTIONS);
    const found = [...list(filter, "", listing.argv.includes("--dirs-only"))];
    assert.deepEqual(found.sort(), [...listing.listed].sort(), `${listing.id} ${listing.argv.join(" ")}`);
  }
  assert.equal(count, 27);
  assert.equal(listings.length, 29);
});
