import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { ConfigDocument } from "../../../../lib/store/config_document.ts";
import {
  type ConfigKey,
  configKeyOf,
  decodePayload,
  openConfig,
  refusePassword,
  sealConfig,
} from "../../../../lib/store/config_crypt.ts";
import { encryptedPart } from "../../../../lib/store/config_envelope.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import encrypted from "../../../fixtures/config/encrypted.json" with { type: "json" };
import keys from "../../../fixtures/config/keys.json" with { type: "json" };
import plain from "../../../fixtures/config/plain.json" with { type: "json" };

/** The text of an encrypted file; a word for what is wrong with it. */
function read(file: string, password: string): { readonly text: string } | { readonly problem: string } {
  const part = encryptedPart(file);
  if (part === undefined || !part.isSupported) return { problem: "not encrypted" };
  const sealed = decodePayload(part.payload);
  if (typeof sealed === "string") return { problem: sealed };
  const bytes = openConfig(sealed, configKeyOf(password));
  return bytes === undefined ? { problem: "wrong" } : { text: new TextDecoder().decode(bytes) };
}

function hex(bytes: ConfigKey): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

for (const { name, encrypted: file, password, altPasswords, plaintext, parsed, error } of encrypted) {
  Deno.test(`encrypted file, as rclone reads it: ${name}`, () => {
    const result = read(file, password);
    if (error !== undefined) return ok("problem" in result, "it should not open");
    deepEqual(result, { text: plaintext });
    for (const other of altPasswords ?? []) deepEqual(read(file, other), { text: plaintext });
    const document = ConfigDocument.parse(plaintext ?? "", "/c");
    const content = document.sections().map((each) => [each, Object.fromEntries(document.entries(each))]);
    deepEqual(Object.fromEntries(content), parsed);
  });
}

Deno.test("each damage of an encrypted file has its own words", () => {
  const problemOf = (wanted: string) => {
    const { encrypted: file = "", password = "" } = encrypted.find(({ name }) => name === wanted) ?? {};
    const result = read(file, password);
    return "problem" in result ? result.problem : "none";
  };
  equal(problemOf("c0-wrongpw"), "wrong");
  equal(problemOf("c2-short"), "its encrypted part is too short");
  equal(problemOf("c2-badchar"), "its encrypted part is not base64");
  equal(problemOf("upstream-enc-invalid"), "its encrypted part is not base64");
});

Deno.test("decodePayload() passes over line breaks and over nothing else", () => {
  const base64 = btoa("x".repeat(41));
  const withBreaks = base64.replace(/.{10}/g, "$&\r\n");
  deepEqual(decodePayload(withBreaks), decodePayload(base64));
  ok(typeof decodePayload(base64) !== "string");
  equal(typeof decodePayload(btoa("x".repeat(40))), "object");
  equal(decodePayload(btoa("x".repeat(39))), "its encrypted part is too short");
  equal(decodePayload(""), "its encrypted part is too short");
  for (const wrong of [` ${base64}`, base64.slice(0, -1), base64.slice(0, -3), `${base64}=`, `${base64}\0`]) {
    equal(decodePayload(wrong), "its encrypted part is not base64", JSON.stringify(wrong));
  }
  equal(decodePayload(base64.replaceAll("e", "-")), "its encrypted part is not base64");
});

for (const vector of keys) {
  Deno.test(`key of a password, as rclone makes it: ${vector.id}`, () => {
    // Bytes that are not UTF-8 come as the edges hand them on.
    const password = vector.a ?? new TextDecoder().decode(Uint8Array.fromHex(vector.a_hex ?? ""));
    if (vector.error !== undefined) return match(refusePassword(password) ?? "", /blank|UTF-8/);
    equal(refusePassword(password), undefined);
    equal(hex(configKeyOf(password)), vector.key_a_hex);
  });
}

Deno.test("configKeyOf() takes the password as it is but for look-alikes", () => {
  const cases = [
    ["asdf", "71efa752967fc482cfd122f02bc39724e282a6f73afb46fc7f99106ae004f227"],
    ["\uFB01\u2460", "a2aa7e4bff4b958e49eecebc627e233e70ff9169c2473ae8b8b3a260540a7434"],
  ] as const;
  for (const [password, key] of cases) equal(hex(configKeyOf(password)), key);
  equal(hex(configKeyOf("fi1")), hex(configKeyOf("\uFB01\u2460")));
  ok(hex(configKeyOf(" asdf")) !== hex(configKeyOf("asdf")));
  ok(hex(configKeyOf("asdf\n")) !== hex(configKeyOf("asdf")));
});

Deno.test("refusePassword() refuses what no file can have", () => {
  for (const password of ["", "   ", "\t\n", "\u00a0"]) equal(refusePassword(password), "it is blank");
  for (const password of ["a\ud800", "\udc00b", "a\ufffd"]) {
    equal(refusePassword(password), "it is not UTF-8 text");
  }
  for (const password of [" a", "a ", "\u0000", "日本", "😀"]) equal(refusePassword(password), undefined);
});

Deno.test("sealConfig() writes the file that rclone writes, byte by byte", () => {
  const sealed = sealConfig("[jotta]\ntype = jottacloud\nconfigVersion = 1\n", {
    key: configKeyOf("correct horse"),
    random: { bytes: (length) => Uint8Array.from({ length }, (_, index) => index) },
  });
  equal(
    sealed,
    "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\n" +
      "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX8WjOG4kVDFiEwCIVRLhPQzUZyF/hZZZfkeUCRll2yWnfPqgKM/CPsVQ3EdOVRrwiL27Wo8dCm+xAbz49",
  );
});

Deno.test("sealConfig() never uses a nonce twice", () => {
  const context = { key: configKeyOf("a"), random: new SeededRandom() };
  const nonces = Array.from({ length: 50 }, () => {
    const sealed = decodePayload(encryptedPart(sealConfig("x", context))?.payload ?? "");
    return typeof sealed === "string" ? "" : hex(sealed.nonce);
  });
  equal(new Set(nonces).size, 50);
});

Deno.test("openConfig() finds every change of a byte", () => {
  const key = configKeyOf("a");
  const file = sealConfig("abc", { key, random: new SeededRandom() });
  const sealed = decodePayload(encryptedPart(file)?.payload ?? "");
  if (typeof sealed === "string") throw new Error(sealed);
  equal(new TextDecoder().decode(openConfig(sealed, key)), "abc");
  for (let index = 0; index < sealed.box.length; index++) {
    const changed: Uint8Array = Uint8Array.from(sealed.box, (byte, at) => at === index ? byte ^ 1 : byte);
    equal(openConfig({ ...sealed, box: changed }, key), undefined);
  }
});

Deno.test("encryptedPart() counts the marker only where comments alone come before it", () => {
  for (const { content } of plain) equal(encryptedPart(content), undefined);
  const cases = [
    ["RCLONE_ENCRYPT_V0:", { isSupported: true, payload: "" }],
    ["RCLONE_ENCRYPT_V0:\nabc", { isSupported: true, payload: "abc" }],
    ["; c\r\n\r\n#\n \t RCLONE_ENCRYPT_V0: \r\nabc\n", { isSupported: true, payload: "abc\n" }],
    ["\uFEFFRCLONE_ENCRYPT_V0:\nabc", { isSupported: true, payload: "abc" }],
    ["RCLONE_ENCRYPT_V1:\nabc", { isSupported: false, payload: "abc" }],
    ["RCLONE_ENCRYPT_V0: abc\n", { isSupported: false, payload: "" }],
    ["[a]\nRCLONE_ENCRYPT_V0:\nabc", undefined],
    ["[RCLONE_ENCRYPT_V0:]\nabc", undefined],
    ["", undefined],
    ["# only comments", undefined],
  ] as const;
  for (const [text, part] of cases) deepEqual(encryptedPart(text), part, JSON.stringify(text));
});

Deno.test("ConfigDocument.parse() refuses encrypted text, so that nothing can be edited into it", () => {
  for (const { encrypted: file } of encrypted) {
    throws(() => ConfigDocument.parse(file, "/c"), { code: "config-encrypted" });
  }
});
