/**
 * The main job before your eyes: an emulated Jottacloud on loopback, the real program against it. Signs in, copies
 * a real tree up, lists it, copies it back, compares. Leaves nothing behind.
 */
import { startEmulator } from "../tests/emulator/mod.ts";

const MIB = 1024 * 1024;
/** What the generated part of the tree is made of: names that ask for trouble, sizes up to 64 MiB. */
const GENERATED: readonly (readonly [name: string, size: number])[] = [
  ["film.mkv", 64 * MIB],
  ["archive.tar", 16 * MIB],
  ["empty", 0],
  ["one byte", 1],
  ["100% sure? yes: a+b & c;d #1.txt", 1_000],
  ["‛quoted‛ and ：wide：.txt", 2_000],
  ["tab\tand\nline break.txt", 3_000],
  ["blåbærsyltetøy/Ærlig talt…/日本語/🫐 jam.txt", 4_000],
  ["trailing dots.../.hidden", 5_000],
];
const SOURCES = ["lib", "commands", "tests", "scripts", "main.ts", "deno.json", "README.md"];
const PROJECT = `${import.meta.dirname}/../`;
const IS_TERMINAL = Deno.stderr.isTerminal();

class DemoError extends Error {}

const startedAt = performance.now();
const home = await Deno.makeTempDir({ prefix: "jottash-demo-" });
try {
  await using emulator = await startEmulator();
  const local = `${home}/my files`;
  const jottash = (args: readonly string[], input?: string) => runProgram(args, emulator.endpoint, input);
  const restored = `${home}/restored`;
  say("1. A tree to look after: our sources, odd names, files of up to 64 MiB");
  await makeTree(local);

  say("2. Sign in to an emulated Jottacloud, as one does to the real one");
  await jottash(["config", "create", "demo", "--login-token-stdin"], emulator.loginToken);
  await jottash(["about", "demo:"]);

  say("3. Copy the tree up");
  await jottash(["copy", local, "demo:backup", "--create-empty-src-dirs", ...progressFlags()]);

  say("4. Look at it");
  await jottash(["lsd", "demo:backup"]);
  await jottash(["ls", "demo:backup/generated"]);
  await jottash(["about", "demo:"]);

  say("5. Copy it up again: nothing is the only thing to do");
  await jottash(["copy", local, "demo:backup"]);

  say("6. Copy it back to another folder");
  await jottash(["copy", "demo:backup", restored, "--create-empty-src-dirs", ...progressFlags()]);

  say("7. Compare: names, bytes and times");
  const files = await compare(local, restored);
  print(`   ${files} files are the same in both folders.`);
  print(whatNext((performance.now() - startedAt) / 1000));
} catch (error) {
  if (!(error instanceof DemoError)) throw error;
  print(`The demo failed: ${error.message}`);
  Deno.exitCode = 1;
} finally {
  await Deno.remove(home, { recursive: true });
}

/** Runs the program as a user would, against the emulator. */
async function runProgram(args: readonly string[], endpoint: string, input = ""): Promise<void> {
  print(`\n   $ jottash ${args.map(quoted).join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--cached-only", `${PROJECT}main.ts`, ...args],
    env: { JOTTASH_CONFIG: `${home}/jottash.conf`, JOTTASH_ENDPOINT: endpoint },
    stdin: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code } = await child.status;
  if (code !== 0) fail(`jottash ended with status ${code}`);
}

function progressFlags(): string[] {
  return IS_TERMINAL ? [] : ["--progress", "--stats", "1s"];
}

async function makeTree(root: string): Promise<void> {
  for (const source of SOURCES) await copyTree(`${PROJECT}${source}`, `${root}/sources/${source}`);
  let seed = 1;
  for (const [name, size] of GENERATED) {
    const path = `${root}/generated/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(path, pseudoRandomBytes(size, seed++));
    const modifiedAt = new Date(Date.UTC(2001, seed, seed, 12, 30, seed));
    await Deno.utime(path, modifiedAt, modifiedAt);
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  const info = await Deno.stat(from);
  if (info.isDirectory) {
    await Deno.mkdir(to, { recursive: true });
    for await (const entry of Deno.readDir(from)) {
      await copyTree(`${from}/${entry.name}`, `${to}/${entry.name}`);
    }
  } else {
    await Deno.mkdir(to.slice(0, to.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(from, to);
  }
}

/** The same bytes for the same seed, different ones for different seeds. */
function pseudoRandomBytes(size: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(size / 4));
  let state = seed * 2_654_435_761;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, size);
}

/** Resolves with the number of files; ends the demo when the trees differ. */
async function compare(left: string, right: string): Promise<number> {
  const names = async (path: string) =>
    (await Array.fromAsync(Deno.readDir(path))).map((each) => each.name).sort();
  const here = await names(left);
  const there = await names(right);
  if (here.join("/") !== there.join("/")) fail(`"${left}" and "${right}" hold different names`);
  let files = 0;
  for (const name of here) {
    const a = `${left}/${name}`, b = `${right}/${name}`;
    const info = await Deno.stat(a);
    if (info.isDirectory) {
      files += await compare(a, b);
      continue;
    }
    files++;
    const seconds = (at: Date | null) => Math.floor((at?.getTime() ?? 0) / 1000);
    if (seconds(info.mtime) !== seconds((await Deno.stat(b)).mtime)) fail(`"${b}" has another time`);
    const [bytes, others] = await Promise.all([Deno.readFile(a), Deno.readFile(b)]);
    if (bytes.length !== others.length || bytes.some((byte, i) => byte !== others[i])) {
      fail(`"${b}" has other bytes`);
    }
  }
  return files;
}

function whatNext(seconds: number): string {
  return `
Done in ${seconds.toFixed(0)} s. What to type next:

   deno task emulator                     an emulated Jottacloud to play with
   deno run -qA main.ts help              all commands

With a real account (Jottacloud, Telia Cloud, Elkjøp, MediaMarkt, ...): make a
personal login token on the website (Settings, Security), then

   deno run -qA main.ts config            sign in, with questions
   deno run -qA main.ts lsd jotta:        list the folders
   deno run -qA main.ts copy ~/Pictures jotta:Pictures

Without Deno on this machine write "npx --yes deno@2.9.6" for "deno".`;
}

function quoted(word: string): string {
  const shown = word.replace(home, "~");
  return /^[\w@%+=:,./~-]+$/.test(shown) ? shown : `'${shown}'`;
}

function say(title: string): void {
  print(`\n${title}`);
}

function print(text: string): void {
  console.error(text);
}

/** Ends the demo; everything that was opened is closed on the way out. */
function fail(reason: string): never {
  throw new DemoError(reason);
}
