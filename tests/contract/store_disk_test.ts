import { createDenoFileSystem } from "../../lib/sys/deno_file_system.ts";
import { testStores } from "./store_suite.ts";

testStores("disk", async (work) => {
  const directory = await Deno.makeTempDir({ prefix: "jottash-store-" });
  try {
    await work({
      fileSystem: createDenoFileSystem(),
      // Two FileSystem objects know nothing of each other: what keeps them apart is the system's lock alone.
      otherProcess: createDenoFileSystem(),
      directory,
      link: (target, path) => Deno.symlink(target, path),
      hasModes: Deno.build.os !== "windows",
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
