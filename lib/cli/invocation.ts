/** How a command was called, for commands that can be stopped gently, recorded, and gone on with. */
import type { HeldJob } from "../store/job_store.ts";
import type { JobScope } from "../store/job_record.ts";
import type { StopSwitch } from "./stop_switch.ts";

/** A job that is gone on with, instead of a new one. */
export interface Resumption {
  readonly held: HeldJob;
  readonly scope: JobScope;
}

export interface Invocation {
  /** As typed, with the name of the command. */
  readonly words: readonly string[];
  /** Options as typed, by long flag. */
  readonly flags: ReadonlyMap<string, string>;
  readonly stop: StopSwitch;
  readonly resumption: Resumption | undefined;
  /** Runs another line in place of this one; `flags` count more than its own. Resolves with the exit status. */
  readonly runInstead: (
    words: readonly string[],
    options: { readonly flags: ReadonlyMap<string, string>; readonly resumption: Resumption },
  ) => Promise<number>;
}
