/** The JSON API: who the account is, and how content gets in (API reference 3.1, 5.12-5.14). */
import type { HttpResponse, StreamBody } from "../edges.ts";
import { IntegrityError, ProtocolError } from "../errors.ts";
import { toUploadFailure } from "../http/causes.ts";
import type { HttpClient, RequestSpec } from "../http/client.ts";
import { isSecureUrl } from "../http/secure_url.ts";
import { readApiFailure, readJsonObject, requireCount, requireString } from "./decode.ts";

export interface Customer {
  /** The internal name that JFS paths begin with; not the e-mail address. */
  readonly username: string;
  readonly email: string;
}

export interface AllocateRequest {
  /** `/jfs/DEVICE/MOUNTPOINT/...` in stored names, not escaped. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly md5: string;
  /** RFC 3339 with whole seconds. */
  readonly created: string;
  readonly modified: string;
}

export interface Allocation {
  /** True: the content is known to the service and in place. */
  readonly isComplete: boolean;
  readonly uploadUrl: string;
  /** Bytes that the service has already. */
  readonly resumePosition: number;
}

export interface PurgedTrash {
  readonly files: number;
  readonly folders: number;
}

export interface CallContext {
  /** What is tried, as in `upload "jotta:a.txt"`; ends up in messages. */
  readonly action: string;
  readonly signal?: AbortSignal | undefined;
}

export class ApiClient {
  readonly #http: HttpClient;
  readonly #base: string;

  constructor(http: HttpClient, base: string) {
    this.#http = http;
    this.#base = base;
  }

  async customer(context: CallContext): Promise<Customer> {
    const response = await this.#send(context, { method: "GET", url: `${this.#base}/account/v1/customer` });
    const answer = await readJsonObject(response, context.action);
    const username = requireString(answer, "username", context.action);
    // All paths begin with it.
    if (!/^[^/\\\s]{1,255}$/.test(username) || /^\.+$/.test(username) || !username.isWellFormed()) {
      throw new ProtocolError(`Cannot ${context.action}: the service gave a user name that cannot be one`);
    }
    return {
      username,
      email: typeof answer["email"] === "string" ? answer["email"] : "",
    };
  }

  /** Asks for an upload slot. Safe to repeat: the same question gets the same slot (API reference 5.13). */
  async allocate(request: AllocateRequest, context: CallContext): Promise<Allocation> {
    const response = await this.#send(context, {
      method: "POST",
      url: `${this.#base}/files/v1/allocate`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    const answer = await readJsonObject(response, context.action);
    if (requireString(answer, "state", context.action) === "COMPLETED") {
      return { isComplete: true, uploadUrl: "", resumePosition: request.bytes };
    }
    const resumePosition = requireCount(answer, "resume_pos", context.action);
    const uploadUrl = requireString(answer, "upload_url", context.action);
    if (!isSecureUrl(uploadUrl) || resumePosition > request.bytes) {
      throw new ProtocolError(
        `Cannot ${context.action}: the service named an upload slot that cannot be used`,
      );
    }
    return { isComplete: false, uploadUrl, resumePosition };
  }

  /**
   * Sends the bytes from the allocation's resume position to the end, once; whoever gets an error with
   * `retry: "now"` asks for a new allocation. Throws `IntegrityError` when the service got something else.
   */
  async upload(
    allocation: Allocation,
    content: { readonly size: number; readonly md5: string; readonly body: StreamBody },
    context: CallContext,
  ): Promise<void> {
    const { action } = context;
    const headers: Record<string, string> = { "content-type": "application/octet-stream" };
    if (allocation.resumePosition > 0) {
      headers["range"] = `bytes=${allocation.resumePosition}-${content.size - 1}`;
    }
    const response = await this.#http.request({
      ...context,
      method: "POST",
      url: allocation.uploadUrl,
      headers,
      body: content.body,
      retry: false,
    });
    if (!isSuccess(response)) {
      const { status } = response;
      const retryAfterMs = this.#http.retryAfterMs(response);
      throw toUploadFailure(action, await readApiFailure(response, action), { status, retryAfterMs });
    }
    const answer = await readJsonObject(response, action);
    const bytes = requireCount(answer, "bytes", action);
    const md5 = requireString(answer, "md5", action).toLowerCase();
    if (bytes !== content.size || md5 !== content.md5) {
      throw new IntegrityError(
        `Cannot ${action}: the service stored something else (${bytes} bytes, MD5 ${md5})`,
      );
    }
  }

  /** Empties the trash of the whole account, all devices; resolves with what was in it, contents of folders included. */
  async purgeTrash(context: CallContext): Promise<PurgedTrash> {
    const response = await this.#send(context, {
      method: "POST",
      url: `${this.#base}/files/v1/purge_trash`,
    });
    const answer = await readJsonObject(response, context.action);
    return {
      files: requireCount(answer, "files", context.action),
      folders: requireCount(answer, "folders", context.action),
    };
  }

  async #send(context: CallContext, spec: Omit<RequestSpec, "action" | "signal">): Promise<HttpResponse> {
    const response = await this.#http.request({ ...spec, ...context });
    if (isSuccess(response)) return response;
    throw await readApiFailure(response, context.action);
  }
}

function isSuccess(response: HttpResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
