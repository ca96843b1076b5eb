/**
 * What a story needs: an emulator of its own, an empty home directory, and the real executable run in a clean
 * environment: `JOTTASH_BIN` when that is set, otherwise `main.ts` under this Deno. Whatever a run says is searched
 * for secrets, in every story.
 */
import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { RunningProgram, type RunResult } from "./running_program.ts";
import { secretIn } from "./secret_search.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));
export interface RunOptions {
  readonly stdin?: string | Uint8Array<ArrayBuffer>;
  readonly env?: Readonly<Record<string, string>>;
  /** The home directory by default. */
  readonly cwd?: string;
  /** Its standard output is for secrets (`auth token`); what it says elsewhere is searched all the same. */
  readonly mayShowSecrets?: boolean;
  /** A run that takes longer hangs; a minute by default. */
  readonly deadlineMs?: number;
}

/** A program with its first arguments and its environment, for those who start it themselves (pseudo-terminals). */
export interface Executable {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

let foundDenoDirectory: Promise<string> | undefined;

/** Where Deno keeps the dependencies: a child with another HOME would look for them elsewhere. */
function denoDirectory(): Promise<string> {
  return foundDenoDirectory ??= (async () => {
    const known = Deno.env.get("DENO_DIR");
    if (known !== undefined) return known;
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
    return String(JSON.parse(new TextDecoder().decode(stdout)).denoDir);
  })();
}

export class Environment implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly home: string;
  readonly #denoDirectory: string;
  readonly #secrets = new Set<string>();
  readonly #said: { readonly words: string; readonly text: string }[] = [];

  private constructor(emulator: Emulator, home: string, denoDirectory: string) {
    this.emulator = emulator;
    this.home = home;
    this.#denoDirectory = denoDirectory;
    this.keepSecret(emulator.loginToken);
  }

  static async create(options: EmulatorOptions = {}): Promise<Environment> {
    const home = await Deno.makeTempDir({ prefix: "jottash-e2e-" });
    return new Environment(await startEmulator(options), home, await denoDirectory());
  }

  /** With a remote `jotta:` that is signed in already, without a run for it. */
  static async signedIn(options: EmulatorOptions = {}): Promise<Environment> {
    const environment = await Environment.create(options);
    await environment.writeConfig(environment.remoteSection("jotta"));
    return environment;
  }

  get configPath(): string {
    return join(this.home, ".config", "jottash", "jottash.conf");
  }

  path(...names: string[]): string {
    return join(this.home, ...names);
  }

  /** A section of the config as rclone would have written it. */
  remoteSection(name: string, more: Readonly<Record<string, string>> = {}): string {
    const { accessToken, refreshToken, expiresAtMs } = this.emulator.issueTokens();
    const token = JSON.stringify({
      access_token: accessToken,
      token_type: "bearer",
      refresh_token: refreshToken,
      expiry: new Date(expiresAtMs).toISOString(),
    });
    const entries = {
      type: "jottacloud",
      configVersion: "1",
      client_id: "jottacli",
      client_secret: "",
      tokenURL: this.emulator.tokenUrl,
      token,
      ...more,
    };
    return [`[${name}]`, ...Object.entries(entries).map(([key, value]) => `${key} = ${value}`), ""].join(
      "\n",
    );
  }

  async writeConfig(text: string): Promise<void> {
    await Deno.mkdir(join(this.home, ".config", "jottash"), { recursive: true });
    await Deno.writeTextFile(this.configPath, text, { mode: 0o600 });
  }

  /** No run may ever say it, whole or decoded. */
  keepSecret(secret: string): void {
    this.#secrets.add(secret);
    const inner = /"auth_token":"([^"]+)"/.exec(decodeLoginToken(secret))?.[1];
    if (inner !== undefined) this.#secrets.add(inner);
  }

  async executable(env: Readonly<Record<string, string>> = {}): Promise<Executable> {
    await this.#noteTokens();
    const binary = Deno.env.get("JOTTASH_BIN");
    return {
      file: binary ?? Deno.execPath(),
      args: binary === undefined ? ["run", "-A", "--cached-only", MAIN] : [],
      env: {
        HOME: this.home,
        PATH: Deno.env.get("PATH") ?? "",
        DENO_DIR: this.#denoDirectory,
        DENO_NO_UPDATE_CHECK: "1",
        JOTTASH_ENDPOINT: this.emulator.endpoint,
        NO_COLOR: "1",
        TZ: "UTC",
        ...env,
      },
    };
  }

  /** Runs `jottash` with these words to its end. */
  async run(...words: string[]): Promise<RunResult> {
    return await this.runWith({}, ...words);
  }

  async runWith(options: RunOptions, ...words: string[]): Promise<RunResult> {
    const child = await this.start(options, ...words);
    return await child.result();
  }

  /** Starts `jottash`; whoever starts it waits for its `result()`. */
  async start(options: RunOptions, ...words: string[]): Promise<RunningProgram> {
    const { file, args, env } = await this.executable(options.env);
    const child = new Deno.Command(file, {
      args: [...args, ...words],
      env,
      clearEnv: true,
      cwd: options.cwd ?? this.home,
      stdin: options.stdin === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writing = options.stdin === undefined ? Promise.resolve() : feed(child, options.stdin);
    return new RunningProgram(child, writing, async (result) => {
      const searched = options.mayShowSecrets === true ? result.stderr : result.stdout + result.stderr;
      await this.searchForSecrets(words.join(" "), searched);
    }, options.deadlineMs);
  }

  /** Runs a line of shell in which `jottash` stands for the executable. */
  async shell(line: string): Promise<RunResult> {
    const { file, args, env } = await this.executable();
    const script = `jottash() { ${[file, ...args].map(quoted).join(" ")} "$@"; }\n${line}`;
    const child = new Deno.Command("bash", {
      args: ["-c", script],
      env,
      clearEnv: true,
      cwd: this.home,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return await new RunningProgram(
      child,
      Promise.resolve(),
      (result) => this.searchForSecrets(line, result.stdout + result.stderr),
    ).result();
  }

  /**
   * Fails when the text holds anything that the emulator gave out in confidence, or a token that was in the config
   * before or is in it now. At the end all texts are searched again, for what was given out later.
   */
  async searchForSecrets(words: string, text: string): Promise<void> {
    await this.#noteTokens();
    this.#said.push({ words, text });
    this.#assertNoSecrets(words, text);
  }

  #assertNoSecrets(words: string, text: string): void {
    const found = secretIn(text, [...this.#secrets, ...this.emulator.issuedSecrets()]);
    ok(found === undefined, `"${words}" shows ${found}`);
  }

  async #noteTokens(): Promise<void> {
    const text = await Deno.readTextFile(this.configPath).catch(() => "");
    for (const [, token] of text.matchAll(/"(?:access|refresh)_token":\s*"([^"]+)"/g)) {
      if (token !== undefined) this.#secrets.add(token);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emulator.stop();
    await Deno.remove(this.home, { recursive: true });
    for (const { words, text } of this.#said) this.#assertNoSecrets(words, text);
  }
}

/** Compares the whole of a result; statuses first, with what was said when they differ. */
export function assertRun(
  actual: RunResult,
  expected: { readonly status?: number; readonly stdout?: string; readonly stderr?: string | RegExp },
): void {
  strictEqual(actual.status, expected.status ?? 0, `stderr: ${actual.stderr}stdout: ${actual.stdout}`);
  if (expected.stdout !== undefined) strictEqual(actual.stdout, expected.stdout);
  if (typeof expected.stderr === "string") strictEqual(actual.stderr, expected.stderr);
  else if (expected.stderr !== undefined) {
    ok(expected.stderr.test(actual.stderr), `stderr is: ${actual.stderr}`);
  }
}

/** A failure as users may see it: one line, perhaps one hint, no stack trace, and this status. */
export function assertFailure(
  actual: RunResult,
  expected: { readonly status: number; readonly error: string; readonly hint?: string | RegExp },
): void {
  const lines = actual.stderr.trimEnd().split("\n");
  strictEqual(lines[0], `jottash: ${expected.error}`);
  strictEqual(actual.status, expected.status, actual.stderr);
  ok(lines.length <= 2, `more than a line and a hint: ${actual.stderr}`);
  if (expected.hint === undefined) strictEqual(lines[1], undefined);
  else if (typeof expected.hint === "string") strictEqual(lines[1], `  ${expected.hint}`);
  else ok(expected.hint.test(lines[1] ?? ""), `hint is: ${lines[1]}`);
}

async function feed(child: Deno.ChildProcess, input: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const writer = child.stdin.getWriter();
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  // A program that refuses before it has read everything closes its end.
  await writer.write(bytes).then(() => writer.close()).catch(() => {});
}

function decodeLoginToken(token: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.fromBase64(token, { alphabet: "base64url" }));
  } catch {
    return "";
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
