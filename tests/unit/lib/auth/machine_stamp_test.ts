/** Sessions that were copied to another machine: how that is told, and what is still done with them. */
import { deepStrictEqual, match, notStrictEqual, rejects, strictEqual } from "node:assert";
import { isOfAnotherMachine, machineStamp } from "../../../../lib/auth/machine_stamp.ts";
import { openSession } from "../../../../lib/auth/remote_session.ts";
import { adoptSession, inspectSession } from "../../../../lib/auth/session_status.ts";
import { parseToken } from "../../../../lib/store/token_store.ts";
import { CONFIG, section, SessionWorld, tokenFor } from "./session_world.ts";

async function stampOf(machineId: string | undefined, hostname = "host"): Promise<string> {
  return await machineStamp({ hostname, machineId: () => Promise.resolve(machineId) });
}

/** A remote whose session was stamped by the machine with that id. */
async function copiedFrom(
  machineId: string | undefined,
  minutes: number,
  here?: { readonly id: string | undefined },
) {
  const jottash_session = JSON.stringify({ machine: await stampOf(machineId, "elsewhere") });
  return new SessionWorld({
    config: section({ configVersion: "1", jottash_session, token: tokenFor(minutes) }),
    ...(here === undefined ? {} : { machineId: here.id }),
  });
}

async function open(world: SessionWorld) {
  return await openSession(world.context, await world.profile());
}

Deno.test("machineStamp() is a hash of the machine's id, or a weak one of its name", async () => {
  match(await stampOf("id"), /^m:[0-9a-f]{16}$/);
  match(await stampOf(undefined), /^h:[0-9a-f]{16}$/);
  strictEqual(await stampOf("id", "a"), await stampOf("id", "b"));
  notStrictEqual(await stampOf("id"), await stampOf("other"));
  notStrictEqual(await stampOf(undefined, "a"), await stampOf(undefined, "b"));
});

Deno.test("isOfAnotherMachine() accuses with two strong stamps only", () => {
  const cases = [
    ["m:1", "m:2", true],
    ["m:1", "m:1", false],
    ["m:1", "h:2", false],
    ["h:1", "m:2", false],
    ["h:1", "h:2", false],
    [undefined, "m:1", false],
  ] as const;
  for (const [stored, own, expected] of cases) strictEqual(isOfAnotherMachine(stored, own), expected);
});

Deno.test("A copied session is used while its access token lives, with one warning, and never refreshed", async () => {
  const world = await copiedFrom("another machine", 5);
  const source = await open(world);
  strictEqual(await source.accessToken(), "old");
  await world.clock.advance(4.5 * 60_000);
  strictEqual(await source.accessToken(), "old");
  const warnings = world.lines.filter((line) => line.startsWith("warn: "));
  strictEqual(warnings.length, 1);
  match(warnings[0] ?? "", /jottash config reconnect jotta: .* jottash auth adopt jotta:/);
  await rejects(source.renew("old"), {
    code: "session-copied",
    hint: /config reconnect jotta: .*auth adopt jotta:/,
  });
  await world.clock.advance(31_000);
  await rejects(source.accessToken(), { code: "session-copied" });
  strictEqual(world.transport.requests.length, 0);
});

Deno.test("A weak stamp on either side accuses nobody, and the next rotation stamps anew", async () => {
  const cases = [
    [await copiedFrom(undefined, -5), await stampOf("this machine")],
    [await copiedFrom("another machine", -5, { id: undefined }), await stampOf(undefined)],
  ] as const;
  for (const [world, stamp] of cases) {
    strictEqual(await (await open(world)).accessToken(), "new");
    strictEqual(world.fileSystem.peek(CONFIG)?.includes(`"machine":"${stamp}"`), true);
  }
});

Deno.test("adoptSession() makes this machine the only user, and the session is refreshed again", async () => {
  const world = await copiedFrom("another machine", -5);
  strictEqual((await inspectSession(world.context, await world.profile())).isCopied, true);
  await rejects((await open(world)).accessToken(), { code: "session-copied" });
  await adoptSession(world.context, await world.profile());
  deepStrictEqual(parseToken((await world.profile()).get("token") ?? "")?.accessToken, "old");
  strictEqual((await inspectSession(world.context, await world.profile())).isCopied, false);
  strictEqual(await (await open(world)).accessToken(), "new");
});

Deno.test("adoptSession() takes over only what is in the config", async () => {
  const inFile = new SessionWorld({ options: { tokenFile: "/t" } });
  await rejects(adoptSession(inFile.context, await inFile.profile()), { code: "config" });
  const empty = new SessionWorld({ config: section({ configVersion: "1" }) });
  await rejects(adoptSession(empty.context, await empty.profile()), { code: "not-signed-in" });
});
