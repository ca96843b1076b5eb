/** MD5 of a file of any size, apart from what the program under test computes. */
import { createHash } from "node:crypto";

export async function md5OfPath(path: string): Promise<string> {
  const hash = createHash("md5");
  const file = await Deno.open(path, { read: true });
  for await (const chunk of file.readable) hash.update(chunk);
  return hash.digest("hex");
}
