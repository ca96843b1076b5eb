import assert from "node:assert/strict";
import { createLocalNames } from "../../../../lib/names/local_name.ts";
import type { LocalPlatform } from "../../../../lib/names/mask.ts";

type Pair = readonly [local: string, standard: string];

/** Hold on every platform, in both directions. */
const EVERYWHERE: readonly Pair[] = [
  ["a.txt", "a.txt"],
  ["日本 😀", "日本 😀"],
  ["\x7f", "␡"],
  ["␡", "‛␡"],
  ["／", "／"],
  ["␀", "␀"],
  ["．", "．"],
  ["．．", "．．"],
  ["‛／", "‛／"],
  ["‛", "‛‛"],
  ["‛‛", "‛‛‛‛"],
  ["‛．", "‛．"],
  ["a‛b", "a‛‛b"],
  ["a‛FFb", "a\udcffb"],
  ["a‛ffb", "a‛‛ffb"],
  ["a‛C3‛A9b", "a‛‛C3‛‛A9b"],
  ["a‛2Fb", "a‛‛2Fb"],
  ["％", "％"],
];

const BY_PLATFORM: Readonly<Record<LocalPlatform, readonly Pair[]>> = {
  linux: [["a:b", "a:b"], ["：", "："], ["a ", "a "], ["\x01", "␁"], ["␁", "‛␁"]],
  darwin: [["a:b", "a:b"], ["：", "："], ["a ", "a "], ["\x01", "␁"], ["␁", "‛␁"]],
  windows: [
    ["a：b", "a:b"],
    ["‛：", "："],
    ["a␠", "a "],
    ["a‛␠", "a␠"],
    ["a‛‛␠", "a‛‛ "],
    ["a‛‛‛␠", "a‛‛␠"],
    ["a．．", "a．."],
    [".．", ".．"],
    ["．．", "．．"],
    ["‛．．", "．."],
    ["‛‛．．", "‛‛．."],
    ["␁", "␁"],
    ["‛␁", "‛␁"],
  ],
};

for (const platform of ["linux", "darwin", "windows"] as const) {
  Deno.test(`createLocalNames() maps names of ${platform} to standard names and back`, () => {
    const names = createLocalNames(platform);
    const pairs = [...EVERYWHERE, ...BY_PLATFORM[platform]];
    assert.deepEqual(pairs.map(([local]) => names.toStandard(local)), pairs.map(([, standard]) => standard));
    assert.deepEqual(
      pairs.map(([, standard]) => names.fromStandard(standard)),
      pairs.map(([local]) => local),
    );
  });
}

Deno.test("createLocalNames() reads a local name that spells a byte as that byte, on every platform", () => {
  // rclone does so on macOS and Windows. On Linux it could write the raw byte; Deno cannot name such a file, so that
  // a stored `bad‛FFu` (put there by rclone on Linux) comes down under this spelling, and goes up again as it was.
  for (const platform of ["linux", "darwin", "windows"] as const) {
    const names = createLocalNames(platform);
    assert.equal(names.toStandard("bad‛FFu"), "bad\udcffu");
    assert.equal(names.fromStandard("bad\udcffu"), "bad‛FFu");
  }
});
