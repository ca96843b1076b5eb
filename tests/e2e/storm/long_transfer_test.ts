/** Transfers that take longer than an access token lives, and a listing whose session ends meanwhile. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "../environment.ts";
import { FIXED_TIME, makeTree, noise, readFiles } from "../local_tree.ts";

const TOKEN_SECONDS = 2;
/** Longer than a token lives. */
const STALL_MS = 2_500;

async function timed(environment: Environment, ...words: string[]): Promise<number> {
  const startedAtMs = Date.now();
  assertRun(await environment.run(...words), {});
  return (Date.now() - startedAtMs) / 1000;
}

Deno.test("the upload of a big file outlives its tokens three times", async () => {
  await using environment = await Environment.signedIn({ tokenLifetimeSeconds: TOKEN_SECONDS });
  const { emulator } = environment;
  await makeTree(environment.path("source"), { "big.bin": noise(4_000_000) });
  // The slot, the bytes and the answer each take longer; the line breaks once.
  emulator.addFault({ match: { path: "/allocate" }, times: 1, action: { kind: "stall", ms: STALL_MS } });
  const upload = { method: "POST", path: "/upload" };
  emulator.addFault({ match: upload, times: 1, action: { kind: "stall", ms: STALL_MS } });
  emulator.addFault({ match: upload, times: 1, action: { kind: "dropRequestAfterBytes", bytes: 1_000_000 } });
  emulator.addFault({
    match: upload,
    times: 1,
    action: { kind: "stall", ms: STALL_MS, afterResponseBytes: 1 },
  });
  ok(await timed(environment, "copy", "source", "jotta:") > 3 * TOKEN_SECONDS);
  equal(emulator.stats.faultsFired, 4);
  ok(emulator.stats.refreshes >= 3, `${emulator.stats.refreshes} refreshes`);
  equal(emulator.stats.revocations, 0);
  deepEqual(emulator.tree.getFile("/Jotta/Archive/big.bin")?.bytes(), noise(4_000_000));
});

Deno.test("the upload of many small files outlives its tokens three times", async () => {
  await using environment = await Environment.signedIn({ tokenLifetimeSeconds: TOKEN_SECONDS });
  const { emulator } = environment;
  const files = Array.from({ length: 40 }, (_, index) => [`${index % 5}/file ${index}`, `content ${index}`]);
  await makeTree(environment.path("source"), Object.fromEntries(files));
  // 40 files, 4 at a time, 0.7 seconds each.
  emulator.addFault({ match: { path: "/allocate" }, times: 40, action: { kind: "stall", ms: 700 } });
  ok(await timed(environment, "copy", "--transfers", "4", "source", "jotta:many") > 3 * TOKEN_SECONDS);
  ok(emulator.stats.refreshes >= 3, `${emulator.stats.refreshes} refreshes`);
  equal(emulator.stats.revocations, 0);
  deepEqual(emulator.tree.walkFiles("/Jotta/Archive/many"), files.map(([path]) => path).sort());
});

Deno.test("the download of a big file outlives its token, and the next ones get a new token", async () => {
  await using environment = await Environment.signedIn({ tokenLifetimeSeconds: TOKEN_SECONDS });
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/d/a big.bin", noise(4_000_000), { modified: FIXED_TIME });
  for (let index = 0; index < 3; index++) {
    emulator.tree.putFile(`/Jotta/Archive/d/small ${index}`, `small ${index}`, { modified: FIXED_TIME });
  }
  emulator.addFault({
    match: { path: "big.bin", query: "mode=bin" },
    times: 1,
    action: { kind: "stall", ms: 3 * STALL_MS, afterResponseBytes: 2_000_000 },
  });
  ok(await timed(environment, "copy", "--transfers", "1", "jotta:d", "back") > 3 * TOKEN_SECONDS);
  equal(emulator.stats.faultsFired, 1);
  ok(emulator.stats.refreshes >= 1);
  equal(emulator.stats.revocations, 0);
  await makeTree(environment.path("expected"), {
    "a big.bin": noise(4_000_000),
    ...Object.fromEntries([0, 1, 2].map((index) => [`small ${index}`, `small ${index}`])),
  });
  deepEqual(await readFiles(environment.path("back")), await readFiles(environment.path("expected")));
});

Deno.test("a listing whose session ends in the middle says so once, with status 7", async () => {
  await using environment = await Environment.signedIn({ tokenLifetimeSeconds: TOKEN_SECONDS });
  const { emulator } = environment;
  for (let index = 0; index < 6; index++) emulator.tree.putFile(`/Jotta/Archive/${index}/a.txt`, "a");
  emulator.addFault({ match: { path: "/Archive/0" }, times: 1, action: { kind: "stall", ms: STALL_MS } });
  emulator.revokeSessions();
  assertFailure(await environment.run("ls", "--checkers", "1", "jotta:"), {
    status: 7,
    error: "Cannot refresh the session: the service has ended it",
    hint: /login token|[Ss]ign in/,
  });
});
