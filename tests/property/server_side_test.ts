/**
 * Laws of moves and copies by the service, whatever goes wrong on the line and however the service behaves: nothing is
 * lost, a success is one, a failure leaves both files.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { JottashError } from "../../lib/errors.ts";
import type { Remote } from "../../lib/remote/remote.ts";
import { withEmulator } from "../contract/remote_worlds.ts";
import type { Emulator, Fault } from "../emulator/mod.ts";

const TREE = "/Jotta/Archive";

const FAULT: fc.Arbitrary<Fault> = fc.record({
  match: fc.constantFrom(
    { query: "mv" },
    { query: "cp=" },
    { query: "dl=" },
    { query: "cphash" },
    { query: "mkDir" },
    { method: "GET", path: "/Archive" },
    { path: "/Archive" },
  ),
  times: fc.constantFrom(1, 2, 99),
  skip: fc.nat({ max: 3 }),
  action: fc.constantFrom<Fault["action"]>(
    { kind: "status", status: 500 },
    { kind: "status", status: 500, afterEffect: true },
    { kind: "status", status: 409, body: "xml" },
    { kind: "dropBeforeResponse" },
    { kind: "dropBeforeResponse", afterEffect: true },
    { kind: "truncateXml" },
  ),
});
const SWITCHES = fc.record({
  mvOntoTombstoneFails: fc.boolean(),
  mvDirAnswers500AfterMoving: fc.boolean(),
  cpOntoTombstoneStaysTrashed: fc.boolean(),
  otherKindReplacesTombstone: fc.boolean(),
  dlMissingStatus: fc.constantFrom<200 | 404>(200, 404),
});
/** What has the name of the target before. */
const BEFORE = fc.constantFrom(
  "nothing",
  "a file",
  "a trashed file",
  "a trashed folder",
  "an unfinished upload",
  "itself",
);

interface Case {
  readonly verb: "moveFile" | "copyFile";
  readonly from: string;
  readonly to: string;
  readonly before: string;
}

/** What a name holds for users, read past the line. */
function contentAt({ tree }: Emulator, path: string): string | undefined {
  const file = tree.getFile(`${TREE}/${path}`);
  if (file === undefined || file.deleted !== null || !tree.exists(`${TREE}/${path}`)) return undefined;
  return file.revisions.some(({ state }) => state === "COMPLETED")
    ? new TextDecoder().decode(file.bytes())
    : undefined;
}

function seed({ tree }: Emulator, { from, to, before }: Case): void {
  tree.putFile(`${TREE}/${from}`, "source");
  if (before === "a file" || before === "a trashed file") tree.putFile(`${TREE}/${to}`, "target");
  if (before === "a trashed file") tree.trash(`${TREE}/${to}`);
  if (before === "a trashed folder") {
    tree.putFile(`${TREE}/${to}/inside`, "x");
    tree.trash(`${TREE}/${to}`);
  }
  if (before === "an unfinished upload") tree.seedIncomplete(`${TREE}/${to}`, "unfinished", 3);
}

async function outcome(remote: Remote, { verb, from, to }: Case): Promise<JottashError | undefined> {
  try {
    await remote[verb]({ source: remote, from, to, overwrite: true });
    return undefined;
  } catch (error) {
    assert.ok(error instanceof JottashError, String(error));
    return error;
  }
}

Deno.test("a move or copy that failed leaves both files, one that succeeded has arrived", async () => {
  const verb = fc.constantFrom<Case["verb"]>("moveFile", "copyFile");
  await fc.assert(
    fc.asyncProperty(
      verb,
      BEFORE,
      SWITCHES,
      fc.array(FAULT, { maxLength: 2 }),
      async (verb, before, switches, faults) => {
        await withEmulator({ retryPolicy: { maxAttempts: 2 }, switches }, async ({ emulator, remote }) => {
          const isRespelling = before === "itself" && verb === "moveFile";
          const each: Case = { verb, before, from: "dir/a", to: isRespelling ? "dir/A" : "x/b" };
          seed(emulator, each);
          await remote().stat(""); // the account is known
          for (const fault of faults) emulator.addFault(fault);
          const error = await outcome(remote(), each);
          emulator.clearFaults();
          const [source, target] = [contentAt(emulator, each.from), contentAt(emulator, each.to)];
          if (error === undefined) {
            assert.equal(target, "source");
            if (verb === "copyFile") assert.equal(source, "source");
            else if (!isRespelling) assert.equal(source, undefined);
            return;
          }
          const isThere = [source, target].includes("source");
          // A new spelling that broke off where nobody could undo it.
          const between = emulator.tree.walkFiles(TREE).filter((path) =>
            path.startsWith("dir/jottash-rename-")
          );
          assert.ok(isThere || between.length === 1, error.message);
          if (before !== "a file") return;
          const isSaved = target === "target" || target === "source" && verb === "copyFile" ||
            target === "source" || emulator.tree.isTrashed(`${TREE}/${each.to}`);
          assert.ok(isSaved, `the file that was at the target is gone: ${error.message}`);
        });
      },
    ),
    { numRuns: 120 },
  );
});

Deno.test("a folder that is moved is whole, at the one place or at the other", async () => {
  const before = fc.constantFrom("nothing", "a trashed folder", "a trashed file", "itself");
  await fc.assert(
    fc.asyncProperty(
      before,
      SWITCHES,
      fc.array(FAULT, { maxLength: 2 }),
      async (before, switches, faults) => {
        await withEmulator({ retryPolicy: { maxAttempts: 2 }, switches }, async ({ emulator, remote }) => {
          const { tree } = emulator;
          const [from, to] = ["box/dir", before === "itself" ? "box/DIR" : "x/y"];
          for (const name of ["a", "sub/b"]) tree.putFile(`${TREE}/${from}/${name}`, name);
          if (before.startsWith("a trashed")) {
            tree.putFile(`${TREE}/${to}${before === "a trashed folder" ? "/old" : ""}`, "old");
            tree.trash(`${TREE}/${to}`);
          }
          const each = remote();
          await each.stat("");
          for (const fault of faults) emulator.addFault(fault);
          let error: unknown;
          await each.moveDirectory({ source: each, from, to }).catch((reason) => error = reason);
          emulator.clearFaults();
          assert.ok(error === undefined || error instanceof JottashError, String(error));
          const files = tree.walkFiles(TREE);
          const tops = files.filter((path) => path.endsWith("/a")).map((path) => path.slice(0, -2));
          assert.equal(tops.length, 1, `${files}`);
          assert.deepEqual(files, [`${tops[0]}/a`, `${tops[0]}/sub/b`]);
          if (error === undefined) assert.deepEqual(tops, [to]);
        });
      },
    ),
    { numRuns: 120 },
  );
});
