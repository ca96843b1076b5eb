import assert from "node:assert/strict";
import { isTemporaryName, temporaryName } from "../../../../lib/local/temporary_name.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const byteLength = (text: string) => new TextEncoder().encode(text).length;

Deno.test("temporaryName() has a form of our own, or rclone's with a suffix", () => {
  const random = new SeededRandom();
  const own = temporaryName(random, { finalName: "photo.jpg", suffix: undefined });
  assert.match(own, /^\.jottash-[a-z2-7]{12}\.partial$/);
  const other = temporaryName(random, { finalName: "photo.jpg", suffix: ".part" });
  assert.match(other, /^photo\.jpg\.[a-z2-7]{8}\.part$/);
  assert.notEqual(temporaryName(random, { finalName: "photo.jpg", suffix: ".part" }), other);
});

Deno.test("temporaryName() cuts long names to what a disk takes, between characters", () => {
  const random = new SeededRandom();
  for (const finalName of ["x".repeat(255), "å".repeat(127), `${"x".repeat(250)}.jpg`, "😀".repeat(63)]) {
    for (const suffix of [".partial", "å", ".a-long-suffix.x"]) {
      const name = temporaryName(random, { finalName, suffix });
      assert.ok(byteLength(name) <= 255 && byteLength(name) > 250, name);
      assert.ok(name.isWellFormed());
      assert.ok(isTemporaryName(name, suffix));
    }
  }
});

Deno.test("isTemporaryName() knows what this program makes, and takes no name that merely looks like it", () => {
  const random = new SeededRandom();
  for (const suffix of [undefined, ".partial", ".part", "~"]) {
    for (const finalName of ["a", "a.b.c", "line\nbreak", ".hidden"]) {
      const name = temporaryName(random, { finalName, suffix });
      assert.ok(isTemporaryName(name, suffix), name);
      if (suffix === undefined || suffix === ".partial") assert.ok(isTemporaryName(name), name);
      else assert.ok(!isTemporaryName(name), name);
      const otherName = `x${name}`;
      assert.ok(!isTemporaryName(otherName, suffix), otherName);
    }
  }
  for (
    const name of [
      "photo.abcd2345.partial",
      "photo.partial",
      ".partial",
      "abcd2345.partial",
      ".jottash-short.partial",
      ".jottash-ABCDEFGHIJKL.partial",
      "x.jottash-abcdefghijkl.partial",
      ".jottash-abcdefghijkl.partial.txt",
    ]
  ) {
    assert.ok(!isTemporaryName(name, ".partial"), name);
  }
});
