/** A service that has too much to do: the run goes slower, and comes to its end with everything in its place. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";

const NAMES = Array.from({ length: 30 }, (_, index) => `file-${String(index).padStart(2, "0")}`);

Deno.test("copy goes slower while the service is overloaded, and copies everything", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await Deno.mkdir(environment.path("source"));
  for (const name of NAMES) await Deno.writeTextFile(environment.path("source", name), name.repeat(100));
  const overloads = [
    { match: { path: /allocate/ }, skip: 4, times: 6, action: { kind: "status", status: 503 } },
    { match: { path: /^\/upload/ }, skip: 3, times: 4, action: { kind: "status", status: 429 } },
    { match: { method: "GET", path: /Archive/ }, skip: 5, times: 5, action: { kind: "status", status: 429 } },
  ] as const;
  for (const fault of overloads) emulator.addFault(fault);
  const result = await environment.run(
    "copy",
    environment.path("source"),
    "jotta:t",
    "--transfers",
    "8",
    "-v",
  );
  assertRun(result, {});
  match(result.stderr, /the service sets the pace/);
  deepEqual(emulator.tree.walkFiles("/Jotta/Archive/t"), NAMES);
});

Deno.test("copy waits as long as an overloaded service asks, all requests together", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  for (const name of NAMES) emulator.tree.putFile(`/Jotta/Archive/t/${name}`, name);
  const action = { kind: "status", status: 429, retryAfterSeconds: 2 } as const;
  emulator.addFault({ match: { query: /mode=bin/ }, skip: 2, times: 1, action });
  const startedAt = performance.now();
  assertRun(await environment.run("copy", "jotta:t", environment.path("back"), "--transfers", "2"), {});
  ok(performance.now() - startedAt >= 2_000, "it did not wait");
  const names = (await Array.fromAsync(Deno.readDir(environment.path("back")))).map(({ name }) => name);
  equal(names.sort().join(), NAMES.join());
});
