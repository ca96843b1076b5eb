import assert from "node:assert/strict";
import { compareTimes } from "../../../../lib/sync/compare.ts";
import { decide } from "../../../../lib/sync/decide.ts";
import type { CompareOptions } from "../../../../lib/sync/sync_options.ts";
import type { FileEntry } from "../../../../lib/tree/tree.ts";
import { PLAIN } from "./plain_options.ts";

const file = (size: number, second: number | undefined, md5?: string): FileEntry => ({
  kind: "file",
  path: "a",
  size,
  modifiedAtMs: second === undefined ? undefined : second * 1_000,
  md5,
});

/** What is decided, in short; of contents that have to be compared: what follows when they are the same, and when not. */
function decided(source: FileEntry, target: FileEntry | undefined, options: Partial<CompareOptions>): string {
  const decision = decide(source, target, { ...PLAIN.compare, ...options });
  if (decision.act !== "compare-content") return decision.act;
  return `content: ${decision.same.act}, ${decision.different.act}`;
}

Deno.test("decide() goes by time, checksum, size or nothing", () => {
  const cases: readonly (readonly [FileEntry, FileEntry | undefined, Partial<CompareOptions>, string])[] = [
    [file(1, 5), undefined, {}, "transfer"],
    [file(1, 5), file(1, 5), {}, "unchanged"],
    [file(1, 5), file(2, 5), {}, "transfer"],
    [file(1, 5), file(1, 6), {}, "content: touch, transfer"],
    [file(1, 5, "x"), file(1, 6, "x"), {}, "touch"],
    [file(1, 5, "x"), file(1, 6, "y"), {}, "transfer"],
    [file(1, 5, "x"), file(1, 5, "y"), {}, "transfer"],
    [file(1, 5), file(1, 5, "y"), {}, "unchanged"],
    [file(1, undefined), file(1, 5), {}, "content: unchanged, transfer"],
    [file(1, undefined, "x"), file(1, 5, "x"), {}, "unchanged"],
    [file(1, 5), file(1, undefined), {}, "content: touch, transfer"],
    [file(1, 5), file(1, 8), { modifyWindowMs: 4_000 }, "unchanged"],
    [file(1, 5), file(1, 9), { modifyWindowMs: 4_000 }, "content: touch, transfer"],
    [file(1, 5), file(1, 5), { by: "checksum" }, "content: unchanged, transfer"],
    [file(1, 5, "x"), file(1, 9, "x"), { by: "checksum" }, "unchanged"],
    [file(1, 5, "x"), file(1, 5, "y"), { by: "checksum" }, "transfer"],
    [file(1, 5, "x"), file(2, 5), { by: "checksum" }, "transfer"],
    [file(1, 5, "x"), file(1, 9, "y"), { by: "size" }, "unchanged"],
    [file(1, 5), file(2, 5), { by: "size" }, "transfer"],
    [file(1, 5, "x"), file(1, 5, "x"), { by: "never" }, "transfer"],
  ];
  for (const [source, target, options, expected] of cases) {
    assert.equal(decided(source, target, options), expected, JSON.stringify([source, target, options]));
  }
});

Deno.test("decide() leaves alone what is there, newer, or not to be changed", () => {
  const cases: readonly (readonly [FileEntry, FileEntry | undefined, Partial<CompareOptions>, string])[] = [
    [file(1, 5), undefined, { ignoreExisting: true }, "transfer"],
    [file(1, 5), file(2, 1), { ignoreExisting: true }, "skip"],
    [file(1, 5), file(2, 6), { update: true }, "skip"],
    [file(1, 5), file(1, 6), { update: true }, "skip"],
    [file(1, 5), file(2, 6), { update: true, modifyWindowMs: 2_000 }, "transfer"],
    [file(1, 5), file(2, 5), { update: true }, "transfer"],
    [file(1, 5), file(1, 5), { update: true }, "unchanged"],
    [file(1, 6), file(2, 5), { update: true }, "transfer"],
    [file(1, 6), file(1, 5), { update: true }, "content: touch, transfer"],
    [file(1, 6), file(1, 5), { update: true, by: "size" }, "unchanged"],
    [file(1, 5), file(1, 6), { update: true, by: "never" }, "transfer"],
    [file(1, 5), undefined, { immutable: true }, "transfer"],
    [file(1, 5), file(1, 5), { immutable: true }, "unchanged"],
    [file(1, 5), file(2, 5), { immutable: true }, "refuse"],
    [file(1, 5), file(1, 6), { immutable: true }, "refuse"],
    [file(1, 5), file(1, 6), { immutable: true, by: "size" }, "unchanged"],
    [file(1, 5, "x"), file(1, 6, "x"), { immutable: true, by: "checksum" }, "unchanged"],
    [file(1, 5, "x"), file(1, 5, "y"), { immutable: true, by: "checksum" }, "refuse"],
    [file(1, 5), file(1, 5), { immutable: true, by: "never" }, "refuse"],
  ];
  for (const [source, target, options, expected] of cases) {
    assert.equal(decided(source, target, options), expected, JSON.stringify([source, target, options]));
  }
});

Deno.test("compareTimes() cuts to whole seconds, downwards, and knows nothing of an unknown time", () => {
  const cases: readonly (readonly [number | undefined, number | undefined, number, string])[] = [
    [1_000, 1_999, 1, "equal"],
    [1_000, 2_000, 1, "target-newer"],
    [-1, -1_000, 1, "equal"],
    [-1, 0, 1, "target-newer"],
    [2_000, 1_999, 1_000, "source-newer"],
    [1_000, 2_999, 2_000, "equal"],
    [1_000, 3_000, 2_000, "target-newer"],
    [undefined, 1_000, 1_000, "unknown"],
    [1_000, undefined, 1_000, "unknown"],
  ];
  for (const [source, target, windowMs, expected] of cases) {
    const outcome = compareTimes({ modifiedAtMs: source }, { modifiedAtMs: target }, windowMs);
    assert.equal(outcome, expected, JSON.stringify([source, target, windowMs]));
  }
});
