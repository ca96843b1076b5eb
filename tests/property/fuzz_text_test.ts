/**
 * Texts of files and of the command line, cut, damaged or made to be slow: a result or a clear error, in a time that
 * grows with their length and not with its square.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLoginToken } from "../../lib/auth/login_token.ts";
import { expiryOf } from "../../lib/auth/jwt.ts";
import { JottashError } from "../../lib/errors.ts";
import { parseFileList } from "../../lib/filter/files_from.ts";
import { readLines } from "../../lib/filter/lines.ts";
import { parsePathRules } from "../../lib/filter/parse.ts";
import type { FilterWord } from "../../lib/filter/words.ts";
import { redactText } from "../../lib/http/redact.ts";
import { parseConnectionString, withoutParameters } from "../../lib/path/connection_string.ts";
import { ConfigDocument } from "../../lib/store/config_document.ts";
import { trimBlanks } from "../../lib/store/ini_line.ts";
import { parseSession } from "../../lib/store/session_text.ts";
import { parseBandwidth, parseDurationMs, parseSize } from "../../lib/units.ts";
import { HOSTILE_JSON, HOSTILE_NAME, inTime, resultOrError, SEED } from "./hostile.ts";

const RUNS = { seed: SEED, numRuns: 100, endOnFailure: true };
/** So long that quadratic work takes minutes. */
const LONG = 400_000;

const INI_PIECE = fc.oneof(
  fc.constantFrom(
    "[",
    "]",
    "[a]",
    "=",
    ":",
    "key = value",
    '"""',
    "`",
    '"',
    "#",
    ";",
    "%(key)s",
    "%(",
    "\0",
    "\r",
    "\n",
    "\r\n",
    "\u0085",
    "\ufeff",
    " ",
    "\t",
    "- = x",
    "RCLONE_ENCRYPT_V0:",
    "[DEFAULT]",
  ),
  HOSTILE_NAME,
);
const INI = fc.array(INI_PIECE, { maxLength: 30 }).map((pieces) => pieces.join(""));

const word = (flag: FilterWord["flag"], content: string): FilterWord => ({ flag, value: "list", content });

Deno.test("any text is a configuration that stays as it is, or a clear error", async () => {
  await fc.assert(
    fc.asyncProperty(INI, HOSTILE_NAME, HOSTILE_NAME, async (text, name, value) => {
      const document = await resultOrError(() => ConfigDocument.parse(text, "/c.conf"));
      if (document instanceof JottashError) return;
      assert.equal(document.toString(), text);
      for (const section of document.sections()) document.entries(section);
      const stored = await resultOrError(() => {
        document.set(name, "key", value);
        return true;
      });
      if (stored !== true) return;
      assert.equal(ConfigDocument.parse(document.toString(), "/c.conf").get(name, "key"), value);
      document.deleteSection(name);
      assert.ok(!ConfigDocument.parse(document.toString(), "/c.conf").has(name));
    }),
    RUNS,
  );
});

Deno.test("a configuration of many lines, sections or references is read and changed soon", async (t) => {
  const lines = `[a]\nx = 1\n${"y = 1\n".repeat(200_000)}`;
  const edit = (text: string, change: (document: ConfigDocument) => void) => {
    const document = ConfigDocument.parse(text, "/c.conf");
    change(document);
    return document;
  };
  await t.step("a key among many", async () => {
    const document = await inTime(() => edit(lines, (config) => config.deleteKey("a", "x")));
    assert.equal(document.get("a", "x"), undefined);
  });
  await t.step("a section after many lines", async () => {
    const document = await inTime(() => edit(`${lines}[b]\n`, (config) => config.deleteSection("b")));
    assert.deepEqual(document.sections(), ["a"]);
  });
  await t.step("a section among many", async () => {
    const text = Array.from({ length: 40_000 }, (_, index) => `[a${index}]\n`).join("");
    const document = await inTime(() => edit(text, (config) => config.deleteSection("a7")));
    assert.equal(document.sections().length, 39_999);
  });
  await t.step("a value that would fill the memory", async () => {
    const raw = "%(b)s".repeat(200_000);
    const text = `[a]\nb = ${"x".repeat(1 << 20)}\nc = ${raw}\n`;
    assert.equal(await inTime(() => ConfigDocument.parse(text, "/c.conf").get("a", "c")), raw);
  });
});

Deno.test("blanks, slashes and quotes without end take no time without end", async (t) => {
  const inside = (piece: string) => `a${piece.repeat(LONG / piece.length)}b`;
  const rows: readonly (readonly [string, () => unknown])[] = [
    ["blanks in a line of a configuration", () => trimBlanks(inside(" "))],
    ["blanks before a separator", () => ConfigDocument.parse(`${inside(" ")}=${inside(" ")}`, "/c.conf")],
    ["blanks in a rule", () => readLines(inside("\t"), "rules")],
    ["slashes in a list", () => parseFileList([word("files-from-raw", inside("/"))])],
    ["a login token of fill characters", () => parseLoginToken(inside("=").slice(0, 60_000))],
    ["a session token of fill characters", () => expiryOf(`a.${inside("=").slice(0, 60_000)}.c`)],
    ["quotes of a connection string", () => parseConnectionString(`:a,b='${"''".repeat(LONG)}`)],
    ["keys of a connection string", () => withoutParameters(`a,b${"_".repeat(LONG)}${",pass".repeat(LONG)}`)],
    ["names of secrets", () => redactText('token="'.repeat(5_000))],
    ["beginnings of tokens", () => redactText("eyA".repeat(LONG / 3))],
    ["underlines", () => redactText("a_".repeat(LONG / 2))],
    ["digits of a size", () => parseSize(`${"1".repeat(LONG)}X`)],
    ["digits of a duration", () => parseDurationMs(`${"1".repeat(LONG)}X`, { nowMs: 0 })],
    ["parts of a duration", () => parseDurationMs("1h".repeat(20_000) + "X", { nowMs: 0 })],
    ["brackets of a session", () => parseSession("[".repeat(LONG))],
    [
      "a glob of braces",
      () => parsePathRules([word("include-from", "{".repeat(20_000))], { ignoreCase: false }),
    ],
    ["a glob of groups", () =>
      parsePathRules([word("include-from", `{{${"(".repeat(20_000)}}}`)], {
        ignoreCase: false,
      })],
  ];
  for (const [title, work] of rows) {
    await t.step(title, async () => {
      await inTime(() => resultOrError(work));
    });
  }
});

Deno.test("any rule, list, size, duration, place, token or session is understood or a clear error", async () => {
  const glob = fc.array(
    fc.constantFrom(
      "*",
      "**",
      "?",
      "[",
      "]",
      "{",
      "}",
      "{{",
      "}}",
      "\\",
      "a",
      "/",
      ",",
      "(",
      "|",
      "^",
      "\0",
      "+ ",
    ),
    { maxLength: 12 },
  ).map((pieces) => pieces.join(""));
  const text = fc.oneof(glob, HOSTILE_NAME, HOSTILE_JSON, INI);
  await fc.assert(
    fc.asyncProperty(text, async (text) => {
      await inTime(async () => {
        await resultOrError(() => parsePathRules([word("filter-from", text)], { ignoreCase: false }));
        await resultOrError(() => parseFileList([word("files-from", text)]));
        await resultOrError(() => parseSize(text));
        await resultOrError(() => parseDurationMs(text, { nowMs: 0 }));
        await resultOrError(() => parseBandwidth(text));
        await resultOrError(() => parseConnectionString(text));
        await resultOrError(() => parseLoginToken(text));
        await resultOrError(() => parseSession(text));
        assert.equal(typeof redactText(text), "string");
      });
    }),
    RUNS,
  );
});
