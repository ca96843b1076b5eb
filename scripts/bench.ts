/**
 * jottash and rclone side by side: the same trees, the same emulated service behind the same TLS bridge, turn by
 * turn. Prints medians and ratios; times of two runs on one machine are only worth comparing within one run.
 *
 * Not in our favour: every new connection through a proxy on loopback costs Deno's fetch some 90 ms (two delayed
 * acknowledgements; 1 ms without the proxy), which decides the short tasks.
 */
import { parseArgs } from "node:util";
import { startEmulator } from "../tests/emulator/mod.ts";
import { createJottash } from "../tests/interop/jottash.ts";
import { createRclone, findRclone, formatSection } from "../tests/interop/rclone.ts";
import { startTlsBridge } from "../tests/interop/tls_bridge.ts";

const MIB = 1024 * 1024;
const { values } = parseArgs({
  options: { files: { type: "string", default: "400" }, rounds: { type: "string", default: "3" } },
});
const fileCount = Number(values.files);
const rounds = Number(values.rounds);

type Run = (words: readonly string[]) => Promise<{ readonly code: number; readonly stderr: string }>;

/** A tool, and the folder on the service that is its own: neither may profit from what the other has sent. */
interface Contender {
  readonly name: string;
  readonly run: Run;
}

/** One thing to do. The content is new in each round. */
interface Task {
  readonly name: string;
  readonly words: (place: Place) => readonly string[];
}

interface Place {
  readonly small: string;
  readonly large: string;
  readonly remote: string;
  readonly back: string;
}

const TASKS: readonly Task[] = [
  {
    name: `copy ${fileCount} small files up`,
    words: ({ small, remote }) => ["copy", small, `${remote}/small`],
  },
  {
    name: "copy them again (nothing to do)",
    words: ({ small, remote }) => ["copy", small, `${remote}/small`],
  },
  { name: "list them", words: ({ remote }) => ["ls", `${remote}/small`] },
  { name: "copy them back", words: ({ remote, back }) => ["copy", `${remote}/small`, back] },
  { name: "copy 2 files of 128 MiB up", words: ({ large, remote }) => ["copy", large, `${remote}/large`] },
  { name: "copy them back", words: ({ remote, back }) => ["copy", `${remote}/large`, `${back}/large`] },
];

const rclone = findRclone();
if (rclone === undefined) {
  console.error(
    "bench: rclone 1.60.1 or newer is needed for the comparison; on Debian: apt-get install rclone",
  );
  Deno.exit(1);
}
const root = await Deno.makeTempDir({ prefix: "jottash-bench-" });
try {
  await using emulator = await startEmulator();
  await using bridge = await startTlsBridge(emulator.endpoint);
  const contenders: Contender[] = [];
  for (const name of ["jottash", "rclone"]) {
    const home = `${root}/${name}`;
    await Deno.mkdir(home);
    const configPath = `${home}/rclone.conf`;
    await Deno.writeTextFile(configPath, formatSection({ tokens: emulator.issueTokens() }));
    const env = { HTTPS_PROXY: bridge.proxyUrl, DENO_CERT: bridge.caPath };
    const tool = name === "rclone"
      ? createRclone({ home, path: rclone.path, bridge })
      : createJottash({ home, configPath, env });
    contenders.push({ name, run: (words) => tool.run(words) });
  }
  const seconds = new Map<string, number[][]>(contenders.map(({ name }) => [name, TASKS.map(() => [])]));
  for (let round = 0; round < rounds; round++) {
    // Whoever begins finds colder caches: they take turns.
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) {
      const place = await makePlace(contender.name, round);
      for (const [index, task] of TASKS.entries()) {
        const startedAt = performance.now();
        const { code, stderr } = await contender.run(task.words(place));
        if (code !== 0) throw new Error(`${contender.name} ${task.name}: status ${code}: ${stderr}`);
        seconds.get(contender.name)?.[index]?.push((performance.now() - startedAt) / 1000);
      }
      await Deno.remove(`${root}/${contender.name}-${round}`, { recursive: true });
    }
  }
  report(seconds);
} finally {
  await Deno.remove(root, { recursive: true });
}

async function makePlace(name: string, round: number): Promise<Place> {
  const base = `${root}/${name}-${round}`;
  const place = {
    small: `${base}/small`,
    large: `${base}/large`,
    back: `${base}/back`,
    remote: `jotta:${name}-${round}`,
  };
  for (let index = 0; index < fileCount; index++) {
    const directory = `${place.small}/folder ${index % 20}`;
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeTextFile(`${directory}/${index}.txt`, `${base} ${index}\n`.repeat(1 + index % 200));
  }
  await Deno.mkdir(place.large);
  for (let index = 0; index < 2; index++) {
    using file = await Deno.open(`${place.large}/${index}.bin`, { write: true, createNew: true });
    const block = new Uint8Array(MIB);
    for (let written = 0; written < 128; written++) {
      crypto.getRandomValues(block.subarray(0, 65_536));
      file.writeSync(block);
    }
  }
  return place;
}

function report(seconds: ReadonlyMap<string, readonly (readonly number[])[]>): void {
  const median = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  const cell = (text: string) => text.padStart(10);
  console.log(`${"".padEnd(36)}${[...seconds.keys(), "ratio"].map(cell).join("")}`);
  for (const [index, task] of TASKS.entries()) {
    const medians = [...seconds.values()].map((all) => median(all[index] ?? []));
    const [ours = NaN, theirs = NaN] = medians;
    const shown = [...medians.map((value) => `${value.toFixed(2)} s`), `${(theirs / ours).toFixed(1)} x`];
    console.log(`${task.name.padEnd(36)}${shown.map(cell).join("")}`);
  }
  console.log(
    `Medians of ${rounds} rounds; ratio: how many times as fast as rclone ${rclone?.version.join(".")}.`,
  );
}
