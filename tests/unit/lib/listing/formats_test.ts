/** Items, JSON, types, sizes and lists of sums: tables. */
import { deepEqual, equal } from "node:assert/strict";
import { createHasher, findHashName, HASH_NAMES, hexToBase64 } from "../../../../lib/hash/kinds.ts";
import { metadataOf, mimeTypeOf, modifiedAtNsOf } from "../../../../lib/listing/item.ts";
import { formatGoJson, formatJsonItem } from "../../../../lib/listing/json_item.ts";
import { mimeTypeOfName } from "../../../../lib/listing/mime_types.ts";
import { formatListedSize } from "../../../../lib/listing/size_field.ts";
import { parseSumLine } from "../../../../lib/listing/sum_file.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";

const FILE: FileEntry = { kind: "file", path: "a/b.txt", size: 3, modifiedAtMs: 1_500.25 };

Deno.test("modifiedAtNsOf() takes the exact time, else the milliseconds, else 2000-01-01", () => {
  equal(modifiedAtNsOf({ ...FILE, modifiedAtNs: 7n }), 7n);
  equal(modifiedAtNsOf(FILE), 1_500_250_000n);
  equal(modifiedAtNsOf({ ...FILE, modifiedAtMs: -0.5 }), -500_000n);
  equal(modifiedAtNsOf({ kind: "directory", path: "a", modifiedAtMs: undefined }), 946_684_800_000_000_000n);
});

Deno.test("mimeTypeOf() believes the service before the name", () => {
  equal(mimeTypeOf({ ...FILE, mimeType: "x/y" }), "x/y");
  equal(mimeTypeOf({ ...FILE, mimeType: "" }), "text/plain; charset=utf-8");
  equal(mimeTypeOf({ kind: "directory", path: "a.txt", modifiedAtMs: 0 }), "inode/directory");
});

Deno.test("mimeTypeOfName() reads the last ending, in any case", () => {
  const cases = {
    "a.JPG": "image/jpeg",
    "a.jpg.bin": "application/octet-stream",
    "a": "application/octet-stream",
  };
  for (const [name, type] of Object.entries(cases)) equal(mimeTypeOfName(name), type, name);
  equal(mimeTypeOfName(".txt"), "text/plain; charset=utf-8");
});

Deno.test("metadataOf() tells the times and the type of a file, of a folder nothing", () => {
  const formatTime = (ns: bigint) => String(ns);
  deepEqual(metadataOf({ ...FILE, createdAtMs: 1, mimeType: "x/y" }, formatTime), {
    btime: "1000000",
    "content-type": "x/y",
    mtime: "1500250000",
  });
  deepEqual(metadataOf({ ...FILE, modifiedAtMs: undefined }, formatTime), {});
  deepEqual(metadataOf({ kind: "directory", path: "a", modifiedAtMs: 1 }, formatTime), {});
});

Deno.test("formatJsonItem() writes rclone's keys, hashes in order of their names", () => {
  const item = {
    path: "a/<b>",
    isDirectory: false,
    size: 3,
    modifiedAtNs: 1n,
    mimeType: "x/y",
    hashes: { sha1: "s", md5: "m" },
    metadata: {},
  };
  const formatTime = () => "T";
  equal(
    formatJsonItem(item, { formatTime }),
    '{"Path":"a/\\u003cb\\u003e","Name":"\\u003cb\\u003e","Size":3,"MimeType":"x/y","ModTime":"T","IsDir":false,"Hashes":{"md5":"m","sha1":"s"}}',
  );
  const bare = { ...item, modifiedAtNs: undefined, mimeType: undefined, hashes: undefined };
  equal(
    formatJsonItem(bare, { formatTime, isIndented: true }),
    '{\n\t"Path": "a/\\u003cb\\u003e",\n\t"Name": "\\u003cb\\u003e",\n\t"Size": 3,\n\t"ModTime": "",\n\t"IsDir": false\n}',
  );
});

Deno.test("formatGoJson() escapes what Go escapes", () => {
  equal(formatGoJson("&<>\u2028\u2029\n\x7f"), '"\\u0026\\u003c\\u003e\\u2028\\u2029\\n\x7f"');
});

Deno.test("formatListedSize() keeps its column", () => {
  equal(formatListedSize(1536, { isHuman: true, width: 12 }), "  1.500Ki");
  equal(formatListedSize(-1, { isHuman: true, width: 12 }), "       -1");
  equal(formatListedSize(1536, { isHuman: false, width: 12 }), "        1536");
});

Deno.test("parseSumLine() reads both forms of a line and tells what is none", () => {
  deepEqual(parseSumLine("ab12  a b.txt"), { sum: "ab12", path: "a b.txt" });
  deepEqual(parseSumLine("AB12 *c"), { sum: "AB12", path: "c" });
  deepEqual(parseSumLine("ab12    x"), { sum: "ab12", path: "  x" });
  for (const line of ["", "# comment"]) equal(parseSumLine(line), undefined);
  for (const line of ["ab12", "ab12 x", " ab12  x", "ab12  "]) equal(parseSumLine(line), "malformed", line);
});

const SUMS = {
  md5: "900150983cd24fb0d6963f7d28e17f72",
  sha1: "a9993e364706816aba3e25717850c26c9cd0d89d",
  crc32: "352441c2",
  sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  sha512:
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
} as const;

for (const name of HASH_NAMES) {
  Deno.test(`createHasher() computes ${name} in parts`, () => {
    const hasher = createHasher(name);
    for (const letter of "abc") hasher.update(new TextEncoder().encode(letter));
    equal(hasher.digestHex(), SUMS[name]);
  });
}

Deno.test("createHasher() keeps the zeros of a CRC", () => {
  equal(createHasher("crc32").digestHex(), "00000000");
});

Deno.test("findHashName() takes rclone's spellings", () => {
  const cases = {
    MD5: "md5",
    "SHA-1": "sha1",
    sha1: "sha1",
    "CRC-32": "crc32",
    "sha-256": "sha256",
    SHA512: "sha512",
  };
  for (const [text, name] of Object.entries(cases)) equal(findHashName(text), name);
  for (const text of ["", "whirlpool", "toString"]) equal(findHashName(text), undefined);
});

Deno.test("hexToBase64() uses the alphabet for URLs, with padding", () => {
  equal(hexToBase64("ffeffe"), "_-_-");
  equal(hexToBase64("ff"), "_w==");
});
