/** device, mountpoint, encoding and hard-delete: each way to give them is seen by the service. */
import { equal, ok } from "node:assert/strict";
import { Environment } from "./environment.ts";
import { type Way, waysOf } from "./option_ways.ts";

interface Case {
  readonly key: string;
  readonly value: string;
  /** Words of a command, `place` being the root of the remote. */
  readonly words: (place: string) => readonly string[];
  /** Path and query of the request that shows it, and of the one without the option. */
  readonly asked: string;
  readonly askedWithout: string;
}

const list = (place: string) => ["lsf", place];

const CASES: readonly Case[] = [
  { key: "device", value: "Laptop", words: list, asked: "/Laptop/Archive?", askedWithout: "/Jotta/Archive?" },
  { key: "mountpoint", value: "Sync", words: list, asked: "/Jotta/Sync?", askedWithout: "/Jotta/Archive?" },
  {
    key: "encoding",
    value: "Slash,Hash,Dot",
    words: (place) => ["mkdir", `${place}a#b`],
    asked: "/Jotta/Archive/a＃b?mkDir=true",
    askedWithout: "/Jotta/Archive/a#b?mkDir=true",
  },
  {
    key: "hard_delete",
    value: "true",
    words: (place) => ["deletefile", `${place}file`],
    asked: "/Jotta/Archive/file?rm=true",
    askedWithout: "/Jotta/Archive/file?dl=true",
  },
];

for (const { key, value, words, asked, askedWithout } of CASES) {
  for (const way of [...waysOf(key, value), { how: "nothing" }]) {
    Deno.test(`${key} as ${way.how}`, async () => {
      await using environment = await Environment.create();
      await environment.writeConfig(environment.remoteSection("jotta", "section" in way ? way.section : {}));
      const { emulator } = environment;
      for (const folder of ["/Laptop/Archive", "/Jotta/Sync"]) emulator.tree.makeFolder(folder);
      emulator.tree.putFile("/Jotta/Archive/file", "content");
      const { words: flags = [], env = {}, place = "jotta:" }: Way = way;
      const { status, stderr } = await environment.runWith({ env }, ...words(place), ...flags);
      equal(status, 0, stderr);
      const requests = emulator.requests.map(({ path, query }) => `${decodeURIComponent(path)}?${query}`);
      const isAsked = (what: string) => requests.some((each) => each.includes(what));
      const isOn = way.how !== "nothing";
      ok(isAsked(isOn ? asked : askedWithout), requests.join("\n"));
      ok(!isAsked(isOn ? askedWithout : asked), requests.join("\n"));
    });
  }
}
