import assert from "node:assert/strict";
import fc from "fast-check";
import { LocalError } from "../../../../lib/errors.ts";
import type { Change } from "../../../../lib/transfer/change.ts";
import { JsonResult } from "../../../../lib/ui/json_result.ts";
import { TextPrinter } from "../../../../lib/ui/text_printer.ts";
import { TotalsCounter } from "../../../../lib/ui/totals.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";

const TOTALS = new TotalsCounter().totals;
const END = { totals: TOTALS, status: 0, error: undefined, elapsedMs: 12 };

function setUp({ withUnchanged = false, stdoutIsTerminal = false } = {}) {
  const terminal = new ScriptedTerminal({ stdoutIsTerminal });
  const printer = new TextPrinter(terminal);
  return { terminal, result: new JsonResult(printer, { command: "sync", dryRun: false, withUnchanged }) };
}

const CHANGES: readonly Change[] = [
  { action: "transferred", path: "a", size: 3, bytesSent: 3 },
  { action: "unchanged", path: "u", size: 3 },
  { action: "deleted", path: "b", size: undefined, side: "target", forGood: false },
  { action: "directory-removed", path: "c", noun: "folder", forGood: true },
  {
    action: "failed",
    path: "d",
    error: new LocalError("Cannot read", { hint: "Look", cause: new Error("x") }),
  },
  { action: "left-alone", path: "e", reason: "why" },
];

Deno.test("JsonResult writes one document with a line for each item", async () => {
  const { terminal, result } = setUp();
  for (const change of CHANGES) result.item(change);
  await result.finish({ ...END, status: 6, error: new LocalError("Cannot sync") });
  assert.equal(terminal.stdout.split("\n").length, 8);
  assert.deepEqual(JSON.parse(terminal.stdout), {
    schema: 1,
    command: "sync",
    dryRun: false,
    items: [
      { action: "transferred", path: "a", size: 3, bytesSent: 3 },
      { action: "deleted", path: "b", side: "target" },
      { action: "directory-removed", path: "c", forGood: true },
      { action: "failed", path: "d", error: { code: "local", message: "Cannot read", hint: "Look" } },
      { action: "skipped", path: "e", reason: "why" },
    ],
    totals: TOTALS,
    status: 6,
    error: { code: "local", message: "Cannot sync" },
    elapsedMs: 12,
  });
});

Deno.test("JsonResult without an item is a whole document too, and is written once", async () => {
  const { terminal, result } = setUp();
  await result.finish(END);
  await result.finish({ ...END, status: 1 });
  result.item({ action: "unlinked", path: "too late" });
  await result.ready();
  const { items, status, error } = JSON.parse(terminal.stdout);
  assert.deepEqual({ items, status, error }, { items: [], status: 0, error: null });
});

Deno.test("JsonResult tells of unchanged files only where that is wanted", async () => {
  const { terminal, result } = setUp({ withUnchanged: true });
  for (const change of CHANGES) result.item(change);
  await result.finish(END);
  assert.deepEqual(JSON.parse(terminal.stdout).items[1], { action: "unchanged", path: "u", size: 3 });
});

Deno.test("JsonResult writes items as they come, and asks those who can wait to wait for a slow reader", async () => {
  const { terminal, result } = setUp();
  result.item({ action: "unlinked", path: "first" });
  await result.ready();
  await new Promise<void>((resolve) => queueMicrotask(resolve));
  while (!terminal.stdout.includes("first")) await Promise.resolve();
  const reader = Promise.withResolvers<void>();
  terminal.stdoutReady = reader.promise;
  result.item({ action: "unlinked", path: "second" }); // is on its way
  await Promise.resolve();
  result.item({ action: "unlinked", path: "x".repeat(70_000) });
  let isReady = false;
  const ready = result.ready().then(() => isReady = true);
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  assert.equal(isReady, false);
  reader.resolve();
  await ready;
  await result.finish(END);
  assert.equal(JSON.parse(terminal.stdout).items.length, 3);
});

Deno.test("JsonResult writes whole lines only, so that what a terminal shows besides does not stand in them", async () => {
  const { terminal, result } = setUp({ stdoutIsTerminal: true });
  const writes: string[] = [];
  terminal.writeStdout = (bytes) => Promise.resolve(void writes.push(new TextDecoder().decode(bytes)));
  for (const change of CHANGES) {
    result.item(change);
    await new Promise<void>((resolve) => setTimeout(resolve));
  }
  await result.finish(END);
  assert.ok(writes.length > 2);
  for (const text of writes) assert.match(text, /\n$/);
  assert.equal(JSON.parse(writes.join("")).status, 0);
});

Deno.test("JsonResult lets the work go on when its reader goes away, and tells of a full disk at the end", async () => {
  const cases = [["closed-pipe", false], ["local", true]] as const;
  for (const [code, isTold] of cases) {
    const { terminal, result } = setUp();
    terminal.writeStdout = () => Promise.reject(new LocalError("Cannot write", { code }));
    for (const change of CHANGES) result.item(change);
    await result.ready();
    const end = result.finish(END);
    if (isTold) await assert.rejects(end, LocalError);
    else await end;
  }
});

Deno.test("JsonResult is valid JSON with the same names on a terminal, which it cannot drive", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.boolean(), async (path, stdoutIsTerminal) => {
      const { terminal, result } = setUp({ stdoutIsTerminal });
      result.item({ action: "unlinked", path });
      await result.finish(END);
      assert.equal(JSON.parse(terminal.stdout).items[0].path, path);
      assert.doesNotMatch(
        terminal.stdout,
        // deno-lint-ignore no-control-regex
        /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
      );
    }),
    { numRuns: 300 },
  );
});
