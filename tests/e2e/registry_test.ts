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
    [["jotta:folder/file.txt", "--hard-delete"], /^Would delete "jotta:folder\/file\.txt", for good\n$/],
  ],
  purge: [
    [["jotta:folder"], /^Would delete the folder "jotta:folder" with all that is in it\n$/],
    [["here"], /^Would delete the directory "here" with all that is in it\n$/],
    [
      ["jotta,hard_delete:folder"],
      /^Would delete the folder "jotta:folder" with all that is in it, for good\n$/,
    ],
  ],
  copyto: [
    [["here/a.txt", "jotta:new/name"], /^Would copy "a\.txt" \(1 B\)\nWould copy 1 file/],
    [["jotta:folder/file.txt", "new/name"], /^Would copy "file\.txt"/],
    [["jotta:folder", "new"], /^Would copy "file\.txt"/],
  ],
  sync: [
    [["here", "jotta:folder"], /^Would delete "file\.txt"/m],
    [["jotta:folder", "here"], /^Would delete "a\.txt"/m],
    [["--track-renames", "here", "jotta:folder"], /^Would copy "a\.txt"/m],
    [["--backup-dir", "jotta:old", "here", "jotta:folder"], /^Would move "file\.txt" aside/m],
  ],
  move: [
    [["here", "jotta:new"], /^Would move "a\.txt"/m],
    [["jotta:folder", "new"], /^Would move "file\.txt"/m],
    [["jotta:folder", "jotta:new"], /^Would move /m],
    [["here", "new"], /^Would move /m],
    [["jotta:folder/file.txt", "jotta:"], /^Would move "file\.txt"/m],
    [["--delete-empty-src-dirs", "here", "jotta:folder"], /^Would move "a\.txt"/m],
  ],
  moveto: [
    [["jotta:folder/file.txt", "jotta:new/name"], /^Would move "file\.txt"/m],
    [["jotta:folder", "jotta:new/name"], /^Would move /m],
    [["jotta:folder", "jotta:Folder"], /^Would move /m],
    [["here/a.txt", "jotta:new/name"], /^Would move "a\.txt"/m],
    [["here", "new/name"], /^Would move /m],
  ],
  rcat: [[["jotta:new/name"], /^jottash: Cannot read standard input: nothing is piped into it$/m]],
  dedupe: [
    [["--by-hash", "first", "jotta:folder"], /^Nothing to do: there are no duplicates\n$/],
    [["--by-hash", "newest", "twins"], /^Would delete "a"[^]*Would delete 1 extra copy/],
  ],
  touch: [
    [["jotta:folder/file.txt"], /^Would touch "file\.txt"\n$/],
    [["-R", "here"], /^Would touch "a\.txt"\n$/],
    [["jotta:new/file"], /^Would make the empty file "jotta:new\/file"\n$/],
  ],
  link: [
    [["jotta:folder"], /^Would make a link to "jotta:folder"\n$/],
    [["--unlink", "jotta:folder"], /^Would remove the link to "jotta:folder"\n$/],
  ],
  delete: [
    [["jotta:folder"], /^Would delete "file\.txt" \(1 B\)\n$/],
    [["--hard-delete", "jotta:folder/file.txt"], /^Would delete "file\.txt" \(1 B\), for good\n$/],
    [["--rmdirs", "here"], /^Would delete "a\.txt" \(1 B\)\nWould remove the empty directory "hollow"\n$/],
  ],
  rmdir: [
    [["here/hollow"], /^Would remove the empty directory "here\/hollow"\n$/],
    [["jotta:hollow", "--hard-delete"], /^Would remove the empty folder "jotta:hollow", for good\n$/],
  ],
  rmdirs: [
    [["here"], /^Would remove the empty directory "hollow"\n$/],
    [["jotta:hollow", "--hard-delete"], /^Would remove the empty folder "jotta:hollow", for good\n$/],
  ],
  cleanup: [[
    ["jotta:"],
    /^Would empty the trash of the account: 0 files, 1 folder with all that is in them\n$/,
  ]],
  config: [[[], /^jottash: Cannot/]],
  "config create": [[["new", "--login-token-file", "token"], /^Would sign in and save the remote "new"\n$/]],
  "config delete": [[["jotta"], /^Would delete the remote "jotta" from the config\n$/]],
  "config password": [[[], /^jottash: Cannot ask questions/]],
  "config password set": [[
    ["--new-password-command", "echo new"],
    /^Would encrypt .* with a new password\n$/,
  ]],
  "config password change": [[
    ["--new-password-command", "echo new"],
    /^jottash: Cannot change the password/,
  ]],
  "config password remove": [[[], /is not encrypted: there is no password to remove\n$/]],
  "config update": [[["jotta", "device", "Laptop"], /^Would change the remote "jotta": device\n$/]],
  "config rename": [[["jotta", "other"], /^Would rename the remote "jotta" to "other"\n$/]],
  "config copy": [[["jotta", "other"], /^Would copy the settings of the remote "jotta" to "other"\n$/]],
  "config import": [[["rclone.conf"], /^Would import "theirs" from rclone\.conf, without its session\n$/]],
  "config reconnect": [
    [["jotta:", "--login-token-file", "token"], /^Would sign in again as "jotta:" \(standard\)\n$/],
  ],
  "config disconnect": [[["jotta:"], /^Would end the session of "jotta:"\n$/]],
  "jobs forget": [[["--done"], /^Would forget the job "[a-z]+": jottash copy twins same\n$/]],
  "jobs resume": [[[], /^Nothing to do: no job is unfinished\n$/]],
  "jobs retry-failed": [[[], /^Nothing to do: no job has failures\n$/]],
  "doctor": [[["--clean", "jotta:folder"], /^0 problems found in 1 folder\n$/]],
  "auth adopt": [[["copied:"], /^Would take over the session of "copied:"\n$/]],
};

/** Commands that have nothing to say here but that they cannot. */
const REFUSING: ReadonlySet<string> = new Set([
  "config",
  "config password",
  "config password change",
  "rcat",
]);

Deno.test("every command that changes something has a dry run here", async () => {
  const changing: string[] = [];
  for (const row of COMMANDS) if ((await row.load()).spec.changes) changing.push(row.name);
  deepEqual(Object.keys(DRY_RUNS).sort(), changing.sort());
});

Deno.test("--dry-run changes neither the service, nor this machine, nor the config", async (t) => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  const record = '{"machine":"m:0000000000000000"}';
  await environment.writeConfig(
    environment.remoteSection("jotta") + environment.remoteSection("copied", { jottash_session: record }),
  );
  await Deno.writeTextFile(environment.path("rclone.conf"), environment.remoteSection("theirs"));
  emulator.tree.putFile("/Jotta/Archive/folder/file.txt", "x");
  emulator.tree.makeFolder("/Jotta/Archive/hollow");
  emulator.tree.putFile("/Jotta/Archive/trashed/file.txt", "x");
  emulator.tree.trash("/Jotta/Archive/trashed");
  await makeTree(environment.path("here"), { "a.txt": "a", "hollow": null });
  await makeTree(environment.path("twins"), { a: "same", b: "same" });
  await Deno.writeTextFile(environment.path("token"), emulator.loginToken);
  const state = async () => ({
    local: await readTree(environment.home),
    remote: emulator.tree.walkFiles("/Jotta/Archive"),
    folders: emulator.tree.list("/Jotta/Archive", { all: true }),
    trashed: emulator.tree.isTrashed("/Jotta/Archive/folder/file.txt"),
    stats: { ...emulator.stats, requests: 0 },
  });
  assertRun(await environment.run("copy", "twins", "same"), {});
  // Looking at a session tries out the lock, whose file then stays.
  assertRun(await environment.run("auth", "status"), {});
  const before = await state();
  for (const [command, runs] of Object.entries(DRY_RUNS)) {
    for (const [words, said] of runs) {
      for (const flag of ["--dry-run", "-n"]) {
        await t.step([command, flag, ...words].join(" "), async () => {
          const result = await environment.run(...command.split(" "), flag, ...words);
          assertRun(result, { status: REFUSING.has(command) ? 2 : 0, stdout: "", stderr: said });
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
