import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import type { FileSystem } from "../../../../lib/edges.ts";
import { ConfigError, LocalError } from "../../../../lib/errors.ts";
import { configKeyOf, sealConfig } from "../../../../lib/store/config_crypt.ts";
import type { ConfigPasswords } from "../../../../lib/store/config_encryption.ts";
import { ConfigStore } from "../../../../lib/store/config_file.ts";
import { acquireLock } from "../../../../lib/store/lock_file.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const PATH = "/home/kari/c.conf";
const TEXT = "# mine\n[jotta]\ntype = jottacloud\ntoken = secret-one\n";

/** Somebody who tries these passwords one after the other, and counts how often they are asked. */
class Keyring implements ConfigPasswords {
  asked = 0;
  readonly #passwords: readonly string[];
  readonly #before: () => Promise<void>;

  constructor(passwords: readonly string[], before: () => Promise<void> = () => Promise.resolve()) {
    this.#passwords = passwords;
    this.#before = before;
  }

  async find({ path, refuse }: Parameters<ConfigPasswords["find"]>[0]): Promise<string> {
    this.asked++;
    await this.#before();
    const found = this.#passwords.find((each) => refuse(each) === undefined);
    if (found !== undefined) return found;
    throw new ConfigError(`no password for ${path}`, { code: "config-password-wrong" });
  }
}

function contextOf(fileSystem: FileSystem) {
  return { fileSystem, clock: new FakeClock({ autoAdvance: true }), random: new SeededRandom() };
}

function encrypt(text: string, password: string): string {
  return sealConfig(text, { key: configKeyOf(password), random: new SeededRandom(7) });
}

function storeOn(disk: MemoryFileSystem, passwords?: ConfigPasswords): ConfigStore {
  return new ConfigStore(contextOf(disk), PATH, { passwords });
}

/** What the file says to who knows the password. */
async function read(disk: MemoryFileSystem, ...passwords: string[]): Promise<string> {
  return (await storeOn(disk, new Keyring(passwords)).load()).toString();
}

Deno.test("ConfigStore opens an encrypted file, changes it, and leaves it encrypted", async () => {
  const disk = new MemoryFileSystem();
  const file = encrypt(TEXT, "pw");
  disk.put(PATH, file, { mode: 0o600 });
  const keyring = new Keyring(["other", "pw"]);
  const store = storeOn(disk, keyring);
  equal((await store.load()).toString(), TEXT);
  equal(await store.isEncrypted(), true);
  await store.update((document) => document.set("jotta", "token", "secret-two"));
  const first = disk.peek(PATH) ?? "";
  match(first, /^# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\n[A-Za-z0-9+/]+=*$/);
  equal(await read(disk, "pw"), TEXT.replace("one", "two"));
  await store.update((document) => document.set("jotta", "token", "secret-one"));
  // The nonce is another each time.
  ok(disk.peek(PATH) !== file && disk.peek(PATH) !== first);
  equal(keyring.asked, 1);
});

Deno.test("ConfigStore asks once, whoever reads at the same time", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, encrypt(TEXT, "pw"));
  const keyring = new Keyring(["pw"], () => new Promise((resolve) => setTimeout(resolve, 5)));
  const store = storeOn(disk, keyring);
  const documents = await Promise.all([store.load(), store.load(), store.load()]);
  await Promise.all([1, 2].map((each) => store.update((document) => document.set("a", `k${each}`, "v"))));
  deepEqual(documents.map(String), [TEXT, TEXT, TEXT]);
  equal(keyring.asked, 1);
});

Deno.test("ConfigStore looks for the password before it takes the lock", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, encrypt(TEXT, "pw"));
  let wasFree = false;
  const keyring = new Keyring(["pw"], async () => {
    using _lock = await acquireLock(contextOf(disk.asAnotherProcess()), PATH, { timeoutMs: 0 });
    wasFree = true;
  });
  await storeOn(disk, keyring).update((document) => document.set("a", "k", "v"));
  ok(wasFree);
  match(await read(disk, "pw"), /k = v/);
});

Deno.test("ConfigStore goes along when another process encrypts, decrypts or gives another password", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, TEXT);
  const keyring = new Keyring(["old", "new"]);
  const store = storeOn(disk, keyring);
  equal((await store.load()).toString(), TEXT);
  equal(keyring.asked, 0);
  for (const [password, asked] of [["old", 1], ["new", 2], ["old", 2]] as const) {
    disk.put(PATH, encrypt(TEXT, password));
    await store.update((document) => document.set("a", "k", `${password}${asked}`));
    match(await read(disk, password), new RegExp(`k = ${password}${asked}\n`));
    equal(keyring.asked, asked);
  }
  disk.put(PATH, TEXT);
  await store.update((document) => document.set("a", "k", "plain"));
  equal(disk.peek(PATH), `${TEXT}\n[a]\nk = plain\n`);
  disk.put(PATH, encrypt(TEXT, "third"));
  const before = disk.peek(PATH);
  await rejects(store.update((document) => document.set("a", "k", "x")), { code: "config-password-wrong" });
  equal(disk.peek(PATH), before);
});

Deno.test("ConfigStore writes in the form that the file has when it writes", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, TEXT);
  const store = storeOn(disk, new Keyring(["pw"]));
  await store.exclusively(async (config) => {
    await config.reserve();
    // rclone takes no lock.
    disk.put(PATH, encrypt(TEXT, "pw"));
    await config.change((document) => document.set("jotta", "token", "secret-two"));
  });
  ok(!disk.peek(PATH)?.includes("secret"));
  equal(await read(disk, "pw"), TEXT.replace("one", "two"));
});

Deno.test("ConfigStore takes room for a longer token also where it is encrypted", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, encrypt(TEXT, "pw"));
  await storeOn(disk, new Keyring(["pw"])).exclusively(async (config) => {
    await config.reserve();
    const [temporary = ""] = disk.paths().filter((path) => path.endsWith(".tmp"));
    const { size: reserved } = await disk.stat(temporary);
    await config.change((document) => document.set("jotta", "token", "x".repeat(64 * 1024)));
    const { size } = await disk.stat(PATH);
    ok(size <= reserved, `${size} bytes in ${reserved}`);
  });
});

Deno.test("ConfigStore has no plain text on the disk at any moment, and no crash brings it there", async () => {
  const edit = (store: ConfigStore) =>
    store.update((document) => document.set("jotta", "token", "secret-two"));
  const change = (store: ConfigStore) => store.setPassword("new");
  for (const work of [edit, change]) {
    for (let failAt = 1;; failAt++) {
      const disk = new MemoryFileSystem();
      disk.put(PATH, encrypt(TEXT, "pw"));
      const start = disk.operations;
      const look = () => {
        for (const path of disk.paths()) ok(!disk.peek(path)?.includes("secret"), `${path} shows the token`);
      };
      disk.beforeOperation = ({ index, name, path }) => {
        look();
        if (index === start + failAt) throw new LocalError(`Cannot ${name} "${path}": the power is off`);
      };
      const wentWell = await work(storeOn(disk, new Keyring(["pw"]))).then(() => true, () => false);
      look();
      disk.crash(() => failAt % 2 === 0);
      look();
      match(
        await read(disk, "pw", "new"),
        /^# mine\n\[jotta\]\ntype = jottacloud\ntoken = secret-(one|two)\n$/,
      );
      if (wentWell && disk.operations < start + failAt) break;
      ok(failAt < 100);
    }
  }
});

Deno.test("ConfigStore.setPassword() encrypts, changes and removes, and keeps every byte of the text", async () => {
  const disk = new MemoryFileSystem();
  const text = "\uFEFF# mine\r\n[jotta]\r\ntype = jottacloud";
  disk.put(PATH, text, { mode: 0o600 });
  const keyring = new Keyring([]);
  const store = storeOn(disk, keyring);
  for (const password of ["one", "two", " two ", "日本"]) {
    await store.setPassword(password);
    equal(await store.isEncrypted(), true);
    equal(await read(disk, password), text);
    await rejects(read(disk, "other"), { code: "config-password-wrong" });
    equal((await store.load()).toString(), text);
  }
  await store.setPassword(undefined);
  equal(await store.isEncrypted(), false);
  equal(await read(disk), text);
  equal(keyring.asked, 0);
  equal(((await disk.stat(PATH)).mode ?? 0) & 0o777, 0o600);
});

Deno.test("ConfigStore.setPassword() makes a file where there is none", async () => {
  const disk = new MemoryFileSystem();
  const store = storeOn(disk);
  await store.setPassword("pw");
  equal(await read(disk, "pw"), "");
  await store.update((document) => document.set("a", "k", "v"));
  equal(await read(disk, "pw"), "[a]\nk = v\n");
});

Deno.test("ConfigStore.setPassword() leaves the file as it was when it cannot", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, TEXT);
  const store = storeOn(disk);
  for (const [password, reason] of [["  ", /it is blank$/], ["a\ud800", /it is not UTF-8 text$/]] as const) {
    await rejects(store.setPassword(password), (error: unknown) => {
      return error instanceof ConfigError && reason.test(error.message);
    });
  }
  disk.put("/home/kari/broken.conf", "[a]\nbroken\n");
  const broken = new ConfigStore(contextOf(disk), "/home/kari/broken.conf");
  await rejects(broken.setPassword("pw"), ConfigError);
  equal(disk.peek("/home/kari/broken.conf"), "[a]\nbroken\n");
  equal(disk.peek(PATH), TEXT);
  // After a change that could not be saved the old password still counts.
  disk.put(PATH, encrypt(TEXT, "pw"));
  const keyring = new Keyring(["pw"]);
  const sealed = storeOn(disk, keyring);
  await sealed.load();
  disk.beforeOperation = ({ name, path }) => {
    if (name === "sync") throw new LocalError(`Cannot write "${path}": the disk is full`);
  };
  await rejects(sealed.setPassword("new"), LocalError);
  disk.beforeOperation = () => {};
  equal((await sealed.load()).toString(), TEXT);
  equal(keyring.asked, 1);
  equal(await read(disk, "pw"), TEXT);
});

Deno.test("ConfigStore refuses what it cannot read or could not read again", async () => {
  const disk = new MemoryFileSystem();
  const cases = [
    ["RCLONE_ENCRYPT_V1:\nAAAA", "config-encryption-unknown"],
    ["RCLONE_ENCRYPT_V0:\nAAAA", "config"],
    ["RCLONE_ENCRYPT_V0:\nA!AA", "config"],
    [encrypt("[a]\nbroken\n", "pw"), "config"],
    [encrypt(encrypt(TEXT, "pw"), "pw"), "config-encrypted"],
    [encrypt(TEXT, "other"), "config-password-wrong"],
  ] as const;
  for (const [file, code] of cases) {
    disk.put(PATH, file);
    const store = storeOn(disk, new Keyring(["pw"]));
    await rejects(store.load(), { code });
    await rejects(store.update((document) => document.set("a", "k", "v")), { code });
    await rejects(store.setPassword("x"), { code });
    equal(disk.peek(PATH), file);
  }
  disk.put(PATH, encrypt(TEXT, "pw"));
  await rejects(storeOn(disk).load(), { code: "config-encrypted" });
  // Sixteen megabytes is the limit for the file, and an encrypted one is a third longer than its text.
  const store = storeOn(disk, new Keyring(["pw"]));
  const before = disk.peek(PATH);
  const large = "x".repeat(13 * 1024 * 1024);
  await rejects(store.update((document) => document.set("a", "k", large)), /it would be larger than/);
  equal(disk.peek(PATH), before);
});

Deno.test("ConfigStore.loadUnasked() reads what needs no password, and asks for none", async () => {
  const disk = new MemoryFileSystem();
  disk.put(PATH, TEXT);
  const keyring = new Keyring(["pw"]);
  const store = storeOn(disk, keyring);
  equal((await store.loadUnasked())?.toString(), TEXT);
  disk.put(PATH, encrypt(TEXT, "pw"));
  equal(await store.loadUnasked(), undefined);
  equal(keyring.asked, 0);
  await store.load();
  equal((await store.loadUnasked())?.toString(), TEXT);
});
