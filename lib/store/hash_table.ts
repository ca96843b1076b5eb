/**
 * Records of known MD5s in little memory: some 50 bytes each, whole records in one block and their places in another. A
 * record is looked into only when it is asked for; so a text of thousands of lines is read within milliseconds.
 */
import { dayOf, FINGERPRINT_BYTES, LINE_LENGTH, RECORD_BYTES } from "./hash_record.ts";

const MIN_CAPACITY = 64;
const NOTHING = -1;

export class HashTable {
  #records = new Uint8Array(MIN_CAPACITY * RECORD_BYTES);
  /** Where a record is, at a place that its fingerprint leads to; twice as many as records at least. */
  #places = new Int32Array(2 * MIN_CAPACITY).fill(NOTHING);
  #count = 0;

  /** Takes what is whole of the lines of a text; of two with one fingerprint the later one counts. */
  static parse(text: string): HashTable {
    const table = new HashTable();
    table.#resize(Math.ceil(text.length / (LINE_LENGTH + 1)));
    for (const line of text.split("\n")) {
      const record = line.length === LINE_LENGTH ? fromBase64(line) : undefined;
      if (record?.length === RECORD_BYTES) table.set(record);
    }
    return table;
  }

  /** Records ever set, those included that later ones have taken the place of. */
  get count(): number {
    return this.#count;
  }

  set(record: Uint8Array): void {
    if (2 * (this.#count + 1) > this.#places.length) this.#resize(2 * (this.#count + 1));
    const index = this.#count++;
    this.#records.set(record, index * RECORD_BYTES);
    this.#places[this.#placeOf(record)] = index;
  }

  /** The record with this fingerprint as it was set, damaged or not. */
  get(fingerprint: Uint8Array): Uint8Array | undefined {
    const index = this.#places[this.#placeOf(fingerprint)] ?? NOTHING;
    return index === NOTHING ? undefined : this.#at(index);
  }

  /** The latest records, `most` at most, of this day or later: in the order in which they were set. */
  latest({ most, fromDay }: { readonly most: number; readonly fromDay: number }): Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let index = this.#count - 1; index >= 0 && found.length < most; index--) {
      const record = this.#at(index);
      if (this.#places[this.#placeOf(record)] === index && dayOf(record) >= fromDay) found.push(record);
    }
    return found.reverse();
  }

  #at(index: number): Uint8Array {
    return this.#records.subarray(index * RECORD_BYTES, (index + 1) * RECORD_BYTES);
  }

  /** The place that the fingerprint has, or would get. */
  #placeOf(fingerprint: Uint8Array): number {
    const mask = this.#places.length - 1;
    const [, a = 0, b = 0, c = 0, d = 0] = fingerprint;
    for (let place = (a | b << 8 | c << 16 | d << 24) & mask;; place = (place + 1) & mask) {
      const index = this.#places[place] ?? NOTHING;
      if (index === NOTHING || this.#hasFingerprint(index, fingerprint)) return place;
    }
  }

  #hasFingerprint(index: number, fingerprint: Uint8Array): boolean {
    const start = index * RECORD_BYTES;
    for (let at = 0; at < FINGERPRINT_BYTES; at++) {
      if (this.#records[start + at] !== fingerprint[at]) return false;
    }
    return true;
  }

  #resize(capacity: number): void {
    let size = MIN_CAPACITY;
    while (size < capacity) size *= 2;
    const records = new Uint8Array(size * RECORD_BYTES);
    records.set(this.#records.subarray(0, this.#count * RECORD_BYTES));
    this.#records = records;
    this.#places = new Int32Array(2 * size).fill(NOTHING);
    for (let index = 0; index < this.#count; index++) this.#places[this.#placeOf(this.#at(index))] = index;
  }
}

function fromBase64(line: string): Uint8Array | undefined {
  try {
    return Uint8Array.fromBase64(line);
  } catch {
    return undefined;
  }
}
