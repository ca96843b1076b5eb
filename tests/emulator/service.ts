/** What every emulated service works with: one account, its sessions, the switches and where it is reached. */
import type { Account } from "./account.ts";
import { badCredentials, noUsernameForToken } from "./errors.ts";
import type { IssuedSecrets } from "./issued_secrets.ts";
import type { HttpRequest, HttpResponse } from "./http_types.ts";
import type { Sessions } from "./sessions.ts";
import type { Uploads } from "./uploads.ts";

export interface Service {
  readonly account: Account;
  readonly sessions: Sessions;
  readonly uploads: Uploads;
  readonly secrets: IssuedSecrets;
  /** Own origin, `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  readonly stats: TransferStats;
  readonly now: () => number;
}

/** Counters of work done; see EmulatorStats. */
export interface TransferStats {
  allocations: number;
  deduplicated: number;
  uploads: number;
  uploadedBytes: number;
  downloads: number;
  downloadedBytes: number;
}

export type Handler = (service: Service, request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** 401 unless the request carries a valid access token. */
export function requireAccess(service: Service, request: HttpRequest): void {
  const [scheme = "", token = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const claims = scheme.toLowerCase() === "bearer" ? service.sessions.checkAccess(token) : undefined;
  if (claims === undefined) throw badCredentials();
  if (service.sessions.isSuperseded(claims)) throw noUsernameForToken();
}

/** True when the caller came through a TLS front that plays the real hosts. */
export function isBehindTls(request: HttpRequest): boolean {
  return request.headers.get("x-forwarded-proto")?.toLowerCase() === "https";
}
