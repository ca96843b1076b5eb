/**
 * Whether a session that is lost could have been kept. It could not when the service had carried out a refresh for
 * a process that was killed before it could have its answer and save it.
 */
import { ok } from "node:assert/strict";
import type { ConfigWatch } from "./config_watch.ts";
import { describe, type Storm } from "./storm.ts";
import type { Spending } from "./token_gate.ts";
import type { FinishedChild } from "./child.ts";

/** From the answer to the new token on the disk, on a machine that is busy with eight other processes. */
const MAX_SAVE_MS = 700;
/** From sending a request to its being read. */
const MAX_READ_MS = 300;

export class Losses {
  count = 0;
  /** How long after its answer a process died whose new token was not saved; negative before the answer. */
  readonly killedAfterAnswerMs: number[] = [];
  readonly #storm: Storm;
  readonly #watch: ConfigWatch;
  #earlier: Promise<void> = Promise.resolve();
  #renewedAtMs = 0;

  constructor(storm: Storm, watch: ConfigWatch) {
    this.#storm = storm;
    this.#watch = watch;
  }

  /** For a run that ended on its own but not well: throws unless its session was lost in a way nobody can help. */
  explain(finished: FinishedChild): Promise<void> {
    const explained = this.#earlier.then(() => this.#explain(finished));
    // One after the other: the first one makes a new session.
    this.#earlier = explained.catch(() => {});
    return explained;
  }

  async #explain(finished: FinishedChild): Promise<void> {
    ok(finished.status === 7 && /session|refresh/.test(finished.stderr), describe(finished));
    // What began with the session before was bound to fail.
    if (finished.startedAtMs > this.#renewedAtMs) await this.#settle(finished);
  }

  async #settle(finished: FinishedChild): Promise<void> {
    const kept = await this.#watch.current();
    const loss = this.#lossOf(kept);
    ok(loss !== undefined, `its refresh token was never spent: ${describe(finished)}`);
    ok(
      !this.#watch.tokens.has(loss.issued ?? ""),
      "the new token was on the disk, and the old one came back",
    );
    const killedAtMs = this.#killOf(loss);
    ok(killedAtMs !== undefined, "a process that was not killed has lost the answer");
    const lateMs = killedAtMs - loss.answeredAtMs;
    ok(lateMs < MAX_SAVE_MS, `the new token was not saved within ${lateMs} ms`);
    this.killedAfterAnswerMs.push(lateMs);
    this.count += 1;
    await this.#storm.writeSession();
    this.#renewedAtMs = Date.now();
  }

  /**
   * The refresh that cost the session: the one that spent what is on the disk, or one of a dead process that came in
   * after the next process had tried the same token, with success.
   */
  #lossOf(kept: string): Spending | undefined {
    const { granted, spendings } = this.#storm.gate;
    const parent = granted.find(({ issued }) => issued === kept);
    return granted.find(({ spent }) => spent === kept) ??
      spendings.find((each) => each.spent === parent?.spent && each.askedAtMs < parent.askedAtMs);
  }

  /** When the process behind a refresh was killed; undefined when it was not. */
  #killOf({ pid, askedAtMs }: Spending): number | undefined {
    const { finished } = this.#storm;
    if (pid !== undefined) return finished.find((each) => each.pid === pid)?.killedAtMs;
    // Nobody was at the other end any more when the request was read: somebody has died right before.
    return finished.findLast(({ killedAtMs = 0 }) => Math.abs(killedAtMs - askedAtMs) < MAX_READ_MS)
      ?.killedAtMs;
  }
}
