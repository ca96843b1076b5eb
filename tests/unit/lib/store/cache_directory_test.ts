import { equal } from "node:assert/strict";
import { cacheDirectory } from "../../../../lib/store/cache_directory.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";

const CASES = [
  ["linux", { HOME: "/home/kari" }, "/home/kari/.cache/jottash"],
  ["linux", { HOME: "/home/kari", XDG_CACHE_HOME: "/fast" }, "/fast/jottash"],
  ["linux", { HOME: "/home/kari", XDG_CACHE_HOME: "fast" }, "/home/kari/.cache/jottash"],
  ["linux", { HOME: "" }, undefined],
  ["darwin", { HOME: "/Users/kari" }, "/Users/kari/Library/Caches/jottash"],
  ["windows", { LOCALAPPDATA: "C:\\Local" }, "C:\\Local\\jottash\\cache"],
  ["windows", { USERPROFILE: "C:\\Kari" }, "C:\\Kari\\AppData\\Local\\jottash\\cache"],
  ["windows", {}, undefined],
] as const;

for (const [os, variables, expected] of CASES) {
  Deno.test(`cacheDirectory() on ${os} with ${JSON.stringify(variables)}`, () => {
    equal(cacheDirectory(fakeEnv(variables), os), expected);
  });
}
