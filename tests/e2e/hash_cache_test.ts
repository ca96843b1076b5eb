/** What was hashed once is not read again: by another process, after kill -9, and only while it is the same file. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { parseResult } from "./json_result.ts";
import { makeTree, noise } from "./local_tree.ts";

const SIZE = 50 * 1024 * 1024;
const FILE = "/Jotta/Archive/big.bin";
// Elsewhere nobody tells when a file was changed.
const ON_LINUX = { ignore: Deno.build.os !== "linux" };

/** Files that were changed within the last two seconds are not kept in mind. */
async function untilOld(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 2_200));
}

async function totals(
  environment: Environment,
  ...words: string[]
): Promise<Readonly<Record<string, number>>> {
  const result = await environment.run(...words, "--json");
  equal(result.status, 0, result.stderr);
  return parseResult(result.stdout).totals;
}

async function cacheFiles(directory: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  } catch {
    return [];
  }
}

Deno.test(
  "an upload that was broken off, or killed, goes on without hashing the file again",
  ON_LINUX,
  async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    await Deno.writeFile(environment.path("big.bin"), noise(SIZE));
    await untilOld();
    const cut = { kind: "dropRequestAfterBytes", bytes: 10 * 1024 * 1024 } as const;
    emulator.addFault({ match: { path: /\/upload/ }, times: 1, action: cut });
    const words = ["copyto", "big.bin", "jotta:big.bin", "--upload-resume-limit", "1M"];
    const once = ["--retries", "1", "--low-level-retries", "1"];
    const broken = await environment.run(...words, ...once);
    ok(broken.status !== 0, "the first run was not broken off");
    const child = await environment.start({}, ...words, "--bwlimit", "1M");
    emulator.clearRequests();
    await child.until(() => emulator.requests.some(({ path }) => path.includes("/allocate")));
    child.kill("SIGKILL");
    await child.result();
    const told = await totals(environment, ...words);
    deepEqual([told.hashKnownFiles, told.hashKnownBytes], [1, SIZE]);
    ok((told.resumedBytes ?? 0) > 0, "it began anew");
    deepEqual(emulator.tree.getFile(FILE)?.bytes(), noise(SIZE));
  },
);

Deno.test("a run that was killed has kept what it had hashed", ON_LINUX, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  await Deno.writeFile(environment.path("big.bin"), noise(SIZE));
  await untilOld();
  const child = await environment.start({}, "copyto", "big.bin", "jotta:big.bin", "--bwlimit", "1M");
  // The service is asked for a place when the file is hashed, and told its MD5.
  await child.until(() => emulator.requests.some(({ path }) => path.includes("/upload")));
  child.kill("SIGKILL");
  await child.result();
  const told = await totals(environment, "copyto", "big.bin", "jotta:big.bin");
  deepEqual([told.hashKnownFiles, told.hashKnownBytes], [1, SIZE]);
});

Deno.test("a file that changes is hashed anew, with the size and time of before too", ON_LINUX, async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("files"), { "a.txt": "hello", "b.txt": "world" });
  await untilOld();
  const words = ["copy", "--checksum", "files", "jotta:files"];
  equal((await totals(environment, ...words)).hashKnownFiles, 0);
  const second = await totals(environment, ...words);
  deepEqual([second.hashKnownFiles, second.hashKnownBytes, second.files], [2, 10, 0]);
  await makeTree(environment.path("files"), { "a.txt": "HELLO" });
  const third = await totals(environment, ...words);
  deepEqual([third.hashKnownFiles, third.files], [1, 1]);
  const file = environment.emulator.tree.getFile("/Jotta/Archive/files/a.txt");
  equal(new TextDecoder().decode(file?.bytes()), "HELLO");
});

Deno.test("md5sum and check tell the same with and without what is known", ON_LINUX, async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("files"), { "a.txt": "hello", "b/c.txt": "world" });
  await untilOld();
  assertRun(await environment.run("copy", "files", "jotta:files"), {});
  const known = await environment.run("md5sum", "files");
  const read = await environment.run("md5sum", "files", "--hash-cache", "off");
  equal(known.stdout, read.stdout);
  ok(known.stdout.includes("5d41402abc4b2a76b9719d911017c592  a.txt"), known.stdout);
  equal((await environment.run("check", "files", "jotta:files")).status, 0);
});

Deno.test("--hash-cache says where MD5s are kept, and that none are", ON_LINUX, async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("files"), { "a.txt": "hello" });
  await untilOld();
  const usual = environment.path(".cache", "jottash", "hashes");
  const words = ["copy", "--checksum", "files", "jotta:files"];
  for (let run = 0; run < 2; run++) {
    equal((await totals(environment, ...words, "--hash-cache", "off")).hashKnownFiles, 0);
  }
  deepEqual(await cacheFiles(usual), []);
  const own = environment.path("own");
  equal((await totals(environment, ...words, "--hash-cache", own)).hashKnownFiles, 0);
  deepEqual((await cacheFiles(own)).length, 1);
  equal((await totals(environment, ...words, "--hash-cache", own)).hashKnownFiles, 1);
  deepEqual(await cacheFiles(usual), []);
  await environment.run(...words);
  equal((await cacheFiles(usual)).length, 1);
  const verbose = await environment.run(...words, "-v");
  ok(/not read again.*files=1/.test(verbose.stderr), verbose.stderr);
});
