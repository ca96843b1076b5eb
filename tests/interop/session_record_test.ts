/** What jottash notes about a session in a config that rclone writes too. */
import assert from "node:assert/strict";
import { fingerprintOf } from "../../lib/store/fingerprint.ts";
import { rcloneTest } from "./world.ts";

const EXPIRED = 1_577_836_800_000;

rcloneTest(
  "the session record survives a refresh by rclone, which makes an older intent mean nothing",
  {},
  async (world) => {
    const { emulator, rclone } = world;
    emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
    const tokens = { ...emulator.issueTokens(), expiresAtMs: EXPIRED };
    const intent = { token: await fingerprintOf(tokens.refreshToken), at: "2026-01-02T03:04:05.000Z" };
    const jottash_session = JSON.stringify({ method: "standard", service: "jottacloud", intent });
    await rclone.configure({ tokens, keys: { tokenURL: emulator.tokenUrl, jottash_session } });
    assert.match(await rclone.must(["ls", "jotta:"]), /a\.txt/);
    const text = await Deno.readTextFile(rclone.configPath);
    assert.equal(text.includes(tokens.refreshToken), false);
    assert.ok(text.split("\n").includes(`jottash_session = ${jottash_session}`));

    await Deno.writeTextFile(
      rclone.configPath,
      text.replace(/"expiry":"[^"]*"/, '"expiry":"2020-01-01T00:00:00Z"'),
    );
    const jottash = await world.createJottash(rclone.configPath);
    const { code, stdout, stderr } = await jottash.run(["ls", "jotta:"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /a\.txt/);
    assert.equal(stderr, "");
    assert.equal(emulator.stats.refreshes, 2);
    assert.equal(emulator.stats.revocations, 0);
    const after = await Deno.readTextFile(rclone.configPath);
    assert.match(after, /^jottash_session = \{"method":"standard","service":"jottacloud",.*"rotated":/m);
    assert.doesNotMatch(after, /intent/);
    assert.match(await rclone.must(["ls", "jotta:"]), /a\.txt/);
  },
);
