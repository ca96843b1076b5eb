/**
 * HTTP/1.1 requests of one client connection, forwarded raw to one upstream connection with
 * `x-forwarded-proto: https` put into each head. Knows just enough HTTP to find where a request ends: the
 * blank line and Content-Length.
 */
import { type HeadRead, pipe, readHead, writeAll } from "./socket.ts";
import type { Link } from "./connection_server.ts";

const BODY_BUFFER = 128 * 1024;
const CRLF = "\r\n";
const encoder = new TextEncoder();

/** Serves until either side ends: requests are framed, answers are piped as they come. */
export async function forwardRequests(link: Link, upstreamAddress: Deno.ConnectOptions): Promise<void> {
  const upstream = await link.open(upstreamAddress);
  await link.race([
    () => sendRequests(link.client, upstream),
    () => pipe(upstream, link.client),
  ]);
}

async function sendRequests(client: Deno.Conn, upstream: Deno.Conn): Promise<void> {
  let rest = new Uint8Array(0);
  for (;;) {
    const read = await readHead(client, rest);
    if (read === null) return;
    await writeAll(upstream, marked(read));
    rest = await sendBody(client, upstream, { length: bodyLength(read.head), buffered: read.rest });
  }
}

/** The head as it came, byte for byte, with the mark of a TLS front as its last line. */
function marked(read: HeadRead): Uint8Array {
  const mark = encoder.encode(`${CRLF}x-forwarded-proto: https${CRLF}${CRLF}`);
  const whole = new Uint8Array(read.bytes.length + mark.length);
  whole.set(read.bytes);
  whole.set(mark, read.bytes.length);
  return whole;
}

/**
 * Every body of the service's protocol has a known length (API reference 5.14); a chunked one would be a
 * finding.
 */
function bodyLength(head: string): number {
  if (/^transfer-encoding:/im.test(head)) throw new TypeError("The bridge was sent a chunked request body");
  return Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
}

/** Streams a body on; returns what was read beyond it. */
async function sendBody(
  client: Deno.Conn,
  upstream: Deno.Conn,
  body: { readonly length: number; readonly buffered: Uint8Array<ArrayBuffer> },
): Promise<Uint8Array<ArrayBuffer>> {
  await writeAll(upstream, body.buffered.subarray(0, body.length));
  let left = body.length - Math.min(body.length, body.buffered.length);
  const buffer = new Uint8Array(Math.min(left, BODY_BUFFER));
  while (left > 0) {
    const count = await client.read(buffer.subarray(0, left));
    if (count === null) throw new Deno.errors.UnexpectedEof("The client ended inside a request body");
    await writeAll(upstream, buffer.subarray(0, count));
    left -= count;
  }
  return body.buffered.slice(body.length);
}
