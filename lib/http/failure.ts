/** An unhappy answer of the service as an error, in the same words for JFS and the JSON API: see `causes.ts`. */
import type { JottashError } from "../errors.ts";
import { causeOf } from "./causes.ts";

export interface UnhappyAnswer {
  readonly status: number;
  /** Name of the exception on the service's side, such as `NoSuchPathException`. */
  readonly exception: string | undefined;
}

/** Longer ones are no names, and would be shown. */
const MAX_NAME_CHARS = 100;

/** The error for `Cannot ACTION` after an answer that is neither success nor retried any more. */
export function toFailure(action: string, answer: UnhappyAnswer): JottashError {
  const { status, exception } = answer;
  const data = { status, exception };
  const label = exception === undefined ? `${status}` : `${status} ${exception}`;
  const { text, hint, build } = causeOf(status);
  const state = text === undefined ? `the service answered ${label}` : `${text} (${label})`;
  return build(`Cannot ${action}: ${state}`, { hint, data });
}

/** The last dotted segment before the colon: `no.jotta.x.NoSuchPathException: Text` -> `NoSuchPathException`. */
export function exceptionName(message: string | undefined): string | undefined {
  const name = /^(?:[\w$]+\.)*([A-Z][\w$]*)(?::|$)/.exec(message ?? "")?.[1];
  return name !== undefined && name.length <= MAX_NAME_CHARS ? name : undefined;
}
