import assert from "node:assert/strict";
import { JOTTACLOUD_MASK, parseMask } from "../../../../lib/names/mask.ts";
import { createRemoteNames } from "../../../../lib/names/remote_name.ts";

/** Default of rclone up to v1.73 (API reference 8.1). */
const MASK_BEFORE_V1_74 = parseMask(
  "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Del,Ctl,InvalidUtf8,Dot",
);

Deno.test("createRemoteNames() maps standard names to stored ones and back", () => {
  const names = createRemoteNames(JOTTACLOUD_MASK);
  const pairs = [
    ["a.txt", "a.txt"],
    ["a:b", "a：b"],
    ["：", "‛："],
    ["／", "／"],
    ["‛／", "‛／"],
    ["␁", "␁"],
    ["．", "．"],
    ["‛‛", "‛‛"],
    ["100%", "100％"],
    ["a\udcffb", "a‛FFb"],
  ] as const;
  for (const [standard, stored] of pairs) {
    assert.equal(names.toStored(standard), stored);
    assert.equal(names.fromStored(stored), standard);
  }
});

Deno.test("createRemoteNames() follows the mask of the remote", () => {
  assert.equal(createRemoteNames(MASK_BEFORE_V1_74).toStored("100%"), "100%");
  assert.equal(createRemoteNames(parseMask("Raw")).toStored("a:b／"), "a:b/");
  assert.equal(createRemoteNames(parseMask("None")).toStored("a:b␀"), "a:b␀");
});

Deno.test("createRemoteNames() reads a raw character and its look-alike as the same name", () => {
  const names = createRemoteNames(JOTTACLOUD_MASK);
  assert.equal(names.fromStored("a:b"), names.fromStored("a：b"));
});
