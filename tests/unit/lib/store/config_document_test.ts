import { deepStrictEqual, strictEqual, throws } from "node:assert";
import { ConfigError } from "../../../../lib/errors.ts";
import { ConfigDocument } from "../../../../lib/store/config_document.ts";
import { checkRemoteName } from "../../../../lib/path/remote_name.ts";
import encrypted from "../../../fixtures/config/encrypted.json" with { type: "json" };
import names from "../../../fixtures/config/names.json" with { type: "json" };
import observed from "../../../fixtures/config/observed.json" with { type: "json" };
import plain from "../../../fixtures/config/plain.json" with { type: "json" };

const PATH = "/home/kari/.config/rclone/rclone.conf";
const parse = (text: string) => ConfigDocument.parse(text, PATH);

function toRecord(document: ConfigDocument): Record<string, Record<string, string>> {
  const sections = document.sections().map((name) => [name, Object.fromEntries(document.entries(name))]);
  return Object.fromEntries(sections);
}

for (const vector of [...plain, ...observed]) {
  Deno.test(`ConfigDocument.parse() reads as rclone does: ${vector.name}`, () => {
    if ("error" in vector && vector.error !== undefined) {
      throws(() => parse(vector.content), ConfigError);
    } else {
      deepStrictEqual(toRecord(parse(vector.content)), vector.parsed);
      strictEqual(parse(vector.content).toString(), vector.content);
    }
  });
}

Deno.test("ConfigDocument.parse() names file and line of a mistake, never its text", () => {
  throws(() => parse("[a]\n# c\n\nsecret-token-xyz\n"), (error: unknown) => {
    if (!(error instanceof ConfigError)) return false;
    strictEqual(
      error.message,
      `Cannot read the configuration "${PATH}", line 4: it is neither a section, a key with a value, nor a comment`,
    );
    deepStrictEqual(error.data, { path: PATH, line: 4 });
    return !JSON.stringify([error.message, error.hint, error.data]).includes("secret-token");
  });
});

Deno.test("ConfigDocument.parse() refuses every encrypted file", () => {
  for (const { name, encrypted: text } of encrypted) {
    throws(
      () => parse(text),
      (error: unknown) => error instanceof ConfigError && error.code === "config-encrypted",
      name,
    );
  }
  throws(() => parse("RCLONE_ENCRYPT_V7:\nabc"), { code: "config-encrypted" });
});

Deno.test("ConfigDocument.parse() does not let a section inherit from another one by its name", () => {
  strictEqual(parse("[a]\ntoken = t\n[a.b]\ntype = x\n").get("a.b", "token"), undefined);
});

Deno.test("ConfigDocument reads a reference to itself to an end", () => {
  strictEqual(parse("[a]\nx = a%(x)s\n").get("a", "x"), `${"a".repeat(201)}%(x)s`);
  strictEqual(parse("[a]\nx = %(x)s%(x)s\n").get("a", "x"), "%(x)s%(x)s");
  strictEqual(parse("[a]\nx = b%(y)s%(y)s\ny = %(x)s%(x)s\n").get("a", "x"), "b%(y)s%(y)s");
});

const FILE = [
  "# My remotes",
  "",
  "[jotta]",
  "type = jottacloud",
  "; the archive",
  "mountpoint=Archive",
  "token = old",
  "unknown.key : keep",
  "",
  "# about s3",
  "[s3]",
  "type = s3",
  "",
].join("\n");

const EDITS: readonly {
  readonly name: string;
  readonly edit: (document: ConfigDocument) => void;
  readonly changes: readonly (readonly [from: string, to: string])[];
}[] = [
  {
    name: "set keeps the spacing of a line",
    edit: (d) => d.set("jotta", "mountpoint", "Sync"),
    changes: [["mountpoint=Archive", "mountpoint=Sync"]],
  },
  {
    name: "set keeps the separator of a line",
    edit: (d) => d.set("jotta", "unknown.key", "b=c"),
    changes: [["unknown.key : keep", "unknown.key : b=c"]],
  },
  {
    name: "set adds a new key after the last one",
    edit: (d) => d.set("jotta", "device", "Jotta"),
    changes: [["unknown.key : keep\n", "unknown.key : keep\ndevice = Jotta\n"]],
  },
  { name: "set to the same value changes nothing", edit: (d) => d.set("jotta", "token", "old"), changes: [] },
  {
    name: "set adds a missing section at the end",
    edit: (d) => d.set("new", "type", "local"),
    changes: [["type = s3\n", "type = s3\n\n[new]\ntype = local\n"]],
  },
  {
    name: "set quotes what would be trimmed",
    edit: (d) => d.set("jotta", "token", " x "),
    changes: [["= old", "= ` x `"]],
  },
  {
    name: "deleteKey takes one line",
    edit: (d) => d.deleteKey("jotta", "token"),
    changes: [["token = old\n", ""]],
  },
  {
    name: "renameSection changes the header",
    edit: (d) => d.renameSection("jotta", "work"),
    changes: [["[jotta]", "[work]"]],
  },
  {
    name: "deleteSection keeps the comments of its neighbours",
    edit: (d) => d.deleteSection("jotta"),
    changes: [[
      "[jotta]\ntype = jottacloud\n; the archive\nmountpoint=Archive\ntoken = old\nunknown.key : keep\n\n",
      "",
    ]],
  },
  {
    name: "copySection writes the keys at the end",
    edit: (d) => d.copySection("jotta", "copy"),
    changes: [[
      "type = s3\n",
      "type = s3\n\n[copy]\ntype = jottacloud\nmountpoint = Archive\ntoken = old\nunknown.key = keep\n",
    ]],
  },
];

for (const { name, edit, changes } of EDITS) {
  Deno.test(`ConfigDocument ${name}`, () => {
    for (const end of ["\n", "\r\n"]) {
      const document = parse(FILE.replaceAll("\n", end));
      edit(document);
      const wanted = changes.reduce((text, [from, to]) => text.replace(from, to), FILE);
      strictEqual(document.toString(), wanted.replaceAll("\n", end));
    }
  });
}

Deno.test("ConfigDocument.set() fills an empty value in the style of the line", () => {
  for (
    const [before, after] of [["x =", "x = 1"], ["x = ", "x = 1"], ["x=", "x=1"], ["x:", "x:1"]] as const
  ) {
    const document = parse(`[a]\n${before}\n`);
    document.set("a", "x", "1");
    strictEqual(document.toString(), `[a]\n${after}\n`);
  }
});

Deno.test("ConfigDocument.set() changes the value that counts when a key stands twice", () => {
  const document = parse("[a]\nx = 1\n[b]\n[a]\nx = 2\n");
  document.set("a", "x", "3");
  strictEqual(document.toString(), "[a]\nx = 1\n[b]\n[a]\nx = 3\n");
  document.deleteKey("a", "x");
  strictEqual(document.get("a", "x"), undefined);
});

Deno.test("ConfigDocument ends an unfinished last line before it adds one", () => {
  const document = parse("[a]\nx = 1");
  document.set("a", "y", "2");
  strictEqual(document.toString(), "[a]\nx = 1\ny = 2\n");
});

Deno.test("ConfigDocument.set() refuses what the format cannot hold", () => {
  const cases = [["x", "a\nb"], ["x", "%(y)s"], ["", "v"], ["-", "v"], ["#k", "v"], [
    "x",
    "\ud800",
  ]] as const;
  for (const [key, value] of cases) throws(() => parse("[a]\nx = 1\n").set("a", key, value), ConfigError);
  throws(() => parse("").addSection(" a"), ConfigError);
  throws(() => parse("[a]\n").renameSection("b", "c"), { code: "remote-not-found" });
  throws(() => parse("[a]\n[b]\n").renameSection("a", "b"), { code: "remote-exists" });
  throws(() => parse("[a]\n[b]\n").copySection("a", "b"), { code: "remote-exists" });
});

Deno.test("checkRemoteName() follows rclone's rule", () => {
  for (const { in: name, error } of names) {
    strictEqual(checkRemoteName(name) !== undefined, error !== undefined, JSON.stringify(name));
  }
  strictEqual(checkRemoteName(""), "it is empty");
});
