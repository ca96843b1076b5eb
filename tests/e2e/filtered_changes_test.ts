/** Filters of touch, rmdirs and the lists of md5sum, on remotes and local paths alike. */
import { deepEqual, equal } from "node:assert/strict";
import { assertFailure, assertRun, Environment } from "./environment.ts";
import { makeTree } from "./local_tree.ts";

const FILES = { "x.txt": "x", "y.bin": "yy", "sub/z.txt": "zzz", "sub/deep/w.txt": "wwww" };
const OLD = new Date("2020-02-03T04:05:06Z");

async function withBoxes(): Promise<Environment> {
  const environment = await Environment.signedIn();
  await makeTree(environment.path("box"), FILES);
  for (const [path, content] of Object.entries(FILES)) {
    environment.emulator.tree.putFile(`/Jotta/Archive/box/${path}`, content, { modified: OLD });
    await Deno.utime(environment.path("box", path), OLD, OLD);
  }
  return environment;
}

for (const box of ["box", "jotta:box"]) {
  Deno.test(`touch of ${box} takes filters, and as many levels as it is told`, async () => {
    await using environment = await withBoxes();
    const cases: [words: string[], touched: string[]][] = [
      [["--include", "*.txt"], ["x.txt"]],
      [["-R", "--include", "*.txt"], ["sub/deep/w.txt", "sub/z.txt", "x.txt"]],
      [["-R", "--max-depth", "1"], ["x.txt", "y.bin"]],
      [["--max-depth", "2", "--include", "*.txt"], ["sub/z.txt", "x.txt"]],
      [["-R", "--exclude", "/sub/**", "--min-size", "2b"], ["y.bin"]],
    ];
    for (const [index, [words, touched]] of cases.entries()) {
      const time = `20${index + 21}-01-02T03:04:05`;
      assertRun(await environment.run("touch", "-t", time, ...words, box), { stdout: "" });
      const { stdout } = await environment.run("lsf", "-R", "--files-only", "--format", "tp", box);
      const found = stdout.trimEnd().split("\n").filter((line) => line.startsWith(time.slice(0, 4)));
      deepEqual(found.map((line) => line.slice(20)).sort(), touched, words.join(" "));
    }
    assertFailure(await environment.run("touch", "--include", "*.bin", `${box}/x.txt`), {
      status: 2,
      error: 'Cannot use filters for "x.txt": it is a single file',
      hint: "Name the folder that holds it",
    });
  });

  Deno.test(`rmdirs of ${box} leaves alone what filters leave out`, async () => {
    await using environment = await withBoxes();
    const make = async (...paths: string[]) => {
      for (const path of paths) {
        if (box === "box") await Deno.mkdir(environment.path("box", path), { recursive: true });
        else environment.emulator.tree.makeFolder(`/Jotta/Archive/box/${path}`);
      }
    };
    const folders = async () => {
      const { stdout } = await environment.run("lsf", "-R", "--dirs-only", box);
      return stdout.trimEnd().split("\n").sort();
    };
    await make("keep/one", "gone/two/three", "sub/none");
    assertRun(await environment.run("rmdirs", "--exclude", "/keep/**", box), { stdout: "" });
    deepEqual(await folders(), ["keep/", "keep/one/", "sub/", "sub/deep/"]);
    await make("flat", "high/er");
    assertRun(await environment.run("rmdirs", "--max-depth", "1", box), { stdout: "" });
    deepEqual(await folders(), ["high/", "high/er/", "keep/", "keep/one/", "sub/", "sub/deep/"]);
    // All that filters leave out is still there, and keeps its folder.
    assertRun(await environment.run("rmdirs", "--exclude", "*.txt", box), { stdout: "" });
    deepEqual(await folders(), ["sub/", "sub/deep/"]);
  });

  Deno.test(`md5sum -C of ${box} says nothing of files that bounds of size leave out`, async () => {
    await using environment = await withBoxes();
    const { stdout } = await environment.run("md5sum", box);
    await Deno.writeTextFile(
      environment.path("sums"),
      stdout + "0123456789abcdef0123456789abcdef  none.txt\n",
    );
    const result = await environment.run("md5sum", "-C", "sums", "--min-size", "2b", "--exclude", "y*", box);
    equal(result.status, 11, result.stderr);
    deepEqual(result.stdout.trimEnd().split("\n").sort(), ["+ none.txt", "= sub/deep/w.txt", "= sub/z.txt"]);
  });
}
