import assert from "node:assert/strict";
import { isSaid, Logger, type LogRecord, SILENT_LOGGER } from "../../../lib/log.ts";

Deno.test("Logger writes its level and more urgent ones, with fields as data", () => {
  const lines: string[] = [];
  const log = new Logger("info", (line) => lines.push(line));
  log.error("broke", { path: 'a "b"\n' });
  log.warn("odd", { count: 3, isLast: true, nothing: undefined });
  log.info("done");
  log.debug("detail");
  assert.deepEqual(lines, [
    'error: broke path="a \\"b\\"\\n"',
    "warn: odd count=3 isLast=true",
    "info: done",
  ]);
  SILENT_LOGGER.error("nobody hears it");
});

Deno.test("Logger shows no secret in any field", () => {
  const lines: string[] = [];
  const log = new Logger("debug", (line) => lines.push(line));
  log.debug("sent", {
    body: '{"access_token":"abcdef","x":1}',
    header: "Bearer abcdef",
    form: "password=abcdef&x=1",
  });
  assert.ok(!lines.join().includes("abcdef"), lines.join());
});

Deno.test("Logger gives each line as data too, and shows no secret in it", () => {
  const records: LogRecord[] = [];
  const log = new Logger("info", (_line, record) => records.push(record));
  log.debug("no");
  log.info("got token=abc", {
    path: 'a "b"',
    size: 3,
    refresh_token: "abc",
    url: "https://x/?access_token=abc",
  });
  assert.deepEqual(records, [{
    level: "info",
    message: "got token=***",
    fields: { path: 'a "b"', size: 3, refresh_token: "***", url: "https://x/?access_token=***" },
  }]);
});

Deno.test("isSaid() knows the order of levels", () => {
  const levels = ["error", "warn", "notice", "info", "debug"] as const;
  for (const [at, level] of levels.entries()) {
    for (const [limitAt, limit] of levels.entries()) assert.equal(isSaid(level, limit), at <= limitAt);
  }
});
