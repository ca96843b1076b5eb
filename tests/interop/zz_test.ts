import { rcloneTest } from "./world.ts";
for (const n of ["a+b", "a #1", "a;b", "a％b", "a?b", "a\\b", "a'b", "å", "a：b", "a&b", " a "]) {
  rcloneTest("dirmove " + n, {}, async ({ rclone, emulator }) => {
    emulator.tree.putFile("/Jotta/Archive/" + n.replace("?", "？") + "/f", "x");
    emulator.tree.putFile("/Jotta/Archive/a/f", "x");
    const r = await rclone.run(["move", "jotta:" + n, "jotta:to/" + n]);
    console.log(
      r.code,
      r.stderr.slice(0, 600),
      emulator.requests.filter((r) => r.query.startsWith("mvDir")).map((r) =>
        `${r.method} ${r.path} ${r.query} ${r.status}`
      ).join("\n"),
      emulator.tree.walkFiles("/Jotta/Archive"),
    );
  });
}
