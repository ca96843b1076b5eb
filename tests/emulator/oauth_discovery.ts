/** The OIDC discovery document, with the fields of API reference 2.1. */
import type { Realm } from "./realms.ts";

export function discoveryDocument(origin: string, realm: Realm): Record<string, unknown> {
  const issuer = `${origin}/auth/realms/${realm.name}`;
  const protocol = `${issuer}/protocol/openid-connect`;
  const algorithms = ["RS256"];
  return {
    issuer,
    authorization_endpoint: `${protocol}/auth`,
    token_endpoint: `${protocol}/token`,
    token_introspection_endpoint: `${protocol}/token/introspect`,
    introspection_endpoint: `${protocol}/token/introspect`,
    userinfo_endpoint: `${protocol}/userinfo`,
    end_session_endpoint: `${protocol}/logout`,
    jwks_uri: `${protocol}/certs`,
    check_session_iframe: `${protocol}/login-status-iframe.html`,
    grant_types_supported: [
      "authorization_code",
      "implicit",
      "refresh_token",
      "password",
      "client_credentials",
    ],
    response_types_supported: ["code", "none", "id_token", "token"],
    subject_types_supported: ["public", "pairwise"],
    id_token_signing_alg_values_supported: algorithms,
    userinfo_signing_alg_values_supported: algorithms,
    request_object_signing_alg_values_supported: algorithms,
    response_modes_supported: ["query", "fragment", "form_post"],
    registration_endpoint: `${issuer}/clients-registrations/openid-connect`,
    token_endpoint_auth_methods_supported: ["private_key_jwt", "client_secret_basic", "client_secret_post"],
    token_endpoint_auth_signing_alg_values_supported: algorithms,
    claims_supported: ["aud", "sub", "iss", "auth_time", "name", "given_name", "family_name", "email"],
    claim_types_supported: ["normal"],
    claims_parameter_supported: false,
    scopes_supported: [
      "openid",
      "email",
      "offline_access",
      "profile",
      ...(realm.jottaDefaultScope ? ["jotta-default"] : []),
    ],
    request_parameter_supported: true,
    request_uri_parameter_supported: true,
    code_challenge_methods_supported: ["plain", "S256"],
    tls_client_certificate_bound_access_tokens: true,
  };
}
