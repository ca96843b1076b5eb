import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { decodeRecord, encodeRecord, FINGERPRINT_BYTES } from "../../../../lib/store/hash_record.ts";
import { HashTable } from "../../../../lib/store/hash_table.ts";

const MD5 = "0123456789abcdef0123456789abcdef";

function fingerprint(number: number): Uint8Array {
  const bytes = new Uint8Array(FINGERPRINT_BYTES);
  // All of them lead to few places, so that they get in each other's way.
  bytes[1] = number % 3;
  new DataView(bytes.buffer).setUint32(8, number);
  return bytes;
}

function record(number: number, day = 20_000): Uint8Array<ArrayBuffer> {
  return encodeRecord({ fingerprint: fingerprint(number), md5: MD5, day });
}

function line(number: number, day?: number): string {
  return record(number, day).toBase64();
}

Deno.test("HashTable finds what was set last, as a map does", () => {
  const sets = fc.array(fc.tuple(fc.nat(300), fc.nat(60_000)), { maxLength: 700 });
  fc.assert(
    fc.property(sets, (pairs) => {
      const table = new HashTable();
      const map = new Map<number, number>();
      for (const [number, day] of pairs) {
        table.set(record(number, day));
        map.delete(number);
        map.set(number, day);
      }
      for (let number = 0; number <= 300; number++) {
        const found = table.get(fingerprint(number));
        equal(found === undefined ? undefined : decodeRecord(found)?.day, map.get(number));
      }
      const latest = table.latest({ most: 50, fromDay: 0 }).map((each) => decodeRecord(each)?.day);
      deepEqual(latest, [...map.values()].slice(-50));
    }),
    { numRuns: 40 },
  );
});

const TEXTS: readonly (readonly [string, string, readonly number[]])[] = [
  ["nothing", "", []],
  ["whole lines", `${line(1)}\n${line(2)}\n`, [1, 2]],
  ["empty lines", `\n\n${line(1)}\n\n\n${line(2)}\n`, [1, 2]],
  ["a last line without its end", `${line(1)}\n${line(2)}`, [1, 2]],
  ["a line that was cut off", `${line(1).slice(0, 30)}\n${line(2)}\n`, [2]],
  ["two lines in one", `${line(1).slice(0, 30)}${line(3)}\n${line(2)}\n`, [2]],
  ["zeros", `${"\0".repeat(48)}\n${line(2)}\n`, [2]],
  ["other characters", `${"é".repeat(48)}\n${"%".repeat(48)}\n${line(2)}\n`, [2]],
  ["padding", `${line(1).slice(0, 47)}=\n${line(2)}\n`, [2]],
];

for (const [what, text, expected] of TEXTS) {
  Deno.test(`HashTable.parse() takes what is whole of ${what}`, () => {
    const table = HashTable.parse(text);
    deepEqual([1, 2, 3].filter((number) => table.get(fingerprint(number)) !== undefined), expected);
  });
}

Deno.test("HashTable.latest() leaves out old days", () => {
  const table = HashTable.parse([line(1, 10), line(2, 30), line(3, 20)].join("\n"));
  const days = table.latest({ most: 9, fromDay: 20 }).map((each) => decodeRecord(each)?.day);
  deepEqual(days, [30, 20]);
});
