import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { JobHeap, type Taker } from "../../../../lib/sync/job_heap.ts";
import { parseJobOrder } from "../../../../lib/sync/job_order.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { fileEntry } from "./file_entries.ts";

const ONLY: Taker = { index: 0, count: 1 };

function heapOf(text: string, sizes: readonly number[]): JobHeap<FileEntry> {
  const heap = new JobHeap<FileEntry>(parseJobOrder(text), (file) => file);
  sizes.forEach((size, index) => heap.put(fileEntry(`${index}`, { size })));
  return heap;
}

function takeAll(heap: JobHeap<FileEntry>, takers: readonly Taker[]): readonly FileEntry[] {
  const taken: FileEntry[] = [];
  for (let turn = 0;; turn++) {
    const file = heap.take(takers[turn % takers.length] ?? ONLY);
    if (file === undefined) return taken;
    taken.push(file);
  }
}

Deno.test("JobHeap gives the first, what is equal in the order in which it came", () => {
  const heap = heapOf("size", [3, 1, 2, 1, 3, 1]);
  equal(heap.size, 6);
  deepEqual(takeAll(heap, [ONLY]).map(({ path }) => path), ["1", "3", "5", "2", "0", "4"]);
  equal(heap.size, 0);
  deepEqual(takeAll(heapOf("size,desc", [3, 1, 3, 2]), [ONLY]).map(({ path }) => path), ["0", "2", "3", "1"]);
});

Deno.test("JobHeap takes what came meanwhile into account", () => {
  const heap = heapOf("size", [5, 9]);
  equal(heap.take(ONLY)?.size, 5);
  heap.put(fileEntry("small", { size: 1 }));
  heap.put(fileEntry("large", { size: 10 }));
  deepEqual(takeAll(heap, [ONLY]).map(({ size }) => size), [1, 9, 10]);
});

/** Of four transfers that take in turn: what each of the first four turns gives, of sizes 1 to 8. */
const MIXED: readonly (readonly [text: string, sizes: readonly number[]])[] = [
  ["size,mixed", [1, 2, 8, 7, 3, 4, 6, 5]],
  ["size,mixed,25", [1, 8, 7, 6, 2, 5, 4, 3]],
  ["size,mixed,26", [1, 2, 8, 7, 3, 4, 6, 5]],
  ["size,mixed,75", [1, 2, 3, 8, 4, 5, 6, 7]],
  ["size,mixed,0", [8, 7, 6, 5, 4, 3, 2, 1]],
  ["size,mixed,100", [1, 2, 3, 4, 5, 6, 7, 8]],
];

for (const [text, sizes] of MIXED) {
  Deno.test(`JobHeap shares the ends among the transfers for "${text}"`, () => {
    const heap = heapOf(text, [4, 8, 1, 6, 2, 7, 3, 5]);
    const takers = [0, 1, 2, 3].map((index) => ({ index, count: 4 }));
    deepEqual(takeAll(heap, takers).map(({ size }) => size), sizes);
  });
}

Deno.test("JobHeap gives every job once, each end in order, however jobs come and go", () => {
  const steps = fc.array(fc.oneof(fc.nat(20), fc.constantFrom("first" as const, "last" as const)));
  fc.assert(fc.property(steps, (all) => {
    const heap = heapOf("size,mixed", []);
    const model: { readonly size: number; readonly serial: number }[] = [];
    all.forEach((step, serial) => {
      if (typeof step === "number") {
        heap.put(fileEntry(`${serial}`, { size: step }));
        model.push({ size: step, serial });
        return;
      }
      const sign = step === "first" ? 1 : -1;
      model.sort((left, right) => sign * (left.size - right.size) || left.serial - right.serial);
      const expected = model.shift();
      const taken = heap.take({ index: step === "first" ? 0 : 1, count: 2 });
      equal(taken?.path, expected === undefined ? undefined : `${expected.serial}`);
      equal(heap.size, model.length);
    });
  }));
});
