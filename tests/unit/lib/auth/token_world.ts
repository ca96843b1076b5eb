/** A provider that rotates, and processes that share one config file or token file with its session; the disk is in memory. */
import { TokenSource } from "../../../../lib/auth/token_source.ts";
import { AuthError } from "../../../../lib/errors.ts";
import { Logger } from "../../../../lib/log.ts";
import { ConfigStore } from "../../../../lib/store/config_file.ts";
import { ConfigTokenStore } from "../../../../lib/store/config_token_store.ts";
import { parseSessionRecord, SESSION_RECORD_KEY } from "../../../../lib/store/session_record.ts";
import { formatSession, parseSession } from "../../../../lib/store/session_text.ts";
import { TokenFileStore } from "../../../../lib/store/token_file_store.ts";
import {
  formatToken,
  parseToken,
  type StoredSession,
  type StoredToken,
} from "../../../../lib/store/token_store.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { MemoryFileSystem } from "../../../fakes/memory_file_system.ts";
import { SeededRandom } from "../../../fakes/seeded_random.ts";

export const PATH = "/home/rclone.conf";
export const LIFE_MS = 3_600_000;

/** A provider that rotates: each refresh token works once, a second use ends the session. */
export class Provider {
  readonly clock: FakeClock;
  readonly lifeMs: number;
  generation = 1;
  isRevoked = false;
  readonly requests: string[] = [];
  /** Ends of the access tokens that were ever made. */
  readonly known = new Map<string, number>();
  /** Runs before and after the rotation; may throw what the transport would. */
  before: (count: number) => void | Promise<void> = () => {};
  after: (count: number) => void | Promise<void> = () => {};

  constructor(clock: FakeClock, lifeMs: number) {
    this.clock = clock;
    this.lifeMs = lifeMs;
  }

  token(generation = this.generation, ageMs = 0): StoredToken {
    const issuedAt = (this.clock.now() - ageMs) / 1000;
    const claims = JSON.stringify({
      iat: issuedAt,
      exp: issuedAt + this.lifeMs / 1000,
      sub: `f:1:user${generation}`,
    });
    const payload = new TextEncoder().encode(claims).toBase64({ alphabet: "base64url", omitPadding: true });
    const accessToken = `h.${payload}.s`;
    const expiresAtMs = this.clock.now() - ageMs + this.lifeMs;
    this.known.set(accessToken, expiresAtMs);
    return { accessToken, tokenType: "Bearer", refreshToken: `refresh-${generation}`, expiresAtMs };
  }

  async refresh(refreshToken: string): Promise<StoredToken> {
    this.requests.push(refreshToken);
    await this.before(this.requests.length);
    if (this.isRevoked || refreshToken !== `refresh-${this.generation}`) {
      this.isRevoked = true;
      throw new AuthError("Cannot refresh the session: the service has ended it", { code: "session-lost" });
    }
    this.generation++;
    await this.after(this.requests.length);
    return this.token();
  }
}

export interface WorldOptions {
  readonly lifeMs?: number;
  /** Of the stored token; default: it has just ended. */
  readonly ageMs?: number;
  readonly stored?: StoredToken;
  /** The session record beside the token, as JSON. */
  readonly record?: string;
  /** Where the session is kept; default: a config file. */
  readonly home?: "config" | "token-file";
  /** A second section of the config, `copy`, with the same session. */
  readonly hasCopy?: boolean;
}

export function world(options: WorldOptions = {}) {
  const lifeMs = options.lifeMs ?? LIFE_MS;
  const clock = new FakeClock({ autoAdvance: true });
  const fileSystem = new MemoryFileSystem();
  const provider = new Provider(clock, lifeMs);
  const lines: string[] = [];
  const first = options.stored ?? provider.token(1, options.ageMs ?? lifeMs);
  const isConfig = options.home !== "token-file";
  const note = parseSessionRecord(options.record);
  const noteLine = options.record === undefined ? "" : `${SESSION_RECORD_KEY} = ${options.record}\n`;
  const sections = options.hasCopy === true ? ["jotta", "copy"] : ["jotta"];
  const textOf = (token: StoredToken) =>
    isConfig
      ? sections.map((name) => `[${name}]\ntype = jottacloud\ntoken = ${formatToken(token)}\n${noteLine}`)
        .join("")
      : formatSession({ token, record: note });
  const putOnDisk = (token: StoredToken) => fileSystem.put(PATH, textOf(token), { mode: 0o600 });
  putOnDisk(first);
  /** The clock of the machine, which may be wrong. */
  const machine = {
    skewMs: 0,
    now: () => clock.now() + machine.skewMs,
    sleep: clock.sleep.bind(clock),
  };
  let processes = 0;
  const newSource = (disk: MemoryFileSystem = fileSystem, section = "jotta") => {
    const context = { fileSystem: disk, clock: machine, random: new SeededRandom(++processes) };
    return new TokenSource({
      store: isConfig
        ? new ConfigTokenStore(new ConfigStore(context, PATH), section)
        : new TokenFileStore(context, PATH),
      clock: machine,
      log: new Logger("debug", (line) => lines.push(line)),
      remote: "jotta",
      refresh: async ({ token: { refreshToken = "" } }) => {
        const { expiresAtMs = 0, ...token } = await provider.refresh(refreshToken);
        return { ...token, expiresAtMs: expiresAtMs + machine.skewMs };
      },
    });
  };
  const stored = (): StoredSession | undefined => {
    const text = fileSystem.peek(PATH) ?? "";
    if (!isConfig) {
      const session = parseSession(text);
      return session === "empty" ? undefined : session;
    }
    const valueOf = (key: string) =>
      text.split("\n").find((line) => line.startsWith(`${key} = `))?.slice(`${key} = `.length);
    const token = parseToken(valueOf("token") ?? "");
    return token && { token, record: parseSessionRecord(valueOf(SESSION_RECORD_KEY)) };
  };
  const onDisk = () => stored()?.token;
  const recordOnDisk = () => stored()?.record ?? {};
  return { clock, machine, fileSystem, provider, lines, first, newSource, onDisk, recordOnDisk, putOnDisk };
}
