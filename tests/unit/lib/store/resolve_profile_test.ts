import { deepEqual, doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { ConfigError, JottashError, UsageError } from "../../../../lib/errors.ts";
import { ConfigDocument } from "../../../../lib/store/config_document.ts";
import { remoteNames, resolveProfile } from "../../../../lib/store/resolve_profile.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

const CONFIG = [
  "[jotta]",
  "type = jottacloud",
  "configVersion = 1",
  "client_id = from section",
  "token = {}",
  "[my-jotta]",
  "type = jottacloud",
  "[store]",
  "type = s3",
  "[mybrand]",
  "type = jottacloud-service",
].join("\n");

function resolve(
  name: string,
  { env = {}, parameters = {}, config = CONFIG }: {
    readonly env?: Record<string, string>;
    readonly parameters?: Record<string, string>;
    readonly config?: string;
  } = {},
) {
  return resolveProfile({ name, parameters: new Map(Object.entries(parameters)) }, {
    document: ConfigDocument.parse(config, "test.conf"),
    env: fakeEnv(env),
    configPath: "test.conf",
  });
}

function refusal(work: () => unknown): JottashError {
  try {
    work();
  } catch (error) {
    ok(error instanceof JottashError, String(error));
    return error;
  }
  throw new Error("it was taken");
}

Deno.test("resolveProfile(): connection string, variables of the remote, variables of all, section; in this order", () => {
  const env = {
    RCLONE_CONFIG_JOTTA_CLIENT_ID: "rclone's of the remote",
    JOTTASH_CONFIG_JOTTA_CLIENT_ID: "ours of the remote",
    RCLONE_JOTTACLOUD_CLIENT_ID: "rclone's of all",
  };
  const { JOTTASH_CONFIG_JOTTA_CLIENT_ID: _, ...withoutOurs } = env;
  const cases: [ReturnType<typeof resolve>, string, string][] = [
    [resolve("jotta", { env, parameters: { client_id: "typed" } }), "typed", "connection"],
    [resolve("jotta", { env }), "ours of the remote", "environment"],
    [resolve("jotta", { env: withoutOurs }), "rclone's of the remote", "environment"],
    [
      resolve("jotta", { env: { RCLONE_JOTTACLOUD_CLIENT_ID: "rclone's of all" } }),
      "rclone's of all",
      "environment",
    ],
    [resolve("jotta"), "from section", "config"],
    [resolve("jotta", { env: { RCLONE_CONFIG_JOTTA_CLIENT_ID: "" } }), "from section", "config"],
    [resolve("jotta", { env: { RCLONE_CONFIG_OTHER_CLIENT_ID: "other" } }), "from section", "config"],
  ];
  for (const [profile, value, origin] of cases) {
    deepEqual(profile.lookUp("client_id"), { value, origin });
    equal(profile.section, "jotta");
  }
});

Deno.test("resolveProfile() finds the variables of a remote by its name in capitals, with _ for what no variable can hold", () => {
  const cases: [name: string, variable: string, key: string][] = [
    ["ci", "JOTTASH_CONFIG_CI_TOKEN", "token"],
    ["CI", "RCLONE_CONFIG_CI_TOKEN", "token"],
    ["my-jotta", "RCLONE_CONFIG_MY-JOTTA_TOKEN", "token"],
    ["my-jotta", "RCLONE_CONFIG_MY_JOTTA_TOKEN", "token"],
    ["a.b c@d+e", "JOTTASH_CONFIG_A_B_C_D_E_TOKEN", "token"],
    ["bl\u00e5", "JOTTASH_CONFIG_BL\u00c5_TOKEN", "token"],
    ["ci", "RCLONE_CONFIG_CI_CONFIGVERSION", "configVersion"],
    ["ci", "RCLONE_CONFIG_CI_TOKENURL", "tokenURL"],
    ["ci", "RCLONE_CONFIG_CI_HARD_DELETE", "hard_delete"],
    ["ci", "JOTTASH_CONFIG_CI_ACCESS_TOKEN", "access_token"],
    ["ci", "JOTTASH_CONFIG_CI_LOGIN_TOKEN", "login_token"],
    ["ci", "JOTTASH_CONFIG_CI_TOKEN_FILE", "token_file"],
  ];
  for (const [name, variable, key] of cases) {
    const type = variable.replace(/(_CONFIG_.*?)_(?:TOKEN|CONFIGV|HARD|ACCESS|LOGIN).*$/, "$1_TYPE");
    const profile = resolve(name, { env: { [variable]: "value", [type]: "jottacloud" } });
    deepEqual(profile.lookUp(key), { value: "value", origin: "environment" }, variable);
    deepEqual([profile.name, profile.section], [name, name === "my-jotta" ? "my-jotta" : undefined]);
  }
});

Deno.test("resolveProfile(): the spelling of a variable that rclone uses counts before the one with _", () => {
  const env = { "RCLONE_CONFIG_MY-JOTTA_TOKEN": "exact", RCLONE_CONFIG_MY_JOTTA_TOKEN: "written around" };
  equal(resolve("my-jotta", { env }).get("token"), "exact");
});

Deno.test("resolveProfile() makes a remote of variables alone, and only with a type", () => {
  const env = { JOTTASH_CONFIG_CI_TOKEN: "t" };
  match(refusal(() => resolve("ci", { env })).message, /^Cannot use "ci:": there is no remote of that name/);
  const profile = resolve("ci", { env: { ...env, JOTTASH_CONFIG_CI_TYPE: "jottacloud" }, config: "" });
  deepEqual([profile.section, profile.get("token")], [undefined, "t"]);
});

Deno.test("resolveProfile(): without a section a session is of the current kind, unless it says otherwise", () => {
  const env = { JOTTASH_CONFIG_CI_TYPE: "jottacloud" };
  equal(resolve("ci", { env }).get("configVersion"), "1");
  equal(resolve(":jottacloud").get("configVersion"), "1");
  equal(resolve("ci", { env: { ...env, JOTTASH_CONFIG_CI_CONFIGVERSION: "0" } }).get("configVersion"), "0");
  equal(resolve(":jottacloud", { parameters: { configVersion: "0" } }).get("configVersion"), "0");
  equal(resolve("my-jotta").get("configVersion"), undefined);
});

Deno.test("resolveProfile(): a remote on the fly has a type, its parameters, and the variables of all", () => {
  const env = { RCLONE_JOTTACLOUD_TOKEN: "t", RCLONE_CONFIG_JOTTACLOUD_DEVICE: "not this" };
  const profile = resolve(":jottacloud", { env, parameters: { mountpoint: "Sync" } });
  deepEqual([profile.name, profile.section], [":jottacloud", undefined]);
  deepEqual(
    ["type", "token", "mountpoint", "device"].map((key) => profile.get(key)),
    ["jottacloud", "t", "Sync", undefined],
  );
});

Deno.test("resolveProfile(): an access token and a login token come from variables without a name, too", () => {
  const env = {
    JOTTASH_ACCESS_TOKEN: "a",
    JOTTASH_LOGIN_TOKEN: "l",
    JOTTASH_CONFIG_JOTTA_LOGIN_TOKEN: "own",
  };
  const profile = resolve("jotta", { env });
  deepEqual([profile.get("access_token"), profile.get("login_token")], ["a", "own"]);
});

Deno.test("resolveProfile() refuses remotes of other types and unknown ones, and tells which there are", () => {
  const env = { RCLONE_CONFIG_CI_TYPE: "jottacloud", RCLONE_CONFIG_OTHER_TYPE: "s3" };
  const cases: [name: string, message: string, hint: RegExp][] = [
    [
      "jota",
      'Cannot use "jota:": there is no remote of that name in "test.conf"',
      /^Known: jotta:, my-jotta:, store:, ci:; make/,
    ],
    ["store", 'Cannot use "store:": its type is "s3", not "jottacloud"', /for rclone alone/],
    ["other", 'Cannot use "other:": its type is "s3", not "jottacloud"', /for rclone alone/],
    [
      "mybrand",
      'Cannot use "mybrand:": its type is "jottacloud-service", not "jottacloud"',
      /--service mybrand$/,
    ],
    [":s3", 'Cannot use ":s3:": the only type of remotes is "jottacloud"', /^Write ":jottacloud:"/],
  ];
  for (const [name, message, hint] of cases) {
    const error = refusal(() => resolve(name, { env }));
    ok(error instanceof ConfigError);
    equal(error.message, message);
    match(error.hint ?? "", hint);
  }
  equal(
    refusal(() => resolve("jotta", { config: "" })).hint,
    'Make it with "jottash config"; for a file of this machine write "./jotta:..."',
  );
});

Deno.test("resolveProfile(): where no config file can be, an unknown remote tells how to name one", () => {
  const sources = { document: ConfigDocument.parse("", ""), configPath: undefined };
  const error = refusal(() =>
    resolveProfile({ name: "jotta", parameters: new Map() }, {
      ...sources,
      env: fakeEnv({ RCLONE_CONFIG_CI_TYPE: "jottacloud" }),
    })
  );
  match(error.message, /names no home directory for a config file$/);
  equal(error.hint, "Known: ci:. Name a config file with --config FILE or JOTTASH_CONFIG");
});

Deno.test("resolveProfile() refuses a parameter that nobody knows, by its name, with the nearest one", () => {
  const cases: [parameters: Record<string, string>, message: string, hint: RegExp][] = [
    [
      { hard_delet: "V" },
      'Cannot use "jotta:": there is no parameter "hard_delet"',
      /^Did you mean "hard_delete"\?/,
    ],
    [{ "hard-delete": "V" }, 'Cannot use "jotta:": there is no parameter "hard-delete"', /"hard_delete"/],
    [
      { TokenUrl: "V" },
      'Cannot use "jotta:": there is no parameter "TokenUrl"',
      /^Did you mean "tokenURL"\?/,
    ],
    [{ Del: "V" }, 'Cannot use "jotta:": there is no parameter "Del"', /^Known: type, /],
    // It may be the end of a password with a comma in it.
    [
      { password: "V", SECRET: "V" },
      'Cannot use "jotta:": one of its parameters is not known',
      /quotes around it$/,
    ],
  ];
  for (const [parameters, message, hint] of cases) {
    const error = refusal(() => resolve("jotta", { parameters }));
    ok(error instanceof UsageError);
    equal(error.message, message);
    match(error.hint ?? "", hint);
    doesNotMatch(error.message + error.hint, /"V"|SECRET/);
  }
});

Deno.test("resolveProfile() takes all keys that rclone writes or has", () => {
  const keys = [
    "type",
    "configVersion",
    "client_id",
    "client_secret",
    "tokenURL",
    "token_url",
    "auth_url",
    "client_credentials",
    "token",
    "username",
    "password",
    "auth_code",
    "device",
    "mountpoint",
    "md5_memory_limit",
    "trashed_only",
    "hard_delete",
    "no_versions",
    "upload_resume_limit",
    "encoding",
    "description",
  ];
  const parameters = Object.fromEntries(
    keys.map((key) => [key, key === "type" ? "jottacloud" : `value of ${key}`]),
  );
  const profile = resolve("jotta", { parameters });
  for (const key of keys) equal(profile.lookUp(key)?.origin, "connection", key);
});

Deno.test("remoteNames(): those of the config but for added services, then those of the environment, as rclone lists them", () => {
  const env = {
    JOTTASH_CONFIG_CI_TYPE: "jottacloud",
    RCLONE_CONFIG_CI_TYPE: "jottacloud",
    RCLONE_CONFIG_BACKUP_TYPE: "jottacloud",
    RCLONE_CONFIG_JOTTA_TYPE: "jottacloud",
    RCLONE_CONFIG_MY_JOTTA_TYPE: "jottacloud",
    RCLONE_CONFIG_BUCKET_TYPE: "s3",
    RCLONE_CONFIG_EMPTY_TYPE: "",
    "RCLONE_CONFIG_A*B_TYPE": "jottacloud",
    // These have other meanings.
    RCLONE_CONFIG: "/etc/rclone.conf",
    RCLONE_CONFIG_DIR: "/etc",
    RCLONE_CONFIG_PASS: "jottacloud",
    RCLONE_CONFIG_TYPE: "jottacloud",
    JOTTASH_CONFIG: "/etc/jottash.conf",
    JOTTASH_CONFIG_PASS: "jottacloud",
  };
  const document = ConfigDocument.parse(CONFIG, "test.conf");
  deepEqual(remoteNames({ document, env: fakeEnv(env) }), ["jotta", "my-jotta", "store", "backup", "ci"]);
  deepEqual(remoteNames({ document, env: fakeEnv() }), ["jotta", "my-jotta", "store"]);
  throws(() => resolve("pass", { env }), /there is no remote of that name/);
});
