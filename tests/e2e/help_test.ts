/** The pages of `help`: none is wider than a terminal, and what a command's page leaves out is found. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { COMMANDS } from "../../commands/mod.ts";
import { ALL_SYNC_OPTIONS } from "../../lib/cli/sync_options.ts";
import type { OptionDefinition } from "../../lib/options.ts";
import { SHARED_OPTIONS } from "../../lib/shared_options/mod.ts";
import { assertRun, Environment } from "./environment.ts";

const COLUMNS = 80;

Deno.test("no line of help is wider than 80 columns", async (t) => {
  await using environment = await Environment.create();
  for (const topic of [[], ["flags"], ["exit-codes"], ["environment"], ["filters"]]) {
    await t.step(topic.join(" "), async () => {
      const result = await environment.run("help", ...topic);
      assertRun(result, { stderr: "" });
      deepEqual(result.stdout.split("\n").filter((line) => line.length > COLUMNS), []);
    });
  }
});

Deno.test("help lists all commands in their groups, and what else there is to read", async () => {
  await using environment = await Environment.create();
  const { stdout } = await environment.run("help");
  for (const { name, summary, group } of COMMANDS) {
    ok(stdout.split("\n").some((line) => line.startsWith(`  ${name} `) && line.endsWith(summary)), name);
    ok(stdout.includes(`\n${group}:\n`), group);
  }
  for (const topic of ["flags", "exit-codes", "filters", "environment"]) {
    ok(stdout.includes(`"jottash help ${topic}"`), topic);
  }
});

Deno.test("a command's page leaves out rare options and says where they are", async () => {
  await using environment = await Environment.create();
  const [page, flags] = [await environment.run("help", "sync"), await environment.run("help", "flags")];
  match(page.stdout, /^More options: jottash help flags$/m);
  for (const heading of ["Deleting", "Safety", "Comparison", "Order and limits", "Filters"]) {
    match(page.stdout, new RegExp(`^${heading}.*:$`, "m"));
  }
  let rare = 0;
  const all: OptionDefinition<unknown>[] = Object.values({ ...SHARED_OPTIONS, ...ALL_SYNC_OPTIONS });
  for (const { flag, isRare } of all) {
    const shown = new RegExp(`^  (?:-\\w, )?--${flag}(?: |$)`, "m");
    match(flags.stdout, shown);
    if (isRare !== true) continue;
    equal(shown.test(page.stdout), false, `--${flag} is on the page`);
    rare++;
  }
  ok(rare > 10);
});

Deno.test("a rare option works all the same", async () => {
  await using environment = await Environment.signedIn();
  await Deno.writeTextFile(environment.path("a.txt"), "a");
  assertRun(await environment.run("copy", "--order-by", "name,desc", "a.txt", "jotta:"), {});
  deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive"), ["a.txt"]);
});
