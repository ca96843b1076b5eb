/** What the identity tests ask for: token requests, and what is inside tokens. */
import type { Session } from "./session.ts";

export type Form = Record<string, string>;

interface TokenAnswer {
  readonly status: number;
  readonly access_token: string;
  readonly refresh_token: string;
  readonly error: string;
  readonly error_description: string;
  readonly [field: string]: unknown;
}

export async function token(
  session: Session,
  form: Form,
  headers: Form = {},
  realm = "jottacloud",
): Promise<TokenAnswer> {
  const url = `${session.emulator.endpoint}/auth/realms/${realm}/protocol/openid-connect/token`;
  const response = await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) });
  return { ...await response.json(), status: response.status };
}

export function decodeLoginToken(loginToken: string): Form {
  return JSON.parse(atob(loginToken.replaceAll("-", "+").replaceAll("_", "/")));
}

export function passwordForm(loginToken: string): Form {
  const { username = "", auth_token = "" } = decodeLoginToken(loginToken);
  return {
    client_id: "jottacli",
    grant_type: "password",
    username,
    password: auth_token,
    scope: "openid offline_access",
  };
}

export function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(atob((jwt.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
}
