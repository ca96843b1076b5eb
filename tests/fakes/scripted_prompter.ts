/** A user who knows which questions will come, in which order, and what to answer; all else fails. */
import { CancelledError } from "../../lib/errors.ts";
import type {
  ConfirmQuestion,
  InputQuestion,
  PasswordQuestion,
  Prompter,
  SelectQuestion,
} from "../../lib/ui/prompt.ts";

/** Gives up instead of answering. */
export const CANCEL = Symbol("cancel");
/** Takes what the question offers. */
export const DEFAULT = Symbol("default");

export interface ScriptStep {
  /** The message itself, or what it has to match. */
  readonly asked: string | RegExp;
  readonly kind?: "select" | "input" | "password" | "confirm";
  /**
   * For `select`, the name of the choice; for a text, a function may find out what to type when it is asked for.
   * Answers that are refused go before the one that is taken.
   */
  readonly answer: string | boolean | (() => string | Promise<string>) | typeof CANCEL | typeof DEFAULT;
  readonly refused?: readonly string[];
  /** What happens elsewhere while a `select` stands open. */
  readonly meanwhile?: () => Promise<void>;
}

export interface AskedQuestion {
  readonly kind: "select" | "input" | "password" | "confirm";
  readonly message: string;
  /** Names of a select, disabled ones as `name (why)`. */
  readonly choices?: readonly string[];
}

export class ScriptedPrompter implements Prompter {
  readonly asked: AskedQuestion[] = [];
  readonly #steps: ScriptStep[];

  constructor(steps: readonly ScriptStep[]) {
    this.#steps = [...steps];
  }

  /** Fails unless every step was asked. */
  assertDone(): void {
    const left = this.#steps.map((step) => String(step.asked));
    if (left.length > 0) throw new Error(`never asked: ${left.join(", ")}`);
  }

  async select<T>(question: SelectQuestion<T>): Promise<T> {
    const choices = question.choices.map((choice) => choice.name + disabledText(choice.disabled));
    const { answer, meanwhile } = this.#next({ kind: "select", message: question.message, choices });
    await meanwhile?.();
    const wanted = answer === DEFAULT
      ? question.choices.find((choice) => choice.value === question.default) ?? question.choices[0]
      : question.choices.find((choice) => choice.name === answer);
    if (wanted === undefined) throw new Error(`no choice ${String(answer)} in ${JSON.stringify(choices)}`);
    if (disabledText(wanted.disabled) !== "") throw new Error(`choice "${wanted.name}" is disabled`);
    return wanted.value;
  }

  async input(question: InputQuestion): Promise<string> {
    return await this.#text("input", question);
  }

  async password(question: PasswordQuestion): Promise<string> {
    return await this.#text("password", question);
  }

  // deno-lint-ignore require-await
  async confirm(question: ConfirmQuestion): Promise<boolean> {
    const { answer } = this.#next({ kind: "confirm", message: question.message });
    if (answer === DEFAULT) return question.default;
    if (typeof answer !== "boolean") throw new Error(`"${question.message}" needs true or false`);
    return answer;
  }

  async #text(kind: "input" | "password", question: InputQuestion): Promise<string> {
    const step = this.#next({ kind, message: question.message });
    for (const text of step.refused ?? []) {
      if (await question.validate?.(text) === true) throw new Error(`"${text}" should have been refused`);
    }
    const given = typeof step.answer === "function" ? await step.answer() : step.answer;
    const answer = given === DEFAULT ? question.default ?? "" : given;
    if (typeof answer !== "string") throw new Error(`"${question.message}" needs a text`);
    const verdict = await question.validate?.(answer) ?? true;
    if (verdict !== true) throw new Error(`the answer to "${question.message}" was refused: ${verdict}`);
    return answer;
  }

  #next(question: AskedQuestion): ScriptStep {
    this.asked.push(question);
    const step = this.#steps.shift();
    if (step === undefined) throw new Error(`unexpected question: ${question.message}`);
    const fits = typeof step.asked === "string"
      ? step.asked === question.message
      : step.asked.test(question.message);
    if (!fits || (step.kind ?? question.kind) !== question.kind) {
      throw new Error(
        `expected ${step.kind ?? "question"} ${step.asked}, got ${question.kind} "${question.message}"`,
      );
    }
    if (step.answer === CANCEL) throw new CancelledError("SIGINT");
    return step;
  }
}

function disabledText(disabled: boolean | string | undefined): string {
  if (disabled === undefined || disabled === false) return "";
  return disabled === true ? " (disabled)" : ` (${disabled})`;
}
