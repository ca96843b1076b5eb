/** Laws of connection strings: what is written by rclone's rules is read back, and nothing of a value is ever shown. */
import { deepEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../lib/errors.ts";
import { parseConnectionString, withoutParameters } from "../../lib/path/connection_string.ts";

const name = fc.stringMatching(/^:?[a-z0-9_][a-z0-9_ .@+]{0,8}[a-z0-9]$/);
const key = fc.stringMatching(/^[A-Za-z0-9_.]{1,12}$/);
const path = fc.string({ unit: "grapheme", maxLength: 20 });
const parameters = fc.uniqueArray(fc.tuple(key, fc.string({ unit: "grapheme", maxLength: 12 })), {
  minLength: 1,
  maxLength: 4,
  selector: ([each]) => each,
});

/** Quoted with either quote, or plain where that is possible. */
function write([key, value]: [string, string], quote: string): string {
  const isPlain = quote === "" && !/[,:]/.test(value) && !/^['"]/.test(value);
  const mark = quote === "" ? "'" : quote;
  return isPlain ? `${key}=${value}` : `${key}=${mark}${value.replaceAll(mark, mark + mark)}${mark}`;
}

Deno.test("parseConnectionString() reads back what was written, in any way of quoting", () => {
  fc.assert(fc.property(
    name,
    parameters,
    path,
    fc.constantFrom("", "'", '"'),
    (name, pairs, path, quote) => {
      const text = `${name},${pairs.map((pair) => write(pair, quote)).join(",")}:${path}`;
      const read = parseConnectionString(text);
      deepEqual(read, { remote: { name, parameters: new Map(pairs) }, path });
      deepEqual(withoutParameters(text), `${name}:${path}`);
    },
  ));
});

Deno.test("parseConnectionString() shows nothing behind the first comma, however wrong the text is", () => {
  fc.assert(fc.property(name, fc.string({ unit: "grapheme" }), (name, garbage) => {
    const text = `${name},k=SECRET${garbage}`;
    ok(!withoutParameters(text).includes("SECRET") || !text.includes(":"));
    try {
      parseConnectionString(text);
    } catch (error) {
      ok(error instanceof UsageError);
      ok(!`${error.message} ${error.hint}`.includes("SECRET"), error.message);
    }
  }));
});
