/** The real outer world, for `main.ts`. */
import type {
  Clock,
  Edges,
  Env,
  FileSystem,
  Launcher,
  Loopback,
  Platform,
  Random,
  Signals,
  Terminal,
} from "../edges.ts";
import { createDenoClock } from "./deno_clock.ts";
import { createDenoEnv } from "./deno_env.ts";
import { createDenoFileSystem } from "./deno_file_system.ts";
import { createDenoLauncher } from "./deno_launcher.ts";
import { createDenoLoopback } from "./deno_loopback.ts";
import { createDenoPlatform } from "./deno_platform.ts";
import { createDenoRandom } from "./deno_random.ts";
import { createDenoSignals } from "./deno_signals.ts";
import { createDenoTerminal } from "./deno_terminal.ts";
import { createDenoTransport } from "./deno_transport.ts";

/** Each edge is built when first asked for, and there is one of each; only transports are made on every call. */
export function createEdges(): Edges {
  const clock = once<Clock>(createDenoClock);
  const random = once<Random>(createDenoRandom);
  const env = once<Env>(createDenoEnv);
  const fileSystem = once<FileSystem>(createDenoFileSystem);
  const terminal = once<Terminal>(createDenoTerminal);
  const signals = once<Signals>(createDenoSignals);
  const launcher = once<Launcher>(createDenoLauncher);
  const loopback = once<Loopback>(createDenoLoopback);
  const platform = once<Platform>(createDenoPlatform);
  return {
    transport: (settings) => createDenoTransport(settings),
    get clock() {
      return clock();
    },
    get random() {
      return random();
    },
    get env() {
      return env();
    },
    get fileSystem() {
      return fileSystem();
    },
    get terminal() {
      return terminal();
    },
    get signals() {
      return signals();
    },
    get launcher() {
      return launcher();
    },
    get loopback() {
      return loopback();
    },
    get platform() {
      return platform();
    },
  };
}

function once<T>(build: () => T): () => T {
  let built: { readonly value: T } | undefined;
  return () => (built ??= { value: build() }).value;
}
