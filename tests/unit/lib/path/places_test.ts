/** rclone's ways to take a place apart (tests/fixtures/listing/places.json), as far as jottash has the like. */
import { deepEqual, equal, throws } from "node:assert/strict";
import fixtures from "../../../fixtures/listing/places.json" with { type: "json" };
import { UsageError } from "../../../../lib/errors.ts";
import { parseConnectionString } from "../../../../lib/path/connection_string.ts";
import { parseLocation } from "../../../../lib/path/location.ts";
import { nameOf, parentOf } from "../../../../lib/tree/tree.ts";

interface Fixture {
  readonly id: string;
  readonly kind: string;
  readonly in: string;
  readonly os?: string;
  readonly out?: readonly [first: string, second: string];
}

function ofKind(kind: string): Fixture[] {
  return (fixtures as unknown as Fixture[]).filter((each) => each.kind === kind);
}

/** The path of a remote is cleaned at once, and never leads out of it: rclone finds that out later. */
function cleaned(path: string): string {
  return path.split("/").filter((name) => name !== "").join("/");
}

function splitFs({ in: text, os }: Fixture): [fs: string, path: string] {
  const location = parseLocation(text, os === "windows" ? "windows" : "linux");
  return location.kind === "local" ? ["", location.path] : [`${location.remote.name}:`, location.path];
}

Deno.test("parseLocation() parts remote and path where rclone does", () => {
  const counts = { same: 0, refused: 0, leadsOut: 0 };
  for (const fixture of ofKind("fspath.splitFs")) {
    if (fixture.out === undefined) {
      throws(() => splitFs(fixture), UsageError, fixture.id);
      counts.refused++;
    } else if (fixture.out[1].startsWith("..")) {
      throws(() => splitFs(fixture), /leads out of the remote$/, fixture.id);
      counts.leadsOut++;
    } else {
      const [fs, path] = fixture.out;
      deepEqual(splitFs(fixture), [fs, fs === "" ? path : cleaned(path)], fixture.id);
      counts.same++;
    }
  }
  deepEqual(counts, { same: 10, refused: 2, leadsOut: 2 });
});

Deno.test("parseLocation() with parentOf() and nameOf() parts a path where rclone does", () => {
  const counts = { same: 0, refused: 0 };
  for (const fixture of ofKind("fspath.split")) {
    if (fixture.out === undefined || /:\.\./.test(fixture.in)) {
      throws(() => splitFs(fixture), UsageError, fixture.id);
      counts.refused++;
      continue;
    }
    const [fs, path] = splitFs(fixture);
    const [parent, name] = fixture.out;
    const slash = fs === "" && path.startsWith("/") ? "/" : "";
    const ownParent = fs + (parentOf(path) || slash);
    deepEqual([ownParent, nameOf(path)], [
      fs === "" && parent === "/" ? "/" : parent.replace(/\/$/, ""),
      name,
    ]);
    counts.same++;
  }
  deepEqual(counts, { same: 10, refused: 4 });
});

Deno.test("parseConnectionString() takes for a remote alone what rclone does", () => {
  let checked = 0;
  for (const { id, in: text, out } of ofKind("fspath.checkRemoteName")) {
    let isRemoteAlone = true;
    try {
      isRemoteAlone = parseConnectionString(text)?.path === "" && text.endsWith(":");
    } catch {
      isRemoteAlone = false;
    }
    equal(isRemoteAlone, out !== undefined, `${id} ${text}`);
    checked++;
  }
  equal(checked, 6);
});

Deno.test("parseConnectionString() reads what rclone writes of parameters", () => {
  let checked = 0;
  for (const fixture of [...ofKind("configmap.string"), ...ofKind("configmap.human")]) {
    const { in: parameters, out } = fixture as unknown as { in: Record<string, string>; out: string };
    const read = parseConnectionString(`remote,${out}:path`);
    deepEqual(Object.fromEntries(read?.remote.parameters ?? []), parameters, fixture.id);
    equal(read?.path, "path");
    checked++;
  }
  equal(checked, 8);
});
