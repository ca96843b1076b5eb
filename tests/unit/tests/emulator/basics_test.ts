/** Pure parts of the emulator: folding, times, JWT shape, and the command line. */
import assert from "node:assert/strict";
import { foldName, mimeOf } from "../../../emulator/names.ts";
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

const SCRIPT = new URL("../../../../scripts/emulator.ts", import.meta.url);

Deno.test("the command prints one JSON line, serves, and ends with 0 on SIGTERM, leaving nothing behind", async () => {
  const temp = await Deno.makeTempDir();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--cached-only", SCRIPT.href, "--port", "0", "--quota", "1000"],
    env: { TMPDIR: temp },
    stdout: "piped",
  }).spawn();
  let output = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += text;
    if (!output.endsWith("\n")) continue;
    const ready = JSON.parse(output);
    assert.deepEqual(Object.keys(ready), ["endpoint", "loginToken", "username", "tokenUrl", "wellKnown"]);
    assert.equal((await (await fetch(ready.wellKnown)).json()).token_endpoint, ready.tokenUrl);
    child.kill("SIGTERM");
  }
  assert.equal(output.split("\n").length, 2);
  assert.equal((await child.status).code, 0);
  assert.deepEqual(Array.from(Deno.readDirSync(temp)), []);
  await Deno.remove(temp);
});

Deno.test("the command refuses what it does not know with one line and status 2", async () => {
  for (const args of [["--nonsense"], ["--port", "abc"], ["--port=70000"], ["extra"], ["--quota=-2"]]) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--cached-only", SCRIPT.href, ...args],
    }).output();
    const text = new TextDecoder().decode(stderr);
    assert.equal(code, 2, text);
    assert.equal(stdout.length, 0);
    assert.match(text, /^emulator: [^\n]+\n$/);
  }
});
