/**
 * jottash without an endpoint: the real host names, over TLS, through a proxy, as on a company network. The bridge
 * plays the hosts; needs no rclone.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startEmulator } from "../emulator/mod.ts";
import { createJottash } from "./jottash.ts";
import { REAL_ISSUER, withRealDiscovery } from "./login_token.ts";
import { startTlsBridge } from "./tls_bridge.ts";

const MIB = 1024 * 1024;
const FILES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  "large + odd;#1.bin": new Uint8Array(3 * MIB).fill(7),
  "small.txt": new TextEncoder().encode("small"),
};

Deno.test("jottash signs in and copies up and back over the real host names, TLS and a proxy", async () => {
  const home = await Deno.makeTempDir({ prefix: "jottash-hosts-" });
  try {
    await using emulator = await startEmulator();
    await using bridge = await startTlsBridge(emulator.endpoint);
    const configPath = join(home, "jottash.conf");
    const env = { HTTPS_PROXY: bridge.proxyUrl, DENO_CERT: bridge.caPath };
    const jottash = createJottash({ home, configPath, env });
    await Deno.mkdir(join(home, "up"));
    for (const [name, bytes] of Object.entries(FILES)) await Deno.writeFile(join(home, "up", name), bytes);
    const tokenFile = join(home, "token");
    await Deno.writeTextFile(tokenFile, withRealDiscovery(emulator.loginToken));

    await jottash.must(["config", "create", "jotta", "--login-token-file", tokenFile]);
    const config = await Deno.readTextFile(configPath);
    assert.ok(config.includes(`tokenURL = ${REAL_ISSUER}/protocol/openid-connect/token\n`));
    await jottash.must(["copy", join(home, "up"), "jotta:up"]);
    assert.equal(emulator.stats.uploads, 2);
    await jottash.must(["copy", "jotta:up", join(home, "down")]);
    for (const [name, bytes] of Object.entries(FILES)) {
      assert.deepEqual(new Uint8Array(await Deno.readFile(join(home, "down", name))), bytes, name);
    }
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
