import assert from "node:assert/strict";
import type { Platform } from "../../../../lib/edges.ts";
import { ConfigError } from "../../../../lib/errors.ts";
import { defaultConfigPath } from "../../../../lib/store/config_path.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

type Case = readonly [os: Platform["os"], env: Readonly<Record<string, string>>, path: string];

const CASES: readonly Case[] = [
  ["linux", { HOME: "/home/k" }, "/home/k/.config/jottash/jottash.conf"],
  ["linux", { HOME: "/home/k", XDG_CONFIG_HOME: "/cfg" }, "/cfg/jottash/jottash.conf"],
  ["linux", { HOME: "/home/k", XDG_CONFIG_HOME: "" }, "/home/k/.config/jottash/jottash.conf"],
  ["linux", { XDG_CONFIG_HOME: "/cfg" }, "/cfg/jottash/jottash.conf"],
  [
    "darwin",
    { HOME: "/Users/k", XDG_CONFIG_HOME: "/cfg" },
    "/Users/k/Library/Application Support/jottash/jottash.conf",
  ],
  [
    "windows",
    { APPDATA: "C:\\Users\\k\\AppData\\Roaming", USERPROFILE: "C:\\Users\\k" },
    "C:\\Users\\k\\AppData\\Roaming\\jottash\\jottash.conf",
  ],
  ["windows", { USERPROFILE: "C:\\Users\\k" }, "C:\\Users\\k\\AppData\\Roaming\\jottash\\jottash.conf"],
];

Deno.test("defaultConfigPath() follows the convention of each platform", () => {
  for (const [os, env, path] of CASES) {
    assert.equal(defaultConfigPath(fakeEnv(env), os), path, `${os} ${JSON.stringify(env)}`);
  }
});

Deno.test("defaultConfigPath() says how to name the file where there is no home directory", () => {
  for (const os of ["linux", "darwin", "windows"] as const) {
    assert.throws(() => defaultConfigPath(fakeEnv(), os), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.hint ?? "", /--config FILE or JOTTASH_CONFIG/);
      return true;
    });
  }
});
