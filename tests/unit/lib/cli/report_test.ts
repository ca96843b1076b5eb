import assert from "node:assert/strict";
import { Reporter } from "../../../../lib/cli/report.ts";
import { LocalError } from "../../../../lib/errors.ts";
import { Logger } from "../../../../lib/log.ts";
import type { Change } from "../../../../lib/transfer/change.ts";
import { PlainResult, type ResultSink } from "../../../../lib/ui/result_sink.ts";
import { TextPrinter } from "../../../../lib/ui/text_printer.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";

function setUp({ dryRun = false } = {}) {
  const terminal = new ScriptedTerminal({ stdoutIsTerminal: false });
  const printer = new TextPrinter(terminal);
  const log = new Logger("debug", (line) => terminal.writeStderr(`${line}\n`));
  const plain = new PlainResult(printer);
  const items: Change[] = [];
  const sink: ResultSink = {
    item: (change) => {
      items.push(change);
      plain.item(change);
    },
    ready: () => plain.ready(),
    finish: () => plain.finish(),
  };
  return { terminal, printer, items, reporter: new Reporter({ printer, log, sink, dryRun }) };
}

const CHANGES: readonly Change[] = [
  { action: "deleted", path: "a", size: 3 },
  { action: "skipped", path: "b", reason: "it is a link" },
  { action: "unchanged", path: "c", size: 1 },
  { action: "left-alone", path: "d", reason: "it is not there" },
  { action: "failed", path: "e", error: new LocalError("Cannot read", { hint: "Look" }) },
  { action: "failed", path: "f", error: new LocalError("Cannot write", { hint: "Look" }) },
];

Deno.test("Reporter makes a message, an item and a part of the totals of each change", async () => {
  const { terminal, items, reporter } = setUp();
  for (const change of CHANGES) await reporter.report(change);
  assert.equal(
    terminal.stderr,
    'info: deleted path="a" size=3\njottash: warning: Left out "b": it is a link\n' +
      'debug: unchanged path="c" size=1\nLeft alone "d": it is not there\n' +
      "jottash: Cannot read\n  Look\njottash: Cannot write\n",
  );
  assert.deepEqual(items, CHANGES);
  const { deletedFiles, skippedEntries, unchangedFiles, failedEntries } = reporter.totals;
  assert.deepEqual([deletedFiles, skippedEntries, unchangedFiles, failedEntries], [1, 2, 1, 2]);
});

Deno.test("Reporter says in a dry run what would be done", () => {
  const { terminal, reporter } = setUp({ dryRun: true });
  reporter.note({ action: "deleted", path: "a", size: 3 });
  assert.equal(terminal.stderr, 'Would delete "a" (3 B)\n');
});

Deno.test("Reporter is silent about what is told elsewhere, and counts it", () => {
  const { terminal, items, reporter } = setUp();
  reporter.note({ action: "failed", path: "a", error: new LocalError("Cannot read") }, { isTold: true });
  assert.equal(terminal.stderr, "");
  assert.deepEqual([items.length, reporter.totals.failedEntries], [1, 1]);
});

Deno.test("the address of a link is data, and in no log", async () => {
  const { terminal, printer, reporter } = setUp();
  await reporter.report({ action: "linked", path: "a", url: "https://x.test/s/1" });
  await printer.flush();
  assert.equal(terminal.stdout, "https://x.test/s/1\n");
  assert.equal(terminal.stderr, 'info: made a link path="a"\n');
});
