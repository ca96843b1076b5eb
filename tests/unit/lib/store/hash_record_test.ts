import { deepEqual, equal, notDeepEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  decodeRecord,
  encodeRecord,
  type FileLook,
  FINGERPRINT_BYTES,
  fingerprintOf,
  LINE_LENGTH,
  RECORD_BYTES,
} from "../../../../lib/store/hash_record.ts";

const LOOK: FileLook = {
  identity: "1:22",
  size: 3,
  modifiedAtNs: 1_600_000_000_123_456_789n,
  changedAtNs: 1_600_000_000_123_456_789n,
};

const OTHERS: readonly (readonly [string, Partial<FileLook>])[] = [
  ["device", { identity: "12:2" }],
  ["inode", { identity: "1:23" }],
  ["size", { size: 4 }],
  ["time of modification", { modifiedAtNs: 1_600_000_000_123_456_788n }],
  ["time of change", { changedAtNs: 1_600_000_000_123_456_788n }],
];

for (const [what, other] of OTHERS) {
  Deno.test(`fingerprintOf() is another one for another ${what}`, () => {
    notDeepEqual(fingerprintOf({ ...LOOK, ...other }), fingerprintOf(LOOK));
    deepEqual(fingerprintOf({ ...LOOK }), fingerprintOf(LOOK));
  });
}

const UNKNOWABLE: readonly (readonly [string, Partial<FileLook>])[] = [
  ["without an inode", { identity: undefined }],
  ["without exact times", { modifiedAtNs: undefined }],
  ["without a time of change", { changedAtNs: undefined }],
  ["on a disk of whole seconds", { changedAtNs: 1_600_000_000_000_000_000n }],
  ["on a disk of hundredths", { changedAtNs: 1_600_000_000_120_000_000n }],
  ["that is empty", { size: 0 }],
];

for (const [what, other] of UNKNOWABLE) {
  Deno.test(`fingerprintOf() has none for a file ${what}`, () => {
    equal(fingerprintOf({ ...LOOK, ...other }), undefined);
  });
}

Deno.test("decodeRecord() gives what was encoded, and nothing of a record with any byte changed", () => {
  const filled = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      filled(FINGERPRINT_BYTES),
      filled(16),
      fc.nat(65_535),
      fc.nat(RECORD_BYTES - 1),
      fc.integer({ min: 1, max: 255 }),
      (fingerprint, md5, day, at, change) => {
        const record = { fingerprint, md5: md5.toHex(), day };
        const bytes = encodeRecord(record);
        equal(bytes.toBase64().length, LINE_LENGTH);
        deepEqual(decodeRecord(bytes), record);
        bytes[at] = (bytes[at] ?? 0) ^ change;
        equal(decodeRecord(bytes), undefined);
      },
    ),
  );
});
