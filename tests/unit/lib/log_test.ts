import assert from "node:assert/strict";
import { Logger, SILENT_LOGGER } from "../../../lib/log.ts";

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
