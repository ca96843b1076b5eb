/** --interactive: a person is asked before each change, on a terminal. */
import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { assertFailure, Environment } from "./environment.ts";
import { ENTER, PseudoTerminal } from "./pseudo_terminal.ts";

const ARCHIVE = "/Jotta/Archive";

async function world(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await Deno.mkdir(environment.path("source"));
  for (const name of ["a.txt", "b.txt", "c.txt"]) {
    await Deno.writeTextFile(environment.path("source", name), `new ${name}`);
  }
  for (const name of ["x.txt", "y.txt"]) environment.emulator.tree.putFile(`${ARCHIVE}/t/${name}`, name);
  return environment;
}

/** One file after the other, by name: what is asked first is known. */
const ONE_BY_ONE = ["--transfers", "1", "--checkers", "1", "--check-first", "--order-by", "name"];

Deno.test("sync -i does what is answered with yes, and leaves alone what is answered with no", async () => {
  await using environment = await world();
  const words = ["sync", "-i", environment.path("source"), "jotta:t", ...ONE_BY_ONE];
  await using terminal = await PseudoTerminal.start(environment, words);
  await terminal.until(/y\) yes {2}n\) no {2}s\) skip all of this kind/);
  await terminal.answer(/Copy "a\.txt" \(9 B\)\? y\/n\/s\/!\/q/, ENTER);
  await terminal.answer(/Copy "b\.txt" \(9 B\)\?/, `n${ENTER}`);
  await terminal.answer(/Copy "c\.txt" \(9 B\)\?/, `what${ENTER}`);
  await terminal.until(/> y\) yes/);
  terminal.type(`\x15y${ENTER}`);
  await terminal.answer(/Delete "[xy]\.txt"/, `s${ENTER}`);
  equal(await terminal.exitCode(), 0, terminal.raw);
  match(terminal.raw, /; 3 skipped/);
  doesNotMatch(terminal.raw, /warning/, "nobody is warned of what they said themselves");
  deepEqual(environment.emulator.tree.walkFiles(`${ARCHIVE}/t`), ["a.txt", "c.txt", "x.txt", "y.txt"]);
});

Deno.test("sync -i asks nothing more of a kind after !, and ends at q with what was done", async () => {
  await using environment = await world();
  const words = ["sync", "-i", environment.path("source"), "jotta:t", ...ONE_BY_ONE];
  await using terminal = await PseudoTerminal.start(environment, words);
  await terminal.answer(/Copy "a\.txt"/, `!${ENTER}`);
  await terminal.answer(/Delete "[xy]\.txt"/, `q${ENTER}`);
  await terminal.until(/Stopped/);
  equal(await terminal.exitCode(), 130, terminal.raw);
  deepEqual(environment.emulator.tree.walkFiles(`${ARCHIVE}/t`), [
    "a.txt",
    "b.txt",
    "c.txt",
    "x.txt",
    "y.txt",
  ]);
});

Deno.test("delete, deletefile and purge -i delete what is answered with yes, and nothing else", async () => {
  await using environment = await world();
  const { tree } = environment.emulator;
  const source = environment.path("source");
  const left = () => [...Deno.readDirSync(source)].map(({ name }) => name).sort();
  {
    await using terminal = await PseudoTerminal.start(environment, [
      "delete",
      "-i",
      source,
      "--checkers",
      "1",
    ]);
    await terminal.answer(/Delete "[abc]\.txt" \(9 B\)\? y\/n\/s\/!\/q/, ENTER);
    // The first question is shown once more, with its answer: what is waited for is another name.
    const [, first = ""] = /Delete "([abc])\.txt"/.exec(terminal.raw) ?? [];
    await terminal.answer(new RegExp(`Delete "[^${first}]\\.txt"`), `s${ENTER}`);
    equal(await terminal.exitCode(), 0, terminal.raw);
    equal(left().length, 2);
  }
  for (
    const [words, answer, isGone] of [
      [["deletefile", "-i", "jotta:t/x.txt"], "n", false],
      [["deletefile", "--interactive", "jotta:t/x.txt"], "y", true],
      [["purge", "-i", "jotta:t"], "n", false],
      [["purge", "-i", "jotta:t"], "y", true],
    ] as const
  ) {
    const path = `${ARCHIVE}/${words[2].replace("jotta:", "")}`;
    await using terminal = await PseudoTerminal.start(environment, [...words]);
    await terminal.answer(/Delete "jotta:t[^"]*"\? y\/n/, `${answer}${ENTER}`);
    equal(await terminal.exitCode(), 0, terminal.raw);
    equal(tree.exists(path), !isGone);
  }
});

Deno.test("-i without a terminal is refused before the service is asked anything", async () => {
  await using environment = await world();
  const { requests } = environment.emulator.stats;
  assertFailure(await environment.run("copy", "-i", environment.path("source"), "jotta:t"), {
    status: 2,
    error: "Cannot ask before each change: a terminal is needed",
    hint: 'See what would be done with "--dry-run"',
  });
  equal((await environment.run("delete", "-i", "jotta:t")).status, 2);
  assertFailure(await environment.run("purge", "-i", "-n", "jotta:t"), {
    status: 2,
    error: "Cannot use --interactive with --dry-run: where nothing changes there is nothing to ask",
  });
  assertFailure(await environment.run("rmdirs", "-i", "jotta:t"), {
    status: 2,
    error:
      'Cannot run "rmdirs": there is no "-i" here: only commands that copy, move or delete files ask before each change',
    hint: "See what would be done with: --dry-run",
  });
  equal(environment.emulator.stats.requests, requests);
});
