import { rcloneTest } from "./world.ts";
import { OLD_ENCODING } from "./rclone.ts";
rcloneTest("nov", {}, async ({rclone, emulator}) => {
  await rclone.must(["rcat", "jotta:f"], { stdin: "first" });
  emulator.clearRequests();
  const r = await rclone.run(["rcat", "--jottacloud-no-versions", "jotta:f", "-vv"], { stdin: "second" });
  console.log(r.stderr, emulator.requests.map(r=>`${r.method} ${r.path} ${r.query} ${r.status}`).join("\n"));
  console.log(await rclone.run(["lsl", "jotta:"]));
});
rcloneTest("pct", {remote: {encoding: OLD_ENCODING}}, async ({rclone, emulator,directory}) => {
  await Deno.writeTextFile(`${directory}/100% sure.txt`, "x");
  const r = await rclone.run(["copy", directory, "jotta:percent", "-vv"]);
  console.log(r.stderr, emulator.requests.map(r=>`${r.method} ${r.path} ${r.query} ${r.status}`).join("\n"));
  const r2 = await rclone.run(["copyto", directory+"/100% sure.txt", "jotta:percent/100% sure.txt", "-vv"]);
  console.log(r2.stderr, emulator.requests.map(r=>`${r.method} ${r.path} ${r.query} ${r.status}`).join("\n"));
});
