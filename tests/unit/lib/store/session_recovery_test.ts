/** What is taken over from the file of a killed process, and what is not. */
import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { ConfigStore } from "../../../../lib/store/config_file.ts";
import { fingerprintOf } from "../../../../lib/store/fingerprint.ts";
import { formatSessionRecord, SESSION_RECORD_KEY } from "../../../../lib/store/session_record.ts";
import type { SessionRecord } from "../../../../lib/store/session_record.ts";
import { successorOf } from "../../../../lib/store/session_recovery.ts";
import { formatToken, type StoredSession } from "../../../../lib/store/token_store.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const AT = 1_777_000_000_000;
const PATH = "/home/c.conf";
const BESIDE = "/home/c.conf.0123456789abcdef.tmp";

function sessionOf(refreshToken: string | undefined, record: SessionRecord): StoredSession {
  return { token: { accessToken: "a", tokenType: "Bearer", refreshToken, expiresAtMs: AT }, record };
}

async function interrupted(refreshToken = "r1"): Promise<StoredSession> {
  return sessionOf(refreshToken, { intent: { token: await fingerprintOf("r1"), atMs: AT } });
}

Deno.test("successorOf() finds the session that an interrupted refresh has got, and no other", async () => {
  const successor = sessionOf("r2", { rotatedAtMs: AT });
  const intent = { token: await fingerprintOf("r2"), atMs: AT };
  const cases: readonly (readonly [string, StoredSession, StoredSession, boolean])[] = [
    ["its successor", await interrupted(), successor, true],
    ["nothing was interrupted", sessionOf("r1", {}), successor, false],
    ["another token is stored by now", await interrupted("r5"), successor, false],
    ["from an earlier time", await interrupted(), sessionOf("r2", { rotatedAtMs: AT - 1 }), false],
    ["of unknown time", await interrupted(), sessionOf("r2", {}), false],
    ["the same token", await interrupted(), sessionOf("r1", { rotatedAtMs: AT }), false],
    ["no refresh token", await interrupted(), sessionOf(undefined, { rotatedAtMs: AT }), false],
    ["about to be spent itself", await interrupted(), sessionOf("r2", { rotatedAtMs: AT, intent }), false],
  ];
  for (const [name, stored, leftover, isFound] of cases) {
    strictEqual(await successorOf(stored, [leftover]), isFound ? leftover : undefined, name);
  }
});

function textOf(sections: Readonly<Record<string, StoredSession>>): string {
  return Object.entries(sections).map(([name, { token, record }]) =>
    `[${name}]\ntype = jottacloud\ntoken = ${formatToken(token)}\n` +
    `${SESSION_RECORD_KEY} = ${formatSessionRecord(record)}\n`
  ).join("");
}

function storeOver(text: string, beside: string) {
  const fileSystem = new MemoryFileSystem();
  fileSystem.put(PATH, text);
  fileSystem.put(BESIDE, beside);
  const context = { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
  return { fileSystem, config: new ConfigStore(context, PATH) };
}

Deno.test("ConfigStore takes over the new session that a killed process has written beside, and nothing else of it", async () => {
  const stored = textOf({ jotta: await interrupted(), other: sessionOf("o9", {}) });
  // An earlier change of other sections, and the space that was claimed behind the text.
  const beside = textOf({ jotta: sessionOf("r2", { rotatedAtMs: AT + 5 }), other: sessionOf("o1", {}) });
  const { fileSystem, config } = storeOver(`# mine\n${stored}`, `${beside}${"\0".repeat(1000)}`);
  // Whoever takes the lock first, for whatever reason.
  await config.update((document) => document.set("other", "device", "Jotta"));
  const document = await config.load();
  deepStrictEqual(
    ["jotta", "other"].map((name) => JSON.parse(document.get(name, "token") ?? "").refresh_token),
    ["r2", "o9"],
  );
  strictEqual(document.get("jotta", SESSION_RECORD_KEY)?.includes("intent"), false);
  ok(fileSystem.peek(PATH)?.startsWith("# mine\n[jotta]\n"));
  strictEqual(fileSystem.peek(BESIDE), undefined);
});

Deno.test("ConfigStore removes what a killed process has written in part or in vain", async () => {
  const stored = textOf({ jotta: await interrupted() });
  const whole = textOf({ jotta: sessionOf("r2", { rotatedAtMs: AT + 5 }) });
  const cases = [
    "",
    "\0\0",
    whole.slice(0, whole.indexOf("refresh_token")),
    "RCLONE_ENCRYPT_V0:\nAAAA",
    stored,
  ];
  for (const beside of cases) {
    const { fileSystem, config } = storeOver(stored, beside);
    await config.exclusively(() => Promise.resolve());
    deepStrictEqual([fileSystem.peek(PATH), fileSystem.peek(BESIDE)], [stored, undefined], beside);
  }
});

Deno.test("ConfigStore keeps what lies beside until the session in it is in its place", async () => {
  const beside = textOf({ jotta: sessionOf("r2", { rotatedAtMs: AT + 5 }) });
  const { fileSystem, config } = storeOver(textOf({ jotta: await interrupted() }), beside);
  fileSystem.beforeOperation = ({ name }) => {
    if (name === "rename") throw new Error("killed");
  };
  await config.exclusively(() => Promise.resolve()).catch(() => {});
  fileSystem.beforeOperation = () => {};
  strictEqual(fileSystem.peek(BESIDE), beside);
  await config.exclusively(() => Promise.resolve());
  ok(fileSystem.peek(PATH)?.includes('"refresh_token":"r2"'));
});

Deno.test("ConfigStore takes over a session also from beside an encrypted file, whose text never stands plain there", async () => {
  const stored = textOf({ jotta: await interrupted() });
  const { fileSystem, config } = storeOver(stored, "");
  await config.setPassword("correct horse");
  const sealed = fileSystem.peek(PATH) ?? "";
  await config.update((document) => {
    document.set("jotta", "token", formatToken(sessionOf("r2", {}).token));
    document.set("jotta", SESSION_RECORD_KEY, formatSessionRecord({ rotatedAtMs: AT + 5 }));
  });
  // The process dies right before the new file is put in its place.
  fileSystem.put(BESIDE, fileSystem.peek(PATH) ?? "");
  fileSystem.put(PATH, sealed);
  const paths = new Set<string>();
  fileSystem.beforeOperation = ({ path }) => void paths.add(path);
  await config.exclusively(() => Promise.resolve());
  strictEqual(JSON.parse((await config.load()).get("jotta", "token") ?? "").refresh_token, "r2");
  for (const path of [PATH, ...paths]) {
    strictEqual(fileSystem.peek(path)?.includes("refresh_token") ?? false, false);
  }
});
