import { deepStrictEqual, doesNotMatch, strictEqual, throws } from "node:assert";
import { UsageError } from "../../../../lib/errors.ts";
import { parseCommandLine } from "../../../../lib/store/command_line.ts";

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ["echo hello", ["echo", "hello"]],
  ['echo "hello with space"', ["echo", "hello with space"]],
  ['echo "hello with ""quotes"" and space"', ["echo", 'hello with "quotes" and space']],
  ["  echo   hello\n", ["echo", "hello"]],
  ['"C:\\Program Files\\pass.exe" show', ["C:\\Program Files\\pass.exe", "show"]],
  ["echo $HOME 'a b' | cat", ["echo", "$HOME", "'a", "b'", "|", "cat"]],
  ['echo "" x', ["echo", "", "x"]],
  ['echo """"', ["echo", '"']],
  ['echo "two\nlines"', ["echo", "two\nlines"]],
];

for (const [text, words] of CASES) {
  Deno.test(`parseCommandLine() splits ${JSON.stringify(text)} by rclone's rule`, () => {
    deepStrictEqual(parseCommandLine(text), words);
  });
}

for (
  const text of ["", "   ", '""', '"" x', 'get "secret', 'get sec"ret', 'get "sec"ret', 'get ""secret""']
) {
  Deno.test(`parseCommandLine() refuses ${JSON.stringify(text)} without repeating it`, () => {
    throws(() => parseCommandLine(text), (error) => {
      strictEqual(error instanceof UsageError, true);
      doesNotMatch(String(error), /secret/);
      return true;
    });
  });
}
