import assert from "node:assert/strict";
import { createMd5, md5OfBytes } from "../../../../lib/hash/md5.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("md5OfBytes() gives the digests of RFC 1321", () => {
  assert.equal(md5OfBytes(encode("")), "d41d8cd98f00b204e9800998ecf8427e");
  assert.equal(md5OfBytes(encode("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
});

Deno.test("createMd5() is the same however the bytes are cut", () => {
  const md5 = createMd5();
  const buffer = new Uint8Array(4);
  for (const part of ["mess", "age ", "dige", "st"]) {
    const { written } = new TextEncoder().encodeInto(part, buffer);
    md5.update(buffer.subarray(0, written));
  }
  assert.equal(md5.digestHex(), md5OfBytes(encode("message digest")));
});
