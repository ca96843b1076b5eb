import { notStrictEqual, strictEqual, throws } from "node:assert";
import fc from "fast-check";
import { ConfigError } from "../../../../lib/errors.ts";
import { obscure, reveal } from "../../../../lib/store/obscure.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

interface Vector {
  readonly id: string;
  readonly kind: "obscure" | "reveal";
  readonly clear?: string;
  readonly iv_ascii?: string;
  readonly iv_hex?: string;
  readonly in?: string;
  readonly out?: string;
  readonly error?: string;
}

const VECTORS: readonly Vector[] = JSON.parse(
  await Deno.readTextFile(new URL("../../../fixtures/config/obscured.json", import.meta.url)),
);

Deno.test("obscure() and reveal() do what rclone does", () => {
  const seen = { obscure: 0, reveal: 0, refused: 0 };
  for (const { id, kind, clear = "", iv_ascii, iv_hex, in: obscured = "", out, error } of VECTORS) {
    if (kind === "obscure") {
      const counter = iv_hex === undefined
        ? new TextEncoder().encode(iv_ascii ?? "")
        : Uint8Array.fromHex(iv_hex);
      strictEqual(obscure(clear, { bytes: () => counter }), out, id);
      strictEqual(reveal(out ?? ""), clear, id);
      seen.obscure++;
    } else if (error === undefined) {
      strictEqual(reveal(obscured), out, id);
      seen.reveal++;
    } else {
      throws(() => reveal(obscured), ConfigError, id);
      seen.refused++;
    }
  }
  strictEqual(JSON.stringify(seen), '{"obscure":14,"reveal":15,"refused":3}');
});

Deno.test("reveal() after obscure() is identity, and no two forms are alike", () => {
  const random = new SeededRandom(7);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const once = obscure(text, random);
    strictEqual(reveal(once), text);
    notStrictEqual(obscure(text, random), once);
  }));
});

Deno.test("reveal() refuses a plain secret without repeating it", () => {
  for (const text of ["hunter2", "plain-secret-that-is-long-enough-to-decode", "ÆØÅ", "YWFh", "="]) {
    throws(
      () => reveal(text),
      (error: unknown) =>
        error instanceof ConfigError &&
        !JSON.stringify([error.message, error.hint, error.stack]).includes(text),
      text,
    );
  }
});
