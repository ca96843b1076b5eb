import assert from "node:assert/strict";
import { NASTY_NAMES, QUOTE_NAMES } from "./nasty_names.ts";

Deno.test("NASTY_NAMES fit a disk and the service, and no two are one name to a service that ignores case", () => {
  const names = [...NASTY_NAMES, ...QUOTE_NAMES];
  for (const { raw, stored } of names) {
    assert.ok(new TextEncoder().encode(raw).length <= 255, raw);
    assert.ok(stored.length <= 255, stored);
  }
  assert.equal(new Set(names.map(({ raw }) => raw)).size, names.length);
  assert.equal(new Set(names.map(({ stored }) => stored.toLowerCase())).size, names.length);
});
