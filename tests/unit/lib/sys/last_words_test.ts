/** Programs that fail where nobody catches it. */
import assert from "node:assert/strict";

const MODULE = new URL("../../../../lib/sys/last_words.ts", import.meta.url).href;
const JWT = `${btoa('{"alg":"RS256"}')}.${btoa('{"sub":"f:1:kari"}')}.signature`;

const FAILURES = [
  `Promise.reject(new Error("refused access_token=opaque ${JWT}"))`,
  `setTimeout(() => { throw new TypeError("Bearer opaque, ${JWT}") })`,
  `queueMicrotask(() => { throw "password: opaque ${JWT}" })`,
];

async function run(showStack: boolean, failure: string): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-check",
      `import { installLastWords } from ${JSON.stringify(MODULE)};
      installLastWords({ showStack: ${showStack} });
      setTimeout(() => Deno.exit(0), 20_000);
      ${failure};`,
    ],
    env: { NO_COLOR: "1" },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("installLastWords() tells an uncaught failure as a bug, without secrets, and ends with status 1", async () => {
  for (const failure of FAILURES) {
    for (const showStack of [false, true]) {
      const { code, said } = await run(showStack, failure);
      assert.equal(code, 1, said);
      assert.match(said, /^jottash: Unexpected failure: .*\*\*\*.*\n {2}This is a bug of jottash; .*\n/);
      assert.ok(!/opaque|eyJ|signature/.test(said), said);
      assert.equal(/\n {4}at /.test(said), showStack && !failure.includes("queueMicrotask"), said);
    }
  }
});
