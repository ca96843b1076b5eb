/** Questions to the user, for wizards. The prompt package enters through `inquirer_prompter.ts` only. */
import { UsageError } from "../errors.ts";

export interface Choice<T> {
  readonly value: T;
  readonly name: string;
  /** Shown below the list while the choice is marked. */
  readonly description?: string;
  /** Shown, but not to be chosen; a text says why. */
  readonly disabled?: boolean | string;
}

export interface SelectQuestion<T> {
  readonly message: string;
  readonly choices: readonly Choice<T>[];
  /** The value that is marked at first; the first choice when it is not given. */
  readonly default?: T;
}

/** True, or what is wrong with the answer. */
export type Validate = (answer: string) => true | string | Promise<true | string>;

export interface InputQuestion {
  readonly message: string;
  readonly default?: string;
  readonly validate?: Validate;
}

export interface PasswordQuestion {
  readonly message: string;
  readonly validate?: Validate;
}

export interface ConfirmQuestion {
  readonly message: string;
  readonly default: boolean;
}

/**
 * Asks one question at a time, on stderr. Rejects with CancelledError when the user gives up (Ctrl-C, or Ctrl-D on
 * an empty line), with UsageError when there is nobody to ask.
 */
export interface Prompter {
  select<T>(question: SelectQuestion<T>): Promise<T>;
  input(question: InputQuestion): Promise<string>;
  /** Shows nothing of the answer. Line breaks within pasted text are dropped: a login token may have been wrapped. */
  password(question: PasswordQuestion): Promise<string>;
  confirm(question: ConfirmQuestion): Promise<boolean>;
}

/** Stands where there is no terminal: every question fails and says what to do instead. */
export class NoTerminalPrompter implements Prompter {
  readonly #instead: string;

  /** `instead` names the flags that answer the same, as a hint. */
  constructor(instead: string) {
    this.#instead = instead;
  }

  select<T>(question: SelectQuestion<T>): Promise<T> {
    return Promise.reject(this.#error(question.message));
  }

  input(question: InputQuestion): Promise<string> {
    return Promise.reject(this.#error(question.message));
  }

  password(question: PasswordQuestion): Promise<string> {
    return Promise.reject(this.#error(question.message));
  }

  confirm(question: ConfirmQuestion): Promise<boolean> {
    return Promise.reject(this.#error(question.message));
  }

  #error(message: string): UsageError {
    return new UsageError(`Cannot ask "${message}": a terminal is needed`, { hint: this.#instead });
  }
}
