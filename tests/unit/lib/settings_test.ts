import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { JottashError } from "../../../lib/errors.ts";
import { parseMask } from "../../../lib/names/mask.ts";
import { type OptionDefinition } from "../../../lib/options.ts";
import { SHARED_OPTIONS } from "../../../lib/shared_options/mod.ts";
import { environmentName, resolveOptions, type ValueOrigin } from "../../../lib/settings.ts";
import { ConfigDocument } from "../../../lib/store/config_document.ts";
import { resolveProfile } from "../../../lib/store/resolve_profile.ts";
import { fakeEnv } from "../../fakes/fake_env.ts";

interface Sources {
  readonly flags?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly section?: Record<string, string>;
  /** Parameters of a connection string. */
  readonly parameters?: Record<string, string>;
}

function resolve(sources: Sources) {
  const env = fakeEnv(sources.env);
  const lines = Object.entries({ type: "jottacloud", ...sources.section }).map(([key, value]) =>
    `${key} = ${value}`
  );
  const document = ConfigDocument.parse(["[jotta]", ...lines].join("\n"), "test.conf");
  const parameters = new Map(Object.entries(sources.parameters ?? {}));
  const profile = resolveProfile({ name: "jotta", parameters }, { document, env, configPath: "test.conf" });
  return resolveOptions(SHARED_OPTIONS, {
    flags: new Map(Object.entries(sources.flags ?? {})),
    env,
    profile,
  });
}

/** From the highest source to the lowest, each with a value of its own. */
const LADDER: readonly (readonly [ValueOrigin, Sources])[] = [
  ["connection", { parameters: { device: "connection" } }],
  ["flag", { flags: { device: "flag" } }],
  ["remote-environment", { env: { JOTTASH_CONFIG_JOTTA_DEVICE: "remote, ours" } }],
  ["remote-environment", { env: { RCLONE_CONFIG_JOTTA_DEVICE: "remote, rclone's" } }],
  ["environment", { env: { JOTTASH_DEVICE: "all, ours" } }],
  ["environment", { env: { RCLONE_JOTTACLOUD_DEVICE: "all, rclone's" } }],
  ["config", { section: { device: "section" } }],
];

function valueIn(sources: Sources): string | undefined {
  return Object.values({ ...sources.parameters, ...sources.flags, ...sources.env, ...sources.section })[0];
}

function together(rows: readonly Sources[]): Sources {
  const merge = (part: keyof Sources) => Object.assign({}, ...rows.map((row) => row[part]));
  return {
    flags: merge("flags"),
    env: merge("env"),
    section: merge("section"),
    parameters: merge("parameters"),
  };
}

Deno.test("resolveOptions(): of any sources that have a value the highest wins, and is the origin", () => {
  // Every set of sources: 2 to the power of 7.
  for (let set = 0; set < 2 ** LADDER.length; set++) {
    const rows = LADDER.filter((_, index) => (set >> index) % 2 === 1);
    const { values, origins } = resolve(together(rows.map(([, sources]) => sources)));
    const [highest] = rows;
    deepEqual(
      [values.device, origins.device],
      highest === undefined ? [undefined, "default"] : [valueIn(highest[1]), highest[0]],
    );
  }
});

Deno.test("resolveOptions() takes an empty variable and an empty key for none, an empty parameter for its word", () => {
  const section = { device: "C" };
  const cases: [sources: Sources, value: string | undefined, origin: ValueOrigin][] = [
    [{ env: { JOTTASH_DEVICE: "" }, section }, "C", "config"],
    [{ env: { JOTTASH_CONFIG_JOTTA_DEVICE: "" }, section }, "C", "config"],
    [{ section: { device: "" } }, undefined, "default"],
    [{ parameters: { device: "" }, section }, undefined, "connection"],
  ];
  for (const [sources, value, origin] of cases) {
    const { values, origins } = resolve(sources);
    deepEqual([values.device, origins.device], [value, origin]);
  }
});

/** A text that the option takes, by its kind, and what it means. */
function textFor({ valueName, parse }: OptionDefinition<unknown>): [text: string, value: unknown] {
  if (valueName === undefined) return ["true", true];
  return valueName === "SIZE" ? ["7M", parse("7M")] : ["some text", "some text"];
}

Deno.test("every option of a remote comes from rclone's variables and from a connection string too", () => {
  const texts: Record<string, [text: string, value: unknown]> = {
    encoding: ["Slash,Del", parseMask("Slash,Del")],
  };
  for (const [name, definition] of Object.entries<OptionDefinition<unknown>>(SHARED_OPTIONS)) {
    const { configKey } = definition;
    if (configKey === undefined) continue;
    const [text, value] = texts[configKey] ?? textFor(definition);
    const capitals = configKey.toUpperCase();
    const sources: Sources[] = [
      { parameters: { [configKey]: text } },
      { env: { [`RCLONE_JOTTACLOUD_${capitals}`]: text } },
      { env: { [`RCLONE_CONFIG_JOTTA_${capitals}`]: text } },
      { env: { [`JOTTASH_CONFIG_JOTTA_${capitals}`]: text } },
      { section: { [configKey]: text } },
    ];
    for (const each of sources) {
      equal(new Map(Object.entries(resolve(each).values)).get(name), value, JSON.stringify(each));
    }
  }
});

Deno.test("resolveOptions() takes only options of a remote from its section", () => {
  equal(resolve({ section: { transfers: "9", "dry-run": "true" } }).values.transfers, 4);
});

Deno.test("resolveOptions() takes the wide work that scripts for rclone ask for", () => {
  const { values } = resolve({ flags: { transfers: "200", checkers: "1000" } });
  deepEqual([values.transfers, values.checkers], [200, 1_000]);
});

Deno.test("resolveOptions() hands out frozen records", () => {
  const { values, origins } = resolve({});
  ok(Object.isFrozen(values) && Object.isFrozen(origins));
});

Deno.test("resolveOptions() says of a wrong value where it stands", () => {
  const cases = [
    [
      { flags: { transfers: "x" } },
      'Cannot use "x" for --transfers: it is not a whole number from 1 to 1000',
    ],
    [
      { env: { JOTTASH_TRANSFERS: "x" } },
      'Cannot use "x" for --transfers: it is not a whole number from 1 to 1000 (from JOTTASH_TRANSFERS)',
    ],
    [{ section: { encoding: "Nonsense" } }, /Nonsense.* \(from config key "encoding"\)$/],
    [
      { parameters: { hard_delete: "x" } },
      'Cannot use "x" for --hard-delete: it is neither true nor false (from parameter "hard_delete" of "jotta:")',
    ],
    [
      { env: { RCLONE_CONFIG_JOTTA_HARD_DELETE: "x" } },
      'Cannot use "x" for --hard-delete: it is neither true nor false (from the variable for "hard_delete" of "jotta:")',
    ],
    [{ env: { RCLONE_JOTTACLOUD_HARD_DELETE: "x" } }, /\(from RCLONE_JOTTACLOUD_HARD_DELETE\)$/],
  ] as const;
  for (const [sources, message] of cases) {
    throws(() => resolve(sources), (error) => {
      ok(error instanceof JottashError);
      ok(
        typeof message === "string" ? error.message === message : message.test(error.message),
        error.message,
      );
      return true;
    });
  }
});

Deno.test("environmentName() is the flag in capitals behind the name of the program", () => {
  equal(environmentName({ flag: "low-level-retries" }), "JOTTASH_LOW_LEVEL_RETRIES");
});
