import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { testStores } from "./store_suite.ts";

testStores("memory", async (work) => {
  const fileSystem = new MemoryFileSystem();
  await fileSystem.makeDirectory("/home/kari");
  await work({
    fileSystem,
    otherProcess: fileSystem.asAnotherProcess(),
    directory: "/home/kari",
    link: (target, path) => Promise.resolve(fileSystem.putLink(path, target)),
    hasModes: true,
  });
});
