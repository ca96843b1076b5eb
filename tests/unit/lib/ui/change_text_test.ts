import assert from "node:assert/strict";
import { LocalError } from "../../../../lib/errors.ts";
import type { Change } from "../../../../lib/transfer/change.ts";
import { doneFields, doneText, wouldText } from "../../../../lib/ui/change_text.ts";

const CASES: readonly (readonly [Change, would: string, done: string, fields: Record<string, unknown>])[] = [
  [{ action: "transferred", path: "a", size: 3, bytesSent: 1 }, 'Would copy "a" (3 B)', "copied", {
    path: "a",
    how: "transferred",
    size: 3,
  }],
  [{ action: "deduplicated", path: "a", size: 3 }, 'Would copy "a" (3 B)', "copied", {
    path: "a",
    how: "deduplicated",
    size: 3,
  }],
  [{ action: "direct", path: "a", size: 3 }, 'Would copy "a" (3 B)', "copied", {
    path: "a",
    how: "direct",
    size: 3,
  }],
  [{ action: "times-only", path: "a", size: 3 }, 'Would touch "a"', "touched", { path: "a" }],
  [{ action: "deleted", path: "a", size: 3 }, 'Would delete "a" (3 B)', "deleted", { path: "a", size: 3 }],
  [{ action: "deleted", path: "a", forGood: true }, 'Would delete "a", for good', "deleted", { path: "a" }],
  [{ action: "deleted", path: "a", side: "source" }, 'Would delete "a" at the source', "deleted", {
    path: "a",
    side: "source",
  }],
  [{ action: "deleted", path: "a", keptAt: "old/a" }, 'Would move "a" aside, to "old/a"', "kept aside", {
    path: "a",
    keptAt: "old/a",
  }],
  [{ action: "kept-aside", path: "a", keptAt: "old/a" }, 'Would move "a" aside, to "old/a"', "kept aside", {
    path: "a",
    keptAt: "old/a",
  }],
  [{ action: "moved", kind: "file", path: "a", size: 3 }, 'Would move "a" (3 B)', "moved", {
    path: "a",
    size: 3,
  }],
  [{ action: "moved", kind: "directory", path: "a", from: "b" }, 'Would move "b" to "a"', "moved", {
    path: "a",
    from: "b",
  }],
  [{ action: "renamed", path: "a", from: "b" }, 'Would rename "b" to "a"', "renamed", {
    path: "a",
    from: "b",
  }],
  [{ action: "file-made", path: "a" }, 'Would make the empty file "a"', "made an empty file", { path: "a" }],
  [{ action: "directory-made", path: "a" }, 'Would make the folder "a"', "made a folder", { path: "a" }],
  [
    { action: "directory-removed", path: "a", noun: "directory" },
    'Would remove the empty directory "a"',
    "removed a folder",
    { path: "a" },
  ],
  [
    { action: "directory-deleted", path: "a", forGood: true },
    'Would delete the folder "a" with all that is in it, for good',
    "deleted a folder with all that was in it",
    { path: "a" },
  ],
  // Whoever has the address of a link can read the file: it is in no log.
  [{ action: "linked", path: "a", url: "https://x/s/1" }, 'Would make a link to "a"', "made a link", {
    path: "a",
  }],
  [{ action: "unlinked", path: "a" }, 'Would remove the link to "a"', "removed the link", { path: "a" }],
  [
    { action: "trash-emptied", path: "j:", files: 1, folders: 2 },
    "Would empty the trash of the account: 1 file, 2 folders with all that is in them",
    "emptied the trash",
    { path: "j:", files: 1, folders: 2 },
  ],
  [
    { action: "trash-emptied", path: "j:", files: 0, folders: 0 },
    "Nothing to do: the trash is empty",
    "emptied the trash",
    { path: "j:", files: 0, folders: 0 },
  ],
  [{ action: "unchanged", path: "a", size: 3 }, 'Would leave "a" alone', "unchanged", { path: "a", size: 3 }],
  [{ action: "skipped", path: "a", reason: "why" }, 'Would leave "a" alone', "left out", {
    path: "a",
    reason: "why",
  }],
  [{ action: "left-alone", path: "a", reason: "why" }, 'Would leave "a" alone', "left alone", {
    path: "a",
    reason: "why",
  }],
  [{ action: "failed", path: "a", error: new LocalError("Cannot x") }, "Cannot x", "failed", {
    path: "a",
    error: "Cannot x",
  }],
];

for (const [change, would, done, fields] of CASES) {
  Deno.test(`${change.action}: "${would}"`, () => {
    assert.equal(wouldText(change), would);
    assert.equal(doneText(change), done);
    assert.deepEqual(
      Object.fromEntries(Object.entries(doneFields(change)).filter(([, value]) => value !== undefined)),
      fields,
    );
  });
}
