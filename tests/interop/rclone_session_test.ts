/**
 * One session in one config that rclone and jottash share: never lost while they take turns. rclone knows no lock,
 * so two refreshes at the same moment send one token twice and end the session: that exception is written down here,
 * with what jottash does about it.
 */
import assert from "node:assert/strict";
import { type Spending, TokenGate } from "../e2e/storm/token_gate.ts";
import { parseToken } from "../../lib/store/token_store.ts";
import { ConfigDocument } from "../../lib/store/config_document.ts";
import type { Jottash } from "./jottash.ts";
import type { ProcessResult } from "./process.ts";
import { rcloneExceptionTest, rcloneTest, type World } from "./world.ts";

const ROUNDS = 20;
/** Within its last ten seconds rclone takes a token for expired; jottash refreshes a minute before the end. */
const RCLONE_MARGIN_MS = 10_000;
/** A refresh that waits for another one waits no longer. */
const PATIENCE_MS = 10_000;

/** What jottash answers when rclone has ended the session. */
const LOST = /^jottash: Cannot refresh the session: the service has ended it\n {2}/;

class SharedSession implements AsyncDisposable {
  readonly gate: TokenGate;
  readonly jottash: Jottash;
  readonly #world: World;

  private constructor(world: World, gate: TokenGate, jottash: Jottash) {
    this.#world = world;
    this.gate = gate;
    this.jottash = jottash;
  }

  static async create(
    world: World,
    onTheWay?: (spending: Spending) => Promise<void>,
  ): Promise<SharedSession> {
    const { emulator, rclone } = world;
    emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
    const gate = TokenGate.start({
      tokenUrl: emulator.tokenUrl,
      ...(onTheWay === undefined ? {} : { onTheWay }),
    });
    const shared = new SharedSession(world, gate, await world.createJottash(rclone.configPath));
    await shared.begin();
    return shared;
  }

  /** A fresh session in a fresh config. */
  async begin(): Promise<void> {
    const { emulator, rclone } = this.#world;
    await rclone.configure({ tokens: emulator.issueTokens(), keys: { tokenURL: this.gate.tokenUrl } });
  }

  /** The access token counts as expired from now on, or in `lifeMs`. */
  async expire(lifeMs?: number): Promise<void> {
    const expiry = lifeMs === undefined
      ? "2020-01-01T00:00:00Z"
      : new Date(Date.now() + lifeMs).toISOString();
    const { configPath } = this.#world.rclone;
    const text = await Deno.readTextFile(configPath);
    await Deno.writeTextFile(
      configPath,
      text.replace(/"expiry":"[^"]*"/, `"expiry":"${expiry}"`),
    );
  }

  async refreshToken(): Promise<string | undefined> {
    const { configPath } = this.#world.rclone;
    const text = await Deno.readTextFile(configPath);
    return parseToken(ConfigDocument.parse(text, configPath).get("jotta", "token") ?? "")?.refreshToken;
  }

  list(program: { run(args: readonly string[]): Promise<ProcessResult> }): Promise<ProcessResult> {
    return program.run(["ls", "jotta:"]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gate[Symbol.asyncDispose]();
  }
}

rcloneTest("a session that rclone and jottash refresh in turns is never lost", {}, async (world) => {
  await using shared = await SharedSession.create(world);
  for (let round = 0; round < ROUNDS; round++) {
    await shared.expire();
    const program = round % 2 === 0 ? world.rclone : shared.jottash;
    const { code, stdout, stderr } = await shared.list(program);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /a\.txt/);
    assert.equal(shared.gate.granted.length, round + 1);
    assert.equal(await shared.refreshToken(), shared.gate.granted.at(-1)?.issued);
  }
  assert.equal(world.emulator.stats.revocations, 0);
});

rcloneTest("an rclone that is running takes the session that jottash has refreshed", {}, async (world) => {
  await using shared = await SharedSession.create(world);
  world.emulator.addFault({ match: { path: "/customer" }, times: 1, action: { kind: "stall", ms: 2_500 } });
  // Good for rclone's first request and not for its second one.
  await shared.expire(RCLONE_MARGIN_MS + 2_000);
  const running = shared.list(world.rclone);
  while (world.emulator.stats.faultsFired === 0) await pause(10);
  const between = await shared.list(shared.jottash);
  assert.equal(between.code, 0, between.stderr);
  const { code, stderr } = await running;
  assert.equal(code, 0, stderr);
  assert.deepEqual(shared.gate.spendings.map(({ status }) => status), [200]);
  assert.ok(isJottash(shared.gate.spendings[0]));
  assert.equal(world.emulator.stats.revocations, 0);
});

for (const winner of ["rclone", "jottash"]) {
  rcloneExceptionTest(
    `rclone and jottash that refresh at the same moment end the session, though ${winner} came first`,
    {},
    async (world) => {
      const answered = (wanted: string) =>
        shared.gate.spendings.some((each) => nameOf(each) === wanted && each.status !== 0);
      const onDisk: boolean[] = [];
      // The winner's answer waits until both have asked, the other one's until the winner has its own.
      await using shared: SharedSession = await SharedSession.create(world, async (spending) => {
        if (isJottash(spending)) onDisk.push(await shared.refreshToken() === spending.spent);
        await until(() =>
          nameOf(spending) === winner
            ? shared.gate.spendings.some((each) => nameOf(each) !== winner)
            : answered(winner)
        );
      });
      await shared.expire();
      const [jottash] = await Promise.all([shared.list(shared.jottash), shared.list(world.rclone)]);
      // Whoever is refused finds the other one's token on the disk.
      assert.equal(jottash.code, 0, jottash.stderr);
      assert.deepEqual(onDisk, [true], "jottash sent a token that was not the newest on the disk");
      assert.equal(world.emulator.stats.revocations, 1);
      const granted = shared.gate.granted.map(nameOf);
      assert.deepEqual(granted, [winner]);

      // The access token lives on for its hour, and then there is one thing left to do.
      assert.equal((await shared.list(shared.jottash)).code, 0);
      await shared.expire();
      const { code, stderr } = await shared.list(shared.jottash);
      assert.equal(code, 7, stderr);
      assert.match(stderr, LOST);
    },
  );
}

function isJottash(spending: Spending | undefined): boolean {
  return spending?.userAgent.startsWith("jottash") ?? false;
}

function nameOf(spending: Spending): string {
  return isJottash(spending) ? "jottash" : "rclone";
}

async function until(isReached: () => boolean): Promise<void> {
  const latestMs = Date.now() + PATIENCE_MS;
  while (!isReached() && Date.now() < latestMs) await pause(10);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
