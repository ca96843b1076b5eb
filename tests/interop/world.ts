/** One story's world: an emulator, the bridge, an rclone that is signed in, and a directory; all gone at its end. */
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { createRclone, findRclone, type Rclone, type RemoteSection } from "./rclone.ts";
import { startTlsBridge, type TlsBridge } from "./tls_bridge.ts";

/** Looked up once per test file: titles and skips are decided when tests are registered. */
const RCLONE_PATH = findRclone();

export interface World {
  readonly emulator: Emulator;
  readonly bridge: TlsBridge;
  /** Holds a remote `jotta:` with a session of its own. */
  readonly rclone: Rclone;
  /** An empty directory for the story's files. */
  readonly directory: string;
  /** A second rclone with its own home; its remote is the given section. */
  otherRclone(section?: Partial<RemoteSection>): Promise<Rclone>;
}

export interface WorldOptions {
  readonly emulator?: EmulatorOptions;
  readonly remote?: Partial<RemoteSection>;
}

type Story = (world: World, test: Deno.TestContext) => Promise<void>;

/** Registers a story that needs the real rclone; where there is none it is reported as skipped, never as passed. */
export function rcloneTest(title: string, options: WorldOptions, story: Story): void {
  Deno.test({
    name: RCLONE_PATH === undefined ? `${title} (skipped: no rclone 1.60.1 or newer on PATH)` : title,
    ignore: RCLONE_PATH === undefined,
    fn: (test) => tell(story, { test, options, path: RCLONE_PATH ?? "rclone" }),
  });
}

interface Telling {
  readonly test: Deno.TestContext;
  readonly options: WorldOptions;
  readonly path: string;
}

async function tell(story: Story, { test, options, path }: Telling): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator(options.emulator));
  const bridge = stack.use(await startTlsBridge(emulator.endpoint));
  const root = await Deno.makeTempDir({ prefix: "jottash-interop-" });
  stack.defer(() => Deno.remove(root, { recursive: true }));
  const directory = `${root}/files`;
  await Deno.mkdir(directory);

  let homes = 0;
  const otherRclone = async (section: Partial<RemoteSection> = {}) => {
    const home = `${root}/home${homes += 1}`;
    await Deno.mkdir(home);
    const rclone = createRclone({ home, path, bridge });
    await rclone.configure({ tokens: emulator.issueTokens(), ...section });
    return rclone;
  };
  await story({ emulator, bridge, rclone: await otherRclone(options.remote), directory, otherRclone }, test);
}
