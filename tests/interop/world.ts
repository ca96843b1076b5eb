/**
 * One story's world: an emulator, the bridge, an rclone that is signed in, and a directory; all gone at its
 * end.
 */
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { createJottash, type Jottash } from "./jottash.ts";
import { createRclone, findRclone, type Rclone, type RemoteSection } from "./rclone.ts";
import { startTlsBridge } from "./tls_bridge.ts";

/** Looked up once per test file: titles and skips are decided when tests are registered. */
const RCLONE = findRclone();

export interface World {
  readonly emulator: Emulator;
  /** Holds a remote `jotta:` with a session of its own. */
  readonly rclone: Rclone;
  /** An empty directory for the story's files. */
  readonly directory: string;
  /** The program under test with that config file; default: one like rclone's, with a session of its own. */
  createJottash(configPath?: string): Promise<Jottash>;
  /** A second rclone with its own home; its remote is the given section. */
  otherRclone(section?: Partial<RemoteSection>): Promise<Rclone>;
}

export interface WorldOptions {
  readonly emulator?: EmulatorOptions;
  readonly remote?: Partial<RemoteSection>;
}

type Story = (world: World) => Promise<void>;

/**
 * Registers a story that needs the real rclone; where there is none it is reported as skipped, never as
 * passed.
 */
export function rcloneTest(title: string, options: WorldOptions, story: Story): void {
  register(title, {
    options,
    story,
    skip: RCLONE === undefined ? "no rclone 1.60.1 or newer on PATH" : undefined,
  });
}

/**
 * Registers a story about something rclone 1.60 does wrong, so that the exception is written down and noticed
 * when it ends; skipped with other versions, of which nothing was measured.
 */
export function rcloneExceptionTest(title: string, options: WorldOptions, story: Story): void {
  const isMeasured = RCLONE?.version[0] === 1 && RCLONE.version[1] === 60;
  register(`EXCEPTION: ${title}`, {
    options,
    story,
    skip: isMeasured ? undefined : "needs rclone 1.60 on PATH",
  });
}

interface Registration {
  readonly options: WorldOptions;
  readonly story: Story;
  /** Why it cannot be told here. */
  readonly skip: string | undefined;
}

function register(title: string, { options, story, skip }: Registration): void {
  Deno.test({
    name: skip === undefined ? title : `${title} (skipped: ${skip})`,
    ignore: skip !== undefined,
    fn: () => tell(story, options),
  });
}

async function tell(story: Story, options: WorldOptions): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await startEmulator(options.emulator));
  const bridge = stack.use(await startTlsBridge(emulator.endpoint));
  const root = await Deno.makeTempDir({ prefix: "jottash-interop-" });
  stack.defer(() => Deno.remove(root, { recursive: true }));
  const directory = `${root}/files`;
  await Deno.mkdir(directory);

  let homes = 0;
  const newHome = async () => {
    const home = `${root}/home${homes += 1}`;
    await Deno.mkdir(home);
    return home;
  };
  const otherRclone = async (section: Partial<RemoteSection> = {}) => {
    const rclone = createRclone({ home: await newHome(), path: RCLONE?.path ?? "rclone", bridge });
    await rclone.configure({ tokens: emulator.issueTokens(), ...section });
    return rclone;
  };
  const jottashConfig = async () => {
    const keys = { ...options.remote?.keys, tokenURL: emulator.tokenUrl };
    return (await otherRclone({ ...options.remote, keys })).configPath;
  };
  await story({
    emulator,
    rclone: await otherRclone(options.remote),
    directory,
    otherRclone,
    createJottash: async (configPath) =>
      createJottash({
        home: await newHome(),
        env: { JOTTASH_ENDPOINT: emulator.endpoint },
        configPath: configPath ?? await jottashConfig(),
      }),
  });
}
