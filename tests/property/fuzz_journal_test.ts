/** Lines that this program wrote, and that somebody or something has changed since: known for what they are, in time. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { md5OfBytes } from "../../lib/hash/md5.ts";
import { toJobRecord } from "../../lib/store/job_record.ts";
import { readJournalLines } from "../../lib/store/journal_line.ts";
import { ManifestParser, ManifestProblem } from "../../lib/verify/manifest.ts";
import { parseState } from "../../lib/verify/records.ts";
import { HOSTILE_JSON, HOSTILE_NAME, inTime, SEED } from "./hostile.ts";

const RUNS = { seed: SEED, numRuns: 100, endOnFailure: true };
const encoder = new TextEncoder();

/** With the checksum that is right for it: whoever can write the file can do that, too. */
const signed = (json: string) => `${md5OfBytes(encoder.encode(json)).slice(0, 8)} ${json}`;

const FIELDS = fc.record({
  event: fc.oneof(fc.constantFrom("began", "ended", "done", "failed"), HOSTILE_NAME),
  path: fc.oneof(HOSTILE_NAME, fc.jsonValue()),
  size: fc.oneof(fc.constantFrom(-1, 1.5, 2 ** 60, null), fc.jsonValue()),
  md5: fc.oneof(fc.constant("0".repeat(32)), HOSTILE_NAME, fc.jsonValue()),
  verifyState: fc.constantFrom(1, 2, "1", null),
  manifest: fc.constantFrom(1, 99, null),
  sum: HOSTILE_NAME,
  at: fc.jsonValue(),
  modifiedAtMs: fc.jsonValue(),
  atMs: fc.jsonValue(),
  __proto__: fc.jsonValue(),
}, { requiredKeys: [] }).map((fields) => JSON.stringify(fields));
const JSON_TEXT = fc.oneof({ weight: 3, arbitrary: FIELDS }, HOSTILE_JSON);
const LINE = fc.oneof(JSON_TEXT.map(signed), JSON_TEXT, JSON_TEXT.map((json) => `#${json}`), HOSTILE_NAME);
const LINES = fc.array(LINE, { maxLength: 12 }).map((lines) => lines.join("\n"));

Deno.test("any lines are a journal: records, damage, or neither", async () => {
  await fc.assert(
    fc.asyncProperty(LINES, fc.boolean(), async (text, isWhole) => {
      const bytes = encoder.encode(isWhole ? `${text}\n` : text);
      const { values, damagedLines, wholeBytes } = await inTime(() => readJournalLines(bytes));
      assert.ok(wholeBytes <= bytes.length);
      const lines = new TextDecoder().decode(bytes.subarray(0, wholeBytes)).split("\n").length - 1;
      assert.equal(values.length + damagedLines, lines);
      for (const value of values) toJobRecord(value);
    }),
    RUNS,
  );
});

Deno.test("any lines are what a verification has noted, and what is damaged is no proof", async () => {
  await fc.assert(
    fc.asyncProperty(LINES, async (text) => {
      const { records } = await inTime(() => parseState(text));
      for (const [path, record] of records) {
        assert.equal(record.path, path);
        assert.ok(Number.isSafeInteger(record.size) && record.size >= 0, `${record.size}`);
      }
    }),
    RUNS,
  );
});

Deno.test("any lines are a manifest or are refused as none", async () => {
  await fc.assert(
    fc.asyncProperty(LINES, fc.boolean(), async (text, isBegun) => {
      await inTime(() => {
        const parser = new ManifestParser();
        try {
          if (isBegun) parser.line('#{"manifest":1}');
          for (const line of text.split("\n")) parser.line(line);
          parser.finish();
          assert.fail("nobody can write its sum by chance");
        } catch (error) {
          assert.ok(error instanceof ManifestProblem, String(error));
        }
      });
    }),
    RUNS,
  );
});
