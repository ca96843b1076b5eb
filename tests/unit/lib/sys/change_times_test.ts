import { equal, notEqual, ok } from "node:assert/strict";
import { createDenoFileSystem } from "../../../../lib/sys/deno_file_system.ts";

// Only Linux tells times of change. The C library stays loaded for the life of the process.
const ON_LINUX = { ignore: Deno.build.os !== "linux", sanitizeResources: false };

async function withFile(work: (path: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "jottash-change-" });
  try {
    await Deno.writeTextFile(`${directory}/file`, "hello");
    await work(`${directory}/file`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("stat() tells the time of the last change only where it is asked for", ON_LINUX, async () => {
  await withFile(async (path) => {
    const fileSystem = createDenoFileSystem();
    for (const options of [{}, { nanoseconds: true }]) {
      equal((await fileSystem.stat(path, options)).changedAtNs, undefined);
    }
    const { changedAtNs, modifiedAtNs } = await fileSystem.stat(path, { changeTime: true });
    equal(changedAtNs, modifiedAtNs);
    ok(Math.abs(Date.now() - Number(changedAtNs) / 1e6) < 60_000);
  });
});

const CHANGES: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ["other content with the old time", async (path) => {
    const { mtime } = await Deno.stat(path);
    await Deno.writeTextFile(path, "HELLO");
    await Deno.utime(path, mtime ?? 0, mtime ?? 0);
  }],
  ["another file with the old time in its place", async (path) => {
    await Deno.writeTextFile(`${path}2`, "HELLO");
    await new Deno.Command("touch", { args: ["-r", path, `${path}2`] }).output();
    await Deno.rename(`${path}2`, path);
  }],
  ["another permission", (path) => Deno.chmod(path, 0o600)],
];

for (const [what, change] of CHANGES) {
  Deno.test(`the time of the last change tells of ${what}`, ON_LINUX, async () => {
    await withFile(async (path) => {
      const fileSystem = createDenoFileSystem();
      const before = await fileSystem.stat(path, { changeTime: true });
      // The clock of the disk ticks up to a hundred times a second.
      await new Promise((resolve) => setTimeout(resolve, 30));
      await change(path);
      const after = await fileSystem.stat(path, { changeTime: true });
      equal(after.size, before.size);
      notEqual(after.changedAtNs, before.changedAtNs);
    });
  });
}

Deno.test("no time of change is told by what is no disk of this machine", ON_LINUX, async () => {
  const info = await createDenoFileSystem().stat("/proc/version", { changeTime: true });
  equal(info.kind, "file");
  equal(info.changedAtNs, undefined);
});
