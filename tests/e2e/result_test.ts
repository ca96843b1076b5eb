/** `--json`: what a command did, as one document for programs; and what stdout holds without it. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { COMMANDS } from "../../commands/mod.ts";
import { Environment } from "./environment.ts";
import { ITEMS, parseResult } from "./json_result.ts";
import { FIXED_TIME, makeTree, noise } from "./local_tree.ts";

interface Case {
  readonly words: readonly string[];
  readonly stdin?: string;
  /** Items as `action path`, sorted. */
  readonly items: readonly string[];
}

/** One run of each command over `jotta:PLACE` and the directory PLACE, both made by `prepare`. */
function casesOf(place: string): Readonly<Record<string, Case>> {
  const remote = `jotta:${place}`;
  return {
    copy: { words: [place, `${remote}/c`], items: ["transferred a.txt", "transferred b/c.txt"] },
    copyto: { words: [`${place}/a.txt`, `${remote}/to.txt`], items: ["deduplicated a.txt"] },
    sync: {
      words: [place, `${remote}/s`],
      items: ["deduplicated a.txt", "deduplicated b/c.txt", "deleted old.txt"],
    },
    move: {
      words: [`${place}2`, `${remote}/m`],
      items: ["deleted m.txt", "transferred m.txt"],
    },
    moveto: { words: [`${remote}/from.txt`, `${remote}/to2.txt`], items: ["moved to2.txt"] },
    mkdir: { words: [`${remote}/new`], items: [`directory-made ${remote}/new`] },
    touch: { words: [`${remote}/touched`], items: [`file-made ${remote}/touched`] },
    link: { words: [`${remote}/linked.txt`], items: [`linked ${remote}/linked.txt`] },
    rcat: { words: [`${remote}/piped`], stdin: `piped ${place}`, items: ["transferred piped"] },
    dedupe: { words: ["--by-hash", "--dedupe-mode", "newest", `${remote}/twins`], items: ["deleted twin2"] },
    deletefile: { words: [`${remote}/gone.txt`], items: [`deleted ${remote}/gone.txt`] },
    delete: { words: [`${remote}/d`], items: ["deleted x.txt", "deleted y/z.txt"] },
    rmdir: { words: [`${remote}/hollow`], items: [`directory-removed ${remote}/hollow`] },
    rmdirs: { words: ["--leave-root", `${remote}/hollows`], items: ["directory-removed deep"] },
    purge: { words: [`${remote}/p`], items: [`directory-deleted ${remote}/p`] },
    doctor: { words: ["--clean", remote], items: [] },
    cleanup: { words: ["jotta:"], items: ["trash-emptied jotta:"] },
  };
}

async function prepare(environment: Environment, place: string): Promise<void> {
  const { tree } = environment.emulator;
  const root = `/Jotta/Archive/${place}`;
  const put = (name: string, content: string) =>
    tree.putFile(`${root}/${name}`, content, { modified: FIXED_TIME });
  for (const name of ["s/old.txt", "from.txt", "linked.txt", "gone.txt", "d/x.txt", "d/y/z.txt", "p/q.txt"]) {
    put(name, `${name} of ${place}`);
  }
  put("twins/twin1", "same");
  tree.putFile(`${root}/twins/twin2`, "same", { modified: new Date(FIXED_TIME.getTime() - 5_000) });
  for (const name of ["hollow", "hollows/deep"]) tree.makeFolder(`${root}/${name}`);
  await makeTree(environment.path(place), { "a.txt": `a of ${place}`, "b/c.txt": `c of ${place}` });
  await makeTree(environment.path(`${place}2`), { "m.txt": `m of ${place}` });
}

/** Those change no entries; or their result is that of the job's own command. */
const WITHOUT_RESULT = /^(config|auth|jobs)( |$)/;

async function commandsWithResult(): Promise<string[]> {
  const names: string[] = [];
  for (const row of COMMANDS) {
    const { spec } = await row.load();
    if (spec.changes && !WITHOUT_RESULT.test(spec.name)) {
      ok("json" in spec.options, spec.name);
      names.push(spec.name);
    }
  }
  return names;
}

Deno.test("every command that changes entries has a result here", async () => {
  deepEqual(Object.keys(casesOf("x")).sort(), (await commandsWithResult()).sort());
});

Deno.test("--json writes one valid document and nothing else, for every command and its dry run", async (t) => {
  await using environment = await Environment.signedIn();
  await prepare(environment, "one");
  for (const [command, { words, stdin, items }] of Object.entries(casesOf("one"))) {
    await t.step(command, async () => {
      for (const dryRun of [true, false]) {
        const flags = dryRun ? ["--json", "-n"] : ["--json"];
        const input = stdin === undefined ? {} : { stdin };
        const { stdout, stderr, status } = await environment.runWith(input, command, ...flags, ...words);
        const result = parseResult(stdout);
        equal(status, 0, stderr);
        deepEqual([result.command, result.dryRun, result.status, result.error], [command, dryRun, 0, null]);
        if (dryRun) continue;
        deepEqual(result.items.map(({ action, path }) => `${action} ${path}`).sort(), items);
      }
    });
  }
});

Deno.test("without --json, stdout of every changing command is empty at any level, but for the address of a link", async (t) => {
  await using environment = await Environment.signedIn();
  await prepare(environment, "two");
  for (const [command, { words, stdin }] of Object.entries(casesOf("two"))) {
    await t.step(command, async () => {
      for (const flags of [["-n"], ["-vv", "--stats", "10ms", "--use-json-log"]]) {
        const input = stdin === undefined ? {} : { stdin };
        const { stdout, stderr, status } = await environment.runWith(input, command, ...flags, ...words);
        equal(status, 0, stderr);
        if (command === "link" && flags[0] !== "-n") match(stdout, /^https?:\/\/\S+\n$/);
        else equal(stdout, "");
      }
    });
  }
});

Deno.test("link --json has the address in its result", async () => {
  await using environment = await Environment.signedIn();
  environment.emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  const [item] = parseResult((await environment.run("link", "--json", "jotta:a.txt")).stdout).items;
  match(String(item?.url), /^https?:\/\//);
});

Deno.test("--json names files that were the same already with -v, and counts them always", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("here"), { "a.txt": "a", "b.txt": "b" });
  await environment.run("copy", "here", "jotta:t");
  const quiet = parseResult((await environment.run("copy", "--json", "here", "jotta:t")).stdout);
  deepEqual([quiet.items, quiet.totals.unchangedFiles], [[], 2]);
  const { stdout, stderr } = await environment.run("copy", "--json", "-v", "here", "jotta:t");
  const { items, totals } = parseResult(stdout);
  deepEqual(items.map(({ path }) => path).sort(), ["a.txt", "b.txt"]);
  equal(totals.unchangedFiles, 2);
  match(stderr, /Nothing to do: 2 files are already the same\n$/);
});

Deno.test("--json tells what failed and why, and what was left out and why", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(environment.path("here"), { "a.txt": "a", "b.txt": "b", "B.txt": "B" });
  await Deno.symlink("a.txt", environment.path("here", "link"));
  const { stdout, stderr, status } = await environment.run("copy", "--json", "here", "jotta:t");
  const { items, error, totals, status: told } = parseResult(stdout);
  deepEqual([status, told, error?.code], [6, 6, "partial"]);
  const actions = Object.fromEntries(items.map(({ path, action }) => [path, action]));
  deepEqual(actions, { "a.txt": "transferred", "b.txt": "failed", "B.txt": "failed", link: "skipped" });
  equal(totals.failedEntries, 2);
  const failure = items.find(({ path }) => path === "b.txt")?.error as { code: string; message: string };
  equal(failure.code, "name-clash");
  ok(stderr.includes(`jottash: ${failure.message}\n`), stderr);
  match(String(items.find(({ action }) => action === "skipped")?.reason), /link/);
});

Deno.test("--json is a whole document when the line is wrong, and when nothing is there", async () => {
  await using environment = await Environment.signedIn();
  const cases: [words: string[], status: number, code: string][] = [
    [["delete", "--json"], 2, "usage"],
    [["purge", "--json", "jotta:a", "b"], 2, "usage"],
    [["copy", "--json", "--no-such-option", "a", "b"], 2, "usage"],
    [["copy", "a", "b", "--json", "--transfers", "0"], 2, "usage"],
    [["delete", "--json", "-q", "--log-level", "INFO", "jotta:a"], 2, "usage"],
    [["purge", "--json", "jotta:nosuch"], 3, "directory-not-found"],
    [["deletefile", "--json", "jotta:nosuch"], 4, "file-not-found"],
    [["mkdir", "--json", "nosuch:x"], 2, "config"],
    [["delete", "--json", "--log-file", "no/such/log", "jotta:a"], 6, "local"],
  ];
  for (const [words, status, code] of cases) {
    const result = await environment.run(...words);
    const document = parseResult(result.stdout);
    deepEqual([words, result.status, document.status, document.error?.code], [words, status, status, code]);
    ok(result.stderr.startsWith(`jottash: ${document.error?.message}\n`), result.stderr);
  }
  const help = await environment.run("delete", "--json", "--help");
  match(help.stdout, /^Usage/);
});

Deno.test({
  name: "--json is a whole document when the run is stopped, with what was done until then",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using environment = await Environment.signedIn();
    const { emulator } = environment;
    for (const index of [1, 2, 3]) {
      emulator.tree.putFile(`/Jotta/Archive/d/f${index}`, noise(200_000, index), { modified: FIXED_TIME });
    }
    const stall = { kind: "stall", afterResponseBytes: 100_000 } as const;
    emulator.addFault({ match: { path: "/d/f", query: "mode=bin" }, times: 4, skip: 1, action: stall });
    const child = await environment.start({}, "copy", "--json", "--transfers", "1", "jotta:d", "back");
    await child.until(() => emulator.stats.faultsFired >= 1);
    ok(child.stdout.includes('"action":"transferred"'), "items are written as they happen");
    child.kill("SIGINT");
    const result = await child.result();
    const { items, status, error, totals } = parseResult(result.stdout);
    deepEqual([result.status, status, error?.code], [130, 130, "cancelled"]);
    deepEqual([items.length, totals.files, totals.bytesSent], [1, 1, 200_000]);
  },
});

Deno.test("--json whose reader goes away does its work all the same", async () => {
  await using environment = await Environment.signedIn();
  await makeTree(
    environment.path("here"),
    Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, `${index}`])),
  );
  const { stderr } = await environment.shell(
    "set -o pipefail; jottash copy --json here jotta:t | true; echo $? >&2",
  );
  match(stderr, /^Copied 30 files .*\n0\n$/);
  equal(environment.emulator.tree.list("/Jotta/Archive/t").length, 30);
});

Deno.test("docs/results.md explains every action, with its keys", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/results.md", import.meta.url));
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\|[^|\n]*\| ?([^|\n]*?) *\|$/gm)];
  const [, ...items] = rows; // without the heading
  const explained = items.map(([, action = "", keys = ""]) =>
    [action, [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key).sort()] as const
  );
  const known = Object.entries(ITEMS).map(([action, [must, may]]) =>
    [action, Object.keys({ ...must, ...may }).filter((key) => key !== "path").sort()] as const
  );
  deepEqual(explained, known);
});
