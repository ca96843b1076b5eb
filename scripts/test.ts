/**
 * Runs all tests and ends with one plain line of real counts: `N passed, N failed, N skipped`. Words after the task
 * are handed to `deno test`, as in `deno task test --filter copy tests/e2e/`.
 */
const DEFAULT_TARGETS = ["tests/"];
/** Options of `deno test` whose value is a word of its own. */
const VALUE_OPTIONS: ReadonlySet<string> = new Set(["--filter", "--shard", "--reporter", "--coverage"]);
/** The closing line of `deno test`: `ok | 5 passed (2 steps) | 1 failed | 2 ignored | 3 filtered out (7ms)`. */
const CLOSING_LINE = /^(?:ok|FAILED) \| (\d+) passed[^|]*\| (\d+) failed(?:[^|]*\| (\d+) ignored)?/;

const words = Deno.args;
const targets = hasTarget(words) ? [] : DEFAULT_TARGETS;
const child = new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--cached-only", "--parallel", "--shuffle", ...words, ...targets],
  env: { NO_COLOR: "1" },
  stdout: "piped",
}).spawn();
const closing = await passOn(child.stdout);
const { code } = await child.status;
const [passed = 0, failed = 0, skipped = 0] = closing?.slice(1).map((count) => Number(count ?? 0)) ?? [];
// A run that dies without a closing line has failed, whatever it had counted.
const failures = code !== 0 && failed === 0 ? 1 : failed;
console.log(`${passed} passed, ${failures} failed, ${skipped} skipped`);
Deno.exit(code !== 0 || passed === 0 ? code || 1 : 0);

function hasTarget(words: readonly string[]): boolean {
  return words.some((word, index) => !word.startsWith("-") && !VALUE_OPTIONS.has(words[index - 1] ?? ""));
}

/** Shows what the tests say while they say it; resolves with the last closing line. */
async function passOn(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<RegExpExecArray | undefined> {
  const decoder = new TextDecoder();
  let closing: RegExpExecArray | undefined;
  let line = "";
  for await (const chunk of output) {
    Deno.stdout.writeSync(chunk);
    const lines = (line + decoder.decode(chunk, { stream: true })).split("\n");
    line = lines.pop() ?? "";
    for (const each of lines) closing = CLOSING_LINE.exec(each) ?? closing;
  }
  return closing;
}
