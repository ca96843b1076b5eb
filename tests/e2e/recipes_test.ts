/**
 * The recipes of docs/sessions.md, run as they stand there: the blocks marked `sh`. Only what a test machine does not
 * have is put in the place of what they name: `ssh` runs its words here, `vault` is a file, a path is in the home.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Environment } from "./environment.ts";

const DOCUMENT = fileURLToPath(new URL("../../docs/sessions.md", import.meta.url));

/** Fails where there is not exactly one block with this text in it. */
async function recipeWith(text: string): Promise<string> {
  const document = await Deno.readTextFile(DOCUMENT);
  const found = [...document.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block)
    .filter((block) => block.includes(text));
  equal(found.length, 1, `blocks with ${text}`);
  return found[0] ?? "";
}

/** A signed-in `jotta:`, something to copy, and programs named `jottash`, `ssh` and `vault` in a directory for PATH. */
async function workshop(): Promise<{ readonly environment: Environment; readonly bin: string }> {
  const environment = await Environment.signedIn();
  const bin = environment.path("bin");
  await Deno.mkdir(environment.path("out"));
  await Deno.writeTextFile(environment.path("out", "a.txt"), "hello");
  await Deno.mkdir(bin);
  const { file, args } = await environment.executable();
  const program = async (name: string, script: string) =>
    await Deno.writeTextFile(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  await program("jottash", `exec ${[file, ...args].map((word) => `'${word}'`).join(" ")} "$@"`);
  // Another machine does not have the variables of this one.
  await program("ssh", 'shift; exec env -u JOTTASH_CONFIG_CI_TYPE -u JOTTASH_ACCESS_TOKEN "$@"');
  await program("vault", 'case "$2" in get) cat stored 2>/dev/null || true;; put) cat > stored;; esac');
  return { environment, bin };
}

async function run(
  { environment, bin }: Awaited<ReturnType<typeof workshop>>,
  recipe: string,
  secrets: Readonly<Record<string, string>> = {},
) {
  for (const secret of Object.values(secrets)) environment.keepSecret(secret);
  const { env } = await environment.executable(secrets);
  const { success, code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-ec", recipe],
    env: { ...env, PATH: `${bin}:${env["PATH"]}` },
    clearEnv: true,
    cwd: environment.home,
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout);
  await environment.searchForSecrets(recipe, said);
  ok(success, `status ${code}: ${said}`);
  return said;
}

function uploaded(environment: Environment): string[] {
  return environment.emulator.tree.walkFiles("/Jotta/Archive");
}

const ignore = Deno.build.os === "windows";

Deno.test({ ignore, name: "docs/sessions.md: one run with an access token" }, async () => {
  const shop = await workshop();
  await using environment = shop.environment;
  const config = await Deno.readTextFile(environment.configPath);
  await run(shop, await recipeWith("JOTTASH_ACCESS_TOKEN="));
  deepEqual(uploaded(environment), ["builds/42/a.txt"]);
  equal(await Deno.readTextFile(environment.configPath), config);
});

Deno.test({ ignore, name: "docs/sessions.md: a login token once, and a file that stays" }, async () => {
  const shop = await workshop();
  await using environment = shop.environment;
  await Deno.remove(environment.configPath);
  const recipe = (await recipeWith("TOKEN_FILE=")).replace("/var/lib/runner", environment.home);
  const secrets = { SECRET_LOGIN_TOKEN: environment.emulator.loginToken };
  match(await run(shop, recipe, secrets), /^Copied 1 file/);
  deepEqual(uploaded(environment), ["builds/42/a.txt"]);
  match(await run(shop, recipe, secrets), /^Nothing to do/);
  equal((await Deno.stat(environment.path("jotta-token.json"))).isFile, true);
});

Deno.test({ ignore, name: "docs/sessions.md: a secret store" }, async () => {
  const shop = await workshop();
  await using environment = shop.environment;
  await Deno.remove(environment.configPath);
  const recipe = await recipeWith("TOKEN_PUT_CMD=");
  const secrets = { SECRET_LOGIN_TOKEN: environment.emulator.loginToken };
  match(await run(shop, recipe, secrets), /^Copied 1 file/);
  match(await run(shop, recipe, secrets), /^Nothing to do/);
  match(await Deno.readTextFile(environment.path("stored")), /"refresh_token"/);
});

Deno.test({ ignore, name: "docs/sessions.md: one refresher for many" }, async () => {
  const shop = await workshop();
  await using environment = shop.environment;
  match(await run(shop, await recipeWith("auth token jotta: --min-ttl 30m'")), /^Copied 1 file/);
  deepEqual(uploaded(environment), ["builds/42/a.txt"]);
});

Deno.test({ ignore, name: "docs/sessions.md: the question before a long job" }, async () => {
  const shop = await workshop();
  await using _environment = shop.environment;
  const said = await run(shop, await recipeWith("auth check"));
  equal(JSON.parse(said)[0].problem, null);
});

Deno.test({ ignore, name: "docs/sessions.md: an encrypted config" }, async () => {
  const shop = await workshop();
  await using environment = shop.environment;
  const said = await run(shop, await recipeWith("config password set"), {
    SECRET_CONFIG_PASSWORD: "correct horse battery",
  });
  match(said, /^Encrypted /);
  match(await Deno.readTextFile(environment.configPath), /^RCLONE_ENCRYPT_V0:$/m);
});

Deno.test("docs/sessions.md and README.md: every other line that starts with jottash has words that are taken", async () => {
  await using environment = await Environment.signedIn();
  const documents = [DOCUMENT, fileURLToPath(new URL("../../README.md", import.meta.url))];
  const texts = await Promise.all(documents.map((path) => Deno.readTextFile(path)));
  const blocks = texts.flatMap((text) =>
    [...text.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = ""]) => block)
  );
  const lines = blocks.join("").split("\n").map((line) => /^(?:\$ )?jottash (.+)$/.exec(line)?.[1] ?? "");
  const commands = new Set(lines.map((line) => line.replace(/ \|\| .*/, "")).filter((line) => line !== ""));
  ok(commands.size >= 5);
  await Deno.mkdir(environment.path("Pictures"));
  for (const words of commands) {
    const { status, stderr } = await environment.run(
      ...words.replace("~", environment.home).split(" "),
      "-n",
    );
    // A folder of the example that is not there is no fault of the words.
    ok(status === 0 || status === 3, `jottash ${words}: ${stderr}`);
  }
});

Deno.test("docs/sessions.md names every service and every method", async () => {
  const { SERVICES } = await import("../../lib/auth/services.ts");
  const document = await Deno.readTextFile(DOCUMENT);
  for (const name of ["standard", "traditional", "legacy", ...SERVICES.map((service) => service.key)]) {
    ok(document.includes(`\`${name}\``), name);
  }
});
