/** Runs that are stopped by the user or the system. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { assertRun, Environment } from "./environment.ts";
import { RunningProgram } from "./running_program.ts";
import { FIXED_TIME, makeTree, noise, readFiles } from "./local_tree.ts";

const WINDOW = fileURLToPath(new URL("terminal_window.ts", import.meta.url));

/** It has no signals that a program could take note of. */
const IS_WINDOWS = Deno.build.os === "windows";

const CASES = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const;

for (const [signal, status] of CASES) {
  Deno.test({
    name: `${signal} during a download ends it with status ${status} and leaves nothing unfinished`,
    ignore: IS_WINDOWS,
  }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    for (let index = 0; index < 6; index++) {
      emulator.tree.putFile(`/Jotta/Archive/d/f${index}`, noise(200_000, index + 1), {
        modified: FIXED_TIME,
      });
    }
    // Two files arrive, the next ones hang half way.
    const stall = { kind: "stall", afterResponseBytes: 100_000 } as const;
    emulator.addFault({ match: { path: "/d/f", query: "mode=bin" }, times: 4, skip: 2, action: stall });
    const child = await environment.start({}, "copy", "--transfers", "2", "jotta:d", "back");
    await child.until(() => emulator.stats.faultsFired >= 2);
    const stoppedAt = Date.now();
    child.kill(signal);
    const stopped = await child.result();
    equal(stopped.status, status, stopped.stderr);
    ok(Date.now() - stoppedAt < 3_000);
    match(
      stopped.stderr,
      /^Copied 2 files \(390\.6 KiB\) in .*\njottash: Stopped\n {2}Go on with: jottash jobs resume [a-z]{4}\n$/,
    );
    equal(Object.keys(await readFiles(environment.path("back"))).length, 2);

    emulator.clearFaults();
    assertRun(await environment.run("copy", "jotta:d", "back"), {
      stderr: /^Copied 4 files .*; 2 unchanged\n$/,
    });
  });

  Deno.test({
    name: `${signal} during an upload ends it with status ${status}, and the next run goes on`,
    ignore: IS_WINDOWS,
  }, async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    await makeTree(environment.path("source"), { "a.txt": "a", "b.bin": noise(3_000_000) });
    emulator.addFault({
      match: { method: "POST", path: "/upload" },
      times: 1,
      skip: 1,
      action: { kind: "stall" },
    });
    const child = await environment.start({}, "copy", "--transfers", "1", "source", "jotta:");
    await child.until(() => emulator.stats.faultsFired >= 1);
    child.kill(signal);
    const stopped = await child.result();
    equal(stopped.status, status, stopped.stderr);
    match(stopped.stderr, /jottash: Stopped\n {2}Go on with: jottash jobs resume [a-z]{4}\n$/);
    emulator.clearFaults();
    assertRun(await environment.run("copy", "source", "jotta:"), {
      stderr: /^Copied 1 file .*; 1 unchanged\n$/,
    });
    deepEqual(emulator.tree.walkFiles("/Jotta/Archive"), ["a.txt", "b.bin"]);
  });
}

Deno.test(
  { name: "SIGINT while the service does not answer ends a listing at once", ignore: IS_WINDOWS },
  async () => {
    await using environment = await Environment.signedIn();
    environment.emulator.addFault({ match: { path: "/jfs/" }, times: 9, action: { kind: "stall" } });
    const child = await environment.start({}, "ls", "jotta:");
    await child.until(() => environment.emulator.stats.faultsFired >= 1);
    child.kill("SIGINT");
    const stopped = await child.result();
    equal(stopped.status, 130);
    equal(stopped.stderr, "jottash: Stopped\n");
  },
);

const IMPATIENCE = [
  ["SIGHUP"],
  ["SIGHUP", "SIGHUP"],
  ["SIGINT", "SIGTERM"],
  ["SIGTERM", "SIGHUP"],
] as const;

for (const signals of IMPATIENCE) {
  Deno.test({
    name: `${signals.join(" and ")} during a refresh of the session wait for its answer, so that it lives on`,
    ignore: IS_WINDOWS,
  }, async () => {
    await using environment = await Environment.create();
    const { emulator } = environment;
    const section = environment.remoteSection("jotta");
    await environment.writeConfig(section.replace(/"expiry":"[^"]+"/, '"expiry":"2020-01-01T00:00:00Z"'));
    const stall = { kind: "stall", ms: 300, afterResponseBytes: 1 } as const;
    emulator.addFault({ match: { path: "/token" }, times: 1, action: stall });
    const child = await environment.start({}, "ls", "jotta:");
    await child.until(() => emulator.stats.faultsFired >= 1);
    for (const signal of signals) child.kill(signal);
    const stopped = await child.result();
    const expected: unknown[] = signals.map((signal) => CASES.find(([name]) => name === signal)?.[1]);
    ok(expected.includes(stopped.status), `${stopped.status} ${stopped.stderr}`);
    const before = emulator.stats.refreshes;
    equal(before, 1);
    assertRun(await environment.run("ls", "jotta:"), {});
    equal(emulator.stats.refreshes, before);
    equal(emulator.stats.revocations, 0);
  });
}

Deno.test({
  name:
    "Ctrl-C, which goes to all programs in a terminal, lets the command that takes the session end its work",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  const { accessToken, refreshToken } = emulator.issueTokens();
  const session = { access_token: accessToken, refresh_token: refreshToken, expiry: "2020-01-01T00:00:00Z" };
  await Deno.writeTextFile(environment.path("session.json"), JSON.stringify(session));
  await Deno.writeTextFile(environment.path("get.sh"), "cat session.json\n");
  const put = "touch begun; sleep 0.5; cat > new.json; mv new.json session.json\n";
  await Deno.writeTextFile(environment.path("put.sh"), put);
  const hooks = ["--token-get-cmd", "sh get.sh", "--token-put-cmd", "sh put.sh"];
  const { file, args, env } = await environment.executable();
  // A group of its own, as a shell gives to each job.
  const child = new Deno.Command(file, {
    args: [...args, "ls", "jotta:", ...hooks],
    env,
    clearEnv: true,
    cwd: environment.home,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const running = new RunningProgram(
    child,
    Promise.resolve(),
    (result) => environment.searchForSecrets("hooks", result.stdout + result.stderr),
  );
  await waitForText(environment.path("begun"));
  Deno.kill(-child.pid, "SIGINT");
  equal((await running.result()).status, 130);
  assertRun(await environment.run("ls", "jotta:", ...hooks), {});
  equal(emulator.stats.refreshes, 1);
  equal(emulator.stats.revocations, 0);
});

Deno.test({
  name: "a terminal that is closed during a refresh ends a run with status 129, and the session lives on",
  ignore: IS_WINDOWS,
}, async () => {
  await using environment = await Environment.create();
  const { emulator } = environment;
  const section = environment.remoteSection("jotta");
  await environment.writeConfig(section.replace(/"expiry":"[^"]+"/, '"expiry":"2020-01-01T00:00:00Z"'));
  const stall = { kind: "stall", ms: 500, afterResponseBytes: 1 } as const;
  emulator.addFault({ match: { path: "/token" }, times: 1, action: stall });
  const { file, args, env } = await environment.executable();
  const [pid, status] = [environment.path("pid"), environment.path("status")];
  // The shell survives the terminal, and keeps what became of the run.
  const script = `trap : HUP
    sh -c 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec "$@"' "$0" "$@"
    echo $? > '${status}.new'; mv '${status}.new' '${status}'`;
  const window = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--cached-only",
      WINDOW,
      "bash",
      "-c",
      script,
      pid,
      file,
      ...args,
      "ls",
      "jotta:",
      "-vv",
    ],
    env,
    clearEnv: true,
    cwd: environment.home,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  while (emulator.stats.faultsFired < 1) await pause();
  // From now on writing fails. Where the system does not tell the run, a shell does.
  window.kill("SIGKILL");
  await window.status;
  Deno.kill(Number(await Deno.readTextFile(pid)), "SIGHUP");
  equal(await waitForText(status), "129\n");
  equal(emulator.stats.refreshes, 1);
  assertRun(await environment.run("ls", "jotta:"), {});
  equal(emulator.stats.refreshes, 1);
  equal(emulator.stats.revocations, 0);
});

Deno.test({
  name: "a run that was started with nohup goes on when the terminal is closed",
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using environment = await Environment.signedIn();
  const { emulator } = environment;
  emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  emulator.addFault({ match: { path: "/jfs/" }, times: 1, action: { kind: "stall", ms: 500 } });
  const { file, args, env } = await environment.executable();
  const child = new Deno.Command("nohup", {
    args: [file, ...args, "ls", "jotta:"],
    env,
    clearEnv: true,
    cwd: environment.home,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const running = new RunningProgram(
    child,
    Promise.resolve(),
    (result) => environment.searchForSecrets("nohup", result.stdout + result.stderr),
  );
  await running.until(() => emulator.stats.faultsFired >= 1);
  running.kill("SIGHUP");
  assertRun(await running.result(), { stdout: "        1 a.txt\n" });
});

async function waitForText(path: string): Promise<string> {
  while (true) {
    const text = await Deno.readTextFile(path).catch(() => undefined);
    if (text !== undefined) return text;
    await pause();
  }
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
