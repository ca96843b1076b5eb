import assert from "node:assert/strict";
import { createLocalPaths, type LocalPathPlatform } from "../../../../lib/local/local_path.ts";

const RESOLVED: readonly [LocalPathPlatform, string, string, string][] = [
  ["linux", "/home/a", "x", "/home/a/x"],
  ["linux", "/home/a", "", "/home/a"],
  ["linux", "/home/a", ".", "/home/a"],
  ["linux", "/home/a", "./x//y/", "/home/a/x/y"],
  ["linux", "/home/a", "../b", "/home/b"],
  ["linux", "/home/a", "../../../..", "/"],
  ["linux", "/home/a", "/", "/"],
  ["linux", "/home/a", "//etc/../x", "/x"],
  ["linux", "/", "x", "/x"],
  ["linux", "/home/a", "~/x", "/home/a/~/x"],
  ["linux", "/home/a", "C:\\x", "/home/a/C:\\x"],
  ["linux", "/home/a", " x ", "/home/a/ x "],
  ["darwin", "/Users/a", "b/../c", "/Users/a/c"],
  ["windows", "C:\\Users\\a", "x/y", "C:\\Users\\a\\x\\y"],
  ["windows", "C:\\Users\\a", "..\\..\\..", "C:\\"],
  ["windows", "C:\\Users\\a", "d:/x", "D:\\x"],
  ["windows", "C:\\Users\\a", "D:x", "D:\\x"],
  ["windows", "C:\\Users\\a", "\\x", "C:\\x"],
  ["windows", "C:\\Users\\a", "C:", "C:\\"],
  ["windows", "C:\\Users\\a", "\\\\nas\\share\\x", "\\\\nas\\share\\x"],
  ["windows", "C:\\Users\\a", "//nas/share/../..", "\\\\nas\\share\\"],
  ["windows", "\\\\nas\\share\\a", "..\\b", "\\\\nas\\share\\b"],
  ["windows", "\\\\nas\\share\\a", "/b", "\\\\nas\\share\\b"],
];

Deno.test("resolve() makes what the user typed absolute", () => {
  for (const [platform, here, typed, expected] of RESOLVED) {
    const paths = createLocalPaths(platform);
    assert.equal(paths.resolve(here, typed), expected, `${platform}: ${typed}`);
    assert.equal(paths.resolve("/elsewhere", expected), expected, "once is enough");
    assert.ok(paths.isAbsolute(expected));
  }
});

Deno.test("isAbsolute() wants a root that does not depend on where we are", () => {
  assert.ok(!createLocalPaths("linux").isAbsolute("x/y"));
  assert.ok(!createLocalPaths("windows").isAbsolute("\\x"));
  assert.ok(createLocalPaths("windows").isAbsolute("\\\\nas\\share"));
});

Deno.test("join(), parentOf() and nameOf() fit together", () => {
  for (
    const [platform, path, directory, name] of [
      ["linux", "/a/b", "/a", "b"],
      ["linux", "/a", "/", "a"],
      ["windows", "C:\\a", "C:\\", "a"],
      ["windows", "C:\\a\\b", "C:\\a", "b"],
      ["windows", "\\\\nas\\share\\a", "\\\\nas\\share\\", "a"],
    ] as const
  ) {
    const paths = createLocalPaths(platform);
    assert.equal(paths.join(directory, name), path);
    assert.equal(paths.parentOf(path), directory);
    assert.equal(paths.nameOf(path), name);
    assert.equal(paths.join(path, ""), path);
  }
  assert.equal(createLocalPaths("linux").parentOf("/"), "/");
  assert.equal(createLocalPaths("linux").nameOf("/"), "");
});

Deno.test("display() is short below the current directory", () => {
  const { display } = createLocalPaths("linux");
  assert.equal(display("/home/a/x/y", "/home/a"), "x/y");
  assert.equal(display("/home/a", "/home/a"), ".");
  assert.equal(display("/home/ab", "/home/a"), "/home/ab");
  assert.equal(display("/etc", "/"), "etc");
});

Deno.test("isName() takes names of files only", () => {
  const [linux, windows] = [createLocalPaths("linux"), createLocalPaths("windows")];
  for (const name of ["", ".", "..", "a/b", "/", "a\0b"]) {
    assert.ok(!linux.isName(name));
    assert.ok(!windows.isName(name));
  }
  for (const name of ["...", " ", "a b", ".hidden"]) assert.ok(linux.isName(name) && windows.isName(name));
  for (const name of ["a\\b", "C:x", "stream:1"]) assert.ok(linux.isName(name) && !windows.isName(name));
});
