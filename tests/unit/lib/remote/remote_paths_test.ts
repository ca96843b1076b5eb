import assert from "node:assert/strict";
import { ProtocolError } from "../../../../lib/errors.ts";
import type { JfsFile } from "../../../../lib/jfs/types.ts";
import { JOTTACLOUD_MASK } from "../../../../lib/names/mask.ts";
import { createRemoteNames } from "../../../../lib/names/remote_name.ts";
import { RemotePaths, type RemotePlace } from "../../../../lib/remote/remote_paths.ts";

function pathsWith(more: Partial<RemotePlace> = {}): RemotePaths {
  const names = createRemoteNames(JOTTACLOUD_MASK);
  return new RemotePaths({
    remoteName: "jotta",
    device: "Jotta",
    mountpoint: "Archive",
    root: "",
    label: "jotta:",
    names,
    ...more,
  });
}

const FILE: JfsFile = {
  kind: "file",
  name: "a",
  isDeleted: false,
  current: {
    state: "COMPLETED",
    number: 1,
    size: 5,
    md5: "00",
    createdAtMs: 1,
    modifiedAtMs: 2,
    updatedAtMs: 3,
    mimeType: "text/plain",
  },
  latest: undefined,
  revisions: [],
  publicUri: undefined,
};

Deno.test("RemotePaths.segments() stores each name below device, mountpoint and root", () => {
  assert.deepEqual(pathsWith().segments(""), ["Jotta", "Archive"]);
  const paths = pathsWith({ root: "a:b/c" });
  assert.deepEqual(paths.segments("d?/100%"), ["Jotta", "Archive", "a：b", "c", "d？", "100％"]);
  assert.equal(paths.isMountpoint(""), false);
  assert.equal(pathsWith().isMountpoint(""), true);
});

Deno.test("RemotePaths.identity is the same whatever the case, and tells remotes and places apart", () => {
  assert.equal(
    pathsWith({ root: "Photos" }).identity,
    pathsWith({ root: "PHOTOS", device: "jotta" }).identity,
  );
  assert.notEqual(pathsWith({ root: "Photos" }).identity, pathsWith({ root: "Photos2" }).identity);
  assert.ok(pathsWith({ root: "a/b" }).identity.startsWith(pathsWith({ root: "a" }).identity));
  assert.ok(!pathsWith({ root: "ab" }).identity.startsWith(pathsWith({ root: "a" }).identity));
  assert.notEqual(pathsWith({ remoteName: "other" }).identity, pathsWith().identity);
});

Deno.test("RemotePaths.quote() continues what the user wrote", () => {
  assert.equal(pathsWith().quote("a/b"), '"jotta:a/b"');
  assert.equal(pathsWith({ label: "jotta:photos" }).quote("a"), '"jotta:photos/a"');
  assert.equal(pathsWith({ label: "jotta:photos/" }).quote("a"), '"jotta:photos/a"');
  assert.equal(pathsWith({ label: "jotta:photos" }).quote(""), '"jotta:photos"');
});

Deno.test("RemotePaths.refusedReason() looks at the root, too", () => {
  assert.match(pathsWith({ root: "x".repeat(256) }).refusedReason("") ?? "", /longer than 255/);
  assert.equal(pathsWith({ root: "fine" }).refusedReason("also:fine"), undefined);
});

Deno.test("RemotePaths.entryOf() shows live, completed files and live folders only", () => {
  const paths = pathsWith();
  assert.deepEqual(paths.entryOf("dir", FILE), {
    kind: "file",
    path: "dir/a",
    size: 5,
    modifiedAtMs: 2,
    createdAtMs: 1,
    md5: "00",
    mimeType: "text/plain",
  });
  const hidden: readonly JfsFile[] = [
    { ...FILE, isDeleted: true },
    { ...FILE, current: undefined },
    ...["INCOMPLETE", "CORRUPT", "ADDED", "PROCESSING", ""].map((state) => ({
      ...FILE,
      current: FILE.current && { ...FILE.current, state },
    })),
  ];
  for (const item of hidden) assert.equal(paths.entryOf("", item), undefined);
  assert.equal(paths.entryOf("", { kind: "folder", name: "b", isDeleted: true }), undefined);
  assert.equal(paths.entryOf("", { kind: "folder", name: "b：", isDeleted: false })?.path, "b:");
});

Deno.test("RemotePaths.entryOf() cannot read names that would lead elsewhere, and files without a size", () => {
  const paths = pathsWith();
  const sizeless = { ...FILE, current: FILE.current && { ...FILE.current, size: undefined } };
  const name = "../../etc/passwd";
  for (const item of [{ ...FILE, name }, { kind: "folder", name, isDeleted: false }, sizeless] as const) {
    const entry = paths.entryOf("dir", item);
    assert.ok(entry?.kind === "unreadable" && entry.error instanceof ProtocolError);
    assert.match(entry.path, /^dir\/[^/]+$/);
  }
  assert.equal(paths.entryOf("", { ...FILE, name, isDeleted: true }), undefined);
});
