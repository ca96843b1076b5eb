/** The last requests an emulator saw, in a bounded ring, for tests to look at. */

export interface RecordedRequest {
  readonly method: string;
  /** Raw path, neither decoded nor normalised. */
  readonly path: string;
  /** Raw query without `?`. */
  readonly query: string;
  /** Status answered; 0 while running and when the connection was dropped without an answer. */
  status: number;
  /** Body bytes the emulator sent. */
  sentBytes: number;
  /** Body bytes the emulator received. */
  receivedBytes: number;
  /** Those of `range`, `content-type`, `content-length`, `host`, `user-agent` that were sent. */
  readonly headers: Readonly<Record<string, string>>;
}

const KEPT = 10_000;
const KEPT_HEADERS = ["range", "content-type", "content-length", "host", "user-agent"];

export class RequestLog {
  total = 0;
  #ring: RecordedRequest[] = [];
  #next = 0;

  /** Oldest first. */
  get requests(): readonly RecordedRequest[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  start(request: {
    method: string;
    path: string;
    query: string;
    headers: ReadonlyMap<string, string>;
  }): RecordedRequest {
    const { method, path, query } = request;
    const headers: Record<string, string> = {};
    for (const name of KEPT_HEADERS) {
      const value = request.headers.get(name);
      if (value !== undefined) headers[name] = value;
    }
    const entry = { method, path, query, status: 0, sentBytes: 0, receivedBytes: 0, headers };
    this.total += 1;
    if (this.#ring.length < KEPT) this.#ring.push(entry);
    else {
      this.#ring[this.#next] = entry;
      this.#next = (this.#next + 1) % KEPT;
    }
    return entry;
  }

  clear(): void {
    this.#ring = [];
    this.#next = 0;
  }
}
