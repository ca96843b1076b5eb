/** Runs that outlive their access token, and processes that share one session. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree, readFiles } from "./local_tree.ts";

Deno.test("a run goes on when its access token ends in the middle, and saves the next session", async () => {
  await using environment = await Environment.signedIn({ tokenLifetimeSeconds: 2 });
  const { emulator } = environment;
  const before = await Deno.readTextFile(environment.configPath);
  await makeTree(
    environment.path("source"),
    Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`file${index}`, `content ${index}`]),
    ),
  );
  emulator.addFault({
    match: { path: "/files/v1/allocate" },
    times: 3,
    action: { kind: "stall", ms: 1_000 },
  });
  const copied = await environment.run("copy", "--transfers", "1", "-vv", "source", "jotta:");
  assertRun(copied, { stderr: /Copied 6 files/ });
  ok(emulator.stats.refreshes >= 1);
  equal(emulator.stats.revocations, 0);
  ok(await Deno.readTextFile(environment.configPath) !== before);
  assertRun(await environment.run("copy", "jotta:", "back"), {});
  deepEqual(await readFiles(environment.path("back")), await readFiles(environment.path("source")));
});

Deno.test("processes that refresh one session at the same time all succeed, and the session lives on", async () => {
  await using environment = await Environment.signedIn({ tokenLifetimeSeconds: 2 });
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  for (let round = 0; round < 2; round++) {
    emulator.addFault({ match: { path: "/token" }, times: 1, action: { kind: "stall", ms: 300 } });
    // Past its life: each of them wants a new one.
    await expire(environment);
    const runs = await Promise.all(Array.from({ length: 3 }, () => environment.run("ls", "jotta:", "-vv")));
    for (const run of runs) assertRun(run, { stdout: "        1 a.txt\n" });
  }
  equal(emulator.stats.revocations, 0);
  await expire(environment);
  assertRun(await environment.run("ls", "jotta:"), { stdout: "        1 a.txt\n", stderr: "" });
});

Deno.test("sections that share a session keep it, whichever refreshes and whichever signs in again", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  const config = await Deno.readTextFile(environment.configPath);
  await environment.writeConfig(`${config}\n${config.replace("[jotta]", "[copy]")}`);
  for (const remote of ["jotta:", "copy:", "jotta:"]) {
    const text = await Deno.readTextFile(environment.configPath);
    await environment.writeConfig(text.replace(/"expiry":"[^"]*"/g, '"expiry":"2020-01-01T00:00:00Z"'));
    assertRun(await environment.run("ls", remote), { stdout: "        1 a.txt\n", stderr: "" });
  }
  equal(emulator.stats.refreshes, 3);
  const stdin = emulator.issueLoginToken();
  environment.keepSecret(stdin);
  const words = ["config", "reconnect", "jotta:", "--login-token-stdin"];
  assertRun(await environment.runWith({ stdin }, ...words), { stderr: /goes on at the service/ });
  await expire(environment);
  assertRun(await environment.run("ls", "copy:"), { stdout: "        1 a.txt\n", stderr: "" });
  equal(emulator.stats.revocations, 0);
});

Deno.test("a session that the service has ended is told with what to do, status 7, at once", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.revokeSessions();
  await expire(environment);
  await makeTree(environment.path("source"), { a: "a", b: "b", c: "c" });
  for (const words of [["ls", "jotta:"], ["copy", "source", "jotta:"], ["about", "jotta:"]]) {
    assertFailure(await environment.run(...words), {
      status: 7,
      error: "Cannot refresh the session: the service has ended it",
      hint: /login token at https:.*"jottash config"/,
    });
  }
});

/** Sets the expiry in the config back, as if time had passed. */
async function expire(environment: Environment): Promise<void> {
  const text = await Deno.readTextFile(environment.configPath);
  await environment.writeConfig(text.replace(/"expiry":"[^"]*"/, '"expiry":"2020-01-01T00:00:00Z"'));
}
