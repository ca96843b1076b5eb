/**
 * Import direction (style: a file imports its own row or rows above, never below; no cycles), and that each npm
 * package enters shipped code through one file. Prints what is wrong and exits with 1.
 */
interface Row {
  readonly row: number;
  /** Path prefixes; the longest that fits decides. */
  readonly places: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    row: 0,
    places: [
      "lib/errors.ts",
      "lib/exit_codes.ts",
      "lib/edges.ts",
      "lib/version.ts",
      "lib/units",
      "lib/async/",
      "lib/hash/",
      "lib/names/",
      "lib/path/",
    ],
  },
  {
    row: 1,
    places: [
      "lib/options.ts",
      "lib/shared_options/",
      "lib/settings.ts",
      "lib/log.ts",
      "lib/filter/",
      "lib/store/",
      "lib/http/",
    ],
  },
  { row: 2, places: ["lib/auth/", "lib/jfs/", "lib/api/", "lib/tree/"] },
  { row: 3, places: ["lib/remote/", "lib/local/"] },
  { row: 4, places: ["lib/transfer/", "lib/sync/", "lib/listing/", "lib/verify/"] },
  { row: 5, places: ["lib/ui/", "lib/cli/", "lib/setup/", "lib/shell/"] },
  { row: 6, places: ["commands/"] },
  { row: 7, places: ["lib/sys/", "main.ts"] },
];

/** Folders of one row that must not know each other: each speaks to the service through `http/` alone. */
const STRANGERS: readonly (readonly [string, string])[] = [
  ["lib/auth/", "lib/jfs/"],
  ["lib/auth/", "lib/api/"],
  ["lib/jfs/", "lib/api/"],
];
/** What engines may see of the layer below them: interfaces, never the service. */
const ENGINES = ["lib/transfer/", "lib/sync/", "lib/verify/"];
const HIDDEN_FROM_ENGINES = ["lib/remote/jotta_", "lib/local/disk_tree.ts"];
const HIDDEN_FROM_COMMANDS = ["lib/jfs/", "lib/api/", "lib/auth/", "lib/sys/"];

const problems: string[] = [];
const imports = new Map<string, string[]>();
const packageFiles = new Map<string, Set<string>>();

for (const file of [...listFiles("lib"), ...listFiles("commands"), "main.ts"]) {
  const text = Deno.readTextFileSync(file);
  const targets: string[] = [];
  for (const specifier of specifiersOf(text)) {
    if (specifier.startsWith(".")) targets.push(resolve(file, specifier));
    else if (!specifier.startsWith("node:")) remember(packageFiles, specifier, file);
  }
  imports.set(file, targets);
}
for (const file of listFiles("tests/emulator")) {
  for (const specifier of specifiersOf(Deno.readTextFileSync(file))) {
    const target = specifier.startsWith(".") ? resolve(file, specifier) : specifier;
    if (/^(lib|commands)\//.test(target)) {
      problems.push(`${file} imports ${target}: the emulator shares nothing with lib/`);
    }
  }
}
for (const [file, targets] of imports) for (const target of targets) checkEdge(file, target);
for (const [name, files] of packageFiles) {
  if (files.size > 1) {
    problems.push(`package ${name} enters through ${[...files].join(" and ")}: one adapter file only`);
  }
}
checkCycles();

for (const problem of problems) console.error(problem);
if (problems.length > 0) Deno.exit(1);
console.log(`imports: ${imports.size} files, none out of row`);

function* listFiles(directory: string): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) yield* listFiles(path);
    else if (path.endsWith(".ts")) yield path;
  }
}

function* specifiersOf(text: string): Generator<string> {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  for (
    const [, a, b, c] of code.matchAll(/\bfrom\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|^import\s+"([^"]+)"/gm)
  ) {
    const specifier = a ?? b ?? c;
    // A message may read like an import: `from "${source.label}"`.
    if (specifier !== undefined && !specifier.includes("${")) yield specifier;
  }
}

function resolve(from: string, specifier: string): string {
  return new URL(specifier, `file:///${from}`).pathname.slice(1);
}

function remember(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

function rowOf(file: string): number {
  let best: { readonly length: number; readonly row: number } | undefined;
  for (const { row, places } of ROWS) {
    for (const place of places) {
      if (file.startsWith(place) && place.length > (best?.length ?? 0)) best = { length: place.length, row };
    }
  }
  if (best === undefined) {
    problems.push(`${file} belongs to no row: add its folder to scripts/check_imports.ts`);
  }
  return best?.row ?? 0;
}

function checkEdge(file: string, target: string): void {
  const says = (reason: string) => problems.push(`${file} imports ${target}: ${reason}`);
  if (rowOf(target) > rowOf(file)) says(`row ${rowOf(file)} may not know row ${rowOf(target)}`);
  for (const [a, b] of STRANGERS) {
    if (file.startsWith(a) && target.startsWith(b) || file.startsWith(b) && target.startsWith(a)) {
      says(`${a} and ${b} do not know each other`);
    }
  }
  const hides = (places: readonly string[]) => places.some((place) => target.startsWith(place));
  if (
    ENGINES.some((place) => file.startsWith(place)) && hides([...HIDDEN_FROM_ENGINES, "lib/jfs/", "lib/api/"])
  ) {
    says("engines see interfaces only");
  }
  if (!file.startsWith("commands/")) return;
  if (hides(HIDDEN_FROM_COMMANDS)) says("commands do not see the wire");
  if (target.startsWith("commands/") && file !== "commands/mod.ts") says("a command does not use another");
}

function checkCycles(): void {
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      problems.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
      return;
    }
    state.set(file, "open");
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    state.set(file, "done");
  };
  for (const file of imports.keys()) visit(file, []);
}
