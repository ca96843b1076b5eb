/** Servers on loopback that speak raw bytes, so that tests see and send exactly what is on the wire. */
const encoder = new TextEncoder();

export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Headers;
}

/** One connection, seen from the server. */
export class RawConnection {
  readonly #connection: Deno.Conn;
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(connection: Deno.Conn) {
    this.#connection = connection;
  }

  /** Up to 64 KiB that came in; undefined when the client has closed or broken the connection. */
  async readSome(): Promise<Uint8Array | undefined> {
    if (this.#pending.length > 0) {
      const some = this.#pending;
      this.#pending = new Uint8Array(0);
      return some;
    }
    const buffer = new Uint8Array(65536);
    const count = await this.#connection.read(buffer).catch(() => null);
    return count === null ? undefined : buffer.subarray(0, count);
  }

  /** The next request head; undefined when no more comes. */
  async readHead(): Promise<RawRequest | undefined> {
    let text = "";
    while (!text.includes("\r\n\r\n")) {
      const some = await this.readSome();
      if (some === undefined) return undefined;
      text += Array.from(some, (byte) => String.fromCharCode(byte)).join("");
    }
    const end = text.indexOf("\r\n\r\n");
    this.#pending = Uint8Array.from(text.slice(end + 4), (char) => char.charCodeAt(0));
    const [first = "", ...lines] = text.slice(0, end).split("\r\n");
    const [method = "", target = ""] = first.split(" ");
    const headers = new Headers(lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }));
    return { method, target, headers };
  }

  /** Bytes that come before the client closes, at most `limit`. */
  async readBody(limit = Infinity): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < limit) {
      const some = await this.readSome();
      if (some === undefined) break;
      parts.push(some);
      length += some.length;
    }
    const body = new Uint8Array(length);
    let offset = 0;
    for (const part of parts) {
      body.set(part, offset);
      offset += part.length;
    }
    return body;
  }

  /** False when the client does not take it. */
  async write(data: string | Uint8Array): Promise<boolean> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    try {
      for (let offset = 0; offset < bytes.length;) {
        offset += await this.#connection.write(bytes.subarray(offset));
      }
      return true;
    } catch {
      return false;
    }
  }

  async answer(status: string, body: string): Promise<void> {
    await this.write(`HTTP/1.1 ${status}\r\ncontent-length: ${encoder.encode(body).length}\r\n\r\n${body}`);
  }

  close(): void {
    try {
      this.#connection.close();
    } catch {
      // The client was first.
    }
  }
}

export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** As in `http://127.0.0.1:1234`. */
  readonly origin: string;
  connections(): number;
}

/** Serves each connection with `handle`, then closes it. Disposal waits for the handlers and throws what they threw; twice is fine. */
export function startRawServer(handle: (connection: RawConnection) => Promise<void>): RawServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const handlers: Promise<void>[] = [];
  let count = 0;
  const accepting = (async () => {
    for await (const connection of listener) {
      count++;
      const raw = new RawConnection(connection);
      handlers.push(handle(raw).finally(() => raw.close()));
    }
  })();
  const { port } = listener.addr;
  let isListening = true;
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    connections: () => count,
    async [Symbol.asyncDispose]() {
      if (isListening) listener.close();
      isListening = false;
      await accepting.catch(() => undefined);
      const results = await Promise.allSettled(handlers);
      for (const result of results) {
        if (result.status === "rejected") throw result.reason;
      }
    },
  };
}

/** A stream of `chunks`, then its end; tells when it was cancelled. */
export function streamOf(
  chunks: Iterable<Uint8Array<ArrayBuffer>>,
): { readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>; readonly isCancelled: () => boolean } {
  const iterator = chunks[Symbol.iterator]();
  let isCancelled = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const next = iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel() {
      isCancelled = true;
    },
  }, { highWaterMark: 0 });
  return { stream, isCancelled: () => isCancelled };
}

/** `length` bytes that differ along the way, in pieces. */
export function* patternChunks(length: number, pieceBytes = 100_000): Generator<Uint8Array<ArrayBuffer>> {
  for (let offset = 0; offset < length; offset += pieceBytes) {
    const piece = new Uint8Array(Math.min(pieceBytes, length - offset));
    for (let i = 0; i < piece.length; i++) piece[i] = (offset + i) % 251;
    yield piece;
  }
}

export function isPattern(bytes: Uint8Array): boolean {
  return bytes.every((byte, index) => byte === index % 251);
}
