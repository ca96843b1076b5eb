/**
 * Which service a path belongs to, and how its failures are told (XML on JFS, JSON elsewhere). Source of fact: API
 * reference 1, 0.2 fact 2; HEAD and OPTIONS by section 7 row 28.
 */
import { methodNotAllowed, noSuchPath, ServiceError } from "./errors.ts";
import type { HttpRequest, HttpResponse } from "./http_types.ts";
import { handleJfs } from "./jfs.ts";
import { handleJsonApi, jsonError } from "./json_api.ts";
import { handleLegacyAuth } from "./legacy_auth.ts";
import { handleOauth } from "./oauth.ts";
import type { Handler, Service } from "./service.ts";
import { handlePublicDownload, handleSharePage } from "./shares.ts";
import { handleUpload } from "./upload.ts";
import { errorDocument } from "./xml_text.ts";

type ErrorForm = "xml" | "json";

const ROUTES: readonly (readonly [RegExp, Handler, ErrorForm])[] = [
  [/^\/jfs(\/|$)/, handleJfs, "xml"],
  [/^\/upload\//, handleUpload, "json"],
  [/^\/(account|files)\/v1\//, handleJsonApi, "json"],
  [/^\/auth\/realms\//, handleOauth, "json"],
  [/^\/auth\/v1\/(token|register)$/, handleLegacyAuth, "json"],
  [/^\/opin\/io\//, handlePublicDownload, "xml"],
  [/^\/[ps]\//, handleSharePage, "xml"],
];

/** The answer of the emulated services; throws only ConnectionLost and faults of our own. */
export async function route(service: Service, request: HttpRequest): Promise<HttpResponse> {
  const [, handle, form = "json"] = ROUTES.find(([pattern]) => pattern.test(request.path)) ?? [];
  try {
    if (request.method === "HEAD" || request.method === "OPTIONS") throw methodNotAllowed(request.method);
    if (handle === undefined) throw noSuchPath(request.path);
    return await handle(service, request);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    if (form === "json") return jsonError(error);
    const headers = { "content-type": "text/xml;charset=UTF-8" };
    return { status: error.status, headers, body: errorDocument(error) };
  }
}
