/** Journals: lines that are only added, and what can be read of a file that has been torn or damaged. */
import { deepEqual, equal, rejects } from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import { Journal, readJournal } from "../../../../lib/store/journal.ts";
import { journalLine, readJournalLines } from "../../../../lib/store/journal_line.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("journalLine() is a checksum, a space, JSON and a line end", () => {
  equal(journalLine({ a: "x\ny" }), `cff67e9a {"a":"x\\ny"}\n`);
});

Deno.test("readJournalLines(): what is damaged is counted, what is torn is not there", () => {
  const [one, two, three] = [journalLine(1), journalLine("two"), journalLine([3])];
  const cases = [
    ["", { values: [], damagedLines: 0, wholeBytes: 0 }],
    [one + two, { values: [1, "two"], damagedLines: 0, wholeBytes: one.length + two.length }],
    [one + two.slice(0, -1), { values: [1], damagedLines: 0, wholeBytes: one.length }],
    [one + two.replace("two", "tvo") + three, { values: [1, [3]], damagedLines: 1, wholeBytes: 38 }],
    [`${one}\n${three}`, { values: [1, [3]], damagedLines: 1, wholeBytes: one.length + 1 + three.length }],
    ["00000000 {}\n", { values: [], damagedLines: 1, wholeBytes: 12 }],
  ] as const;
  for (const [text, expected] of cases) {
    const wholeBytes = text.lastIndexOf("\n") + 1;
    deepEqual(readJournalLines(encode(text)), { ...expected, wholeBytes });
  }
});

Deno.test("Journal: what was added is there in its order, also after another process goes on", async () => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/jobs");
  {
    await using journal = await Journal.create(fileSystem, "/jobs/a.jsonl");
    journal.add(1);
    journal.add(2);
    await journal.settle();
    journal.add(3);
  }
  equal((await fileSystem.stat("/jobs/a.jsonl")).mode, 0o600);
  // A torn line is no part of what follows.
  using file = await fileSystem.open("/jobs/a.jsonl", { write: true, append: true });
  await file.write(encode(journalLine(4).slice(0, 8)));
  const content = await readJournal(fileSystem, "/jobs/a.jsonl");
  {
    await using journal = await Journal.continueAfter(fileSystem, "/jobs/a.jsonl", content);
    journal.add(5);
  }
  const { values, damagedLines } = await readJournal(fileSystem, "/jobs/a.jsonl");
  deepEqual([values, damagedLines], [[1, 2, 3, 5], 0]);
});

Deno.test("Journal: settled records survive a power failure", async () => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/jobs");
  const journal = await Journal.create(fileSystem, "/jobs/a.jsonl");
  journal.add(1);
  await journal.settle();
  fileSystem.crash((what) => what === "name");
  deepEqual((await readJournal(fileSystem, "/jobs/a.jsonl")).values, [1]);
});

Deno.test("Journal: a full disk is told once, and nobody who records fails", async () => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/jobs");
  await using journal = await Journal.create(fileSystem, "/jobs/a.jsonl");
  const told: string[] = [];
  journal.onFailure = ({ message }) => told.push(message);
  fileSystem.beforeOperation = ({ name }) => {
    if (name === "write") throw new LocalError("the disk is full");
  };
  for (let index = 0; index < 5; index++) {
    journal.add(index);
    await journal.settle();
  }
  deepEqual(told, ["the disk is full"]);
});

Deno.test("readJournal() reads no file that is longer than any journal", async () => {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put("/big", new Uint8Array(64 * 1024 * 1024 + 1));
  await rejects(readJournal(fileSystem, "/big"), /longer than any journal/);
});
