/**
 * The way from a client that insists on https://*.jottacloud.com to the emulator on plain loopback HTTP: a
 * CONNECT proxy that ends the TLS itself, with a certificate of a throw-away authority, and passes each
 * request on unchanged but for one added header, `x-forwarded-proto: https`.
 *
 * Two listeners, because Deno cannot start a TLS server on a socket that is already accepted: the proxy
 * listens for CONNECT and pipes the tunnel's bytes to an inner TLS listener. Behind that the bytes are
 * forwarded raw: request heads are only searched for their end and for Content-Length, never parsed into
 * URLs, so that `+`, `%2B`, `%5C` or `;` arrive exactly as the client wrote them; bodies are streamed;
 * answers are not looked at.
 */
import { createServerCertificate } from "./certificate.ts";
import { forwardRequests } from "./forward.ts";
import { ConnectionServer, type Link } from "./connection_server.ts";
import { pipe, readHead, writeAll } from "./socket.ts";

const encoder = new TextEncoder();

/** Hosts of the service and the identity domains of its brands (API reference 1 and 1.1). */
const HOSTS = [
  "jottacloud.com",
  "*.jottacloud.com",
  "cloud.elgiganten.dk",
  "cloud.elgiganten.se",
  "cloud.elkjop.no",
  "cloud.elko.is",
  "cloud.gigantti.fi",
  "letsgo.jotta.cloud",
  "cloud-auth.onlime.dk",
  "sky.phonero.no",
  "mittcloud-auth.tele2.se",
  "sky-auth.telia.no",
  "cloud-auth.telia.se",
] as const;

/** A running bridge. */
export interface TlsBridge extends AsyncDisposable {
  /** For `HTTPS_PROXY`. */
  readonly proxyUrl: string;
  /** File with the certificate of the authority to trust (PEM). */
  readonly caPath: string;
  /** Closes every connection and removes the file; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a bridge to the emulator (`http://127.0.0.1:PORT`). Only the service's own hosts are let through.
 */
export async function startTlsBridge(emulatorEndpoint: string): Promise<TlsBridge> {
  const target = new URL(emulatorEndpoint);
  const upstream = { hostname: target.hostname, port: Number(target.port) };
  const { caPem, certPem, keyPem } = await createServerCertificate(HOSTS);
  const caPath = await Deno.makeTempFile({ prefix: "jottash-ca-", suffix: ".pem" });
  await Deno.writeTextFile(caPath, caPem);

  const tls = { cert: certPem, key: keyPem, alpnProtocols: ["http/1.1"] };
  const inner = new ConnectionServer(
    Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...tls }),
    (link) => forwardRequests(link, upstream),
  );
  const innerAddress = { hostname: "127.0.0.1", port: inner.port };
  const outer = new ConnectionServer(
    Deno.listen({ hostname: "127.0.0.1", port: 0 }),
    (link) => serveTunnel(link, innerAddress),
  );

  let stopped: Promise<void> | undefined;
  async function stopOnce(): Promise<void> {
    await Promise.all([outer.stop(), inner.stop()]);
    await Deno.remove(caPath);
  }
  const stop = () => stopped ??= stopOnce();
  return { proxyUrl: `http://127.0.0.1:${outer.port}`, caPath, stop, [Symbol.asyncDispose]: stop };
}

/** One CONNECT tunnel: 200 and bytes both ways, or 403 for a host that is not the service's. */
async function serveTunnel(link: Link, innerAddress: Deno.ConnectOptions): Promise<void> {
  const { client } = link;
  const read = await readHead(client, new Uint8Array(0));
  if (read === null) return;
  const [method, authority = ""] = read.head.split(" ");
  if (method !== "CONNECT" || !isServiceAuthority(authority)) {
    return await writeAll(client, encoder.encode("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"));
  }
  const inner = await link.open(innerAddress);
  await writeAll(client, encoder.encode("HTTP/1.1 200 Connection established\r\n\r\n"));
  await writeAll(inner, read.rest);
  await link.all([() => pipe(client, inner), () => pipe(inner, client)]);
}

function isServiceAuthority(authority: string): boolean {
  const host = authority.toLowerCase().replace(/:443$/, "");
  return HOSTS.some((pattern) =>
    pattern.startsWith("*") ? host.endsWith(pattern.slice(1)) : host === pattern
  );
}
