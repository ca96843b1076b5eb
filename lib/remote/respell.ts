/**
 * A new spelling of a name that is the same to the service (`readme` to `README`): at once where the service does that,
 * otherwise by way of another name, as rclone does it (API reference, section 7 row 20: unknown).
 */
import { ConflictError, ServiceError } from "../errors.ts";
import type { JfsRequest } from "../jfs/client.ts";
import { afterStop, type JottaCalls } from "./jotta_calls.ts";

export interface Respelling {
  readonly command: "mv" | "mvDir";
  /** What is there, in any spelling. */
  readonly source: JfsRequest;
  /** The same, in the wanted one. */
  readonly target: JfsRequest;
}

/** Does nothing when the name is spelled so already. */
export async function respell(calls: JottaCalls, { command, source, target }: Respelling): Promise<void> {
  const wanted = target.segments.at(-1);
  const before = await spellingAt(calls, target);
  if (before === wanted) return;
  const failure = await failureOf(calls.transfer(source, command, target.segments));
  if (await spellingAt(calls, target) === wanted) return;
  if (failure !== undefined && !(failure instanceof ConflictError)) throw failure;
  const folder = source.segments.slice(0, -1);
  const between = { ...source, segments: [...folder, `jottash-rename-${calls.randomLetters()}`] };
  await moveToFree(calls, { command, source, target: between });
  try {
    await moveToFree(calls, { command, source: between, target });
  } catch (error) {
    const back = { ...source, segments: [...folder, ...before === undefined ? [] : [before]] };
    await moveToFree(calls, { command, source: between, target: back });
    throw error;
  }
  if (await spellingAt(calls, target) === wanted) return;
  throw new ServiceError(`Cannot ${target.action}: the service keeps the old spelling`);
}

/**
 * To a name that nothing has: what is there afterwards, whatever the answer was, has been moved. The user cannot stop
 * this: nobody would find a file under the name in between.
 */
async function moveToFree(calls: JottaCalls, { command, source, target }: Respelling): Promise<void> {
  const failure = await failureOf(calls.transfer(afterStop(source), command, target.segments));
  if (failure === undefined) return;
  const spelling = await spellingAt(calls, afterStop(target)).catch(() => undefined);
  if (spelling === undefined) throw failure;
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
