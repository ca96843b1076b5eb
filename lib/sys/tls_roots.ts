/**
 * Trust for uploads. fetch adds given CAs to the usual ones; node:https replaces them, and ignores its own defaults when
 * DENO_CERT and NODE_EXTRA_CA_CERTS are both set. Source of fact: observed with Deno 2.9.6.
 */
import type { Env } from "../edges.ts";
import { ConfigError } from "../errors.ts";

interface TrustOptions {
  readonly env: Env;
  readonly caCertificates: readonly string[];
}

/** All CAs to trust, as PEM; undefined where the defaults of node:https are right (and cheaper). */
export async function certificatesForNode(
  { env, caCertificates }: TrustOptions,
): Promise<string[] | undefined> {
  const denoCert = env.get("DENO_CERT");
  const hasBoth = denoCert !== undefined && env.get("NODE_EXTRA_CA_CERTS") !== undefined;
  if (caCertificates.length === 0 && !hasBoth) return undefined;
  const tls = await import("node:tls");
  // Holds NODE_EXTRA_CA_CERTS and the choice of DENO_TLS_CA_STORE, but not DENO_CERT.
  const usual = tls.getCACertificates("default");
  const own = denoCert === undefined ? [] : [await readCertificate(denoCert)];
  return [...usual, ...own, ...caCertificates];
}

async function readCertificate(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new ConfigError(`Cannot read "${path}": DENO_CERT does not name a readable file`, { cause: error });
  }
}
