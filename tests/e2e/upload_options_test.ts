/** no-versions and upload-resume-limit: each way to give them has its effect on the wire. */
import { deepEqual, equal } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";
import { noise } from "./local_tree.ts";
import { type Way, waysOf } from "./option_ways.ts";

const FILE = "/Jotta/Archive/a.bin";

async function upload(
  environment: Environment,
  { words = [], env = {}, place = "jotta:" }: Way,
): Promise<void> {
  environment.emulator.clearRequests();
  assertRun(await environment.runWith({ env, stdin: noise(2_000) }, "rcat", ...words, `${place}a.bin`), {});
}

function commandsSent({ emulator }: Environment): string[] {
  return emulator.requests.filter(({ method, path }) => method === "POST" && path.includes("/jfs/"))
    .map(({ query }) => query.replace(/=.*/, ""));
}

for (const way of [...waysOf("no_versions", "true"), { how: "nothing" }]) {
  Deno.test(`no-versions as ${way.how}`, async () => {
    await using environment = await Environment.create();
    await environment.writeConfig(environment.remoteSection("jotta", "section" in way ? way.section : {}));
    environment.emulator.tree.putFile(FILE, "oldest");
    environment.emulator.tree.putFile(FILE, "older");
    await upload(environment, way);
    const isOn = way.how !== "nothing";
    const file = environment.emulator.tree.getFile(FILE);
    deepEqual(file?.bytes(), noise(2_000));
    equal(file?.revisions.length, isOn ? 1 : 3);
    deepEqual(commandsSent(environment), isOn ? ["mv", "mv", "rm"] : []);
    deepEqual(environment.emulator.tree.list("/Jotta/Archive", { all: true }), ["a.bin"]);
  });
}

for (const way of [...waysOf("upload_resume_limit", "1k"), { how: "nothing" }]) {
  Deno.test(`upload-resume-limit as ${way.how}`, async () => {
    await using environment = await Environment.create();
    await environment.writeConfig(environment.remoteSection("jotta", "section" in way ? way.section : {}));
    environment.emulator.tree.seedIncomplete(FILE, noise(2_000), 500);
    await upload(environment, way);
    deepEqual(environment.emulator.tree.getFile(FILE)?.bytes(), noise(2_000));
    // By default a file of this size is sent anew.
    const isAnew = way.how === "nothing";
    equal(environment.emulator.stats.uploadedBytes, isAnew ? 2_000 : 1_500);
    deepEqual(commandsSent(environment), isAnew ? ["rm"] : []);
  });
}

Deno.test("no-versions: a service that does not move keeps the old file, and the user is told where the new one is", async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile(FILE, "older");
  emulator.addFault({ match: { query: /^mv=/ }, times: 99, action: { kind: "status", status: 500 } });
  const words = ["rcat", "--no-versions", "--low-level-retries", "2", "--retries", "1", "jotta:a.bin"];
  const { status, stderr } = await environment.runWith({ stdin: "new" }, ...words);
  equal(status, 5, stderr);
  const [, hint = ""] = stderr.split("\n");
  const [, name = ""] =
    /^ {2}What it had is still there; the new content waits at "jotta:(.+)"$/.exec(hint) ?? [];
  deepEqual(emulator.tree.list("/Jotta/Archive").sort(), [name, "a.bin"].sort());
  equal(new TextDecoder().decode(emulator.tree.getFile(FILE)?.bytes()), "older");
  equal(new TextDecoder().decode(emulator.tree.getFile(`/Jotta/Archive/${name}`)?.bytes()), "new");
  emulator.clearFaults();
  assertRun(await environment.runWith({ stdin: "new" }, ...words), {});
  deepEqual(emulator.tree.list("/Jotta/Archive", { all: true }), ["a.bin"]);
  equal(emulator.tree.getFile(FILE)?.revisions.length, 1);
});
