/** What rclone finds in the same local trees (tests/fixtures/listing/check.json), from the real executable. */
import { deepEqual, equal } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Environment } from "./environment.ts";
import { buildTree, type TreeFixture } from "./listing_tree.ts";

interface CaseFixture {
  readonly id: string;
  readonly argv: readonly string[];
  readonly exit: number;
  /** What rclone's newest version ends with, where it differs: of wrong usage alone. */
  readonly headExit?: number;
  readonly stdout: string;
  readonly inFiles?: Readonly<Record<string, string>>;
  readonly outFiles?: Readonly<Record<string, string>>;
}

function readFixture<T>(path: string): T {
  return JSON.parse(Deno.readTextFileSync(fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url))));
}

const { cases } = readFixture<{ cases: readonly CaseFixture[] }>("listing/check.json");
const { trees } = readFixture<{ trees: Readonly<Record<string, TreeFixture>> }>("listing/rclone.json");

Deno.test("check and checksum find what rclone finds; the status tells differences from failures", async (t) => {
  await using environment = await Environment.create();
  for (const name of ["T1", "T2", "T3", "T4"]) {
    await buildTree(environment.path(name), trees[name] as TreeFixture);
  }
  equal(cases.length, 12);
  for (const { id, argv, exit, headExit, stdout, inFiles = {}, outFiles = {} } of cases) {
    await t.step(`${id}: ${argv.join(" ")}`, async () => {
      for (const [name, text] of Object.entries(inFiles)) {
        await Deno.writeTextFile(environment.path(name), text);
      }
      const result = await environment.run(...argv.map((word) => word.replace("{ROOT}", environment.home)));
      equal(result.status, headExit ?? (exit === 1 ? 11 : exit), result.stderr);
      deepEqual(sortedLines(result.stdout), sortedLines(stdout));
      for (const [name, text] of Object.entries(outFiles)) {
        deepEqual(sortedLines(await Deno.readTextFile(environment.path(name))), sortedLines(text));
      }
    });
  }
});

function sortedLines(text: string): readonly string[] {
  return text.split("\n").sort();
}
