/** Options that rclone has too come from its variables: walks the command table, so that no new one is left out. */
import { deepEqual, equal, ok } from "node:assert/strict";
import rcloneFlags from "../../fixtures/rclone_flags.json" with { type: "json" };
import { COMMANDS } from "../../../commands/mod.ts";
import type { OptionDefinition } from "../../../lib/options.ts";
import { environmentNames, resolveOptions } from "../../../lib/settings.ts";
import { SHARED_OPTIONS } from "../../../lib/shared_options/mod.ts";
import { splitRcloneList } from "../../../lib/shared_options/rclone_variables.ts";
import { fakeEnv } from "../../fakes/fake_env.ts";

const KNOWN: ReadonlySet<string> = new Set(rcloneFlags);
/** rclone has a flag of this name that means something else. */
const OTHER_MEANING = new Set(["config", "version", "user", "pass", "type", "state"]);

async function allOptions(): Promise<OptionDefinition<unknown>[]> {
  const specs = await Promise.all(COMMANDS.map(async (row) => (await row.load()).spec));
  const options: OptionDefinition<unknown>[] = Object.values(SHARED_OPTIONS);
  return [...options, ...specs.flatMap(({ options }) => Object.values(options))];
}

Deno.test("every option that rclone has by that name is taken from rclone's variable, and no other", async () => {
  const wrong: string[] = [];
  let checked = 0;
  for (const option of await allOptions()) {
    const { flag, configKey } = option;
    const variable = `RCLONE_${flag.toUpperCase().replaceAll("-", "_")}`;
    const isRead = environmentNames(option).includes(variable);
    const shouldBe = configKey === undefined && KNOWN.has(flag) && !OTHER_MEANING.has(flag);
    if (isRead !== shouldBe) wrong.push(`--${flag}`);
    checked++;
  }
  deepEqual([...new Set(wrong)], []);
  ok(checked > 100);
});

Deno.test("rclone's variable comes behind ours and before the default", () => {
  const { bwlimit, transfers, dryRun } = SHARED_OPTIONS;
  const resolve = (variables: Record<string, string>) =>
    resolveOptions({ bwlimit, transfers, dryRun }, { flags: new Map(), env: fakeEnv(variables) });
  equal(resolve({ RCLONE_TRANSFERS: "9" }).values.transfers, 9);
  equal(resolve({ RCLONE_TRANSFERS: "9", JOTTASH_TRANSFERS: "8" }).values.transfers, 8);
  equal(resolve({ RCLONE_TRANSFERS: "" }).values.transfers, transfers.default);
  equal(resolve({ RCLONE_DRY_RUN: "1" }).values.dryRun, true);
  equal(resolve({ RCLONE_DRY_RUN: "1" }).origins.dryRun, "environment");
  equal(resolve({ RCLONE_BWLIMIT: "1M" }).values.bwlimit?.[0]?.uploadBytesPerSecond, 1024 * 1024);
});

Deno.test("a list in rclone's variable is separated by commas, in ours it is one text as typed", () => {
  const { caCert } = SHARED_OPTIONS;
  const resolve = (variables: Record<string, string>) =>
    resolveOptions({ caCert }, { flags: new Map(), env: fakeEnv(variables) }).values.caCert;
  deepEqual(resolve({ RCLONE_CA_CERT: 'a.pem,"b,c.pem"' }), ["a.pem", "b,c.pem"]);
  deepEqual(resolve({ JOTTASH_CA_CERT: "a,b.pem" }), ["a,b.pem"]);
});

Deno.test("splitRcloneList() reads values as rclone's documentation has them", () => {
  const cases: [text: string, values: string[]][] = [
    ["*.jpg", ["*.jpg"]],
    ["*.jpg,*.png", ["*.jpg", "*.png"]],
    ['"*.jpg","*.png"', ["*.jpg", "*.png"]],
    ['"/directory with comma , in it /**"', ["/directory with comma , in it /**"]],
    ['"say ""hi"""', ['say "hi"']],
    ["a,", ["a", ""]],
    ["line\nbreak,b", ["line\nbreak", "b"]],
  ];
  for (const [text, values] of cases) deepEqual(splitRcloneList(text), values, text);
});
