/** Runs that end before they are done, because the user set a limit. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";

const ARCHIVE = "/Jotta/Archive";
const HINT = "Run the same command again later: what is done is left alone";

async function withFiles(...names: readonly string[]): Promise<Environment> {
  const environment = await Environment.signedIn();
  await Deno.mkdir(environment.path("source"));
  for (const name of names) {
    await Deno.writeTextFile(environment.path("source", name), name.repeat(20_000));
  }
  return environment;
}

Deno.test("copy --max-duration breaks off a transfer that hangs, and the next run goes on", async () => {
  await using environment = await withFiles("a", "b");
  const { emulator } = environment;
  emulator.addFault({ match: { path: /^\/upload/ }, times: 1, action: { kind: "stall" } });
  const words = ["copy", environment.path("source"), "jotta:t"];
  const startedAt = Date.now();
  const result = await environment.run(
    ...words,
    "--max-duration",
    "2s",
    "--transfers",
    "1",
    "--order-by",
    "name",
  );
  assertFailure(result, {
    status: 10,
    error: "Cannot transfer more: the time limit of 2s is over",
    hint: HINT,
  });
  ok(Date.now() - startedAt < 20_000, "it waited for the service");
  deepEqual(emulator.tree.walkFiles(`${ARCHIVE}/t`), []);
  assertRun(await environment.run(...words), {});
  deepEqual(emulator.tree.walkFiles(`${ARCHIVE}/t`), ["a", "b"]);
});

Deno.test("sync that a limit ends deletes nothing", async () => {
  await using environment = await withFiles("a", "b", "c");
  const { emulator } = environment;
  emulator.tree.putFile(`${ARCHIVE}/t/gone`, "gone");
  const words = ["sync", environment.path("source"), "jotta:t"];
  const limits = ["--transfers", "1", "--order-by", "name", "--check-first", "--max-transfer", "30000B"];
  for (const cutoff of ["hard", "soft", "cautious"]) {
    const result = await environment.run(...words, ...limits, "--cutoff-mode", cutoff);
    equal(result.status, 8, result.stderr);
    ok(result.stderr.includes(HINT), result.stderr);
    ok(emulator.tree.exists(`${ARCHIVE}/t/gone`), cutoff);
    for (const name of emulator.tree.walkFiles(`${ARCHIVE}/t`)) {
      if (name !== "gone") emulator.tree.trash(`${ARCHIVE}/t/${name}`);
    }
    for (const name of ["a", "b", "c"]) {
      await Deno.writeTextFile(environment.path("source", name), `${cutoff}${name}`.repeat(5_000));
    }
  }
});

Deno.test("a transfer limit counts no content that the service has already", async () => {
  await using environment = await withFiles("a", "b", "c");
  const { emulator } = environment;
  for (const name of ["a", "b", "c"]) emulator.tree.putFile(`${ARCHIVE}/known/${name}`, name.repeat(20_000));
  const words = [
    "copy",
    environment.path("source"),
    "jotta:t",
    "--transfers",
    "1",
    "--max-transfer",
    "25000B",
  ];
  for (const cutoff of ["hard", "soft", "cautious"]) {
    assertRun(await environment.run(...words, "--cutoff-mode", cutoff), {});
  }
  deepEqual(emulator.tree.walkFiles(`${ARCHIVE}/t`), ["a", "b", "c"]);
});
