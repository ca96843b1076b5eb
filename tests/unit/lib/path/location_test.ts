import { deepEqual, doesNotMatch, equal, match, ok, throws } from "node:assert/strict";
import { UsageError } from "../../../../lib/errors.ts";
import { type RemoteReference, withoutParameters } from "../../../../lib/path/connection_string.ts";
import { type Location, parseLocation } from "../../../../lib/path/location.ts";
import { checkRemoteName } from "../../../../lib/path/remote_name.ts";

interface LocationFixture {
  readonly id: string;
  readonly in: string;
  readonly os: "unix" | "windows";
  readonly out?: {
    readonly name: string;
    readonly path: string;
    readonly config?: Readonly<Record<string, string>>;
  };
  readonly error?: string;
}

const FIXTURES: readonly LocationFixture[] = JSON.parse(
  Deno.readTextFileSync(new URL("../../../fixtures/listing/locations.json", import.meta.url)),
);

function cleaned(path: string): string {
  return path.split("/").filter((each) => each !== "" && each !== ".").join("/");
}

/** What one of rclone's paths is here: the path of a remote is cleaned, as rclone does later. */
function expected({ name, path, config = {} }: NonNullable<LocationFixture["out"]>): Location {
  if (name === "") return { kind: "local", path };
  return {
    kind: "remote",
    remote: { name, parameters: new Map(Object.entries(config)) },
    path: cleaned(path),
  };
}

/** rclone turns the backslashes of a Windows path; here the local disk does that later. */
function read({ in: text, os }: LocationFixture): Location {
  const location = parseLocation(text, os === "windows" ? "windows" : "linux");
  return location.kind === "local" && os === "windows"
    ? { kind: "local", path: location.path.replaceAll("\\", "/") }
    : location;
}

Deno.test("parseLocation() reads what rclone reads, and refuses what rclone refuses, on each system", () => {
  const counts = { local: 0, remote: 0, refused: 0 };
  for (const fixture of FIXTURES) {
    const { id, in: text, out } = fixture;
    if (out === undefined) {
      throws(() => read(fixture), UsageError, `${id}: ${text}`);
      counts.refused++;
      continue;
    }
    const location = read(fixture);
    deepEqual(location, expected(out), `${id}: ${text}`);
    counts[location.kind]++;
  }
  ok(counts.local > 15 && counts.remote > 40 && counts.refused > 20, JSON.stringify(counts));
});

Deno.test("parseLocation() shows nothing of what stands behind the first comma of a wrong connection string", () => {
  const cases: [text: string, message: RegExp][] = [
    ["jotta,password='SECRET:x", /"jotta,\.\.\.": a quoted value has no end$/],
    [':jottacloud,password="SECRET"x:', /":jottacloud,\.\.\.": behind a quoted value there is neither/],
    [":jottacloud,password=SECRET", /there is no ":" behind the parameters$/],
    [":jottacloud,SECRET", /there is no ":" behind the parameters$/],
    ["jotta,SEC RET:x", /the name of a parameter has other characters/],
    ["jotta,=SECRET:", /a parameter has no name$/],
    ["jo*tta,password=SECRET:x", /"jo\*tta,\.\.\.": "jo\*tta" is not a name for a remote$/],
    ["jotta,password=SECRET:../x", /"jotta:\.\.\/x": it leads out of the remote$/],
  ];
  for (const [text, message] of cases) {
    throws(() => parseLocation(text, "linux"), (error) => {
      ok(error instanceof UsageError);
      match(error.message, message);
      doesNotMatch(error.message + error.hint, /SEC/);
      return true;
    });
  }
});

Deno.test("withoutParameters() keeps places as they are typed, but for the parameters", () => {
  const cases: [text: string, shown: string][] = [
    ["jotta:a,b", "jotta:a,b"],
    ["./a,b:c", "./a,b:c"],
    ["a,b", "a,b"],
    ["jotta,device=x", "jotta,device=x"],
    ["jotta,device=x,access_token=SECRET", "jotta,..."],
    ["jotta,password=SECRET/x", "jotta,..."],
    ["jotta,password='a:b,c':x//y", "jotta:x//y"],
    [":jottacloud,token=SECRET:x", ":jottacloud:x"],
    ["jotta,password='SECRET:x", "jotta,..."],
  ];
  for (const [text, shown] of cases) equal(withoutParameters(text), shown);
});

function named(name: string): RemoteReference {
  return { name, parameters: new Map() };
}

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
    deepEqual(parseLocation(text, "linux"), { kind: "remote", remote: named("jotta"), path });
  }
  for (const text of ["jotta:..", "jotta:a/../..", "jotta:/../a"]) {
    throws(() => parseLocation(text, "linux"), /leads out of the remote$/);
  }
});

Deno.test("parseLocation() takes a drive letter for a path on Windows only", () => {
  deepEqual(parseLocation("C:\\data", "windows"), { kind: "local", path: "C:\\data" });
  deepEqual(parseLocation("c:", "windows"), { kind: "local", path: "c:" });
  deepEqual(parseLocation("cc:x", "windows"), { kind: "remote", remote: named("cc"), path: "x" });
  deepEqual(parseLocation("C:x", "darwin"), { kind: "remote", remote: named("C"), path: "x" });
});

Deno.test("parseLocation() takes exactly the names that a remote can be made with", () => {
  for (
    const name of [
      "a",
      "a b",
      "a-b",
      "b-",
      "æøå",
      "1",
      "@",
      "a.b",
      "_",
      "b--",
      "a -",
      "a-b-",
      "-a",
      " a",
      "a ",
      "a*",
      "é?",
      "+",
    ]
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
