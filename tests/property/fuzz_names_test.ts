/** Whatever names a service sends, under whatever encoding: no file is written outside the directory. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { JottashError } from "../../lib/errors.ts";
import { DiskPlaces } from "../../lib/local/disk_places.ts";
import { createLocalPaths } from "../../lib/local/local_path.ts";
import type { LocalRules } from "../../lib/local/local_rules.ts";
import { createLocalNames } from "../../lib/names/local_name.ts";
import { JOTTACLOUD_MASK, MASK_FLAGS } from "../../lib/names/mask.ts";
import { createRemoteNames } from "../../lib/names/remote_name.ts";
import { RemotePaths } from "../../lib/remote/remote_paths.ts";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { HOSTILE_NAME, resultOrError, SEED } from "./hostile.ts";

const MASK = fc.oneof(
  fc.constant(JOTTACLOUD_MASK),
  fc.constantFrom(0, 1, ...MASK_FLAGS.map(({ bit }) => bit)),
  fc.integer({ min: 0, max: 0x1fff_ffff }),
);
const PLATFORMS = { linux: "/home/u/target", darwin: "/Users/u/target", windows: "C:\\target" } as const;
const LINKS = fc.constantFrom("skip", "follow", "translate");

/** The segments of a path of the disk, as its system reads it. */
function segmentsOf(place: string, os: keyof typeof PLATFORMS): string[] {
  return place.split(os === "windows" ? /[\\/]/ : "/");
}

Deno.test("a listing leads nowhere but below the directory, whatever its names and the encoding", async () => {
  let led = 0;
  await fc.assert(
    fc.asyncProperty(
      // An element without a name is no entry: see decode.ts.
      fc.array(HOSTILE_NAME.filter((name) => name !== ""), { minLength: 1, maxLength: 3 }),
      MASK,
      fc.constantFrom("linux", "darwin", "windows"),
      LINKS,
      async (names, mask, os, links) => {
        const remote = new RemotePaths({
          remoteName: "jotta",
          device: "Jotta",
          mountpoint: "Archive",
          root: "",
          label: "jotta:",
          names: createRemoteNames(mask),
        });
        const root = PLATFORMS[os];
        const places = new DiskPlaces({
          fileSystem: new MemoryFileSystem(),
          root,
          names: createLocalNames(os),
          paths: createLocalPaths(os),
          rules: { links } as unknown as LocalRules,
        });
        let path = "";
        for (const name of names) {
          const entry = remote.entryOf(path, { kind: "folder", name, isDeleted: false });
          assert.ok(entry !== undefined);
          path = entry.path;
        }
        const place = await resultOrError(() => places.ofLink(path) ?? places.at(path));
        if (place instanceof JottashError) return;
        led++;
        const below = segmentsOf(place.slice(root.length + 1), os);
        assert.ok(place.startsWith(root));
        assert.ok(!place.includes("\0"));
        for (const segment of below) assert.ok(segment !== "" && segment !== "." && segment !== "..", place);
        if (os === "windows") assert.ok(!place.slice(2).includes(":"), place);
        // One name of the service is one name of the disk: none of them made directories.
        assert.equal(below.length, path.split("/").length, place);
      },
    ),
    { seed: SEED, numRuns: 2_000, endOnFailure: true },
  );
  assert.ok(led > 500, `only ${led} names led anywhere`);
});
