/** The engine over every pair of places keeps its promises. */
import { DiskTree } from "../../lib/local/disk_tree.ts";
import { createLocalNames } from "../../lib/names/local_name.ts";
import type { LocalTree } from "../../lib/local/local_tree.ts";
import { createDenoFileSystem } from "../../lib/sys/deno_file_system.ts";
import type { FileSystem } from "../../lib/edges.ts";
import { MemoryFileSystem } from "../fakes/memory_file_system.ts";
import { MemoryRemote } from "../fakes/memory_remote.ts";
import { folderOf } from "../fakes/memory_remote_folder.ts";
import { SeededRandom } from "../fakes/seeded_random.ts";
import { testEngineHazards } from "./engine_hazard_suite.ts";
import { testEngine, type WithPair } from "./engine_suite.ts";
import { withEmulator } from "./remote_worlds.ts";

function testAll(name: string, withPair: WithPair): void {
  testEngine(name, withPair);
  // The names tell the sides.
  const [from = "", to = ""] = name.split(" to ");
  const isLocalSource = from.includes("disk");
  testEngineHazards(name, withPair, { isLocalSource, mayClash: isLocalSource && !to.includes("disk") });
}

/** Directories of one disk. */
type Places = (name: string) => LocalTree;

async function withDisk(work: (places: Places) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "jottash-test-" });
  try {
    await work(await placesOn(createDenoFileSystem(), root));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function withMemoryDisk(work: (places: Places) => Promise<void>): Promise<void> {
  await work(await placesOn(new MemoryFileSystem(), "/home"));
}

async function placesOn(fileSystem: FileSystem, root: string): Promise<Places> {
  for (const name of ["source", "target", "beside"]) await fileSystem.makeDirectory(`${root}/${name}`);
  const edges = { fileSystem, random: new SeededRandom(), platform: { os: "linux" as const } };
  return (name) =>
    new DiskTree(edges, { root: `${root}/${name}`, label: name, names: createLocalNames("linux") });
}

testAll(
  "disk to disk",
  (work) => withDisk((at) => work({ source: at("source"), target: at("target"), beside: at("beside") })),
);

testAll("memory disk to memory remote", (work) =>
  withMemoryDisk((at) => {
    const remote = new MemoryRemote();
    return work({
      source: at("source"),
      target: folderOf(remote, "target"),
      beside: folderOf(remote, "beside"),
    });
  }));

testAll(
  "disk to service",
  (work) =>
    withDisk((at) =>
      withEmulator(
        {},
        ({ remote }) => work({ source: at("source"), target: remote("target"), beside: remote("beside") }),
      )
    ),
);

testAll("service to disk", (work) =>
  withDisk((at) =>
    withEmulator({}, async ({ remote }) => {
      await remote().makeDirectory("source");
      await work({ source: remote("source"), target: at("target"), beside: at("beside") });
    })
  ));

testAll("service to service, one account", (work) =>
  withEmulator({}, async ({ remote }) => {
    await remote().makeDirectory("source");
    await work({ source: remote("source"), target: remote("target"), beside: remote("beside") });
  }));

testAll(
  "service to service, two accounts",
  (work) =>
    withEmulator({}, (one) =>
      withEmulator({}, async (two) => {
        await one.remote().makeDirectory("source");
        await work({
          source: one.remote("source"),
          target: two.remote("target"),
          beside: two.remote("beside"),
        });
      })),
);

testAll(
  "disk to service, one request for a tree",
  (work) =>
    withDisk((at) =>
      withEmulator({}, async ({ remote }) => {
        await remote().makeDirectory("target");
        const target = remote("target").fastListed({ mode: "always", checkers: 2 });
        await work({ source: at("source"), target, beside: remote("beside") });
      })
    ),
);

testAll(
  "service to disk, one request for a tree",
  (work) =>
    withDisk((at) =>
      withEmulator({}, async ({ remote }) => {
        await remote().makeDirectory("source");
        const source = remote("source").fastListed({ mode: "always", checkers: 2 });
        await work({ source, target: at("target"), beside: at("beside") });
      })
    ),
);
