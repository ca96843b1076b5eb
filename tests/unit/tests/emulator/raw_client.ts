/** A client that writes bytes on a socket, for what fetch cannot send: raw paths, broken bodies, pipelines. */

const encoder = new TextEncoder();

export class RawClient implements Disposable {
  readonly #conn: Deno.TcpConn;
  #closed = false;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
  }

  static async connect(endpoint: string): Promise<RawClient> {
    const { hostname, port } = new URL(endpoint);
    return new RawClient(await Deno.connect({ hostname, port: Number(port) }));
  }

  async send(text: string | Uint8Array): Promise<void> {
    const bytes = typeof text === "string" ? encoder.encode(text) : text;
    for (let at = 0; at < bytes.length;) at += await this.#conn.write(bytes.subarray(at));
  }

  /** Everything until the server closes, or until `enough` says so. A reset ends it like a close. */
  async read(enough: (text: string) => boolean = () => false): Promise<string> {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(65536);
    let text = "";
    while (!enough(text)) {
      const count = await this.#conn.read(buffer).catch(() => null);
      if (count === null) return text;
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
    return text;
  }

  close(): void {
    if (!this.#closed) this.#conn.close();
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
