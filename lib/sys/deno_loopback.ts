/** A small server on 127.0.0.1, for one browser of this machine. */
import type { Loopback, PageRequest } from "../edges.ts";
import { LocalError } from "../errors.ts";

const ADDRESS = "127.0.0.1";

export function createDenoLoopback(): Loopback {
  return {
    serve: (port, answer) =>
      Promise.resolve().then(() => {
        const server = listen(port, async (request) => {
          const page = await answer(toPageRequest(request));
          return new Response(page.body, {
            status: page.status,
            headers: { ...page.headers, connection: "close" },
          });
        });
        return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
      }),
  };
}

/** The host that a client names may be anything: only path and query are looked at. */
function toPageRequest({ method, url }: Request): PageRequest {
  return { method, target: /^[a-z]+:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] || "/" };
}

function listen(port: number, handler: Deno.ServeHandler<Deno.NetAddr>): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname: ADDRESS, port, onListen: () => {}, onError: toPlainFailure }, handler);
  } catch (error) {
    const isTaken = error instanceof Deno.errors.AddrInUse;
    throw new LocalError(
      `Cannot listen on ${ADDRESS}:${port}: ${isTaken ? "another program does" : "the system refuses"}`,
      { cause: error, data: { port, osCode: isTaken ? "EADDRINUSE" : "EACCES" } },
    );
  }
}

/** In place of Deno's way, which prints the error with all that it holds. */
function toPlainFailure(): Response {
  return new Response("Unexpected failure", { status: 500, headers: { connection: "close" } });
}
