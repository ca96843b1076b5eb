import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { LocalError } from "../../../../lib/errors.ts";
import {
  parentDirectory,
  prepareAtomicWrite,
  writeFileAtomically,
} from "../../../../lib/store/atomic_file.ts";
import { localFailure, MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

const PATH = "/home/c.conf";

function diskWith(content: string | undefined): MemoryFileSystem {
  const fileSystem = new MemoryFileSystem();
  if (content !== undefined) fileSystem.put(PATH, content);
  return fileSystem;
}

const contextOf = (fileSystem: MemoryFileSystem) => ({ fileSystem, random: new SeededRandom() });

/** How many operations an undisturbed write takes. */
async function countOperations(content: string | undefined): Promise<number> {
  const fileSystem = diskWith(content);
  await writeFileAtomically(contextOf(fileSystem), PATH, "new content");
  return fileSystem.operations;
}

const SURVIVORS = {
  "nothing unflushed survives": () => false,
  "names survive, contents do not": (what: string) => what === "name",
  "contents survive, names do not": (what: string) => what === "content",
  "all survives": () => true,
};

for (const [survival, survives] of Object.entries(SURVIVORS)) {
  Deno.test(`writeFileAtomically() leaves the old or the new content after a power loss: ${survival}`, async () => {
    for (const old of ["the old content", undefined]) {
      const total = await countOperations(old);
      for (let last = 1; last <= total; last++) {
        const fileSystem = diskWith(old);
        fileSystem.beforeOperation = ({ index }) => {
          if (index >= last) throw new Error("power loss");
        };
        await rejects(writeFileAtomically(contextOf(fileSystem), PATH, "new content"), /power loss/);
        fileSystem.crash(survives);
        const found = fileSystem.peek(PATH);
        strictEqual(found === old || found === "new content", true, `at ${last}: ${found}`);
      }
      const fileSystem = diskWith(old);
      await writeFileAtomically(contextOf(fileSystem), PATH, "new content");
      fileSystem.crash(survives);
      strictEqual(fileSystem.peek(PATH), "new content");
    }
  });
}

for (const name of ["open", "write", "truncate", "sync"]) {
  Deno.test(`writeFileAtomically() keeps the old file and no leftovers when ${name} fails`, async () => {
    const fileSystem = diskWith("old");
    fileSystem.beforeOperation = (operation) => {
      if (operation.name === name) throw localFailure("ENOSPC", operation.path);
    };
    await rejects(writeFileAtomically(contextOf(fileSystem), PATH, "new"), LocalError);
    strictEqual(fileSystem.peek(PATH), "old");
    deepStrictEqual(fileSystem.paths(), ["/", "/home", PATH]);
  });
}

Deno.test("writeFileAtomically() writes in place where a file cannot be replaced by name", async () => {
  const fileSystem = diskWith("the old content");
  fileSystem.beforeOperation = ({ name, path }) => {
    if (name === "rename") throw localFailure("EBUSY", path);
  };
  await writeFileAtomically(contextOf(fileSystem), PATH, "new");
  strictEqual(fileSystem.peek(PATH), "new");
  deepStrictEqual(fileSystem.paths(), ["/", "/home", PATH]);
  fileSystem.crash();
  strictEqual(fileSystem.peek(PATH), "new");
});

Deno.test("writeFileAtomically() tells the refusal of the rename when writing in place is refused, too", async () => {
  const fileSystem = diskWith("old");
  fileSystem.beforeOperation = ({ name, path }) => {
    if (name === "rename") throw localFailure("EROFS", path);
    if (name === "open" && path === PATH) throw localFailure("EACCES", path);
  };
  await rejects(writeFileAtomically(contextOf(fileSystem), PATH, "new"), {
    data: { path: PATH, osCode: "EROFS" },
  });
  strictEqual(fileSystem.peek(PATH), "old");
});

Deno.test("prepareAtomicWrite() claims its space before the commit", async () => {
  const fileSystem = diskWith("old");
  const context = contextOf(fileSystem);
  let capacity = 100;
  fileSystem.beforeOperation = ({ name }) => {
    if (name === "write" && capacity <= 0) throw localFailure("ENOSPC", PATH);
  };
  {
    await using write = await prepareAtomicWrite(context, PATH, { reserveBytes: 64 });
    strictEqual(fileSystem.peek(PATH), "old");
    await write.commit("short");
    strictEqual(fileSystem.peek(PATH), "short");
  }
  capacity = 0;
  await rejects(prepareAtomicWrite(context, PATH, { reserveBytes: 64 }), LocalError);
  deepStrictEqual(fileSystem.paths(), ["/", "/home", PATH]);
});

Deno.test("parentDirectory() reads paths of both families", () => {
  const cases = [["/a/b", "/a"], ["/a", "/"], ["a", "."], ["a/b\\c", "a"], ["C:\\a\\b", "C:\\a"], [
    "C:/a/b",
    "C:/a",
  ]] as const;
  for (const [path, wanted] of cases) strictEqual(parentDirectory(path), wanted);
});
