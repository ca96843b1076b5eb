/** Real programs, started and ended. */
import assert from "node:assert/strict";
import { join } from "node:path";
import type { ProgramRequest } from "../../../../lib/edges.ts";
import { createDenoLauncher } from "../../../../lib/sys/deno_launcher.ts";

const ignore = Deno.build.os === "windows";
const launcher = createDenoLauncher();

/** Runs a line of shell; `more` changes the request. */
function runShell(line: string, more: Partial<ProgramRequest> = {}) {
  return launcher.run({ words: ["sh", "-c", line], timeoutMs: 20_000, ...more });
}

/** Fails when `work` takes longer than a program that hangs would have to be waited for. */
async function promptly<T>(work: Promise<T>, ms = 5_000): Promise<T> {
  const startedAt = Date.now();
  const result = await work;
  assert.ok(Date.now() - startedAt < ms, `took ${Date.now() - startedAt} ms`);
  return result;
}

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, 0 as unknown as Deno.Signal);
    return true;
  } catch {
    return false;
  }
}

async function until(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 10));
}

Deno.test(
  "run() hands over words, input and environment, and gives back output and status",
  { ignore },
  async () => {
    const words = ["sh", "-c", 'cat; echo "$PATH"; echo "$1" >&2; exit 3', "sh", 'a "b" $c *'] as const;
    assert.deepEqual(await launcher.run({ words, stdin: "æøå\n", timeoutMs: 20_000 }), {
      status: 3,
      stdout: `æøå\n${Deno.env.get("PATH")}\n`,
      stderr: 'a "b" $c *\n',
    });
  },
);

Deno.test("run() without input closes standard input at once", { ignore }, async () => {
  assert.equal((await promptly(runShell("cat; echo end"))).stdout, "end\n");
});

Deno.test("run() says which program is missing or cannot be started", { ignore }, async () => {
  const cases = [
    ["jottash-no-such-program", "there is no such program"],
    ["/no/such/place/program", "there is no such program"],
    ["/", "the system cannot start it"],
    ["", "there is no such program"],
  ] as const;
  for (const [program, state] of cases) {
    await assert.rejects(launcher.run({ words: [program, "secret"], timeoutMs: 1_000 }), {
      name: "LocalError",
      message: `Cannot run "${program}": ${state}`,
    });
  }
});

Deno.test("run() ends a program that takes too long", { ignore }, async () => {
  await promptly(assert.rejects(runShell("exec sleep 60", { timeoutMs: 200 }), {
    name: "LocalError",
    message: 'Cannot run "sh": it took longer than 0.2 s',
    data: { program: "sh" },
  }));
});

Deno.test(
  "run() does not wait beyond its time for what a program has left behind with its pipes",
  { ignore },
  async () => {
    const left = runShell("sleep 9 & echo $! >&2; sleep 60", { timeoutMs: 300 });
    await promptly(assert.rejects(left, { message: 'Cannot run "sh": it took longer than 0.3 s' }));
  },
);

Deno.test("run() gives the output of a program that leaves another one behind, and lets that one live", {
  ignore,
}, async () => {
  const { status, stdout } = await promptly(runShell("sleep 9 & echo $!"));
  assert.equal(status, 0);
  const pid = Number(stdout);
  assert.ok(isAlive(pid));
  Deno.kill(pid, "SIGKILL");
});

Deno.test("run() stops with the signal's reason and ends the program", { ignore }, async () => {
  const reason = new Error("stop");
  const directory = await Deno.makeTempDir();
  try {
    const file = join(directory, "pid");
    for (const isApart of [false, true]) {
      const controller = new AbortController();
      const running = runShell(`echo $$ > '${file}.new'; mv '${file}.new' '${file}'; exec sleep 60`, {
        signal: controller.signal,
        isApart,
      });
      await until(() => exists(file));
      const pid = Number(await Deno.readTextFile(file));
      controller.abort(reason);
      await promptly(assert.rejects(running, reason));
      assert.equal(isAlive(pid), false);
      await Deno.remove(file);
    }
    await assert.rejects(runShell(`touch '${file}'`, { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(exists(file), false);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

Deno.test("run() takes programs that read no input, or part of it", { ignore }, async () => {
  const stdin = "x".repeat(1_000_000);
  assert.deepEqual(await promptly(runShell("exit 4", { stdin })), { status: 4, stdout: "", stderr: "" });
  assert.equal((await promptly(runShell("head -c 3", { stdin }))).stdout, "xxx");
  assert.equal((await promptly(runShell("sleep 9 & echo on", { stdin }))).stdout, "on\n");
  await promptly(assert.rejects(runShell("exec sleep 60", { stdin, timeoutMs: 200 }), /took longer/));
});

Deno.test(
  "run() hands over all of a large input and keeps a megabyte of each output",
  { ignore },
  async () => {
    const stdin = "y".repeat(3_000_000);
    const { stdout, stderr, status } = await runShell("tee /dev/stderr; exit 5", { stdin });
    assert.equal(status, 5);
    assert.deepEqual([stdout.length, stderr.length], [1_048_576, 1_048_576]);
    assert.equal((await runShell("wc -c", { stdin })).stdout.trim(), "3000000");
  },
);

Deno.test("run() decodes leniently, across the pieces in which output comes", { ignore }, async () => {
  const { stdout } = await runShell(String.raw`printf '\303'; sleep 0.05; printf '\246\377'`);
  assert.equal(stdout, "æ\ufffd");
});

Deno.test("run() calls a program that a signal has ended unsuccessful", { ignore }, async () => {
  assert.equal((await runShell("echo said; kill -9 $$")).status, 137);
});

Deno.test("run() keeps a program out of a terminal's reach only when told so, and ends all of it then", {
  ignore,
}, async () => {
  const script = "echo $(ps -o pgid= -p $$)";
  const [near, apart] = [await runShell(script), await runShell(script, { isApart: true })];
  const ours = await runShell(`ps -o pgid= -p ${Deno.pid}`);
  assert.equal(near.stdout.trim(), ours.stdout.trim());
  assert.notEqual(apart.stdout.trim(), ours.stdout.trim());
  const directory = await Deno.makeTempDir();
  try {
    const file = join(directory, "pid");
    const line = `sleep 9 & echo $! > '${file}'; wait`;
    await assert.rejects(runShell(line, { isApart: true, timeoutMs: 1_000 }), /took longer/);
    const pid = Number(await Deno.readTextFile(file));
    await promptly(until(() => !isAlive(pid)));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

/** Opens `url` in a program of its own, with a browser that writes down what it was given. */
async function openWith(
  variables: Readonly<Record<string, string>>,
  url = "https://id.example/auth?state=a&b=c d",
): Promise<
  { readonly opened: string; readonly seen: string | undefined; readonly ms: number; readonly said: string }
> {
  const directory = await Deno.makeTempDir();
  try {
    const browser =
      'echo said by the browser; echo and there >&2; sleep 0.3; env > "$0.env"; echo "$@" > "$0.new"; mv "$0.new" "$0.seen"';
    await Deno.writeTextFile(join(directory, "xdg-open"), `#!/bin/sh\n${browser}\n`, { mode: 0o755 });
    const source = new URL("../../../../lib/sys/deno_launcher.ts", import.meta.url);
    const program = `import { createDenoLauncher } from ${JSON.stringify(source.href)};
      const startedAt = Date.now();
      const opened = await createDenoLauncher().openBrowser(Deno.args[0]);
      console.log(JSON.stringify({ opened, ms: Date.now() - startedAt }));
      Deno.exit(0);`;
    await Deno.writeTextFile(join(directory, "open.ts"), program);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--cached-only", join(directory, "open.ts"), url],
      clearEnv: true,
      env: { HOME: directory, PATH: `${directory}:/usr/bin:/bin`, DENO_NO_UPDATE_CHECK: "1", ...variables },
    }).output();
    const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    const { opened, ms } = JSON.parse(new TextDecoder().decode(stdout));
    const seen = join(directory, "xdg-open.seen");
    if (opened) await until(() => exists(seen));
    const environment = opened ? await Deno.readTextFile(join(directory, "xdg-open.env")) : "";
    return {
      opened: `${opened}`,
      seen: opened ? (await Deno.readTextFile(seen)) + environment : undefined,
      ms,
      said,
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test(
  "openBrowser() starts the browser and goes on; it lives on, says nothing here and learns no secret",
  {
    ignore: Deno.build.os !== "linux",
  },
  async () => {
    const secrets = { JOTTASH_CONFIG_PASS: "hush-1", RCLONE_CONFIG_PASS: "hush-2", jottash_x: "hush-3" };
    const { opened, seen, ms, said } = await openWith({ DISPLAY: ":9", OTHER: "kept", ...secrets });
    assert.equal(opened, "true");
    assert.ok(ms < 250, `${ms} ms`);
    assert.match(seen ?? "", /^https:\/\/id\.example\/auth\?state=a&b=c d\n/);
    assert.match(seen ?? "", /^OTHER=kept$/m);
    assert.ok(!/hush/.test(seen ?? ""));
    assert.ok(!/browser|there/.test(said), said);
  },
);

Deno.test("openBrowser() opens nothing without a screen, and nothing but web pages", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  assert.equal((await openWith({})).opened, "false");
  for (const url of ["file:///etc/passwd", "--help", "javascript:alert(1)", ""]) {
    assert.equal((await openWith({ DISPLAY: ":9" }, url)).opened, "false", url);
  }
  assert.equal((await openWith({ DISPLAY: ":9", PATH: "/nowhere" })).opened, "false");
});
