/**
 * Proxies of the environment: HTTPS_PROXY, HTTP_PROXY and NO_PROXY. What is on this machine is never asked for through a
 * proxy, as in Go's programs: it would be the proxy's own machine there, and a token would go to it in the clear.
 * Source of fact: Deno 2.9.6 sends loopback through HTTP_PROXY, by fetch and by node:http (measured).
 */
import type { Env } from "../edges.ts";
import { isLoopback } from "../http/secure_url.ts";

const VARIABLES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
const ALL_VARIABLES = [...VARIABLES, "ALL_PROXY", "all_proxy"];
const EXCEPTIONS = ["NO_PROXY", "no_proxy"];
const THIS_MACHINE = "localhost,127.0.0.0/8,::1";

/** Variables for an agent of node:http(s), which reads none by itself. */
export function proxiesOfAgent(env: Env, { isLoopback }: { readonly isLoopback: boolean }) {
  if (isLoopback) return {};
  const given = [...VARIABLES, ...EXCEPTIONS].map((name): [string, string] => [name, env.get(name) ?? ""]);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/**
 * A client of fetch: it reads the variables of this process once, while it is made, and has no option for exceptions.
 * So they stand in the variable for that moment.
 */
export function createFetchClient(options: Deno.CreateHttpClientOptions): Deno.HttpClient {
  const hasProxy = ALL_VARIABLES.some((name) => (Deno.env.get(name) ?? "") !== "");
  if (!hasProxy) return Deno.createHttpClient(options);
  const before = EXCEPTIONS.map((name) => [name, Deno.env.get(name)] as const);
  const given = before.map(([, value]) => value ?? "").find((value) => value !== "");
  const all = given === undefined ? THIS_MACHINE : `${given},${THIS_MACHINE}`;
  try {
    for (const [name] of before) Deno.env.set(name, all);
    return Deno.createHttpClient(options);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
}

/** Whether fetch may ask a proxy for `url`, as far as the variables of this process tell. */
export function mayUseProxy(url: URL): boolean {
  if (isLoopback(url.hostname)) return false;
  return ALL_VARIABLES.some((name) => {
    const [scheme = ""] = name.toLowerCase().split("_");
    const isForUrl = scheme === "all" || `${scheme}:` === url.protocol;
    return isForUrl && (Deno.env.get(name) ?? "") !== "";
  });
}
