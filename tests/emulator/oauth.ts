/**
 * The identity service under `/auth/realms/<realm>/`: discovery, authorization, token, userinfo, logout, certs.
 * Source of fact: API reference 2.1, 2.2, 2.4; Keycloak conventions where it is silent (assumed).
 */
import { Buffer } from "node:buffer";
import { type HttpRequest, type HttpResponse, jsonResponse, readText, textResponse } from "./http_types.ts";
import { discoveryDocument } from "./oauth_discovery.ts";
import { type Realm, REALMS } from "./realms.ts";
import { isBehindTls, type Service } from "./service.ts";
import { type ClientInRealm, GrantError, type IssuedTokens } from "./sessions.ts";

interface RealmRequest {
  readonly service: Service;
  readonly realm: Realm;
  readonly request: HttpRequest;
}

type RealmHandler = (call: RealmRequest) => HttpResponse | Promise<HttpResponse>;

const ROUTES: Readonly<Record<string, RealmHandler>> = {
  "GET .well-known/openid-configuration": ({ service, realm, request }) =>
    jsonResponse(discoveryDocument(originOf(service, realm, request), realm)),
  "GET protocol/openid-connect/auth": authorize,
  "POST protocol/openid-connect/token": token,
  "GET protocol/openid-connect/userinfo": userinfo,
  "POST protocol/openid-connect/userinfo": userinfo,
  "GET protocol/openid-connect/logout": logout,
  "POST protocol/openid-connect/logout": logout,
  "GET protocol/openid-connect/certs": () => jsonResponse({ keys: [] }),
};

const PATH = /^\/auth\/realms\/([^/]+)\/(.*)$/;

export async function handleOauth(service: Service, request: HttpRequest): Promise<HttpResponse> {
  const [, realmName = "", rest = ""] = PATH.exec(request.path) ?? [];
  const realm = REALMS.get(realmName);
  if (realm === undefined) return jsonResponse({ error: "Realm does not exist" }, 404);
  const route = ROUTES[`${request.method} ${rest}`];
  if (route === undefined) return jsonResponse({ error: "RESTEASY003210: Could not find resource" }, 404);
  try {
    return await route({ service, realm, request });
  } catch (error) {
    if (!(error instanceof GrantError)) throw error;
    return jsonResponse({ error: error.code, error_description: error.message }, error.status);
  }
}

/** Behind TLS the brand's own domain, so that every link works for that caller. */
function originOf(service: Service, realm: Realm, request: HttpRequest): string {
  if (!isBehindTls(request)) return service.endpoint;
  const host = request.headers.get("host") ?? "";
  return `https://${realm.domains.includes(host) ? host : realm.domains[0]}`;
}

const LOOPBACK_REDIRECT = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:\/.*)?$/;

/** Signs the account's owner in without asking and redirects back; a switch makes it an error instead. */
function authorize({ service, realm, request }: RealmRequest): HttpResponse {
  const redirectUri = request.params.get("redirect_uri") ?? "";
  const clientId = request.params.get("client_id") ?? "";
  if (!LOOPBACK_REDIRECT.test(redirectUri) || !URL.canParse(redirectUri)) {
    return textResponse(400, "Invalid parameter: redirect_uri");
  }
  if (!realm.clients.includes(clientId)) return textResponse(400, "Client not found.");
  const target = new URL(redirectUri);
  const state = request.params.get("state");
  if (state !== null) target.searchParams.set("state", state);
  const scope = request.params.get("scope") ?? "openid";
  const failure = authorizationFailure(service, realm, request.params);
  if (failure !== undefined) {
    target.searchParams.set("error", failure);
    target.searchParams.set("error_description", `Refused by the emulator: ${failure}`);
  } else {
    target.searchParams.set("session_state", crypto.randomUUID());
    target.searchParams.set(
      "code",
      service.sessions.issueCode({ realm: realm.name, clientId }, { redirectUri, scope }),
    );
  }
  return { status: 302, headers: { location: target.href } };
}

function authorizationFailure(service: Service, realm: Realm, params: URLSearchParams): string | undefined {
  if (params.get("response_type") !== "code") return "unsupported_response_type";
  if (!isScopeKnown(realm, params.get("scope") ?? "")) return "invalid_scope";
  return service.account.switches.authorizationError ?? undefined;
}

function isScopeKnown(realm: Realm, scope: string): boolean {
  return realm.jottaDefaultScope || !/\bjotta-default\b/.test(scope);
}

type Grant = (service: Service, client: ClientInRealm, form: URLSearchParams) => IssuedTokens;

/** Names are case-sensitive here: the upper-case ones belong to the legacy service only (2.3). */
const GRANTS: Readonly<Record<string, Grant>> = {
  password: (service, client, form) =>
    service.sessions.redeemLoginToken(client, {
      username: required(form, "username"),
      secret: required(form, "password"),
      scope: form.get("scope") ?? "",
    }),
  authorization_code: (service, client, form) =>
    service.sessions.redeemCode(client, {
      code: required(form, "code"),
      redirectUri: form.get("redirect_uri") ?? "",
    }),
  refresh_token: (service, client, form) => service.sessions.refresh(client, required(form, "refresh_token")),
};

async function token({ service, realm, request }: RealmRequest): Promise<HttpResponse> {
  const form = new URLSearchParams(await readText(request.body));
  const client = { realm: realm.name, clientId: clientIdOf(request, form) };
  if (!realm.clients.includes(client.clientId)) {
    throw new GrantError(401, "invalid_client", "Invalid client or Invalid client credentials");
  }
  const grantType = form.get("grant_type");
  if (grantType === null) throw new GrantError(400, "invalid_request", "Missing form parameter: grant_type");
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (grant === undefined) throw new GrantError(400, "unsupported_grant_type", "Unsupported grant_type");
  if (!isScopeKnown(realm, form.get("scope") ?? "")) {
    throw new GrantError(400, "invalid_scope", "Invalid scopes: jotta-default");
  }
  return tokenResponse(grant(service, client, form));
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null) throw new GrantError(400, "invalid_request", `Missing form parameter: ${name}`);
  return value;
}

/** Go's library sends Basic with an empty secret first, then the body form; both identify the client (2.2). */
function clientIdOf(request: HttpRequest, form: URLSearchParams): string {
  const [scheme = "", encoded = ""] = (request.headers.get("authorization") ?? "").split(" ");
  if (scheme.toLowerCase() !== "basic") return form.get("client_id") ?? "";
  const [id = ""] = Buffer.from(encoded, "base64").toString().split(":");
  return new URLSearchParams(`id=${id}`).get("id") ?? "";
}

export function tokenResponse(tokens: IssuedTokens): HttpResponse {
  return jsonResponse({
    access_token: tokens.accessToken,
    expires_in: tokens.expiresIn,
    refresh_expires_in: 0,
    refresh_token: tokens.refreshToken,
    token_type: "Bearer",
    id_token: tokens.idToken,
    "not-before-policy": 0,
    session_state: tokens.sessionState,
    scope: tokens.scope,
  });
}

function userinfo({ service, realm, request }: RealmRequest): HttpResponse {
  const accessToken = (request.headers.get("authorization") ?? "").split(" ")[1] ?? "";
  const claims = service.sessions.checkAccess(accessToken);
  if (claims?.["realm"] !== realm.name) {
    throw new GrantError(401, "invalid_token", "Token verification failed");
  }
  const { account } = service;
  const [given, family] = account.fullName.split(" ");
  return jsonResponse({
    sub: claims["sub"],
    email_verified: true,
    name: account.fullName,
    realm: realm.name,
    preferred_username: account.username,
    given_name: given,
    family_name: family,
    email: account.email,
    username: account.username,
  });
}

async function logout({ service, request }: RealmRequest): Promise<HttpResponse> {
  const form = new URLSearchParams(await readText(request.body));
  const refreshToken = form.get("refresh_token") ?? request.params.get("refresh_token");
  if (refreshToken !== null) service.sessions.logout(refreshToken);
  return { status: 204 };
}
