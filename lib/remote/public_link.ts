/**
 * Public links: whoever has the address reads the file, or the folder as an archive, without signing in. The address
 * alone is the right to read, so it is shown to the user and nobody else. Source of fact: API reference 5.10.
 */
import { DirectoryNotFoundError, ProtocolError, ServiceError } from "../errors.ts";
import type { JfsRequest } from "../jfs/client.ts";
import type { CallOptions } from "../tree/tree.ts";
import type { JottaCalls } from "./jotta_calls.ts";

/** The address for a direct download, as rclone gives it; the same one as long as the link is there. */
export async function makeLink(calls: JottaCalls, path: string, options: CallOptions): Promise<string> {
  const request = calls.request(path, `make a link to ${calls.quote(path)}`, options);
  await requireLive(calls, request);
  const publicUri = await share(calls, request, "enableShare");
  if (publicUri === undefined) {
    throw new ProtocolError(`Cannot ${request.action}: the service does not tell its address`);
  }
  const { username } = await calls.account.customer(options.signal);
  const address = [username, publicUri].map(encodeURIComponent).join("/");
  return `${calls.account.wwwBase}/opin/io/downloadPublic/${address}`;
}

/** What has no link is left as it is. */
export async function removeLink(calls: JottaCalls, path: string, options: CallOptions): Promise<void> {
  const request = calls.request(path, `remove the link to ${calls.quote(path)}`, options);
  await requireLive(calls, request);
  if (await share(calls, request, "disableShare") === undefined) return;
  throw new ServiceError(`Cannot ${request.action}: the service keeps it`, { hint: "Try it on the website" });
}

/** What is in the trash answers as if it were there (API reference 0.2). */
async function requireLive(calls: JottaCalls, request: JfsRequest): Promise<void> {
  const found = await calls.find(request);
  const isUnfinished = found?.kind === "file" && found.file.current === undefined;
  if (found !== undefined && !found.isDeleted && !isUnfinished) return;
  throw new DirectoryNotFoundError(`Cannot ${request.action}: there is no such file or folder`);
}

function share(
  calls: JottaCalls,
  request: JfsRequest,
  mode: "enableShare" | "disableShare",
): Promise<string | undefined> {
  return calls.retrying(async () => (await calls.jfs(request)).share(request, mode), request);
}
