/** Pure parts of the emulator: folding, times, MIME types and the ring of recorded requests. */
import assert from "node:assert/strict";
import { foldName, mimeOf } from "../../../emulator/names.ts";
import { RequestLog } from "../../../emulator/request_log.ts";
import { formatClassic, formatMillis, parseJsonTime, parseTime } from "../../../emulator/times.ts";

Deno.test("foldName() lower-cases per code point without changing lengths or forms", () => {
  const cases: [string, string][] = [
    ["ABC æØÅ", "abc æøå"],
    ["İ", "i"],
    ["ΣΑΣ", "σασ"],
    ["ß", "ß"],
    ["ẞ", "ß"],
    ["A\u030a", "a\u030a"],
    ["𐐀", "𐐨"],
  ];
  for (const [name, folded] of cases) assert.equal(foldName(name), folded);
  assert.notEqual(foldName("å"), foldName("a\u030a"));
});

Deno.test("times: classic and RFC 3339 in, UTC out, fractions dropped, far years kept", () => {
  const at = Date.UTC(2024, 4, 1, 10, 20, 30) / 1000;
  for (
    const text of [
      "2024-05-01-T10:20:30Z",
      "2024-05-01-T12:20:30+0200",
      "2024-05-01T10:20:30Z",
      "2024-05-01T10:20:30.999Z",
      "2024-05-01T12:20:30+02:00",
    ]
  ) assert.equal(parseTime(text), at, text);
  assert.equal(parseJsonTime(at * 1000 + 999), at);
  assert.equal(formatClassic(at), "2024-05-01-T10:20:30Z");
  assert.equal(formatMillis(at), "2024-05-01T10:20:30.000Z");
  for (const text of ["", "yesterday", "2024-05-01", "2024-13-01T00:00:00Z"]) {
    assert.equal(parseTime(text), undefined, text);
  }
  for (const wrong of [1e18, -1e18, Infinity, Number.NaN, "1000000000000000000", true, {}]) {
    assert.equal(parseJsonTime(wrong), undefined, String(wrong));
  }
  assert.equal(parseJsonTime("-1500"), -2);
  for (const text of ["1901-02-03-T04:05:06Z", "9999-12-31-T23:59:59Z", "0001-01-01-T00:00:00Z"]) {
    assert.equal(formatClassic(parseTime(text) ?? 0), text);
  }
});

Deno.test("mimeOf() looks at the extension only", () => {
  assert.deepEqual(["a.TXT", "a.b.pdf", "none", ".txt"].map(mimeOf), [
    "text/plain",
    "application/pdf",
    "application/octet-stream",
    "text/plain",
  ]);
});

Deno.test("RequestLog keeps the last 10,000 requests, oldest first, and counts all", () => {
  const log = new RequestLog();
  for (let index = 0; index < 10_003; index += 1) {
    log.start({ method: "GET", path: `/${index}`, query: "", headers: new Map() });
  }
  const { requests, total } = log;
  assert.deepEqual([requests.length, requests[0]?.path, requests.at(-1)?.path], [10_000, "/3", "/10002"]);
  assert.equal(total, 10_003);
});
