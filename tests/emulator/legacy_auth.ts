/**
 * The dead token service of the api host: device registration and password login with parameters in the query, and the
 * upper-case grant names. Source of fact: API reference 2.3.
 */
import { randomBytes } from "node:crypto";
import { type HttpRequest, type HttpResponse, jsonResponse, readText } from "./http_types.ts";
import type { Service } from "./service.ts";
import { GrantError, Sessions } from "./sessions.ts";
import { tokenResponse } from "./oauth.ts";

const REGISTER_BEARER = "Bearer c2xrZmpoYWRsZmFramhkc2xma2phaHNkbGZramhhc2xkZmtqaGFzZGxrZmpobGtq";

export async function handleLegacyAuth(service: Service, request: HttpRequest): Promise<HttpResponse> {
  if (!service.account.switches.legacyLogin || request.method !== "POST") {
    return jsonResponse({ code: 404, message: "Not found", error_id: "NotFoundException" }, 404);
  }
  const form = new URLSearchParams(await readText(request.body));
  for (const [name, value] of request.params) if (!form.has(name)) form.set(name, value);
  if (request.path === "/auth/v1/register") return register(service, request, form);
  try {
    return token(service, request, form);
  } catch (error) {
    if (!(error instanceof GrantError)) throw error;
    const headers = { "content-type": "application/json", ...otpHeader(error) };
    const body = JSON.stringify({ error: error.code, error_description: error.message });
    return { status: error.status, headers, body };
  }
}

function register(service: Service, request: HttpRequest, form: URLSearchParams): HttpResponse {
  if (request.headers.get("authorization") !== REGISTER_BEARER || !form.has("device_id")) {
    return jsonResponse({ error: "invalid_client", error_description: "Client authentication failed" }, 401);
  }
  return jsonResponse({
    client_id: randomBytes(13).toString("hex"),
    client_secret: service.secrets.note(randomBytes(13).toString("hex")),
  });
}

const OTP_MISSING = "invalid_client_or_otp_missing_or_wrong";

function otpHeader(error: GrantError): Record<string, string> {
  return error.code === OTP_MISSING ? { "X-JottaCloud-OTP": "required; SMS" } : {};
}

function token(service: Service, request: HttpRequest, form: URLSearchParams): HttpResponse {
  const { account, sessions } = service;
  const client = { realm: Sessions.legacyRealm, clientId: form.get("client_id") ?? "" };
  const grantType = form.get("grant_type");
  if (grantType === "REFRESH_TOKEN") {
    return tokenResponse(sessions.refresh(client, form.get("refresh_token") ?? ""));
  }
  if (grantType !== "PASSWORD") {
    throw new GrantError(400, "invalid_grant", "The provided authorization grant is not supported");
  }
  if (form.get("username")?.toLowerCase() !== account.email || form.get("password") !== account.password) {
    throw new GrantError(400, "invalid_grant", "The provided authorization grant is invalid");
  }
  const wanted = account.switches.legacyOneTimeCode;
  if (wanted !== null && request.headers.get("x-jottacloud-otp") !== wanted) {
    throw new GrantError(
      400,
      OTP_MISSING,
      "Client authentication failed (e.g. no client authentication included)",
    );
  }
  return tokenResponse(sessions.startSession(client));
}
