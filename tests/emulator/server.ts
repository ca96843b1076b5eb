/**
 * The HTTP front: connections, faults, recording, and the way to the services.
 *
 * An own HTTP/1.1 server over Deno.listen, chosen on measurements with Deno 2.9.6: node:http and Deno.serve both hand
 * over raw paths, but Deno.serve has no way to drop a connection (a throwing handler is answered with a tidy 500), and
 * node:http did not drop one in the middle of a request body (socket.destroy() left the client hanging). Real drops in
 * every phase are what this emulator is for. Backpressure comes from reading and writing one piece at a time.
 */
import { ConnectionLost, RequestRefused } from "./errors.ts";
import { alterRequest, alterResponse, statusResponse } from "./fault_effects.ts";
import type { FaultAction, Faults } from "./faults.ts";
import { HttpConnection, type WriteOptions } from "./http_connection.ts";
import { type HttpRequest, type HttpResponse, textResponse } from "./http_types.ts";
import type { WriteHooks } from "./http_writer.ts";
import type { RecordedRequest, RequestLog } from "./request_log.ts";

/** Keeps an accept that fails again and again from spinning. */
const ACCEPT_PAUSE_MS = 10;

export interface ServerOptions {
  readonly port: number;
  readonly faults: Faults;
  readonly log: RequestLog;
  /** The emulated services. */
  readonly route: (request: HttpRequest) => Promise<HttpResponse>;
  /** Paths of the emulator itself: neither recorded nor subject to faults; undefined for other paths. */
  readonly routeAdmin: (request: HttpRequest) => Promise<HttpResponse> | undefined;
}

export class Server {
  readonly #options: ServerOptions;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<HttpConnection>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  /** Starts listening on loopback at once. */
  constructor(options: ServerOptions) {
    this.#options = options;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: options.port });
    this.#start(this.#accept());
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Closes every connection and waits for the work on them to end. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
    while (this.#tasks.size > 0) await Promise.allSettled(this.#tasks);
  }

  #start(task: Promise<void>): void {
    const tracked = task.finally(() => this.#tasks.delete(tracked));
    this.#tasks.add(tracked);
  }

  async #accept(): Promise<void> {
    for (;;) {
      let conn: Deno.TcpConn;
      try {
        conn = await this.#listener.accept();
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (error instanceof Deno.errors.Interrupted || error instanceof Deno.errors.BadResource) return;
        await this.#delay(ACCEPT_PAUSE_MS); // a connection that died before it was accepted, or too many files
        continue;
      }
      if (this.#stopping.signal.aborted) return conn.close();
      conn.setNoDelay(true);
      this.#start(this.#serve(new HttpConnection(conn)));
    }
  }

  async #serve(connection: HttpConnection): Promise<void> {
    this.#connections.add(connection);
    try {
      while (await this.#serveOne(connection)) continue;
    } catch (error) {
      await this.#part(connection, error);
    } finally {
      this.#connections.delete(connection);
      connection.close();
    }
  }

  /** The end of a connection that failed; a failure of the emulator itself is told and must not end the process. */
  async #part(connection: HttpConnection, error: unknown): Promise<void> {
    if (error instanceof RequestRefused) await connection.refuse(error).catch(() => {});
    else if (!(error instanceof ConnectionLost)) console.error("Emulator failed on a connection:", error);
  }

  /** One request; false when the connection is to be closed. */
  async #serveOne(connection: HttpConnection): Promise<boolean> {
    const request = await connection.readRequest();
    if (request === null) return false;
    const admin = this.#options.routeAdmin(request);
    if (admin !== undefined) {
      await connection.writeResponse(await admin, writeOptionsFor(request));
      return await connection.drain(request.body) && request.keepAlive;
    }
    const record = this.#options.log.start(request);
    try {
      return await this.#answer({ connection, request, record, fault: this.#options.faults.take(request) });
    } finally {
      record.receivedBytes = request.body.receivedBytes;
    }
  }

  async #answer(exchange: Exchange): Promise<boolean> {
    const { connection, request, record, fault } = exchange;
    const response = await this.#respond(exchange);
    record.status = response.status;
    record.receivedBytes = request.body.receivedBytes;
    const onBodyBytes = (count: number) => {
      record.sentBytes += count;
    };
    const hooks = { ...this.#hooksOf(exchange, fault), onBodyBytes };
    await connection.writeResponse(response, { ...writeOptionsFor(request), hooks });
    return await connection.drain(request.body) && request.keepAlive;
  }

  /** The answer with the fault's doing; ConnectionLost where the fault drops the connection. */
  async #respond(exchange: Exchange): Promise<HttpResponse> {
    const { connection, request, fault } = exchange;
    if (fault === undefined) return await this.#route(request);
    if (fault.kind === "stall" && fault.afterResponseBytes === undefined) {
      await this.#stall(connection, fault.ms);
    }
    if (fault.kind === "status" && !fault.afterEffect) return statusResponse(fault);
    if (fault.kind === "dropBeforeResponse" && !fault.afterEffect) {
      throw new ConnectionLost("dropped by a fault");
    }
    const response = await this.#route(alterRequest(request, fault));
    if (fault.kind === "dropRequestAfterBytes" || fault.kind === "dropBeforeResponse") {
      throw new ConnectionLost("dropped by a fault");
    }
    return fault.kind === "status" ? statusResponse(fault) : alterResponse(response, fault);
  }

  #hooksOf({ connection }: Exchange, fault: FaultAction | undefined): WriteHooks {
    if (fault?.kind === "dropResponseAfterBytes") return { dropAfterBytes: fault.bytes };
    if (fault?.kind !== "stall" || fault.afterResponseBytes === undefined) return {};
    const { afterResponseBytes, ms } = fault;
    return { pause: { afterBytes: afterResponseBytes, wait: () => this.#stall(connection, ms) } };
  }

  async #stall(connection: HttpConnection, ms: number | undefined): Promise<void> {
    if (ms !== undefined) return await this.#delay(ms);
    await connection.waitForPeerToClose();
    throw new ConnectionLost("the client gave up");
  }

  #delay(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    });
  }

  async #route(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#options.route(request);
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      console.error(`Emulator failed at ${request.method} ${request.path}:`, error);
      return textResponse(500, "The emulator itself failed; see its standard error");
    }
  }
}

function writeOptionsFor({ method, keepAlive }: HttpRequest): WriteOptions {
  return { keepAlive, headOnly: method === "HEAD" };
}

interface Exchange {
  readonly connection: HttpConnection;
  readonly request: HttpRequest;
  readonly record: RecordedRequest;
  readonly fault: FaultAction | undefined;
}
