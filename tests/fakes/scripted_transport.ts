/** A network of one function: answers each request by a handler and keeps what was asked. */
import type { HttpRequest, HttpResponse, Transport } from "../../lib/edges.ts";

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A request whose body has been read to the end. */
export interface ReceivedRequest extends Omit<HttpRequest, "body"> {
  readonly body: string;
}

export type RequestHandler = (request: ReceivedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>;

/** The handler throws what the transport shall throw. */
export class ScriptedTransport implements Transport {
  readonly requests: ReceivedRequest[] = [];
  readonly #handler: RequestHandler;
  isClosed = false;

  constructor(handler: RequestHandler) {
    this.#handler = handler;
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    request.signal?.throwIfAborted();
    const received = { ...request, body: await textOf(request.body) };
    this.requests.push(received);
    const { status = 200, headers = {}, body = "" } = await this.#handler(received);
    return { status, headers: new Headers(headers), body: streamOf(body) };
  }

  close(): void {
    this.isClosed = true;
  }
}

async function textOf(body: HttpRequest["body"]): Promise<string> {
  if (body === undefined || typeof body === "string") return body ?? "";
  return await new Response(body.stream).text();
}

function streamOf(body: NonNullable<ScriptedAnswer["body"]>): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (body instanceof ReadableStream) return body;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return ReadableStream.from(bytes.length === 0 ? [] : [bytes]);
}
