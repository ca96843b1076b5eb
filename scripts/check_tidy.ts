/** Style as a check: sizes, words and globals that do not belong, one version. Prints what is wrong, exits with 1. */

const MAX_LINES = 400;
/** A rule: which files, what must not be in them, why. */
interface Rule {
  readonly where: RegExp;
  readonly pattern: RegExp;
  readonly reason: string;
}

const SHIPPED = /^(lib|commands)\/|^main\.ts$/;
const RULES: readonly Rule[] = [
  {
    where: /^(commands\/|lib\/(?!sys\/))/,
    pattern: /\bDeno\.|\bconsole\.|\bprocess\.(exit|env)\b/,
    reason: "only lib/sys and main.ts speak to the outer world",
  },
  {
    where: /\.ts$/,
    pattern: /\b(TODO|FIXME|XXX)\b(?!.*#\d+)/,
    reason: "a thing to do belongs to an issue: name its number",
  },
  { where: /\.ts$/, pattern: /@ts-(ignore|nocheck|expect-error)/, reason: "types are not switched off" },
  { where: SHIPPED, pattern: /(?<![.\w])any\b(?=\s*[;,)>\]=|])(?<!\/.*)/, reason: "no any" },
  { where: SHIPPED, pattern: /^(export )?let /, reason: "no module-level let" },
  {
    where: /\.ts$/,
    pattern: /\b(it|test|Deno\.test)\.only\(|\bonly: true/,
    reason: "a test that silences the others",
  },
];
const BANNED_FILE_NAMES = /(^|\/)(index|utils?|helpers?|common|manager)\.ts$/;

const problems: string[] = [];
for (
  const file of [
    "main.ts",
    ...listFiles("lib"),
    ...listFiles("commands"),
    ...listFiles("tests"),
    ...listFiles("scripts"),
  ]
) {
  if (file.startsWith("tests/fixtures/") || file === "scripts/check_tidy.ts") continue;
  if (BANNED_FILE_NAMES.test(file)) problems.push(`${file}: a name that says nothing`);
  checkText(file, Deno.readTextFileSync(file));
}
checkVersion();
for (const problem of problems) console.error(problem);
if (problems.length > 0) Deno.exit(1);
console.log("tidy: sizes, words and globals are in order");

function checkText(file: string, text: string): void {
  const lines = text.split("\n");
  if (lines.length - 1 > MAX_LINES) {
    problems.push(`${file}: ${lines.length - 1} lines, more than ${MAX_LINES}`);
  }
  let inComment = false;
  for (const [index, line] of lines.entries()) {
    if (/^\s*\/\*/.test(line)) inComment = true;
    const isComment = inComment || /^\s*(\/\/|\*)/.test(line);
    for (const { where, pattern, reason } of RULES) {
      const concernsComments = /TODO|@ts-/.test(pattern.source);
      if (where.test(file) && (!isComment || concernsComments) && pattern.test(line.replace(/\/\/.*$/, ""))) {
        problems.push(`${file}:${index + 1}: ${reason}`);
      }
    }
    if (/\*\//.test(line)) inComment = false;
  }
}

function checkVersion(): void {
  const { version } = JSON.parse(Deno.readTextFileSync("deno.json"));
  if (!Deno.readTextFileSync("lib/version.ts").includes(`"${version}"`)) {
    problems.push(`lib/version.ts: not the version of deno.json (${version})`);
  }
}

function* listFiles(directory: string): Generator<string> {
  for (const entry of Deno.readDirSync(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) yield* listFiles(path);
    else if (path.endsWith(".ts")) yield path;
  }
}
