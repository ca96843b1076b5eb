/**
 * Many processes at once over one config: loops of real commands against an emulator whose access tokens live two
 * seconds, through a door that sees every refresh.
 */
import { dirname } from "node:path";
import { COMMANDS } from "../../../commands/mod.ts";
import { SeededRandom } from "../../fakes/seeded_random.ts";
import { Environment } from "../environment.ts";
import { makeTree } from "../local_tree.ts";
import { Child, type ChildOptions, type FinishedChild } from "./child.ts";
import { ConfigWatch } from "./config_watch.ts";
import { TokenGate, type TokenGateOptions } from "./token_gate.ts";

export const PROCESSES = 8;
export const TOKEN_SECONDS = 2;
/** What the config of a user may hold besides the remote. */
const OTHER_SECTIONS = `# A comment at the top
; and another one

[other]
type = alias
remote = jotta:somewhere
description = kept = as it is

`;
/** A storm takes all there is of the processors: other tests come first. */
const LATER_THAN_OTHERS = Deno.build.os === "windows" ? [] : ["nice", "-n", "5"];
/** Between two commands of one loop. */
const MAX_PAUSE_MS = 250;

/** How long a storm rages. */
export function stormSeconds(): number {
  return Number(Deno.env.get("JOTTASH_STORM_SECONDS") ?? 60);
}

export interface StormOptions extends Partial<Pick<TokenGateOptions, "onTheWay">> {
  readonly child?: ChildOptions;
  /** Where the config is; the usual place by default. */
  readonly configPath?: string;
}

export class Storm implements AsyncDisposable {
  readonly environment: Environment;
  readonly gate: TokenGate;
  readonly configPath: string;
  /** Everything that has ended, in that order. */
  readonly finished: FinishedChild[] = [];
  readonly running = new Map<number, Child>();
  readonly #options: StormOptions;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  private constructor(environment: Environment, options: StormOptions) {
    this.environment = environment;
    this.configPath = options.configPath ?? environment.configPath;
    this.#options = options;
    this.gate = TokenGate.start({
      tokenUrl: environment.emulator.tokenUrl,
      candidates: () => this.running.keys(),
      onTheWay: async (spending) => await options.onTheWay?.(spending),
    });
  }

  static async create(
    options: StormOptions | ((environment: Environment) => StormOptions | Promise<StormOptions>) = {},
  ): Promise<Storm> {
    const environment = await Environment.create({ tokenLifetimeSeconds: TOKEN_SECONDS });
    const storm = new Storm(
      environment,
      typeof options === "function" ? await options(environment) : options,
    );
    environment.emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
    await makeTree(environment.path("small"), { "one.txt": "one", "deep/two.txt": "two" });
    await storm.writeSession();
    return storm;
  }

  /** A whole config with a fresh session, put in place in one step, when nobody else is changing it. */
  async writeSession(): Promise<void> {
    const section = this.environment.remoteSection("jotta", { tokenURL: this.gate.tokenUrl });
    await Deno.mkdir(dirname(this.configPath), { recursive: true });
    // The lock that every jottash takes; closing gives it back.
    using lock = await Deno.open(`${this.configPath}.lock`, { read: true, write: true, create: true });
    await lock.lock(true);
    const fresh = `${this.configPath}.fresh`;
    await Deno.writeTextFile(fresh, OTHER_SECTIONS + section, { mode: 0o600 });
    await Deno.rename(fresh, this.configPath);
  }

  watch(): Promise<ConfigWatch> {
    return ConfigWatch.start(this.configPath, "jotta");
  }

  async start(...words: string[]): Promise<Child> {
    const { env, wrapper = [] } = this.#options.child ?? {};
    const child = await Child.start(this.environment, words, {
      env: { JOTTASH_CONFIG: this.configPath, ...env },
      wrapper: [...LATER_THAN_OTHERS, ...wrapper],
    });
    this.running.set(child.pid, child);
    child.finished.finally(() => this.running.delete(child.pid)).catch(() => {});
    return child;
  }

  async run(...words: string[]): Promise<FinishedChild> {
    const finished = await (await this.start(...words)).finished;
    this.finished.push(finished);
    return finished;
  }

  /**
   * Loops that begin at once and go on for `seconds`; `onRun` is called with every started command. Ends early when it,
   * or `onEnd`, throws.
   */
  async rage(options: {
    readonly seconds: number;
    readonly seed: number;
    readonly processes?: number;
    readonly onStart?: (child: Child, random: SeededRandom) => void;
    readonly onEnd?: (finished: FinishedChild) => Promise<void> | void;
  }): Promise<void> {
    const { seconds, seed, processes = PROCESSES, onStart, onEnd } = options;
    const endsAtMs = Date.now() + seconds * 1000;
    let isBroken = false;
    const loop = async (index: number) => {
      const random = new SeededRandom(seed * 1000 + index);
      try {
        for (let turn = 0; Date.now() < endsAtMs && !isBroken; turn++) {
          const child = await this.start(...wordsOf(random, `up/${index}-${turn}`));
          onStart?.(child, random);
          const finished = await child.finished;
          this.finished.push(finished);
          await onEnd?.(finished);
          await sleep(random.next() * MAX_PAUSE_MS);
        }
      } finally {
        isBroken ||= Date.now() < endsAtMs;
      }
    };
    const results = await Promise.allSettled(Array.from({ length: processes }, (_, index) => loop(index)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  /** Does something after a while, unless the storm is over by then. */
  later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  /** The most that may have been refreshed since `startedAtMs` when each new token is used to its end. */
  saneRefreshes(startedAtMs: number): number {
    return (Date.now() - startedAtMs) / 1000 / (TOKEN_SECONDS * 0.9) + 3;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const child of this.running.values()) child.kill();
    await Promise.allSettled([...this.running.values()].map((child) => child.finished));
    await this.gate[Symbol.asyncDispose]();
    for (const { spent, issued } of this.gate.spendings) {
      this.environment.keepSecret(spent);
      if (issued !== undefined) this.environment.keepSecret(issued);
    }
    // One command is there to write a secret.
    const said = this.finished.map(({ words, stdout, stderr }) =>
      words[0] === "auth" ? stderr : stdout + stderr
    )
      .join("");
    try {
      await this.environment.searchForSecrets("a storm", said);
    } finally {
      await this.environment[Symbol.asyncDispose]();
    }
  }
}

/** One of the commands that people run; `target` is a folder that nobody else uses. */
function wordsOf(random: SeededRandom, target: string): string[] {
  const kinds: string[][] = [
    ["ls", "jotta:"],
    ["about", "jotta:"],
    ["cat", "jotta:a.txt"],
    ["copy", "small", `jotta:${target}`],
    ["copy", "jotta:a.txt", target],
  ];
  if (COMMANDS.some(({ name }) => name === "auth token")) kinds.push(["auth", "token", "jotta:"]);
  return kinds[Math.floor(random.next() * kinds.length)] ?? ["ls", "jotta:"];
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What a failed assertion shows of a run. */
export function describe({ words, status, stderr }: FinishedChild): string {
  return `"${words.join(" ")}" ended with ${status}: ${stderr}`;
}
