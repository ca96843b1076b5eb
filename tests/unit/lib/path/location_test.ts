import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { JottashError } from "../../../../lib/errors.ts";
import { type Location, parseLocation } from "../../../../lib/path/location.ts";
import { checkRemoteName } from "../../../../lib/store/config_file.ts";

interface LocationFixture {
  readonly id: string;
  readonly in: string;
  readonly out?: { readonly name: string; readonly path: string; readonly config?: unknown };
  readonly error?: string;
}

const FIXTURES: readonly LocationFixture[] = JSON.parse(
  Deno.readTextFileSync(new URL("../../../fixtures/listing/locations.json", import.meta.url)),
);

/** What one of rclone's paths is here: the path of a remote is cleaned, as rclone does later. */
function expected({ name, path }: NonNullable<LocationFixture["out"]>): Location {
  if (name === "") return { kind: "local", path };
  const names = path.split("/").filter((each) => each !== "" && each !== ".");
  return { kind: "remote", remote: name, path: names.join("/") };
}

Deno.test("parseLocation() reads what rclone reads, and refuses what rclone refuses", () => {
  let compared = 0;
  for (const fixture of FIXTURES) {
    const { in: text, out } = fixture;
    const isConnectionString = out !== undefined && (out.config !== undefined || out.name.startsWith(":"));
    if (out === undefined || isConnectionString) {
      throws(() => parseLocation(text, "linux"), JottashError, `${fixture.id}: ${text}`);
      continue;
    }
    deepEqual(parseLocation(text, "linux"), expected(out), `${fixture.id}: ${text}`);
    compared++;
  }
  ok(compared > 20);
});

Deno.test("parseLocation() says of a connection string that it is not supported yet, without repeating its values", () => {
  const forms = [
    ":jottacloud:x",
    "jotta,hard_delete:x",
    "jotta,pass='SECRET':x",
    ":jottacloud,pass=SECRET:",
    ":",
  ];
  for (const text of forms) {
    throws(() => parseLocation(text, "linux"), (error) => {
      ok(error instanceof JottashError);
      ok(error.message.endsWith("connection strings are not supported yet"), error.message);
      ok(!error.message.includes("SECRET"), error.message);
      return true;
    });
  }
});

Deno.test("parseLocation() cleans the path of a remote and does not let it lead out", () => {
  const cases: [text: string, path: string][] = [
    ["jotta:", ""],
    ["jotta:/", ""],
    ["jotta:.", ""],
    ["jotta:a//b/", "a/b"],
    ["jotta:/a/./b/../c", "a/c"],
    ["jotta:a/..", ""],
    ["jotta: a /b ", " a /b "],
    ["jotta:a:b", "a:b"],
    ["jotta:...", "..."],
  ];
  for (const [text, path] of cases) {
    deepEqual(parseLocation(text, "linux"), { kind: "remote", remote: "jotta", path });
  }
  for (const text of ["jotta:..", "jotta:a/../..", "jotta:/../a"]) {
    throws(() => parseLocation(text, "linux"), /leads out of the remote$/);
  }
});

Deno.test("parseLocation() takes a drive letter for a path on Windows only", () => {
  deepEqual(parseLocation("C:\\data", "windows"), { kind: "local", path: "C:\\data" });
  deepEqual(parseLocation("c:", "windows"), { kind: "local", path: "c:" });
  deepEqual(parseLocation("cc:x", "windows"), { kind: "remote", remote: "cc", path: "x" });
  deepEqual(parseLocation("C:x", "darwin"), { kind: "remote", remote: "C", path: "x" });
});

Deno.test("parseLocation() takes exactly the names that a remote can be made with", () => {
  for (
    const name of ["a", "a b", "a-b", "b-", "æøå", "1", "@", "a.b", "_", "-a", " a", "a ", "a*", "é?", "+"]
  ) {
    const isName = checkRemoteName(name) === undefined;
    let isTaken = true;
    try {
      equal(parseLocation(`${name}:x`, "linux").kind, "remote");
    } catch {
      isTaken = false;
    }
    equal(isTaken, isName, JSON.stringify(name));
  }
});

Deno.test("parseLocation() refuses an empty path and tells how to write this directory", () => {
  throws(() => parseLocation("", "linux"), /Cannot use an empty path: write "\." for this directory/);
});
