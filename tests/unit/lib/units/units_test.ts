import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import * as units from "../../../../lib/units.ts";

Deno.test("parseSize() names the value and the allowed form", () => {
  assert.throws(() => units.parseSize("1kB"), {
    name: "UsageError",
    message: 'Cannot read the size "1kB": it has to be a number with B, K, M, G, T, P or E ' +
      '(KiB without a suffix), or "off"',
  });
  for (const text of ["", "-1b", "inf", "nanB", "1e30", "8E", "1_000", ".", "1 K", "١"]) {
    assert.throws(() => units.parseSize(text), { name: "UsageError" }, text);
  }
});

Deno.test("parseSize() reads back what formatSizeSuffix() writes of whole units", () => {
  for (const size of [0, 1024, 10 * 1024 ** 2, 1023 * 1024 ** 5, 1024 ** 6, units.SIZE_OFF]) {
    assert.equal(units.parseSize(units.formatSizeSuffix(size)), size);
  }
});

Deno.test("parseCount() refuses what is no count", () => {
  for (const text of ["x", "-1", "1KiB", "10E", "1.2.3"]) {
    assert.throws(() => units.parseCount(text), /^UsageError: Cannot read the count /, text);
  }
});

Deno.test("parseDurationMs() gives milliseconds, and Infinity for off", () => {
  const now = { nowMs: Date.parse("2020-09-05T08:15:05Z") };
  assert.equal(units.parseDurationMs("1.5s", now), 1500);
  assert.equal(units.parseDurationMs("250us", now), 0.25);
  assert.equal(units.parseDurationMs("2020-09-05T08:15:00Z", now), 5000);
  assert.equal(units.parseDurationMs("2020-09-05T10:15:00+02:00", now), 5000);
  assert.equal(units.parseDurationMs("off", now), Infinity);
  for (const text of ["2020-02-30", "2020-01-01T24:00:00Z", "2020-01-01 00:00:00Z", "1e99y", "9999999999h"]) {
    assert.throws(() => units.parseDurationMs(text, now), /^UsageError: Cannot read the duration /, text);
  }
});

Deno.test("formatSizeCompact() keeps one decimal and never reaches the next unit", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0 B"],
    [1, "1 B"],
    [1023, "1023 B"],
    [1023.7, "1.0 KiB"],
    [1024, "1.0 KiB"],
    [1536, "1.5 KiB"],
    [1024 ** 2 - 1, "1.0 MiB"],
    [3_565_158, "3.4 MiB"],
    [64 * 1024 ** 2, "64.0 MiB"],
    [5 * 1024 ** 4, "5.0 TiB"],
    [-5, "0 B"],
  ];
  for (const [bytes, text] of cases) assert.equal(units.formatSizeCompact(bytes), text);
  assert.equal(units.formatRate(3_250_586), "3.1 MiB/s");
});

Deno.test("formatDuration() shows two units at most", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "0s"],
    [499, "0s"],
    [17_000, "17s"],
    [59_600, "1m"],
    [133_000, "2m13s"],
    [3_599_600, "1h"],
    [3_900_000, "1h5m"],
    [86_399_999, "1d"],
    [273_600_000, "3d4h"],
  ];
  for (const [ms, text] of cases) assert.equal(units.formatDuration(ms), text);
  assert.equal(units.formatDuration(3_249, { tenths: true }), "3.2s");
  assert.equal(units.formatDuration(9_970, { tenths: true }), "10s");
});

Deno.test("formatCount() groups thousands", () => {
  assert.deepEqual([0, 999, 1000, 20_000, 1_234_567].map(units.formatCount), [
    "0",
    "999",
    "1,000",
    "20,000",
    "1,234,567",
  ]);
  assert.equal(units.formatQuantity(1, "file"), "1 file");
  assert.equal(units.formatQuantity(2, "entry", "entries"), "2 entries");
});

Deno.test("formatLocalTime() prints as lsl and lsd do, far from today too", () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, "1970-01-01 00:00:00.000000000"],
    [-1, "1969-12-31 23:59:59.999000000"],
    [1_720_000_000_123.25, "2024-07-03 09:46:40.123250000"],
    [1_720_000_000_999.9999999, "2024-07-03 09:46:41.000000000"],
    [-62_135_596_800_000, "0001-01-01 00:00:00.000000000"],
    [-62_198_755_200_000, "-0001-01-01 00:00:00.000000000"],
    [253_402_300_800_000, "10000-01-01 00:00:00.000000000"],
    [8.64e15, "275760-09-13 00:00:00.000000000"],
    [Infinity, "275760-09-13 00:00:00.000000000"],
    [-8.64e15, "-271821-04-20 00:00:00.000000000"],
  ];
  for (const [ms, text] of cases) {
    assert.equal(units.formatLocalTime(ms, { zone: "utc", precision: "nanoseconds" }), text);
    assert.equal(units.formatLocalTime(ms, { zone: "utc" }), text.slice(0, -10));
  }
});

Deno.test("formatLocalTime() follows the zone and its summer time", async () => {
  const script = fileURLToPath(new URL("local_time.ts", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", script, "0", "1720000000999", "253402300800000"],
    env: { TZ: "Europe/Oslo", NO_COLOR: "1" },
  }).output();
  assert.equal(
    new TextDecoder().decode(stdout),
    "1970-01-01 01:00:00\n2024-07-03 11:46:40\n10000-01-01 01:00:00\n",
  );
});
