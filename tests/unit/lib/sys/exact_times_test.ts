import { equal } from "node:assert/strict";
import { createDenoFileSystem } from "../../../../lib/sys/deno_file_system.ts";

/** 2021-02-03 04:05:06.789012345 UTC. */
const AT_NS = 1_612_325_106_789_012_345n;

Deno.test({
  name: "stat() and listDirectory() tell nanoseconds where they are asked for, and only there",
  // Only Linux tells them. The C library stays loaded for the life of the process.
  ignore: Deno.build.os !== "linux",
  sanitizeResources: false,
  async fn() {
    const directory = await Deno.makeTempDir({ prefix: "jottash-times-" });
    try {
      const path = `${directory}/a ø`;
      await Deno.writeTextFile(path, "x");
      await new Deno.Command("touch", { args: ["-d", "@1612325106.789012345", path] }).output();
      await Deno.symlink(path, `${directory}/link`);
      const fileSystem = createDenoFileSystem();
      equal((await fileSystem.stat(path)).modifiedAtNs, undefined);
      const followed = await fileSystem.stat(`${directory}/link`, { nanoseconds: true });
      equal(followed.modifiedAtNs, AT_NS);
      equal(followed.modifiedAtMs, 1_612_325_106_789);
      const times = async (nanoseconds: boolean) => {
        const found = new Map<string, bigint | undefined>();
        for await (const batch of fileSystem.listDirectory(directory, { nanoseconds })) {
          for (const { name, info } of batch) if ("kind" in info) found.set(name, info.modifiedAtNs);
        }
        return found;
      };
      equal((await times(false)).get("a ø"), undefined);
      const exact = await times(true);
      equal(exact.get("a ø"), AT_NS);
      equal(exact.get("link") === AT_NS, false); // the link's own time
      equal(typeof exact.get("link"), "bigint");
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
