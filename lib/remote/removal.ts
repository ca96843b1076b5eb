/**
 * Takes files and folders away: into the trash, or for good. Looks before, as the service takes a full folder for an
 * empty one just as well, and after a 404, which a repeated try gets when the first one had done it.
 *
 * Source of fact: API reference 5.6, 10.2.
 */
import {
  ConflictError,
  DirectoryNotFoundError,
  FileNotFoundError,
  ServiceError,
  UsageError,
} from "../errors.ts";
import type { JfsCommand, JfsRequest } from "../jfs/client.ts";
import { requireStill } from "../tree/still.ts";
import type { CallOptions, FileEntry } from "../tree/tree.ts";
import type { JottaCalls } from "./jotta_calls.ts";
import { isEmptyFolder, lookUp } from "./look.ts";

export interface RemovalOptions extends CallOptions {
  /** Only while it is still this file. */
  readonly expected?: FileEntry | undefined;
  /** Gone with all versions; otherwise it goes to the trash. */
  readonly isForGood: boolean;
}

export async function removeFile(calls: JottaCalls, path: string, options: RemovalOptions): Promise<void> {
  const action = `delete ${calls.quote(path)}`;
  const existing = await lookUp(calls, path, options);
  if (existing === undefined) throw new FileNotFoundError(`Cannot ${action}: there is no such file`);
  if (existing.kind === "directory") {
    // `dl` on a folder makes it vanish without a trace in the trash (API reference 5.6): never sent.
    throw new ConflictError(`Cannot ${action}: it is a folder`, {
      hint: "Delete a folder with: jottash purge",
    });
  }
  if (options.expected !== undefined) requireStill(options.expected, existing, action);
  await remove(calls, calls.request(path, action, options), options.isForGood ? "rm" : "dl");
}

export async function removeEmptyFolder(
  calls: JottaCalls,
  path: string,
  options: RemovalOptions,
): Promise<void> {
  const action = `remove the folder ${calls.quote(path)}`;
  refuseMountpoint(calls, path, action);
  const request = calls.request(path, action, options);
  // What is in the trash does not count; it goes along.
  if (!await isEmptyFolder(calls, path, request)) {
    throw new ConflictError(`Cannot ${action}: it is not empty`, {
      hint: 'Empty folders in it are removed by "rmdirs", all that is in it by "purge"',
    });
  }
  await remove(calls, request, options.isForGood ? "rmDir" : "dlDir");
}

export async function purgeFolder(calls: JottaCalls, path: string, options: RemovalOptions): Promise<void> {
  const action = `purge ${calls.quote(path)}`;
  refuseMountpoint(calls, path, action);
  const request = calls.request(path, action, options);
  const existing = await lookUp(calls, path, options);
  if (existing === undefined) throw new DirectoryNotFoundError(`Cannot ${action}: there is no such folder`);
  if (existing.kind === "file") {
    throw new ConflictError(`Cannot ${action}: it is a file`, {
      hint: "Delete a file with: jottash deletefile",
    });
  }
  await remove(calls, request, options.isForGood ? "rmDir" : "dlDir");
}

function refuseMountpoint(calls: JottaCalls, path: string, action: string): void {
  if (!calls.paths.isMountpoint(path)) return;
  throw new UsageError(`Cannot ${action}: it is the whole mountpoint`, {
    hint: "Name a folder below it; a mountpoint is never deleted by jottash",
  });
}

async function remove(calls: JottaCalls, request: JfsRequest, command: JfsCommand): Promise<void> {
  try {
    await calls.command(request, command);
  } catch (error) {
    if (!(error instanceof FileNotFoundError)) throw error;
    if ((await calls.find(request))?.isDeleted !== false) return;
    throw new ServiceError(`Cannot ${request.action}: the service does not find it, yet still has it`, {
      cause: error,
      hint: "Try it on the website",
    });
  }
}
