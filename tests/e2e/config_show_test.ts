/** Commands that tell what is in the config: nothing that opens an account, and for bug reports nothing personal. */
import { deepEqual, equal, match } from "node:assert/strict";
import { assertRun, Environment } from "./environment.ts";

const PERSONAL = "kari-and-her-laptop";

async function withRemotes(): Promise<Environment> {
  const environment = await Environment.create();
  await environment.writeConfig(
    [
      environment.remoteSection("jotta", {
        device: PERSONAL,
        mountpoint: `${PERSONAL}-photos`,
        username: `${PERSONAL}@example.no`,
        endpoint: `https://${PERSONAL}.example.no`,
        encoding: "Slash",
        token_file: "",
        own: PERSONAL,
        jottash_session: '{"method":"standard","service":"telia_se","machine":"m:0123456789abcdef"}',
      }),
      "[box]\ntype = sftp\nhost = example.no\npass = obscured\nkey_pem = pem\n",
      "[mybrand]\ntype = jottacloud-service\ndomain = id.example.no\nrealm = r\n",
    ].join("\n"),
  );
  return environment;
}

Deno.test("config redacted shows how a remote is set up, and nothing that tells whose it is", async () => {
  await using environment = await withRemotes();
  environment.keepSecret(PERSONAL);
  const redacted = await environment.run("config", "redacted", "jotta:");
  assertRun(redacted, {
    stdout: [
      "[jotta]",
      "type = jottacloud",
      "configVersion = 1",
      "client_id = jottacli",
      "client_secret = ",
      `tokenURL = ${environment.emulator.tokenUrl}`,
      "token = ***",
      "device = ***",
      "mountpoint = ***",
      "username = ***",
      "endpoint = ***",
      "encoding = Slash",
      "token_file = ",
      "own = ***",
      'jottash_session = {"method":"standard","service":"telia_se","machine":"***"}',
      "",
    ].join("\n"),
    stderr: "Look it over before you publish it\n",
  });
  const all = await environment.run("config", "redacted");
  match(all.stdout, /\n\n\[box\]\ntype = sftp\nhost = \*{3}\npass = \*{3}\nkey_pem = \*{3}\n\n\[mybrand\]\n/);
});

Deno.test("config show hides the secrets of every kind of remote", async () => {
  await using environment = await withRemotes();
  match(
    (await environment.run("config", "show", "box")).stdout,
    /^\[box\]\ntype = sftp\nhost = example\.no\npass = \*\*\*\nkey_pem = \*\*\*\n$/,
  );
  match((await environment.run("config", "show", "jotta")).stdout, /^token = \*\*\*$/m);
});

Deno.test("config dump is JSON of all remotes, with secrets only where they are asked for", async () => {
  await using environment = await withRemotes();
  const read = (text: string): Record<string, Record<string, string>> => JSON.parse(text);
  const hidden = read((await environment.run("config", "dump", "--json")).stdout);
  deepEqual(Object.keys(hidden), ["jotta", "box", "mybrand"]);
  equal(hidden["jotta"]?.["token"], "***");
  equal(hidden["jotta"]?.["client_secret"], "");
  equal(hidden["box"]?.["pass"], "***");
  const shown = read(
    (await environment.runWith({ mayShowSecrets: true }, "config", "dump", "--show-secrets")).stdout,
  );
  match(shown["jotta"]?.["token"] ?? "", /^\{"access_token":"eyJ/);
  deepEqual({ ...shown["jotta"], token: "***" }, hidden["jotta"]);
});

Deno.test("config list has the remotes of the environment, and no services", async () => {
  await using environment = await withRemotes();
  const env = { RCLONE_CONFIG_CI_TYPE: "jottacloud", JOTTASH_CONFIG_NIGHT_TYPE: "jottacloud" };
  assertRun(await environment.runWith({ env }, "config", "list"), {
    stdout: "jotta:\nbox:\nci:\nnight:\n",
    stderr: "",
  });
});
