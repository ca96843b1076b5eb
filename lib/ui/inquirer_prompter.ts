/**
 * The prompter of a real terminal, on @inquirer/prompts. The package is imported at the first question: it costs
 * 56 ms, which runs without questions do not pay. It reads and paints process.stdin and process.stderr itself, the
 * one way to the outer world that does not go through `edges.ts`.
 */
import process from "node:process";
import { CancelledError } from "../errors.ts";
import { KeyInput, PASTE_BRACKETS_OFF, PASTE_BRACKETS_ON } from "./key_input.ts";
import type {
  Choice,
  ConfirmQuestion,
  InputQuestion,
  PasswordQuestion,
  Prompter,
  SelectQuestion,
} from "./prompt.ts";
import { visible } from "./visible.ts";

type Package = typeof import("@inquirer/prompts");
/** The question, the text and the keys below, and a few lines of what led there. */
const LINES_AROUND_CHOICES = 8;
const MIN_PAGE = 4;
interface Context {
  readonly output: NodeJS.WritableStream;
  readonly input: NodeJS.ReadableStream;
  readonly signal: AbortSignal;
}

/** Only for an interactive terminal: elsewhere the package paints escape codes into files. */
export class InquirerPrompter implements Prompter {
  readonly #stop: AbortSignal;

  /** `stop` ends the question that stands open, which then rejects with `CancelledError`. */
  constructor(stop: AbortSignal) {
    this.#stop = stop;
  }

  select<T>(question: SelectQuestion<T>): Promise<T> {
    const choices = question.choices.map(toPackageChoice);
    const config = {
      message: visible(question.message),
      choices,
      pageSize: pageSize(),
      ...defaultOf(question),
    };
    return this.#ask((prompts, context) => prompts.select<T>(config, context));
  }

  input(question: InputQuestion): Promise<string> {
    const config = { ...question, message: visible(question.message) };
    return this.#ask((prompts, context) => prompts.input(config, context));
  }

  password(question: PasswordQuestion): Promise<string> {
    const config = {
      ...question,
      message: visible(question.message),
      // No way to reveal it, and no mask: a login token would flood the screen.
      toggleMask: false,
      theme: { style: { maskedText: "(input is hidden)" } },
    };
    return this.#ask((prompts, context) => prompts.password(config, context));
  }

  confirm(question: ConfirmQuestion): Promise<boolean> {
    const config = { message: visible(question.message), default: question.default };
    return this.#ask((prompts, context) => prompts.confirm(config, context));
  }

  async #ask<T>(question: (prompts: Package, context: Context) => Promise<T>): Promise<T> {
    const prompts = await import("@inquirer/prompts");
    using input = new KeyInput(process.stdin);
    process.stderr.write(PASTE_BRACKETS_ON);
    try {
      // The package types its input as a stream; all that node:readline uses of one is there.
      const stream = input as unknown as NodeJS.ReadableStream;
      const signal = AbortSignal.any([input.ended, this.#stop]);
      return await question(prompts, { output: process.stderr, input: stream, signal });
    } catch (error) {
      throw isGivenUp(error) ? new CancelledError("SIGINT", { cause: error }) : error;
    } finally {
      process.stderr.write(PASTE_BRACKETS_OFF);
    }
  }
}

/** Lines of choices shown at once: as many as there is room for below what was said before. */
function pageSize(): number {
  return Math.max(MIN_PAGE, (process.stderr.rows ?? 24) - LINES_AROUND_CHOICES);
}

/** By name, as the package's guide asks: two copies of it would have two classes. */
function isGivenUp(error: unknown): boolean {
  return error instanceof Error && (error.name === "ExitPromptError" || error.name === "AbortPromptError");
}

function toPackageChoice<T>(choice: Choice<T>): Choice<T> {
  return {
    ...choice,
    name: visible(choice.name),
    // The package puts the reason right behind the name.
    ...(typeof choice.disabled === "string" ? { disabled: `(${visible(choice.disabled)})` } : {}),
    ...(choice.description === undefined ? {} : { description: visible(choice.description) }),
  };
}

function defaultOf<T>(question: SelectQuestion<T>): { readonly default?: T } {
  return question.default === undefined ? {} : { default: question.default };
}
