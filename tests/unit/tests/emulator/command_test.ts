/** `deno task emulator` as a user meets it: one line when ready, checked options, clear failures, clean ends. */
import assert from "node:assert/strict";
import { RawClient } from "./raw_client.ts";

const SCRIPT = new URL("../../../../scripts/emulator.ts", import.meta.url);

interface Ready {
  readonly endpoint: string;
  readonly tokenUrl: string;
  readonly wellKnown: string;
  readonly [field: string]: string;
}

interface Running {
  readonly child: Deno.ChildProcess;
  readonly ready: Ready;
  /** Everything printed after the first line, once it has ended. */
  readonly rest: () => Promise<string>;
}

function command(args: readonly string[], temp: string): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--cached-only", "--no-check", SCRIPT.href, ...args],
    env: { TMPDIR: temp },
    stdout: "piped",
    stderr: "piped",
  });
}

async function start(args: readonly string[], temp: string): Promise<Running> {
  const child = command(args, temp).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let output = "";
  const read = async (enough: () => boolean) => {
    while (!enough()) {
      const { value, done } = await reader.read();
      if (done) return;
      output += value;
    }
  };
  await read(() => output.includes("\n"));
  const end = output.indexOf("\n") + 1;
  const rest = async () => {
    await read(() => false);
    return output.slice(end) + await child.stderr.text();
  };
  return { child, ready: JSON.parse(output.slice(0, end)), rest };
}

async function withTemp(run: (temp: string) => Promise<void>): Promise<void> {
  const temp = await Deno.makeTempDir();
  try {
    await run(temp);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
}

async function post(url: string, body: BodyInit, token = ""): Promise<Record<string, string>> {
  const response = await fetch(url, { method: "POST", body, headers: { authorization: `Bearer ${token}` } });
  return await response.json();
}

Deno.test("the command ends with 0 at once, in the middle of uploads, on two signals, leaving nothing behind", async () => {
  await withTemp(async (temp) => {
    const { child, ready, rest } = await start([
      "--port",
      "0",
      "--quota",
      "9000000",
      "--data",
      `${temp}/new/data`,
    ], temp);
    assert.deepEqual(Object.keys(ready), ["endpoint", "loginToken", "username", "tokenUrl", "wellKnown"]);
    assert.equal((await (await fetch(ready.wellKnown)).json()).token_endpoint, ready.tokenUrl);
    const login = JSON.parse(atob((ready["loginToken"] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    const form = {
      client_id: "jottacli",
      grant_type: "password",
      username: login.username,
      password: login.auth_token,
    };
    const { access_token = "" } = await post(ready.tokenUrl, new URLSearchParams(form));
    const wish = { path: "/jfs/Jotta/Archive/big", bytes: 8_000_000, md5: "0".repeat(32) };
    const { upload_url = "" } = await post(
      `${ready.endpoint}/files/v1/allocate`,
      JSON.stringify(wish),
      access_token,
    );
    using idle = await RawClient.connect(ready.endpoint);
    using half = await RawClient.connect(ready.endpoint);
    await half.send("GET /jfs");
    using upload = await RawClient.connect(ready.endpoint);
    await upload.send(
      `POST ${new URL(upload_url).pathname} HTTP/1.1\r\nauthorization: Bearer ${access_token}\r\n` +
        "content-length: 8000000\r\n\r\n",
    );
    await upload.send(new Uint8Array(4_000_000));
    const before = performance.now();
    child.kill("SIGINT");
    child.kill("SIGINT");
    const { code, signal } = await child.status;
    assert.deepEqual([code, signal], [0, null]);
    assert.ok(performance.now() - before < 2000);
    assert.equal(await rest(), "");
    assert.deepEqual([await idle.read(), await half.read(), await upload.read()], ["", "", ""]);
    assert.deepEqual(Array.from(Deno.readDirSync(`${temp}/new/data`)), []);
    assert.deepEqual(Array.from(Deno.readDirSync(temp), ({ name }) => name), ["new"]);
  });
});

Deno.test("the command says in one line why it cannot start and ends with 1, leaving nothing behind", async () => {
  await withTemp(async (temp) => {
    await Deno.writeTextFile(`${temp}/file`, "");
    const { child, ready } = await start([], temp);
    const { port } = new URL(ready.endpoint);
    const cases = [["--port", port], ["--data", `${temp}/file`], ["--data", "/proc/nothing"]];
    for (const args of cases) {
      const { code, stdout, stderr } = await command(args, temp).output();
      assert.deepEqual([code, stdout.length], [1, 0], args.join(" "));
      assert.match(new TextDecoder().decode(stderr), /^emulator: Cannot [^\n]+\n$/);
    }
    child.kill("SIGTERM");
    assert.equal((await child.status).code, 0);
    await Promise.all([child.stdout.cancel().catch(() => {}), child.stderr.cancel()]);
    assert.deepEqual(Array.from(Deno.readDirSync(temp), ({ name }) => name), ["file"]);
  });
});

Deno.test("the command refuses what it does not know with one line and status 2", async () => {
  const cases = [["--nonsense"], ["--port=1.5"], ["--port=70000"], ["extra"], ["--quota=-2"], ["--data="]];
  const outputs = await Promise.all(cases.map((args) => command(args, "/tmp").output()));
  for (const { code, stdout, stderr } of outputs) {
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 2, text);
    assert.equal(stdout.length, 0);
    assert.match(text, /^emulator: [^\n]+\n$/);
  }
  const help = await command(["--help"], "/tmp").output();
  assert.equal(help.code, 0);
  assert.match(new TextDecoder().decode(help.stdout), /--token-lifetime/);
});
