/** The api host: customer, allocate, purge_trash, and its JSON errors. Source of fact: API reference 3.1, 4.9, 5.12. */
import { allocate } from "./allocate.ts";
import { methodNotAllowed, noSuchPath, type ServiceError } from "./errors.ts";
import { type HttpRequest, type HttpResponse, jsonResponse } from "./http_types.ts";
import { type Handler, requireAccess, type Service } from "./service.ts";
import { emptyTrash } from "./tree.ts";
import { randomId } from "./xml_text.ts";

const ROUTES: Readonly<Record<string, { readonly method: string; readonly handle: Handler }>> = {
  "/account/v1/customer": { method: "GET", handle: customer },
  "/files/v1/allocate": { method: "POST", handle: allocate },
  "/files/v1/purge_trash": { method: "POST", handle: purgeTrash },
};

export async function handleJsonApi(service: Service, request: HttpRequest): Promise<HttpResponse> {
  requireAccess(service, request);
  const route = ROUTES[request.path];
  if (route === undefined) throw noSuchPath(request.path);
  if (route.method !== request.method) throw methodNotAllowed(request.method);
  return await route.handle(service, request);
}

export function jsonError(error: ServiceError): HttpResponse {
  const body = {
    code: error.status,
    message: error.message,
    cause: "",
    error_id: error.exception,
    "x-id": randomId(),
  };
  return jsonResponse(body, error.status);
}

function customer({ account }: Service): HttpResponse {
  const locked = account.switches.writeLocked;
  return jsonResponse({
    username: account.username,
    email: account.email,
    name: account.fullName,
    country_code: "NO",
    language_code: "nb_NO",
    customer_group_code: "",
    brand_code: "jotta",
    account_type: "PERSONAL",
    subscription_type: account.quotaBytes < 0 ? "UNLIMITED" : "FREE",
    usage: account.usedBytes,
    quota: account.quotaBytes,
    business_usage: 0,
    business_quota: 0,
    write_locked: locked,
    read_locked: false,
    locked_cause: locked ? "EMULATED" : null,
    web_hash: "",
    android_hash: "",
    ios_hash: "",
  });
}

function purgeTrash({ account }: Service): HttpResponse {
  return jsonResponse(emptyTrash(account));
}
