/** What is loaded before a command is known: each of these packages and folders costs time that `help` never needs. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);

/** Loaded on demand only. */
const LAZY = [
  "commands/(?!mod\\.ts)",
  "lib/(?:api|auth|jfs|local|remote|setup|sync|transfer)/",
  "lib/store/",
  "lib/http/client\\.ts",
  "lib/ui/(?:inquirer_prompter|progress_view)\\.ts",
  "npm:(?!commander@)",
];

interface ModuleInfo {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier?: string };
  }[];
}

async function staticallyLoaded(file: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", fileURLToPath(new URL(file, ROOT))],
  }).output();
  const info: { readonly roots: string[]; readonly modules: ModuleInfo[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const known = new Map(info.modules.map((module) => [module.specifier, module]));
  const seen = new Set<string>();
  const pending = [...info.roots];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { isDynamic, code } of known.get(next)?.dependencies ?? []) {
      if (isDynamic !== true && code?.specifier !== undefined) pending.push(code.specifier);
    }
  }
  return [...seen].map((specifier) => specifier.replace(ROOT.href, "")).sort();
}

Deno.test("main.ts loads neither services nor packages before it knows the command", async () => {
  const loaded = await staticallyLoaded("main.ts");
  ok(loaded.includes("lib/cli/program.ts"));
  const tooEarly = loaded.filter((specifier) => LAZY.some((each) => new RegExp(`^${each}`).test(specifier)));
  deepEqual(tooEarly, []);
  equal(loaded.filter((specifier) => specifier.startsWith("npm:")).length, 1);
});

Deno.test("version and help load nothing of the service or the config", async () => {
  for (const file of ["commands/version.ts", "commands/help.ts"]) {
    const loaded = await staticallyLoaded(file);
    deepEqual(
      loaded.filter((specifier) => LAZY.slice(1).some((each) => new RegExp(`^${each}`).test(specifier))),
      [],
    );
  }
});

Deno.test("only commands that transfer load the engine, and no other has a view of it", async () => {
  const engine = ["lib/sync/sync.ts", "lib/transfer/upload.ts", "lib/ui/progress_view.ts"];
  const transferring = ["copy", "copyto", "move", "moveto", "rcat", "sync"];
  const found: string[] = [];
  for (const { name } of Deno.readDirSync(new URL("commands", ROOT))) {
    if (name === "mod.ts") continue;
    const loaded = await staticallyLoaded(`commands/${name}`);
    if (engine.some((file) => loaded.includes(file))) found.push(name.replace(/\.ts$/, ""));
  }
  deepEqual(found.sort(), transferring);
});

Deno.test("a config in plain text loads no cipher and no source of passwords", async () => {
  const ofConfig = [
    "lib/store/(?:config_crypt|secretbox)\\.ts",
    "lib/cli/config_password\\.ts",
    "npm:",
    "node:",
  ];
  for (const file of ["lib/store/config_file.ts", "commands/config_list.ts"]) {
    const loaded = await staticallyLoaded(file);
    deepEqual(
      loaded.filter((specifier) => ofConfig.some((each) => new RegExp(`^${each}`).test(specifier))),
      [],
    );
  }
  ok(
    (await staticallyLoaded("lib/store/config_crypt.ts")).some((each) => each.includes("@noble/ciphers@")),
  );
});
