import assert from "node:assert/strict";
import { QuotaError, UsageError } from "../../../../lib/errors.ts";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import { COLOR_STYLE, terminalAbilities } from "../../../../lib/ui/style.ts";
import { TextPrinter } from "../../../../lib/ui/text_printer.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

const PIPE = { stdoutIsTerminal: false, stderrIsTerminal: false };

Deno.test("TextPrinter prints an error with its hint on a second line", () => {
  const terminal = new ScriptedTerminal();
  const printer = new TextPrinter(terminal);
  printer.error(
    new QuotaError('Cannot upload "a": the account is full', {
      hint: 'Free space with "jottash trash empty"',
    }),
  );
  printer.error(new UsageError("Cannot do it: it is late"));
  printer.warning("Careful", { hint: "Look" });
  printer.notice("Copied 1 file");
  assert.equal(
    terminal.stderr,
    'jottash: Cannot upload "a": the account is full\n  Free space with "jottash trash empty"\n' +
      "jottash: Cannot do it: it is late\njottash: warning: Careful\n  Look\nCopied 1 file\n",
  );
  assert.equal(terminal.stdout, "");
});

Deno.test("TextPrinter does not let names drive the terminal", async () => {
  const terminal = new ScriptedTerminal();
  const printer = new TextPrinter(terminal);
  printer.error(new UsageError('Cannot read "\x1b[2J\n": no', { hint: "\x07" }));
  assert.equal(terminal.stderr, 'jottash: Cannot read "\\x1b[2J\\n": no\n  \\x07\n');
  await printer.line("evil\x1b]0;x\x07\nname");
  assert.equal(terminal.stdout, "evil\\x1b]0;x\\x07\\nname\n");
  await printer.bytes(new TextEncoder().encode("\x1b"));
  assert.ok(terminal.stdout.endsWith("\n\x1b"));
});

Deno.test("TextPrinter gives scripts exact names, and messages are safe even then", async () => {
  const terminal = new ScriptedTerminal(PIPE);
  const printer = new TextPrinter(terminal);
  await printer.line("a\x1b\tb\u202e");
  printer.warning("\x1b");
  await printer.flush();
  assert.equal(terminal.stdout, "a\x1b\tb\u202e\n");
  assert.equal(terminal.stderr, "jottash: warning: \\x1b\n");
});

Deno.test("TextPrinter gathers lines for a pipe and writes them at 64 KiB", async () => {
  const terminal = new ScriptedTerminal(PIPE);
  const printer = new TextPrinter(terminal);
  const line = "x".repeat(1023);
  for (let count = 0; count < 63; count++) await printer.line(line);
  assert.equal(terminal.stdoutChunks.length, 0);
  for (let count = 0; count < 2; count++) await printer.line(line);
  assert.equal(terminal.stdoutChunks.length, 1);
  await printer.flush();
  await printer.flush();
  assert.equal(terminal.stdoutChunks.length, 2);
  assert.equal(terminal.stdout, `${line}\n`.repeat(65));
});

Deno.test("TextPrinter shows lines on a terminal as they come", async () => {
  const terminal = new ScriptedTerminal();
  const printer = new TextPrinter(terminal);
  await printer.line("one");
  assert.equal(terminal.stdout, "one\n");
});

Deno.test("TextPrinter waits for a slow reader and keeps the order", async () => {
  const terminal = new ScriptedTerminal(PIPE);
  const gate = Promise.withResolvers<void>();
  terminal.stdoutReady = gate.promise;
  const printer = new TextPrinter(terminal);
  const done: string[] = [];
  const writes = [
    printer.line("1".repeat(70_000)).then(() => done.push("1")),
    printer.bytes(new TextEncoder().encode("2")).then(() => done.push("2")),
    printer.line("3").then(() => printer.flush()).then(() => done.push("3")),
  ];
  await Promise.resolve();
  assert.deepEqual(done, []);
  gate.resolve();
  await Promise.all(writes);
  assert.deepEqual(done, ["1", "2", "3"]);
  assert.ok(terminal.stdout.endsWith("1\n23\n"));
});

Deno.test("TextPrinter tells of a closed pipe to every later line", async () => {
  const terminal = new ScriptedTerminal();
  terminal.stdoutReady = Promise.reject(new Error("closed"));
  const printer = new TextPrinter(terminal);
  await assert.rejects(printer.line("a"), /closed/);
  await assert.rejects(printer.line("b"), /closed/);
  await assert.rejects(printer.flush(), /closed/);
});

Deno.test("TextPrinter hides the live area while it writes data to the same terminal", async () => {
  const terminal = new ScriptedTerminal();
  const area = new LiveArea(terminal);
  const printer = new TextPrinter(terminal, { area });
  area.draw(["bar", "file"]);
  await printer.line("data");
  printer.warning("careful");
  assert.deepEqual(terminal.screen(), ["data", "jottash: warning: careful", "bar", "file"]);
  area.clear();
  assert.deepEqual(terminal.screen(), ["data", "jottash: warning: careful", ""]);
});

Deno.test("TextPrinter drops notices when quiet, and colours only the prefix", () => {
  const terminal = new ScriptedTerminal();
  const printer = new TextPrinter(terminal, { quiet: true, style: COLOR_STYLE });
  printer.notice("nothing");
  printer.error(new UsageError("No"));
  assert.equal(terminal.stderr, "\x1b[31mjottash:\x1b[39m No\n");
});

Deno.test("terminalAbilities() honours NO_COLOR, TERM=dumb and pipes", () => {
  const abilities = (env: Record<string, string>, options = {}) =>
    terminalAbilities(new ScriptedTerminal(options), fakeEnv(env));
  const all = { stdoutColor: true, stderrColor: true, stderrCursor: true };
  assert.deepEqual(abilities({}), all);
  assert.deepEqual(abilities({ NO_COLOR: "" }), all);
  assert.deepEqual(abilities({ NO_COLOR: "1" }), { ...all, stdoutColor: false, stderrColor: false });
  assert.deepEqual(abilities({ TERM: "dumb" }), {
    stdoutColor: false,
    stderrColor: false,
    stderrCursor: false,
  });
  assert.deepEqual(abilities({}, PIPE), { stdoutColor: false, stderrColor: false, stderrCursor: false });
});
