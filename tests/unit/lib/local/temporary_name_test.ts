import assert from "node:assert/strict";
import {
  isResumableNameOf,
  isTemporaryName,
  resumableName,
  temporaryKindOf,
  temporaryName,
} from "../../../../lib/local/temporary_name.ts";
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

const FINAL_NAMES = ["photo.jpg", "a", ".hidden", "line\nbreak", "x".repeat(255), "å".repeat(127)];
const SUFFIXES = [undefined, ".partial", ".part", "~"] as const;

Deno.test("resumableName() is the same for the same file and content, and another one for any other", () => {
  for (const suffix of SUFFIXES) {
    const names = FINAL_NAMES.flatMap((finalName) =>
      ["1 abc", "2 abc", "1 abd"].map((content) => resumableName({ finalName, suffix, content }))
    );
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.ok(byteLength(name) <= 255 && !/[\0/]/.test(name), name);
    const again = resumableName({ finalName: "photo.jpg", suffix, content: "1 abc" });
    assert.equal(again, names[0]);
  }
});

Deno.test("temporaryKindOf() tells what can be gone on with, and isResumableNameOf() of which file it is", () => {
  const random = new SeededRandom();
  for (const suffix of SUFFIXES) {
    for (const finalName of FINAL_NAMES.slice(0, 4)) {
      assert.equal(temporaryKindOf(temporaryName(random, { finalName, suffix }), suffix), "plain");
      const name = resumableName({ finalName, suffix, content: "1 abc" });
      assert.equal(temporaryKindOf(name, suffix), "resumable");
      for (const other of FINAL_NAMES) {
        assert.equal(
          isResumableNameOf(name, { finalName: other, suffix }),
          other === finalName,
          `${name} ${other}`,
        );
      }
    }
  }
  for (const name of ["photo.jpg", ".jottash-abcdefgh-abcdefghijk.partial", "a.abcd2345.partial"]) {
    assert.equal(temporaryKindOf(name, ".part"), undefined);
  }
});
