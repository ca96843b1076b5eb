/** jottash and rclone on one account: what one stores, the other lists, checks and gets back. */
import assert from "node:assert/strict";
import { assertSameTree, walkLocal, wholeSeconds } from "./local_tree.ts";
import { createNastyTree, QUOTE_NAMES } from "./nasty_names.ts";
import { sortedLines } from "./process.ts";
import { OLD_ENCODING } from "./rclone.ts";
import { rcloneExceptionTest, rcloneTest } from "./world.ts";

const NASTY = "/Jotta/Archive/nasty";
/** See rclone_names_test.ts: without it rclone leaves out one of `é` and `é`. */
const EXACT = "--no-unicode-normalization";

rcloneTest("jottash lists and downloads what rclone uploads", {}, async (world) => {
  const { rclone, directory } = world;
  const [up, down] = [`${directory}/up`, `${directory}/down`];
  await Deno.mkdir(up);
  const files = await createNastyTree(up);
  await rclone.must(["copy", up, "jotta:nasty", EXACT]);
  const jottash = await world.createJottash();
  for (const command of ["ls", "lsl"]) {
    assert.deepEqual(
      sortedLines(await jottash.must([command, "jotta:nasty"])),
      sortedLines(await rclone.must([command, "jotta:nasty"])),
    );
  }
  await jottash.must(["copy", "jotta:nasty", down]);
  await assertSameTree(down, files);
});

rcloneTest("rclone lists, checks and downloads what jottash uploads", {}, async (world) => {
  const { emulator, rclone, directory } = world;
  const [up, down] = [`${directory}/up`, `${directory}/down`];
  await Deno.mkdir(up);
  const files = await createNastyTree(up);
  const jottash = await world.createJottash();
  await jottash.must(["copy", up, "jotta:nasty"]);
  assert.deepEqual(
    emulator.tree.walkFiles(NASTY),
    files.map(({ storedNames }) => storedNames.join("/")).sort(),
  );
  for (const { storedNames, modified } of files) {
    const held = emulator.tree.getFile([NASTY, ...storedNames].join("/"));
    assert.equal(held?.modified.getTime(), wholeSeconds(modified), storedNames.join("/"));
  }
  const { code, stderr } = await rclone.run(["check", up, "jotta:nasty", EXACT]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, new RegExp(`${files.length} matching files`));
  await rclone.must(["copy", "jotta:nasty", down, EXACT]);
  await assertSameTree(down, files);
});

rcloneTest("neither jottash nor rclone copies again what the other has copied", {}, async (world) => {
  const { emulator, rclone, directory } = world;
  const jottash = await world.createJottash();
  for (const [index, name] of ["a+b.txt", "100%.txt", "new\nline", "sub/x"].entries()) {
    await Deno.mkdir(`${directory}/sub`, { recursive: true });
    await Deno.writeTextFile(`${directory}/${name}`, name);
    await Deno.utime(`${directory}/${name}`, 1_700_000_000.9 + index, 1_700_000_000.9 + index);
  }
  await rclone.must(["copy", directory, "jotta:by rclone"]);
  await jottash.must(["copy", directory, "jotta:by jottash"]);
  const { allocations, uploadedBytes } = emulator.stats;
  emulator.clearRequests();
  await jottash.must(["copy", directory, "jotta:by rclone"]);
  await rclone.must(["copy", directory, "jotta:by jottash"]);
  assert.equal(emulator.stats.allocations, allocations);
  assert.equal(emulator.stats.uploadedBytes, uploadedBytes);
  assert.ok(emulator.requests.every(({ method }) => method === "GET"));
});

rcloneTest("jottash and rclone cat the same bytes of each other's files", {}, async (world) => {
  const { rclone, directory } = world;
  const jottash = await world.createJottash();
  await rclone.must(["rcat", "jotta:from/rclone & co #1.txt"], { stdin: "written by rclone\n" });
  await Deno.writeTextFile(`${directory}/jottash + 100%.txt`, "written by jottash\n");
  await jottash.must(["copy", directory, "jotta:from"]);
  for (const program of [jottash, rclone]) {
    assert.equal(await program.must(["cat", "jotta:from/rclone & co #1.txt"]), "written by rclone\n");
    assert.equal(await program.must(["cat", "jotta:from/jottash + 100%.txt"]), "written by jottash\n");
  }
});

rcloneTest("one config file serves rclone and jottash, whoever refreshes the token", {}, async (world) => {
  const { emulator, rclone } = world;
  emulator.tree.putFile("/Jotta/Archive/a.txt", "a");
  const jottash = await world.createJottash(rclone.configPath);
  const expire = async () => {
    const text = await Deno.readTextFile(rclone.configPath);
    await Deno.writeTextFile(
      rclone.configPath,
      text.replace(/"expiry":"[^"]*"/, '"expiry":"2020-01-01T00:00:00Z"'),
    );
  };
  await rclone.configure({ tokens: emulator.issueTokens(), keys: { tokenURL: emulator.tokenUrl } });
  for (const program of [rclone, jottash, rclone]) {
    await expire();
    assert.match(await program.must(["ls", "jotta:"]), /a\.txt/);
  }
  assert.match(await jottash.must(["ls", "jotta:"]), /a\.txt/);
  assert.equal(emulator.stats.refreshes, 3);
  assert.equal(emulator.stats.revocations, 0);
});

rcloneTest("jottash and rclone meet on another device and mountpoint", {
  remote: { keys: { device: "Office PC", mountpoint: "Docs" } },
}, async (world) => {
  const { emulator, rclone, directory } = world;
  emulator.tree.makeFolder("/Office PC/Docs");
  await Deno.writeTextFile(`${directory}/note.txt`, "note");
  await (await world.createJottash()).must(["copy", directory, "jotta:shared"]);
  assert.deepEqual(emulator.tree.walkFiles("/Office PC/Docs"), ["shared/note.txt"]);
  await rclone.must(["check", directory, "jotta:shared"]);
});

rcloneTest("jottash and rclone agree on names under the encoding of rclone 1.51 to 1.73", {
  remote: { encoding: OLD_ENCODING },
}, async (world) => {
  const { emulator, rclone, directory } = world;
  for (const name of ["a:b", "％", "‛．", "tab\t"]) await Deno.writeTextFile(`${directory}/${name}`, name);
  await (await world.createJottash()).must(["copy", directory, "jotta:old"]);
  assert.deepEqual(emulator.tree.list("/Jotta/Archive/old"), ["a：b", "tab␉", "‛．", "％"].sort());
  await rclone.must(["check", directory, "jotta:old"]);
});

rcloneTest("jottash sees neither what rclone trashed nor an upload it never finished", {}, async (world) => {
  const { emulator, rclone } = world;
  for (const name of ["kept", "trashed"]) emulator.tree.putFile(`/Jotta/Archive/d/${name}`, name);
  emulator.tree.seedIncomplete("/Jotta/Archive/d/unfinished", "unfinished", 3);
  await rclone.must(["deletefile", "jotta:d/trashed"]);
  assert.equal(await (await world.createJottash()).must(["ls", "jotta:d"]), "        4 kept\n");
});

rcloneTest("rclone sees the folders jottash makes and not what it deletes", {}, async (world) => {
  const { emulator, rclone } = world;
  const jottash = await world.createJottash();
  for (const name of ["a/gone", "a/kept", "b/c/gone"]) emulator.tree.putFile(`/Jotta/Archive/${name}`, name);
  await jottash.must(["mkdir", "jotta:new/inner #1"]);
  await jottash.must(["deletefile", "jotta:a/gone"]);
  await jottash.must(["purge", "jotta:b"]);
  assert.deepEqual(sortedLines(await rclone.must(["lsf", "-R", "jotta:"])), [
    "a/",
    "a/kept",
    "new/",
    "new/inner #1/",
  ]);
  const trashed = await rclone.must([
    "lsf",
    "-R",
    "--files-only",
    "--disable",
    "ListR",
    "--jottacloud-trashed-only",
    "jotta:",
  ]);
  assert.deepEqual(sortedLines(trashed), ["a/gone", "b/c/gone"]);
});

rcloneTest(
  "jottash carries local names with the quote rune U+201B up and back unchanged",
  {},
  async (world) => {
    const { emulator, directory } = world;
    const [up, down] = [`${directory}/up`, `${directory}/down`];
    await Deno.mkdir(up);
    for (const { raw } of QUOTE_NAMES) await Deno.writeTextFile(`${up}/${raw}`, raw);
    const jottash = await world.createJottash();
    await jottash.must(["copy", up, "jotta:nasty"]);
    assert.deepEqual(emulator.tree.list(NASTY), QUOTE_NAMES.map(({ stored }) => stored).sort());
    await jottash.must(["copy", "jotta:nasty", down]);
    assert.deepEqual(walkLocal(down), walkLocal(up));
  },
);

// The files `‛` and `‛‛` are two on a disk. rclone reads both as the raw name `‛` and can open the second
// only, which it stores as `‛‛`. By API reference 8.3 a stored `‛‛` is the raw name `‛`, and raw `‛‛` is
// stored as `‛‛‛‛`: jottash does so, and the two therefore disagree on the local spelling of names with this
// one character, and on no other.
rcloneExceptionTest(
  "rclone 1.60 and jottash spell the quote rune U+201B differently on the disk",
  {},
  async (world) => {
    const { emulator, rclone, directory } = world;
    const [up, down] = [`${directory}/up`, `${directory}/down`];
    await Deno.mkdir(up);
    await Deno.writeTextFile(`${up}/‛‛`, "two quotes");
    const jottash = await world.createJottash();
    await rclone.must(["copy", up, "jotta:by rclone"]);
    await jottash.must(["copy", up, "jotta:by jottash"]);
    assert.deepEqual(emulator.tree.list("/Jotta/Archive/by rclone"), ["‛‛"]);
    assert.deepEqual(emulator.tree.list("/Jotta/Archive/by jottash"), ["‛‛‛‛"]);
    await jottash.must(["copy", "jotta:by rclone", down]);
    assert.deepEqual(walkLocal(down), ["‛"]);
    // Each still gets its own back as it was.
    await rclone.must(["copy", "jotta:by rclone", `${directory}/rclone`]);
    await jottash.must(["copy", "jotta:by jottash", `${directory}/jottash`]);
    assert.deepEqual([walkLocal(`${directory}/rclone`), walkLocal(`${directory}/jottash`)], [["‛‛"], ["‛‛"]]);
  },
);

/** Makes an empty file whose name is not valid UTF-8, which no API of Deno can do: `octal` is for printf. */
async function touchBytes(directory: string, octal: string): Promise<void> {
  const script = 'cd "$1" && : > "$(printf "$2")"';
  const { success } = await new Deno.Command("sh", { args: ["-c", script, "sh", directory, octal] }).output();
  assert.ok(success);
}

rcloneTest(
  "jottash gets back names that are not valid UTF-8, as rclone stored them, under their quoted form",
  {},
  async (
    world,
  ) => {
    const { emulator, rclone, directory } = world;
    const [up, down] = [`${directory}/up`, `${directory}/down`];
    await Deno.mkdir(up);
    await touchBytes(up, "bad\\377u");
    await rclone.must(["copy", up, "jotta:bytes"]);
    assert.deepEqual(emulator.tree.list("/Jotta/Archive/bytes"), ["bad‛FFu"]); // API reference 8.5
    const jottash = await world.createJottash();
    await jottash.must(["copy", "jotta:bytes", down]);
    assert.deepEqual(walkLocal(down), ["bad‛FFu"]);
    // Read from the disk again it is the same name still: rclone finds nothing different.
    await jottash.must(["copy", down, "jotta:again"]);
    assert.deepEqual(emulator.tree.list("/Jotta/Archive/again"), ["bad‛FFu"]);
    await rclone.must(["check", up, "jotta:again"]);
  },
);

rcloneTest(
  "jottash reports a local name that is not valid UTF-8, which rclone copies, and copies the rest",
  {},
  async (
    world,
  ) => {
    const { emulator, rclone, directory } = world;
    await touchBytes(directory, "bad\\377u");
    await Deno.writeTextFile(`${directory}/good`, "good");
    const { code, stderr } = await (await world.createJottash()).run(["copy", directory, "jotta:bytes"]);
    assert.equal(code, 6, stderr);
    assert.match(stderr, /UTF-8/);
    assert.deepEqual(emulator.tree.list("/Jotta/Archive/bytes"), ["good"]);
    await rclone.must(["copy", directory, "jotta:bytes"]);
    assert.deepEqual(emulator.tree.list("/Jotta/Archive/bytes"), ["bad‛FFu", "good"]);
  },
);
