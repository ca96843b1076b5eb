/** A wizard over an emulator: the disk and the terminal are in memory, the user is a script. */
import { CommandContext } from "../../../../lib/cli/context.ts";
import type { Edges } from "../../../../lib/edges.ts";
import { Reporter } from "../../../../lib/cli/report.ts";
import { Logger } from "../../../../lib/log.ts";
import { SHARED_OPTIONS } from "../../../../lib/shared_options/mod.ts";
import { resolveOptions } from "../../../../lib/settings.ts";
import { ConfigWizard } from "../../../../lib/setup/wizard.ts";
import {
  parseSessionRecord,
  SESSION_RECORD_KEY,
  type SessionRecord,
} from "../../../../lib/store/session_record.ts";
import { createDenoClock } from "../../../../lib/sys/deno_clock.ts";
import { createDenoTransport } from "../../../../lib/sys/deno_transport.ts";
import { LiveArea } from "../../../../lib/ui/live_area.ts";
import { PlainResult } from "../../../../lib/ui/result_sink.ts";
import { TextPrinter } from "../../../../lib/ui/text_printer.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/mod.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { type AskedQuestion, ScriptedPrompter, type ScriptStep } from "../../../fakes/scripted_prompter.ts";
import { ScriptedTerminal } from "../../../fakes/scripted_terminal.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";
import { fakeEnv } from "../../../fakes/fake_env.ts";
import { ScriptedLauncher } from "../../../fakes/scripted_launcher.ts";
import { MemoryLoopback } from "./memory_browser.ts";

export const CONFIG_PATH = "/home/kari/.config/jottash/jottash.conf";

export class World implements AsyncDisposable {
  readonly emulator: Emulator;
  readonly fileSystem = new MemoryFileSystem();
  readonly terminal = new ScriptedTerminal();
  readonly launcher = new ScriptedLauncher();
  readonly loopback = new MemoryLoopback();
  /** What Ctrl-C does while nothing is asked. */
  readonly stop = new AbortController();
  readonly context: CommandContext;

  private constructor(emulator: Emulator) {
    this.emulator = emulator;
    const env = new Map([["HOME", "/home/kari"], ["JOTTASH_ENDPOINT", emulator.endpoint], ["NO_COLOR", "1"]]);
    const edges: Edges = {
      clock: createDenoClock(),
      random: new SeededRandom(),
      env: fakeEnv(Object.fromEntries(env)),
      transport: (settings) => createDenoTransport(settings),
      fileSystem: this.fileSystem,
      terminal: this.terminal,
      signals: { on: () => ({ [Symbol.dispose]() {} }) },
      platform: {
        os: "linux",
        architecture: "x86_64",
        runtime: "test",
        hostname: "test",
        machineId: () => Promise.resolve("test-machine"),
        currentDirectory: () => "/home/kari",
        changeDirectory: () => {},
        processId: 1,
      },
      launcher: this.launcher,
      loopback: this.loopback,
    };
    const area = new LiveArea(this.terminal);
    const printer = new TextPrinter(this.terminal, { area });
    const log = new Logger("debug", (line) => area.write(`${line}\n`));
    this.context = new CommandContext({
      edges,
      settings: resolveOptions(SHARED_OPTIONS, { flags: new Map(), env: edges.env }).values,
      flags: new Map(),
      printer,
      area,
      log,
      reporter: new Reporter({ printer, log, sink: new PlainResult(printer), dryRun: false }),
      signal: this.stop.signal,
    });
  }

  static async create(options: EmulatorOptions = {}): Promise<World> {
    return new World(await startEmulator(options));
  }

  /** Runs the wizard with a user who answers so. Resolves with what was asked. */
  async run(steps: readonly ScriptStep[]): Promise<readonly AskedQuestion[]> {
    const prompter = new ScriptedPrompter(steps);
    await new ConfigWizard(this.context, prompter).run();
    prompter.assertDone();
    return prompter.asked;
  }

  /** What the wizard said since the last look. */
  get said(): string {
    return this.terminal.stderr;
  }

  /** Waits for text while `running` goes on; fails as `running` does. */
  async untilSaid(text: RegExp, running: Promise<unknown>): Promise<void> {
    let isOver = false;
    const end = running.then(() => isOver = true);
    while (!text.test(this.said)) {
      if (isOver) throw new Error(`it ended and never said ${text}: ${this.said}`);
      await Promise.race([end, new Promise((resolve) => setTimeout(resolve))]);
    }
    end.catch(() => {});
  }

  async config(): Promise<string> {
    return await this.fileSystem.readText(CONFIG_PATH).catch(() => "");
  }

  /** Keys of a section that say where the remote is. */
  async section(name: string): Promise<Record<string, string>> {
    const document = await this.context.config();
    const isNote = (key: string) => key === "token" || key === SESSION_RECORD_KEY;
    return Object.fromEntries(document.entries(name).filter(([key]) => !isNote(key)));
  }

  async record(name: string): Promise<SessionRecord> {
    return parseSessionRecord((await this.context.config()).get(name, SESSION_RECORD_KEY));
  }

  /** The address that the wizard showed last. */
  get shownUrl(): string {
    const url = this.said.match(/^https?:\S+\?\S+$/gm)?.at(-1);
    if (url === undefined) throw new Error(`no address in: ${this.said}`);
    return url;
  }

  async token(name: string): Promise<string | undefined> {
    return (await this.context.config()).get(name, "token");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.context.close();
    await this.emulator.stop();
  }
}
