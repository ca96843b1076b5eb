import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { testLocalTree } from "./local_suite.ts";

testLocalTree("memory", async (work) => {
  let nowMs = 1_650_000_000_000;
  const fileSystem = new MemoryFileSystem({ nowMs: () => nowMs++ });
  await fileSystem.makeDirectory("/home/kari/files");
  await work({
    fileSystem,
    directory: "/home/kari/files",
    link: (target, path) => Promise.resolve(fileSystem.putLink(path, target)),
  });
});
