/** What the real executable does for every command of the table: `--help`, and nothing at all with `--dry-run`. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { COMMANDS } from "../../commands/mod.ts";
import { EXIT_TABLE } from "../../lib/exit_codes.ts";
import { helpText } from "../../lib/cli/program.ts";
import { assertRun, Environment } from "./environment.ts";
import { makeTree, readTree } from "./local_tree.ts";

/** Words that would change something, and what is said instead of doing it. */
const DRY_RUNS: Readonly<Record<string, readonly (readonly [words: readonly string[], said: RegExp])[]>> = {
  copy: [
    [["here", "jotta:new"], /^Would copy "a\.txt" \(1 B\)\nWould copy 1 file/m],
    [["jotta:folder", "new/deep"], /^Would copy "file\.txt"/m],
    [["here/a.txt", "jotta:new"], /^Would copy "a\.txt"/m],
    [["--create-empty-src-dirs", "here", "jotta:new"], /^Would make the folder "hollow"$/m],
  ],
  mkdir: [
    [["jotta:new/deep"], /^Would make the folder "jotta:new\/deep"\n$/],
    [["new/deep"], /^Would make the directory "new\/deep"\n$/],
  ],
  deletefile: [
    [["jotta:folder/file.txt"], /^Would delete "jotta:folder\/file\.txt"\n$/],
    [["here/a.txt"], /^Would delete "here\/a\.txt"\n$/],
  ],
  purge: [
    [["jotta:folder"], /^Would delete the folder "jotta:folder" with all that is in it\n$/],
    [["here"], /^Would delete the directory "here" with all that is in it\n$/],
  ],
  config: [[[], /^jottash: Cannot/]],
  "config create": [[["new", "--login-token-file", "token"], /^Would sign in and save the remote "new"\n$/]],
  "config delete": [[["jotta"], /^Would delete the remote "jotta" from the config\n$/]],
};

Deno.test("every command that changes something has a dry run here", async () => {
  const changing: string[] = [];
  for (const row of COMMANDS) if ((await row.load()).spec.changes) changing.push(row.name);
  deepEqual(Object.keys(DRY_RUNS).sort(), changing.sort());
});

Deno.test("--dry-run changes neither the service, nor this machine, nor the config", async (t) => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/folder/file.txt", "x");
  await makeTree(environment.path("here"), { "a.txt": "a", "hollow": null });
  await Deno.writeTextFile(environment.path("token"), emulator.loginToken);
  const state = async () => ({
    local: await readTree(environment.home),
    remote: emulator.tree.walkFiles("/Jotta/Archive"),
    folders: emulator.tree.list("/Jotta/Archive", { all: true }),
    trashed: emulator.tree.isTrashed("/Jotta/Archive/folder/file.txt"),
    stats: { ...emulator.stats, requests: 0 },
  });
  const before = await state();
  for (const [command, runs] of Object.entries(DRY_RUNS)) {
    for (const [words, said] of runs) {
      for (const flag of ["--dry-run", "-n"]) {
        await t.step([command, flag, ...words].join(" "), async () => {
          const result = await environment.run(...command.split(" "), flag, ...words);
          assertRun(result, { status: command === "config" ? 2 : 0, stdout: "", stderr: said });
          deepEqual(await state(), before);
        });
      }
    }
  }
});

Deno.test("every command shows its help, whatever the config and the network are like", async (t) => {
  await using environment = await Environment.create();
  const env = { JOTTASH_CONFIG: "/proc/nosuch", JOTTASH_ENDPOINT: "nonsense", JOTTASH_TRANSFERS: "many" };
  for (const row of COMMANDS) {
    await t.step(row.name, async () => {
      const { spec } = await row.load();
      const help = await environment.runWith({ env }, ...row.name.split(" "), "--help");
      assertRun(help, { stdout: `${helpText(spec).trimEnd()}\n`, stderr: "" });
    });
  }
});

Deno.test("help exit-codes lists every status", async () => {
  await using environment = await Environment.create();
  const { stdout, status } = await environment.run("help", "exit-codes");
  equal(status, 0);
  for (const row of EXIT_TABLE) {
    ok(stdout.includes(`${String(row.status).padStart(4)}  ${row.meaning}\n`), row.meaning);
  }
});
