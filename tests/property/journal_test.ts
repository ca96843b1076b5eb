/** Laws of journals: what can be read of one never lies, whatever became of its bytes. */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { jobOf } from "../../lib/store/job.ts";
import { JobStore } from "../../lib/store/job_store.ts";
import { journalLine, readJournalLines } from "../../lib/store/journal_line.ts";
import { fakeEnv } from "../fakes/fake_env.ts";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const VALUES = fc.array(fc.jsonValue({ noUnicodeString: false }), { minLength: 1, maxLength: 8 });

function bytesOf(values: readonly unknown[]): Uint8Array {
  return encode(values.map(journalLine).join(""));
}

const plain = (values: readonly unknown[]): unknown => JSON.parse(JSON.stringify(values));

Deno.test("a journal that is cut at any byte holds the records before the cut, and no damage", () => {
  fc.assert(fc.property(VALUES, fc.nat(), (values, cut) => {
    const bytes = bytesOf(values);
    const at = cut % (bytes.length + 1);
    const { values: read, damagedLines, wholeBytes } = readJournalLines(bytes.subarray(0, at));
    deepEqual(read, plain(values.slice(0, read.length)));
    equal(damagedLines, 0);
    ok(wholeBytes <= at);
    // Whoever goes on there loses nothing of what he adds.
    const more = new Uint8Array([...bytes.subarray(0, wholeBytes), ...encode(journalLine("more"))]);
    deepEqual(readJournalLines(more).values, [...read, "more"]);
  }));
});

Deno.test("a damaged byte costs the lines that it stands between, and is counted", () => {
  fc.assert(fc.property(VALUES, fc.nat(), fc.integer({ min: 1, max: 255 }), (values, position, flip) => {
    const bytes = bytesOf(values);
    const at = position % (bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ flip;
    const { values: read, damagedLines } = readJournalLines(bytes);
    const before = new TextDecoder().decode(bytesOf(values).subarray(0, at)).split("\n").length - 1;
    deepEqual(read.slice(0, before), plain(values.slice(0, before)));
    ok(damagedLines >= 1);
    ok(read.length >= values.length - 2);
  }));
});

Deno.test("whatever the lines say, it is a job", () => {
  const event = fc.constantFrom(
    "begun",
    "resumed",
    "again",
    "progress",
    "failed",
    "more-failed",
    "ended",
    "x",
  );
  const record = fc.record({
    event,
    at: fc.jsonValue(),
    words: fc.jsonValue(),
    totals: fc.jsonValue(),
    path: fc.jsonValue(),
    status: fc.jsonValue(),
    scope: fc.jsonValue(),
  }, { requiredKeys: ["event"] });
  fc.assert(fc.property(fc.array(fc.oneof(record, fc.jsonValue())), (values) => {
    const job = jobOf("k", { values, damagedLines: 0 }, { isLocked: false });
    ok(["done", "failed", "interrupted", "stopped"].includes(job.state));
    ok(Number.isFinite(job.totals.files) && job.totals.files >= 0);
    ok(job.words === undefined || job.words.every((word) => typeof word === "string"));
    ok(job.failures.every(({ path }) => typeof path === "string"));
  }));
});

Deno.test("rubbish is no journal, and no failure", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    const { values, wholeBytes } = readJournalLines(bytes);
    deepEqual(values, []);
    ok(wholeBytes <= bytes.length);
  }));
});

Deno.test("of any number of processes that take a job at the same time one has it, and no record is lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(2), { minLength: 2, maxLength: 8 }), fc.nat(), async (turns, seed) => {
      const disk = new MemoryFileSystem();
      const stores = [1, 2, 3].map((process) => {
        const clock = { now: () => 1, sleep: () => Promise.resolve() };
        const random = new SeededRandom(seed + process);
        const env = fakeEnv({ HOME: "/home" });
        const fileSystem = disk.asAnotherProcess();
        return new JobStore({ fileSystem, clock, env, random, platform: { os: "linux" } });
      });
      const begun = await stores[0]?.begin({
        event: "begun",
        at: 1,
        host: "h",
        processId: 1,
        version: "1",
        directory: "/",
        command: "c",
        words: ["copy"],
      });
      const id = begun?.id ?? "";
      await begun?.[Symbol.asyncDispose]();
      const taking = turns.map(async (process, turn) => {
        const held = await stores[process]?.take(id);
        held?.journal.add({ event: "failed", path: `${turn}`, code: "x", message: "" });
        return held;
      });
      const taken = (await Promise.allSettled(taking)).flatMap((each) =>
        each.status === "fulfilled" ? [each.value] : []
      );
      equal(taken.length, 1);
      equal((await stores[1]?.find(id))?.state, "running");
      await taken[0]?.[Symbol.asyncDispose]();
      const job = await stores[2]?.find(id);
      deepEqual([job?.state, job?.failures.length, job?.damagedLines], ["interrupted", 1, 0]);
    }),
    { numRuns: 50 },
  );
});
