/**
 * The real line: fetch for everything but uploads, node:http(s) for those (stack.md B says why each). HTTPS_PROXY,
 * HTTP_PROXY and NO_PROXY are honoured by both (not for this machine itself), redirects are answers like any other.
 */
import type { Agent, AgentOptions } from "node:http";
import type { Env, HttpRequest, StreamBody, Transport, TransportSettings } from "../edges.ts";
import { isLoopback } from "../http/secure_url.ts";
import { createDenoEnv } from "./deno_env.ts";
import { sendWithFetch } from "./fetch_request.ts";
import { resolveLocalAddress } from "./local_address.ts";
import { createFetchClient, proxiesOfAgent } from "./proxies.ts";
import { certificatesForNode } from "./tls_roots.ts";
import { sendUpload, type UploadOptions } from "./upload_request.ts";

const DEFAULT_TIMEOUT_MS = 5 * 60_000;
const DEFAULT_CONNECT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_CONNECTIONS = 64;

export interface TransportOptions extends TransportSettings {
  /** Uploads at a time and idle connections kept, per host. Default: 64. */
  readonly maxConnections?: number;
  /** Where the proxies of uploads are looked up. Default: the environment of this process. */
  readonly env?: Env;
}

/** Owns its connections until `close`, which breaks off idle and running ones. Throws `ConfigError`: see `Edges`. */
export function createDenoTransport(options: TransportOptions = {}): Transport {
  const {
    timeoutMs = DEFAULT_TIMEOUT_MS,
    connectTimeoutMs = DEFAULT_CONNECT_TIMEOUT_MS,
    caCertificates = [],
    maxConnections = DEFAULT_MAX_CONNECTIONS,
    env = createDenoEnv(),
  } = options;
  const localAddress = options.localAddress === undefined
    ? undefined
    : resolveLocalAddress(options.localAddress);
  const times = { timeoutMs, connectTimeoutMs };
  const clients = new Map<number, Deno.HttpClient>();
  const uploaders = new Map<string, Promise<Omit<UploadOptions, keyof typeof times>>>();
  const openedAgents: Agent[] = [];

  /**
   * Deno's fetch sends a request again by itself, a POST too, when a connection that it uses anew closes without an
   * answer (Deno 2.9.6, measured). A request that may leave only once gets a connection of its own.
   */
  const clientFor = ({ once = false }: HttpRequest) => {
    const poolMaxIdlePerHost = once ? 0 : maxConnections;
    const client = clients.get(poolMaxIdlePerHost) ?? createFetchClient({
      http2: false,
      poolMaxIdlePerHost,
      caCerts: [...caCertificates],
      ...localAddress === undefined ? {} : { localAddress },
    });
    clients.set(poolMaxIdlePerHost, client);
    return client;
  };

  const createUploader = async ({ protocol, hostname }: URL) => {
    const agentOptions: AgentOptions & { proxyEnv: Record<string, string> } = {
      keepAlive: true,
      maxSockets: maxConnections,
      proxyEnv: proxiesOfAgent(env, { isLoopback: isLoopback(hostname) }),
      ...localAddress === undefined ? {} : { localAddress, family: localAddress.includes(":") ? 6 : 4 },
    };
    if (protocol === "https:") {
      const https = await import("node:https");
      const ca = await certificatesForNode({ env, caCertificates });
      const agent = new https.Agent(ca === undefined ? agentOptions : { ...agentOptions, ca });
      openedAgents.push(agent);
      return { request: https.request, agent };
    }
    const http = await import("node:http");
    const agent = new http.Agent(agentOptions);
    openedAgents.push(agent);
    return { request: http.request, agent };
  };
  const uploaderFor = (url: URL) => {
    const key = `${url.protocol} ${isLoopback(url.hostname)}`;
    const uploader = uploaders.get(key) ?? createUploader(url);
    uploaders.set(key, uploader);
    return uploader;
  };

  return {
    async send(request) {
      if (!isUpload(request)) {
        const { body, ...rest } = request;
        const textBody = typeof body === "string" ? { body } : {};
        return await sendWithFetch({ ...rest, ...textBody }, {
          client: clientFor(request),
          localAddress,
          ...times,
        });
      }
      const { stream } = request.body;
      try {
        const uploader = await uploaderFor(new URL(request.url));
        return await sendUpload(request, { ...uploader, ...times });
      } finally {
        // Where it was not even begun, so that the file behind it is closed.
        if (!stream.locked) await stream.cancel().catch(() => undefined);
      }
    },
    close() {
      for (const client of clients.values()) client.close();
      clients.clear();
      for (const agent of openedAgents.splice(0)) agent.destroy();
      uploaders.clear();
    },
  };
}

function isUpload(request: HttpRequest): request is HttpRequest & { readonly body: StreamBody } {
  return typeof request.body === "object";
}
