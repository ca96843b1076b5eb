/** Makes the objects that sign in, so that the wizard and the flags make the same ones. */
import type { CommandContext } from "../cli/context.ts";
import type { BrowserLoginContext, BrowserLoginOptions } from "../auth/browser_login.ts";
import type { LegacyLoginOptions } from "../auth/legacy_login.ts";
import type { Login } from "../auth/login.ts";
import type { Service } from "../auth/services.ts";

/** What the logins need of the outer world. */
export interface SignInContext extends BrowserLoginContext {
  /** Stamp of this machine, noted beside the session. */
  readonly machine: string | undefined;
  /** What stands in for the hosts of the service, if anything does. */
  readonly endpoint: string | undefined;
}

export type BrowserWay = Pick<BrowserLoginOptions, "mode" | "show" | "askRedirect">;
export type LegacyAccount = Pick<LegacyLoginOptions, "userName" | "password" | "registerDevice" | "askCode">;

/** Throws `UsageError` for an endpoint that cannot be used. */
export async function createSignInContext(
  context: CommandContext,
  endpoint: string | undefined,
): Promise<SignInContext> {
  const { resolveEndpoints } = await import("../http/endpoints.ts");
  resolveEndpoints(endpoint);
  const { loopback, launcher, random, clock } = context.signInEdges;
  return {
    loopback,
    launcher,
    random,
    clock,
    http: await context.accounts.signInHttp(),
    signal: context.signal,
    machine: await context.machine(),
    endpoint,
  };
}

/** With a personal login token, which is spent by signing in. */
export async function createStandardLogin(
  context: SignInContext,
  loginToken: string,
  services: readonly Service[],
): Promise<Login> {
  const { StandardLogin } = await import("../auth/standard_login.ts");
  return new StandardLogin(context, loginToken, { machine: context.machine, services });
}

/** With the browser, at one of the services. */
export async function createBrowserLogin(
  context: SignInContext,
  service: Service,
  way: BrowserWay,
): Promise<Login> {
  const [{ BrowserLogin }, { discoveryUrl }] = await Promise.all([
    import("../auth/browser_login.ts"),
    import("../auth/services.ts"),
  ]);
  const { machine, endpoint } = context;
  return new BrowserLogin(context, {
    ...way,
    service,
    machine,
    wellKnownLink: discoveryUrl(service, endpoint),
  });
}

/** With user name and password. */
export async function createLegacyLogin(context: SignInContext, account: LegacyAccount): Promise<Login> {
  const [{ LegacyLogin }, { resolveEndpoints }] = await Promise.all([
    import("../auth/legacy_login.ts"),
    import("../http/endpoints.ts"),
  ]);
  const { machine, endpoint } = context;
  return new LegacyLogin(context, { ...account, machine, apiBase: resolveEndpoints(endpoint).api });
}
