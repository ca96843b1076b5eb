/** What users get wrong, and what is wrong around them: one line, perhaps a hint, the right status, nothing lost. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";

async function withFiles(): Promise<Environment> {
  const environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/folder/file.txt", "cloud");
  await makeTree(environment.path("here"), { "file.txt": "local" });
  return environment;
}

Deno.test("a place that is not there is named, with status 3", async (t) => {
  await using environment = await withFiles();
  const missing = (place: string) => ({
    status: 3,
    error: `Cannot find "${place}": there is no such file or ${place.includes(":") ? "folder" : "directory"}`,
  });
  for (const command of ["ls", "lsl", "lsd", "cat"]) {
    for (const place of ["jotta:nosuch/deeper", "nosuch/deeper", "jotta:folder/file.txt/below"]) {
      await t.step(`${command} ${place}`, async () => {
        assertFailure(await environment.run(command, place), missing(place));
      });
    }
  }
  assertFailure(await environment.run("copy", "nosuch", "jotta:"), missing("nosuch"));
  assertFailure(await environment.run("copy", "jotta:nosuch", "back"), missing("jotta:nosuch"));
  deepEqual([...Deno.readDirSync(environment.home)].map((entry) => entry.name).sort(), [".config", "here"]);
});

Deno.test("the colon of a remote that was left out is noticed", async () => {
  await using environment = await withFiles();
  assertFailure(await environment.run("ls", "jotta"), {
    status: 3,
    error: 'Cannot find "jotta": there is no such file or directory',
    hint: 'The remote of that name is written "jotta:"',
  });
  assertRun(await environment.run("copy", "-n", "here", "jotta"), {
    stderr:
      /^jottash: warning: "jotta" is a new directory of this machine\n {2}The remote of that name is written "jotta:"\n/,
  });
});

Deno.test("a device or mountpoint that is not there is named, and none is made in passing", async (t) => {
  await using environment = await withFiles();
  const hint = 'Choose another with "jottash config", or with --device and --mountpoint';
  const cases = [["Jotta", "Arhive"], ["Desktop", "Archive"]] as const;
  for (const words of [["ls", "jotta:"], ["mkdir", "jotta:x"], ["copy", "here", "jotta:x/y"]]) {
    for (const [device, mountpoint] of cases) {
      await t.step(`${words.join(" ")} on ${device}/${mountpoint}`, async () => {
        assertFailure(await environment.run(...words, "--device", device, "--mountpoint", mountpoint), {
          status: 3,
          error: `Cannot use "jotta:": there is no mountpoint "${mountpoint}" on a device "${device}"`,
          hint,
        });
      });
    }
  }
  equal(environment.emulator.tree.kindOf("/Jotta/Arhive"), undefined);
});

Deno.test("a file where a folder is wanted, and the reverse, are told before anything is copied", async (t) => {
  await using environment = await withFiles();
  const noun = (place = "") => place.includes(":") ? "folder" : "directory";
  const cases: [words: string[], error: string][] = [
    [["copy", "here", "jotta:folder/file.txt"], "it is a file"],
    [["copy", "here/file.txt", "jotta:folder/file.txt"], "it is a file"],
    [["copy", "here", "jotta:folder/FILE.TXT/a/b"], '"jotta:folder/FILE.TXT" is a file'],
    [["copy", "jotta:folder", "here/file.txt"], "it is a file"],
  ];
  for (const [words, state] of cases) {
    await t.step(words.join(" "), async () => {
      const error = `Cannot copy "${words[1]}" to "${words[2]}": ${state}, not a ${noun(words[2])}`;
      const hint = words[1] === "here/file.txt"
        ? 'Name the folder that is to hold the file, or give it this name with "jottash copyto"'
        : "Name the folder that is to hold the files";
      assertFailure(await environment.run(...words), { status: 12, error, hint });
    });
  }
  await t.step("mkdir of a file", async () => {
    assertFailure(await environment.run("mkdir", "jotta:folder/file.txt"), {
      status: 12,
      error: 'Cannot make the folder "jotta:folder/file.txt": it is a file, not a folder',
      hint: "Choose another name",
    });
  });
  await t.step("a local target below a file", async () => {
    const { status, stderr } = await environment.run("copy", "jotta:folder", "here/file.txt/below");
    equal(status, 12);
    match(
      stderr,
      /^jottash: Cannot make the directory ".*": it is, or lies below, something that is not a dir.*\n$/,
    );
  });
  await t.step("a folder where a file would go, and the rest is copied", async () => {
    environment.emulator.tree.makeFolder("/Jotta/Archive/mixed/file.txt");
    await makeTree(environment.path("here"), { "other.txt": "other" });
    const mixed = await environment.run("copy", "here", "jotta:mixed");
    equal(mixed.status, 6);
    match(
      mixed.stderr,
      /^jottash: Cannot copy "file.txt": in "jotta:mixed" a directory of that name is in the way\n/,
    );
    match(
      mixed.stderr,
      /Copied 1 file .*; 1 failed\njottash: Cannot copy all of "here": 1 entry failed\n {2}When that is settled, run the same/,
    );
  });
  equal(await Deno.readTextFile(environment.path("here/file.txt")), "local");
});

Deno.test("a name that the service refuses is told with the reason, status 6", async (t) => {
  await using environment = await withFiles();
  const long = ":".repeat(300);
  for (const words of [["mkdir"], ["ls"], ["cat"], ["purge"], ["copy", "here"]]) {
    await t.step(`${words.join(" ")} with a name that is too long`, async () => {
      assertFailure(await environment.run(...words, `jotta:a/${long}/b`), {
        status: 6,
        error:
          `Cannot use "jotta:a/${long}/b": the service refuses the name: it is longer than 255 characters`,
        hint: "Use another name",
      });
    });
  }
  await t.step("a file is reported and the rest is copied", async () => {
    await makeTree(environment.path("here"), { "a\ufeffb": "x" });
    const copied = await environment.run("copy", "here", "jotta:named");
    equal(copied.status, 6);
    match(
      copied.stderr,
      /^jottash: Cannot upload "a.+b": .*the invisible character U\+FEFF\n {2}Rename it\n/,
    );
    match(copied.stderr, /Copied 1 file/);
    deepEqual(environment.emulator.tree.walkFiles("/Jotta/Archive/named"), ["file.txt"]);
  });
  await t.step("a single file is told once", async () => {
    assertFailure(await environment.run("copy", "here/a\ufeffb", "jotta:single"), {
      status: 6,
      error:
        'Cannot upload "a\ufeffb": the service refuses the name: it holds the invisible character U+FEFF',
      hint: "Rename it",
    });
  });
});

Deno.test("an endpoint that cannot be reached or must not be used is named", async () => {
  await using environment = await withFiles();
  const use = (endpoint: string, ...more: string[]) =>
    environment.runWith({ env: { JOTTASH_ENDPOINT: endpoint } }, "ls", "jotta:", ...more);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  assertFailure(await use(`http://127.0.0.1:${port}`, "--low-level-retries", "2"), {
    status: 5,
    error: `Cannot look up the account: "127.0.0.1:${port}" refused the connection`,
    hint: /\S/,
  });
  assertFailure(await use("http://jotta.example"), {
    status: 2,
    error:
      'Cannot use the endpoint "http://jotta.example": plain http is accepted only for a loopback address',
    hint: "Use https, or an address such as http://127.0.0.1:8080",
  });
  assertFailure(await use("ftp://127.0.0.1"), {
    status: 2,
    error: 'Cannot use the endpoint "ftp://127.0.0.1": it is not an http or https address',
    hint: "An endpoint is an origin such as http://127.0.0.1:8080",
  });
  const { logins } = environment.emulator.stats;
  // Nothing may be asked of the login host either when the endpoint cannot be used.
  assertFailure(
    await environment.runWith(
      { env: { JOTTASH_ENDPOINT: "http://jotta.example" }, stdin: environment.emulator.loginToken },
      "config",
      "create",
      "new",
      "--login-token-stdin",
    ),
    {
      status: 2,
      error:
        'Cannot use the endpoint "http://jotta.example": plain http is accepted only for a loopback address',
      hint: /https/,
    },
  );
  equal(environment.emulator.stats.logins, logins);
});

Deno.test("words that make no sense are refused with status 2, and what may have been meant", async (t) => {
  await using environment = await withFiles();
  const cases: [words: string[], error: string, hint: string | undefined][] = [
    [
      ["copi", "a", "b"],
      'Cannot run "copi": there is no such command',
      'Did you mean "copy"? All commands are listed by "jottash help"',
    ],
    [["zzz"], 'Cannot run "zzz": there is no such command', 'All commands are listed by "jottash help"'],
    [
      ["config", "shwo"],
      'Cannot run "config shwo": there is no such command',
      'Did you mean "config show"? Known: create, show, list, update, reconnect, disconnect, userinfo, rename, copy, delete, import, redacted, dump, file, password',
    ],
    [
      ["help", "qqqqqq"],
      'Cannot run "qqqqqq": there is no such command',
      'All commands are listed by "jottash help"',
    ],
    [["help", "ls", "x"], 'Cannot show help for "ls x": there is no such command', 'See "jottash help ls"'],
    [
      ["ls", "--dry", "jotta:"],
      'Cannot run "ls": there is no option "--dry"',
      'Did you mean "--dry-run"? See "jottash help ls"',
    ],
    [
      ["ls", "--trasnfers=3", "jotta:"],
      'Cannot run "ls": there is no option "--trasnfers"',
      'Did you mean "--transfers"? See "jottash help ls"',
    ],
    [
      ["ls"],
      'Cannot run "ls": the argument PLACE is missing',
      'PLACE is: remote:path, or a path of this machine. See "jottash help ls"',
    ],
    [
      ["copy", "a"],
      'Cannot run "copy": the argument TARGET is missing',
      'TARGET is: Folder to copy into: remote:path, or a path of this machine. See "jottash help copy"',
    ],
    [
      ["bisync", "a", "b"],
      'Cannot run "bisync": rclone has this command, jottash does not have it yet',
      'Nearest: "jottash sync" in one direction',
    ],
    [
      ["ls", "my", "photos"],
      'Cannot run "ls": it takes 1 argument (PLACE), not 2',
      'Put quotes around a path with spaces. See "jottash help ls"',
    ],
    [["version", "x"], 'Cannot run "version": it takes no arguments', 'See "jottash help version"'],
    [
      ["ls", "jotta:", "--transfers"],
      'Cannot run "ls": the option --transfers needs a value',
      'See "jottash help ls"',
    ],
    [
      ["ls", "--transfers", "0", "jotta:"],
      'Cannot use "0" for --transfers: it is not a whole number from 1 to 1000',
      undefined,
    ],
    [
      ["ls", "--transfers=-1", "jotta:"],
      'Cannot use "-1" for --transfers: it is not a whole number from 1 to 1000',
      undefined,
    ],
    [
      ["ls", "--timeout", "soon", "jotta:"],
      'Cannot use "soon" for --timeout: it is not a duration such as 30s or 5m',
      undefined,
    ],
    [
      ["ls", "--dry-run=maybe", "jotta:"],
      'Cannot use "maybe" for --dry-run: it is neither true nor false',
      undefined,
    ],
    [["ls", ""], 'Cannot use an empty path: write "." for this directory', undefined],
    [
      ["ls", ":s3:"],
      'Cannot use ":s3:": the only type of remotes is "jottacloud"',
      'Write ":jottacloud:", or the NAME of a remote and a colon',
    ],
    [
      ["ls", "a?b:c"],
      'Cannot use "a?b:c": "a?b" is not a name for a remote',
      'For a file of this machine write "./a?b:c"',
    ],
    [["ls", "jotta:a/../.."], 'Cannot use "jotta:a/../..": it leads out of the remote', undefined],
  ];
  for (const [words, error, hint] of cases) {
    await t.step(words.join(" "), async () => {
      const result = await environment.run(...words);
      assertFailure(result, { status: 2, error, ...hint === undefined ? {} : { hint } });
      equal(result.stdout, "");
    });
  }
  await t.step("a value from the environment is told with its name", async () => {
    assertFailure(await environment.runWith({ env: { JOTTASH_CHECKERS: "many" } }, "ls", "jotta:"), {
      status: 2,
      error:
        'Cannot use "many" for --checkers: it is not a whole number from 1 to 1000 (from JOTTASH_CHECKERS)',
    });
    assertRun(
      await environment.runWith({ env: { JOTTASH_CHECKERS: "many" } }, "ls", "--checkers", "2", "jotta:"),
      {},
    );
  });
});
