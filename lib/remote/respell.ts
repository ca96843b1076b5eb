/**
 * A new spelling of a name that is the same to the service (`readme` to `README`): at once where the service does that,
 * otherwise by way of another name, as rclone does it (API reference, section 7 row 20: unknown).
 */
import { ConflictError, JottashError, ServiceError } from "../errors.ts";
import type { JfsRequest } from "../jfs/client.ts";
import { joinPath, parentOf } from "../tree/tree.ts";
import { afterStop, type JottaCalls } from "./jotta_calls.ts";

export interface Respelling {
  readonly command: "mv" | "mvDir";
  /** As the user knows it, for messages. */
  readonly path: string;
  /** What is there, in any spelling. */
  readonly source: JfsRequest;
  /** The same, in the wanted one. */
  readonly target: JfsRequest;
}

/** Does nothing when the name is spelled so already. */
export async function respell(
  calls: JottaCalls,
  { command, path, source, target }: Respelling,
): Promise<void> {
  const wanted = target.segments.at(-1);
  const before = await spellingAt(calls, target);
  if (before === wanted) return;
  const failure = await failureOf(calls.transfer(source, command, target.segments));
  if (await spellingAt(calls, target) === wanted) return;
  if (failure !== undefined && !(failure instanceof ConflictError)) throw failure;
  const folder = source.segments.slice(0, -1);
  const name = `jottash-rename-${calls.randomLetters()}`;
  const between = { ...source, segments: [...folder, name] };
  await moveToFree(calls, { command, source, target: between });
  try {
    await moveToFree(calls, { command, source: between, target });
  } catch (error) {
    const back = before === undefined ? source : { ...source, segments: [...folder, before] };
    const failure = await failureOf(moveToFree(calls, { command, source: between, target: back }));
    throw failure === undefined ? error : stranded(failure, calls.quote(joinPath(parentOf(path), name)));
  }
  if (await spellingAt(calls, target) === wanted) return;
  throw new ServiceError(`Cannot ${target.action}: the service keeps the old spelling`);
}

/**
 * To a name that nothing has: what is there afterwards, whatever the answer was, has been moved. The user cannot stop
 * this: nobody would find a file under the name in between.
 */
async function moveToFree(
  calls: JottaCalls,
  { command, source, target }: Omit<Respelling, "path">,
): Promise<void> {
  const failure = await failureOf(calls.transfer(afterStop(source), command, target.segments));
  if (failure === undefined) return;
  const spelling = await spellingAt(calls, afterStop(target)).catch(() => undefined);
  if (spelling === undefined) throw failure;
}

/** Nobody would look for it there. */
function stranded(error: unknown, place: string): unknown {
  if (!(error instanceof JottashError)) return error;
  const { message, code, data } = error;
  return new JottashError(message, { code, data, cause: error, hint: `It is at ${place} now: move it back` });
}

async function failureOf(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

async function spellingAt(calls: JottaCalls, request: JfsRequest): Promise<string | undefined> {
  const found = await calls.find(request);
  return found?.isDeleted === false ? found.name : undefined;
}
