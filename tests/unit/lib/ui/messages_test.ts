import assert from "node:assert/strict";
import { fileFormat, jsonFormat, type Message, Messages, screenFormat } from "../../../../lib/ui/messages.ts";
import { PLAIN_STYLE } from "../../../../lib/ui/style.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const AT = Date.UTC(2026, 10, 23, 19, 5, 9, 87);

const MESSAGES: readonly Message[] = [
  { level: "error", text: 'Cannot read "a": denied', hint: "Look", code: "local", path: "d/a" },
  { level: "warn", text: 'Left out "b\n": why' },
  { level: "notice", text: "Copied 1 file", stats: { bytes: 3, eta: null } },
  { level: "info", text: "copied", fields: { path: "d/a b", size: 3, side: undefined, level: "x" } },
  { level: "debug", text: "request", fields: {} },
];

Deno.test("screenFormat() names the program before what went wrong, and a log line by its level", () => {
  assert.equal(
    MESSAGES.map(screenFormat(PLAIN_STYLE, "jottash")).join(""),
    'jottash: Cannot read "a": denied\n  Look\njottash: warning: Left out "b\\n": why\nCopied 1 file\n' +
      'info: copied path="d/a b" size=3 level="x"\ndebug: request\n',
  );
});

Deno.test("fileFormat() is one line each, with the time here and the level", () => {
  const clock = new FakeClock({ nowMs: AT });
  const lines = MESSAGES.map(fileFormat(clock));
  for (const line of lines) assert.match(line, /^\d{4}\/\d\d\/\d\d \d\d:\d\d:09 [A-Z]+ *: [^\n]*\n$/);
  assert.deepEqual(lines.map((line) => line.slice(20)), [
    'ERROR : Cannot read "a": denied (Look)\n',
    'WARN  : Left out "b\\n": why\n',
    "NOTICE: Copied 1 file\n",
    'INFO  : copied path="d/a b" size=3 level="x"\n',
    "DEBUG : request\n",
  ]);
  const here = new Date(AT);
  const two = (value: number) => String(value).padStart(2, "0");
  assert.ok(
    lines[0]?.startsWith(`${here.getFullYear()}/${two(here.getMonth() + 1)}/${two(here.getDate())} `),
  );
});

Deno.test("jsonFormat() is an object a line with rclone's keys, which no field takes", () => {
  const lines = MESSAGES.map(jsonFormat(new FakeClock({ nowMs: AT })));
  for (const line of lines) assert.equal(line.indexOf("\n"), line.length - 1);
  const time = "2026-11-23T19:05:09.087Z";
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [
    { level: "error", msg: 'Cannot read "a": denied', hint: "Look", code: "local", object: "d/a", time },
    { level: "warning", msg: 'Left out "b\n": why', time },
    { level: "notice", msg: "Copied 1 file", stats: { bytes: 3, eta: null }, time },
    { level: "info", msg: "copied", object: "d/a b", size: 3, time },
    { level: "debug", msg: "request", time },
  ]);
});

Deno.test("Messages says what is urgent enough, and nothing else", () => {
  const cases = [["error", 1], ["warn", 2], ["notice", 3], ["info", 4], ["debug", 5]] as const;
  for (const [level, count] of cases) {
    const written: string[] = [];
    const messages = new Messages({ write: (text) => void written.push(text) }, {
      format: ({ text }) => text,
      level,
    });
    for (const message of MESSAGES) messages.say(message);
    assert.deepEqual(written, MESSAGES.slice(0, count).map(({ text }) => text));
  }
});
