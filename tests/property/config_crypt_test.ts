import { equal } from "node:assert/strict";
import fc from "fast-check";
import {
  configKeyOf,
  decodePayload,
  openConfig,
  refusePassword,
  sealConfig,
} from "../../lib/store/config_crypt.ts";
import { encryptedPart } from "../../lib/store/config_envelope.ts";

const anyText = fc.string({ unit: "binary", maxLength: 2_000 });
const anyPassword = fc.string({ unit: "binary", minLength: 1, maxLength: 40 })
  .filter((password) => refusePassword(password) === undefined);
const anyNonce = fc.uint8Array({ minLength: 24, maxLength: 24 });

function open(file: string, password: string): string | undefined {
  const sealed = decodePayload(encryptedPart(file)?.payload ?? "");
  if (typeof sealed === "string") throw new Error(sealed);
  const bytes = openConfig(sealed, configKeyOf(password));
  return bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

Deno.test("an encrypted config says what was encrypted, for every text and password", () => {
  fc.assert(fc.property(anyText, anyPassword, anyNonce, (text, password, nonce) => {
    const file = sealConfig(text, { key: configKeyOf(password), random: { bytes: () => nonce } });
    equal(open(file, password), text);
    equal(open(file, password.normalize("NFD")), text);
  }));
});

Deno.test("an encrypted config is read the same however its base64 is wrapped and what stands before it", () => {
  const comments = fc.array(fc.constantFrom("# c", ";", "", " \t ", "  # [a]"), { maxLength: 4 });
  const width = fc.integer({ min: 1, max: 80 });
  const lineEnd = fc.constantFrom("\n", "\r\n");
  fc.assert(fc.property(anyText, comments, width, lineEnd, (text, before, columns, end) => {
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const file = sealConfig(text, { key: configKeyOf("pw"), random });
    const payload = encryptedPart(file)?.payload ?? "";
    const lines = payload.match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
    equal(open([...before, "RCLONE_ENCRYPT_V0:", ...lines, ""].join(end), "pw"), text);
  }));
});

Deno.test("an encrypted config stays shut for every other password", () => {
  fc.assert(fc.property(anyText, anyPassword, anyPassword, (text, password, other) => {
    fc.pre(password.normalize("NFKC") !== other.normalize("NFKC"));
    const random = { bytes: (length: number) => new Uint8Array(length) };
    equal(open(sealConfig(text, { key: configKeyOf(password), random }), other), undefined);
  }));
});
