/** Sections of the config as remotes: what may be shown, which way they were signed in, where rclone has its own. */
import { deepEqual, equal, throws } from "node:assert/strict";
import { SERVICES } from "../../../../lib/auth/services.ts";
import { formerWayOf } from "../../../../lib/setup/former_way.ts";
import { rcloneConfigPlaces } from "../../../../lib/setup/import_remotes.ts";
import { redactSection } from "../../../../lib/setup/redacted.ts";
import { remoteNameOf } from "../../../../lib/setup/remotes.ts";
import { requireSetting } from "../../../../lib/setup/remote_settings.ts";
import { ConfigDocument } from "../../../../lib/store/config_document.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

function section(entries: Readonly<Record<string, string>>): ConfigDocument {
  const lines = Object.entries({ type: "jottacloud", ...entries }).map(([key, value]) => `${key} = ${value}`);
  return ConfigDocument.parse(["[a]", ...lines, ""].join("\n"), "test.conf");
}

Deno.test("redactSection() shows only values that are known to tell nothing", () => {
  const cases: readonly (readonly [key: string, value: string, shown: string])[] = [
    ["client_id", "desktop-win", "desktop-win"],
    ["client_id", "0123456789abcdef", "***"],
    ["device", "Jotta", "Jotta"],
    ["device", "Karis Mac", "***"],
    ["mountpoint", "Sync", "Sync"],
    ["tokenURL", "https://cloud-auth.telia.se/auth/token", "https://cloud-auth.telia.se/auth/token"],
    ["tokenURL", "https://cloud-auth.telia.se/auth/token?key=x", "***"],
    ["tokenURL", "https://kari@cloud-auth.telia.se/", "***"],
    ["tokenURL", "https://id.example.no/", "***"],
    ["endpoint", "http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["endpoint", "https://nas.example.no", "***"],
    ["hard_delete", "true", "true"],
    ["token_file", "/home/kari/token", "***"],
    ["token_get_cmd", "gh secret get", "***"],
    ["token", "", ""],
    ["whatever", "x", "***"],
    [
      "jottash_session",
      '{"service":"brand-of-kari","method":"legacy"}',
      '{"method":"legacy","service":"***"}',
    ],
  ];
  for (const [key, value, shown] of cases) {
    deepEqual(redactSection(section({ [key]: value }), "a").at(-1), [key, shown]);
  }
});

Deno.test("formerWayOf() knows sessions of jottash and of rclone", () => {
  const way = (entries: Readonly<Record<string, string>>) => formerWayOf(section(entries), "a", SERVICES);
  const url = (domain: string, realm: string) =>
    `https://${domain}/auth/realms/${realm}/protocol/openid-connect/token`;
  deepEqual(way({}), {});
  deepEqual(way({ configVersion: "1", client_id: "jottacli" }), { method: "standard" });
  deepEqual(way({ configVersion: "0", username: "kari" }), { method: "legacy", userName: "kari" });
  // As rclone of 2022 wrote them.
  const telia = {
    configVersion: "1",
    client_id: "desktop",
    tokenURL: url("cloud-auth.telia.se", "telia_se"),
  };
  deepEqual(way(telia), { method: "traditional", service: "telia_se" });
  const phonero = { configVersion: "1", client_id: "desktop-win", tokenURL: url("127.0.0.1", "phonero") };
  deepEqual(way(phonero), { method: "traditional", service: "phonero" });
  deepEqual(way({ configVersion: "1", client_id: "desktop", tokenURL: url("x.example", "y") }), {});
  const record = '{"method":"traditional","service":"elko"}';
  deepEqual(way({ ...telia, jottash_session: record }), {
    method: "traditional",
    service: "elko",
    userName: undefined,
  });
});

Deno.test("rcloneConfigPlaces() are those of rclone on each platform", () => {
  deepEqual(rcloneConfigPlaces(fakeEnv({ RCLONE_CONFIG: "/r.conf", HOME: "/h" }), "linux"), ["/r.conf"]);
  deepEqual(rcloneConfigPlaces(fakeEnv({ HOME: "/h", XDG_CONFIG_HOME: "/x" }), "darwin"), [
    "/x/rclone/rclone.conf",
    "/h/.config/rclone/rclone.conf",
    "/h/.rclone.conf",
  ]);
  deepEqual(rcloneConfigPlaces(fakeEnv({ APPDATA: "C:\\A", USERPROFILE: "C:\\U" }), "windows"), [
    "C:\\A\\rclone\\rclone.conf",
    "C:\\U\\.config\\rclone\\rclone.conf",
    "C:\\U\\.rclone.conf",
  ]);
  deepEqual(rcloneConfigPlaces(fakeEnv({}), "linux"), []);
});

Deno.test("remoteNameOf() takes a name with or without colon, and no parameters", () => {
  equal(remoteNameOf("jotta"), "jotta");
  equal(remoteNameOf("my cloud:"), "my cloud");
  throws(() => remoteNameOf("jotta,password=x:"), { message: /^Cannot use "jotta,\.\.\."/ });
});

Deno.test("requireSetting() takes the settings of rclone and of jottash, and an empty value for each", () => {
  const settings: Readonly<Record<string, string>> = {
    device: "Jotta",
    mountpoint: "Archive",
    encoding: "Slash",
    endpoint: "https://x.example",
    hard_delete: "true",
    trashed_only: "false",
    no_versions: "true",
    md5_memory_limit: "10Mi",
    upload_resume_limit: "10Mi",
    description: "for photos",
    token_file: "/secret/token",
    token_get_cmd: "cat",
    token_put_cmd: "tee",
  };
  for (const [key, value] of Object.entries(settings)) {
    requireSetting(key, value);
    requireSetting(key, "");
  }
  for (
    const [key, value] of [["no_versions", "maybe"], ["md5_memory_limit", "big"], ["encoding", "Nonsense"]]
  ) {
    throws(() => requireSetting(key ?? "", value ?? ""), { code: "usage" });
  }
});
