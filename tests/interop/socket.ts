/** Bytes between two sockets: read a head, write everything, pipe one way. */

/** A head longer than this is not one of ours. */
const MAX_HEAD = 64 * 1024;
const PIPE_BUFFER = 128 * 1024;
const latin1 = new TextDecoder("latin1");

/** True for what a socket throws when the peer, or stop(), ended it: not a mistake of the bridge. */
export function isGone(error: unknown): boolean {
  return error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted ||
    error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.ConnectionAborted ||
    error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.BrokenPipe ||
    error instanceof Deno.errors.UnexpectedEof || error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.InvalidData;
}

export async function writeAll(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}

/** A request head, in latin-1 without its closing blank line, and the bytes that came behind it. */
export interface HeadRead {
  readonly head: string;
  readonly bytes: Uint8Array;
  readonly rest: Uint8Array<ArrayBuffer>;
}

/** Reads up to the blank line that ends a head; null when the peer closes before one is complete. */
export async function readHead(conn: Deno.Conn, buffered: Uint8Array<ArrayBuffer>): Promise<HeadRead | null> {
  let input = buffered;
  const piece = new Uint8Array(16 * 1024);
  for (;;) {
    const end = latin1.decode(input).indexOf("\r\n\r\n");
    if (end >= 0) {
      return {
        head: latin1.decode(input.subarray(0, end)),
        bytes: input.slice(0, end),
        rest: input.slice(end + 4),
      };
    }
    if (input.length > MAX_HEAD) return null;
    const count = await conn.read(piece);
    if (count === null) return null;
    input = concat(input, piece.subarray(0, count));
  }
}

/** Copies until the source ends, then ends the target's input too where a half-close exists (not in TLS). */
export async function pipe(source: Deno.Conn, target: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(PIPE_BUFFER);
  for (;;) {
    const count = await source.read(buffer);
    if (count === null) break;
    await writeAll(target, buffer.subarray(0, count));
  }
  if ("closeWrite" in target && typeof target.closeWrite === "function") await target.closeWrite();
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
