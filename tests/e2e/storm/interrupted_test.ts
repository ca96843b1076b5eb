/** A process that dies while it refreshes the session, and what the next ones make of it. */
import { equal, match } from "node:assert/strict";
import { Environment } from "../environment.ts";
import { Child } from "./child.ts";
import { type Spending, TokenGate } from "./token_gate.ts";

/** Less than the minute before its end at which a token is refreshed. */
const STALE_LIFE_MS = 40_000;

class World implements AsyncDisposable {
  readonly environment: Environment;
  readonly gate: TokenGate;
  #answer: () => Promise<"lost" | "granted"> = () => Promise.resolve("granted");

  private constructor(environment: Environment) {
    this.environment = environment;
    this.gate = TokenGate.start({
      tokenUrl: environment.emulator.tokenUrl,
      onTheWay: () => this.#answer(),
    });
  }

  static async create(): Promise<World> {
    const world = new World(await Environment.create());
    await world.environment.writeConfig(
      world.environment.remoteSection("jotta", { tokenURL: world.gate.tokenUrl }),
    );
    return world;
  }

  /** Starts a run and kills it as soon as its refresh has come; the service carries it out, or never sees it. */
  async killAtRefresh(fate: "lost" | "granted"): Promise<Spending | undefined> {
    const child = await Child.start(this.environment, ["ls", "jotta:"]);
    const { promise: hasCome, resolve } = Promise.withResolvers<void>();
    this.#answer = async () => {
      child.kill();
      await child.finished;
      resolve();
      return fate;
    };
    await hasCome;
    // The door is passed after the answer of the service.
    while (fate === "granted" && this.gate.granted.length === 0) {
      await new Promise((next) => setTimeout(next, 5));
    }
    this.#answer = () => Promise.resolve("granted");
    return this.gate.spendings.at(-1);
  }

  /** What the config says about the end of the access token. */
  async setLife(ms: number): Promise<void> {
    const text = await Deno.readTextFile(this.environment.configPath);
    const expiry = new Date(Date.now() + ms).toISOString();
    await this.environment.writeConfig(text.replace(/"expiry":"[^"]*"/, `"expiry":"${expiry}"`));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gate[Symbol.asyncDispose]();
    await this.environment[Symbol.asyncDispose]();
  }
}

Deno.test("after a kill during a refresh the next run says so and uses the access token while it lives", async () => {
  await using world = await World.create();
  await world.setLife(STALE_LIFE_MS);
  await world.killAtRefresh("granted");
  for (let run = 0; run < 2; run++) {
    const { status, stderr } = await world.environment.run("ls", "jotta:");
    equal(status, 0, stderr);
    match(stderr, /interrupted/);
  }
  equal(world.gate.spendings.length, 1, "the refresh token was sent again while there was another way");

  // Then there is nothing to lose any more: it is tried, and the message says why it failed.
  await world.setLife(-1_000);
  const { status, stderr } = await world.environment.run("ls", "jotta:");
  equal(status, 7, stderr);
  match(
    stderr,
    /^jottash: Cannot refresh the session of "jotta:": a refresh was interrupted at .*\n {2}Sign in/,
  );
});

Deno.test("a refresh that never reached the service before the kill costs nothing", async () => {
  await using world = await World.create();
  await world.setLife(-1_000);
  await world.killAtRefresh("lost");
  const { status, stderr } = await world.environment.run("ls", "jotta:");
  equal(status, 0, stderr);
  equal(world.gate.granted.length, 1);
  equal(world.environment.emulator.stats.revocations, 0);
  // It is over and done with: nobody is told of it again.
  const next = await world.environment.run("ls", "jotta:");
  equal(next.stderr, "");
});
