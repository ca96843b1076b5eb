/** rcat: standard input becomes a file, on remotes and on this machine; what is kept on the way, and that none of it stays. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { noise } from "./local_tree.ts";
import { PseudoTerminal } from "./pseudo_terminal.ts";

const ARCHIVE = "/Jotta/Archive";
const IS_WINDOWS = Deno.build.os === "windows";

function textOf({ emulator }: Environment, path: string): string | undefined {
  const file = emulator.tree.getFile(`${ARCHIVE}/${path}`);
  return file === undefined ? undefined : new TextDecoder().decode(file.bytes());
}

async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name).sort();
}

Deno.test("rcat uploads a pipe with the time of now, replaces a file, and makes an empty one of nothing", async () => {
  await using environment = await Environment.signedIn();
  const rcat = (stdin: string, ...words: string[]) => environment.runWith({ stdin }, "rcat", ...words);
  const before = Math.floor(Date.now() / 1000) * 1000;
  assertRun(await rcat("hello", "jotta:new/folder/a.txt"), {
    stdout: "",
    stderr: /^Copied 1 file \(5 B\) in [^;]*\n$/,
  });
  equal(textOf(environment, "new/folder/a.txt"), "hello");
  const time = environment.emulator.tree.getFile(`${ARCHIVE}/new/folder/a.txt`)?.modified.getTime() ?? 0;
  ok(time >= before && time <= Date.now(), new Date(time).toISOString());
  assertRun(await rcat("other", "jotta:new/folder/a.txt"), {});
  equal(textOf(environment, "new/folder/a.txt"), "other");
  assertRun(await rcat("", "jotta:empty"), {});
  equal(environment.emulator.tree.getFile(`${ARCHIVE}/empty`)?.size, 0);
});

Deno.test("rcat sends nothing of content that the service knows, and says so", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile(`${ARCHIVE}/known`, "known content");
  assertRun(await environment.runWith({ stdin: "known content" }, "rcat", "jotta:b"), {
    stderr: /^Copied 1 file \(13 B\) in [^;]*; it was known to the service and not sent\n$/,
  });
  equal(environment.emulator.stats.uploadedBytes, 0);
  equal(textOf(environment, "b"), "known content");
});

Deno.test("rcat tells what it did as JSON", async () => {
  await using environment = await Environment.signedIn();
  for (
    const [place, action] of [["jotta:x/a", "transferred"], ["jotta:x/b", "deduplicated"], [
      "c",
      "transferred",
    ]]
  ) {
    const { stdout, status } = await environment.runWith({ stdin: "hello" }, "rcat", "--json", place ?? "");
    equal(status, 0);
    const [item] = JSON.parse(stdout).items;
    deepEqual([item.action, item.path, item.size], [action, place?.split(/[:/]/).at(-1), 5]);
  }
});

Deno.test("rcat writes a file of this machine, which is there as a whole or not at all", async () => {
  await using environment = await Environment.create();
  const content = noise(300_000, 3);
  assertRun(await environment.runWith({ stdin: content }, "rcat", "sub/a.bin"), { stdout: "", stderr: "" });
  deepEqual(await Deno.readFile(environment.path("sub/a.bin")), content);
  assertRun(await environment.runWith({ stdin: "new" }, "rcat", "--size", "3", "sub/a.bin"), {});
  assertFailure(await environment.runWith({ stdin: "too long" }, "rcat", "--size", "3", "sub/a.bin"), {
    status: 14,
    error: "Cannot use the content: 3 bytes were announced, and there are more",
  });
  equal(await Deno.readTextFile(environment.path("sub/a.bin")), "new");
  deepEqual(await namesIn(environment.path("sub")), ["a.bin"]);
});

Deno.test("rcat --size: anything else is a failure that uploads nothing", async () => {
  await using environment = await Environment.signedIn();
  const rcat = (size: string) => environment.runWith({ stdin: "12345" }, "rcat", "--size", size, "jotta:a");
  for (const [size, found] of [["4", "more"], ["6", "only 5"]]) {
    assertFailure(await rcat(size ?? ""), {
      status: 14,
      error: `Cannot use the content: ${size} bytes were announced, and there are ${found}`,
    });
  }
  assertFailure(await rcat("much"), {
    status: 2,
    error: 'Cannot use "much" for --size: it is not a number of bytes',
  });
  equal(environment.emulator.stats.allocations, 0);
  assertRun(await rcat("5"), {});
  assertRun(await rcat("-1"), {});
  equal(textOf(environment, "a"), "12345");
});

Deno.test("rcat --dry-run reads nothing and changes nothing", async () => {
  await using environment = await Environment.signedIn();
  const dry = (...words: string[]) => environment.runWith({ stdin: "x" }, "rcat", "-n", ...words);
  assertRun(await dry("jotta:dir/a"), {
    stdout: "",
    stderr: 'Would write standard input to "jotta:dir/a"\n',
  });
  assertRun(await dry("--size", "2048", "jotta:dir/a"), { stderr: 'Would copy "a" (2.0 KiB)\n' });
  assertRun(await dry("local"), { stderr: 'Would write standard input to "local"\n' });
  deepEqual(environment.emulator.tree.list(ARCHIVE, { all: true }), []);
  equal((await namesIn(environment.home)).includes("local"), false);
});

Deno.test("rcat refuses a place that is no file, and an input that nobody gave, before it reads", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile(`${ARCHIVE}/dir/file`, "x");
  const hint = "Name the file that is to hold it";
  const refused = async (place: string) => await environment.runWith({ stdin: "x" }, "rcat", place);
  assertFailure(await refused("jotta:dir"), {
    status: 12,
    error: 'Cannot write standard input to "jotta:dir": a folder of that name is in the way',
    hint,
  });
  assertFailure(await refused("jotta:dir/file/below"), {
    status: 12,
    error: 'Cannot write standard input to "jotta:dir/file/below": "jotta:dir/file" is a file, not a folder',
    hint,
  });
  assertFailure(await refused("jotta:"), {
    status: 2,
    error: 'Cannot write standard input to "jotta:": it is no name of a file',
    hint,
  });
  // The null device, as in a job of cron.
  assertFailure(await environment.run("rcat", "jotta:a"), {
    status: 2,
    error: "Cannot read standard input: nothing is piped into it",
    hint: "As in: tar c photos | jottash rcat jotta:photos.tar",
  });
  deepEqual(environment.emulator.tree.walkFiles(ARCHIVE), ["dir/file"]);
});

for (
  const [how, section, words, env] of [
    ["config key", { md5_memory_limit: "1k" }, [], {}],
    ["flag", {}, ["--md5-memory-limit", "1k"], {}],
    ["rclone's flag", {}, ["--jottacloud-md5-memory-limit=1k"], {}],
    ["variable", {}, [], { JOTTASH_MD5_MEMORY_LIMIT: "1k" }],
    ["rclone's variable", {}, [], { RCLONE_JOTTACLOUD_MD5_MEMORY_LIMIT: "1k" }],
  ] as const
) {
  Deno.test(`md5-memory-limit as ${how}: more than that goes through a file in the temporary directory`, async () => {
    await using environment = await Environment.create();
    await environment.writeConfig(environment.remoteSection("jotta", section));
    const broken = environment.path("no-such-directory");
    const run = (stdin: Uint8Array<ArrayBuffer>, name: string, variables = {}, ...more: string[]) =>
      environment.runWith(
        { stdin, env: { ...env, ...variables } },
        "rcat",
        ...words,
        ...more,
        `jotta:${name}`,
      );
    assertRun(await run(noise(1_024), "small", { TMPDIR: broken }), {});
    for (const [variables, more] of [[{ TMPDIR: broken }, []], [{}, ["--temp-dir", broken]]] as const) {
      assertFailure(await run(noise(1_025), "large", variables, ...more), {
        status: 6,
        error: `Cannot keep the content in "${broken}": it does not exist`,
        hint: "Choose another directory with --temp-dir, or more memory with --md5-memory-limit",
      });
    }
    equal(environment.emulator.stats.allocations, 1);
    await Deno.mkdir(broken);
    assertRun(await run(noise(300_000, 2), "large", { TMPDIR: "/nowhere" }, "--temp-dir", broken), {});
    deepEqual(environment.emulator.tree.getFile(`${ARCHIVE}/large`)?.bytes(), noise(300_000, 2));
    deepEqual(await namesIn(broken), []);
  });
}

Deno.test({ name: "rcat does not wait for a person to type a file", ignore: IS_WINDOWS }, async () => {
  await using environment = await Environment.signedIn();
  await using terminal = await PseudoTerminal.start(environment, ["rcat", "jotta:a"]);
  await terminal.until(/Cannot read standard input: nothing is piped into it/);
  equal(await terminal.exitCode(), 2);
});

/** A run whose input stays open. */
async function startOpen(environment: Environment, ...words: string[]) {
  const { file, args, env } = await environment.executable();
  const child = new Deno.Command(file, {
    args: [...args, ...words],
    env,
    clearEnv: true,
    cwd: environment.home,
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  return { child, writer: child.stdin.getWriter() };
}

/** Whether a process has files open in a directory whose names are gone. */
async function holdsNameless(processId: number, directory: string): Promise<boolean> {
  for await (const { name } of Deno.readDir(`/proc/${processId}/fd`)) {
    const target = await Deno.readLink(`/proc/${processId}/fd/${name}`).catch(() => "");
    if (target.startsWith(`${directory}/.jottash-`) && target.endsWith(" (deleted)")) return true;
  }
  return false;
}

for (const signal of ["SIGINT", "SIGKILL"] as const) {
  Deno.test({
    name: `rcat: ${signal} while the pipe is silent leaves nothing behind`,
    ignore: Deno.build.os !== "linux",
  }, async () => {
    await using environment = await Environment.signedIn();
    const temporary = await Deno.realPath(environment.home) + "/temporary";
    await Deno.mkdir(temporary);
    const words = ["rcat", "--md5-memory-limit", "1k", "--temp-dir", temporary, "jotta:a"];
    const { child, writer } = await startOpen(environment, ...words);
    await writer.write(noise(100_000));
    while (!await holdsNameless(child.pid, temporary)) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    deepEqual(await namesIn(temporary), []);
    child.kill(signal);
    const { code } = await child.status;
    equal(code, signal === "SIGINT" ? 130 : 137);
    const said = await new Response(child.stderr).text();
    match(said, signal === "SIGINT" ? /^jottash: Stopped\n$/ : /^$/);
    await writer.close().catch(() => {});
    deepEqual(await namesIn(temporary), []);
    equal(environment.emulator.stats.allocations, 0);
  });
}

Deno.test({
  name: "rcat says in one line that the disk has no room for what is announced",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const words = ["rcat", "--size", String(2 ** 49), "--temp-dir", environment.home, "jotta:a"];
  const { status, stderr } = await environment.runWith({ stdin: "x" }, ...words);
  equal(status, 6);
  const [line, hint, ...rest] = stderr.split("\n");
  const start = `jottash: Cannot keep the content in "${environment.home}": 512.0 TiB are needed at least, `;
  ok(line?.startsWith(start), line);
  match(line?.slice(start.length) ?? "", /^[\d.]+ [A-Z]i?B? are free$/i);
  equal(hint, "  Choose another directory with --temp-dir, or more memory with --md5-memory-limit");
  deepEqual(rest, [""]);
});
