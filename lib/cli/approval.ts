/**
 * Asks before each change (--interactive), with rclone's answers: yes, no, the same answer for all changes of this kind,
 * an end of the run. One question at a time, however many transfers are under way.
 */
import { CancelledError, UsageError } from "../errors.ts";
import type { Approve } from "../sync/sync_options.ts";
import type { Prompter } from "../ui/prompt.ts";
import { formatSizeCompact } from "../units.ts";
import type { CommandContext } from "./context.ts";

type Question = Parameters<Approve>[0];

const VERBS: Readonly<Record<Question["verb"], string>> = {
  copy: "Copy",
  move: "Move",
  delete: "Delete",
  rename: "Rename",
};

const KEYS = "y) yes  n) no  s) skip all of this kind  !) do all of this kind  q) quit";
const INSTEAD = 'See what would be done with "--dry-run"';

/** What is used of the context. */
export type Asker = Pick<CommandContext, "canAsk" | "area" | "prompter">;

/**
 * Throws `UsageError` where nobody can be asked. Who quits ends the run with `CancelledError`; nothing is asked after
 * that, and nothing more is approved. (rclone ends with status 0 then, as if all had been done.)
 */
export async function createApprove(asker: Asker): Promise<Approve> {
  if (!asker.canAsk) {
    throw new UsageError("Cannot ask before each change: a terminal is needed", { hint: INSTEAD });
  }
  const questions = new Questions(await asker.prompter(INSTEAD), asker.area);
  return (question) => questions.ask(question);
}

class Questions {
  readonly #prompter: Prompter;
  readonly #area: Asker["area"];
  /** Answers for all that follow, by kind. */
  readonly #standing = new Map<Question["verb"], boolean>();
  #isFirst = true;
  /** Ends, or fails, with the question before. */
  #before: Promise<unknown> = Promise.resolve();

  constructor(prompter: Prompter, area: Asker["area"]) {
    this.#prompter = prompter;
    this.#area = area;
  }

  ask(question: Question): Promise<boolean> {
    const answer = this.#before.then(() => this.#standing.get(question.verb) ?? this.#askNow(question));
    this.#before = answer;
    return answer;
  }

  async #askNow(question: Question): Promise<boolean> {
    const key = await this.#area.hideWhile(() => this.#readKey(question));
    if (key === "q") throw new CancelledError("SIGINT");
    const isYes = key === "y" || key === "!";
    if (key === "s" || key === "!") this.#standing.set(question.verb, isYes);
    return isYes;
  }

  async #readKey({ verb, path, size }: Question): Promise<string> {
    if (this.#isFirst) this.#area.write(`${KEYS}\n`);
    this.#isFirst = false;
    const ofSize = size === undefined ? "" : ` (${formatSizeCompact(size)})`;
    const answer = await this.#prompter.input({
      message: `${VERBS[verb]} "${path}"${ofSize}? y/n/s/!/q`,
      default: "y",
      validate: (text) => keyOf(text) !== undefined || KEYS,
    });
    return keyOf(answer) ?? "n";
  }
}

function keyOf(answer: string): string | undefined {
  return /^(?:(y)(?:es)?|(n)o?|([s!q]))$/i.exec(answer.trim())?.slice(1).find((key) => key !== undefined)
    ?.toLowerCase();
}
