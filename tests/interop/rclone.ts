/**
 * The real rclone as a witness: found on PATH, run with a home and a config file of its own, and led to the
 * emulator through the TLS bridge. Nothing of the caller's environment reaches it but PATH.
 */
import { mustSucceed, type ProcessResult, runProcess } from "./process.ts";
import type { TlsBridge } from "./tls_bridge.ts";

/** Debian 12's version; the oldest whose sign-in and listing we count on. */
const OLDEST = [1, 60, 1] as const;

/**
 * The default encoding of rclone 1.74 and later; 1.60.1's own default lacks `Percent` (API reference 8.1).
 */
export const CURRENT_ENCODING =
  "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Percent,Del,Ctl,InvalidUtf8,Dot";
/** Default of rclone 1.51 to 1.73. */
export const OLD_ENCODING = "Slash,LtGt,DoubleQuote,Colon,Question,Asterisk,Pipe,Del,Ctl,InvalidUtf8,Dot";

/** An rclone that was found. */
export interface InstalledRclone {
  readonly path: string;
  /** Major, minor, patch. */
  readonly version: readonly [number, number, number];
}

/** The first rclone on PATH if it is new enough, else undefined. */
export function findRclone(): InstalledRclone | undefined {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":").filter((part) => part !== "")) {
    const path = `${directory}/rclone`;
    const version = versionOf(path);
    if (version !== undefined) return isNewEnough(version) ? { path, version } : undefined;
  }
  return undefined;
}

function versionOf(path: string): InstalledRclone["version"] | undefined {
  try {
    const { stdout } = new Deno.Command(path, { args: ["version"], stderr: "null" }).outputSync();
    const match = /^rclone v(\d+)\.(\d+)\.(\d+)/.exec(new TextDecoder().decode(stdout));
    return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
  } catch {
    return undefined; // no such file, or not ours to run
  }
}

function isNewEnough(version: InstalledRclone["version"]): boolean {
  for (const [index, wanted] of OLDEST.entries()) {
    const part = version[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

export interface RcloneOptions {
  /** Where the config file, the cache and HOME are; must exist. */
  readonly home: string;
  readonly path: string;
  readonly bridge: TlsBridge;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Rclone {
  /** Its config file; absent until something is written to it. */
  readonly configPath: string;
  /** Runs to the end, whatever the status. */
  run(args: readonly string[], options?: RunOptions): Promise<ProcessResult>;
  /** As run(), but a status other than 0 throws with what rclone said. */
  must(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Writes the config file anew with one remote. */
  configure(section: RemoteSection): Promise<void>;
}

/** The remote `jotta:` of a config file in rclone's own form (API reference 9.1). */
export interface RemoteSection {
  readonly tokens: {
    readonly accessToken: string;
    readonly refreshToken: string;
    readonly expiresAtMs: number;
  };
  /** Default CURRENT_ENCODING. */
  readonly encoding?: string;
  /** Further keys, such as device and mountpoint. */
  readonly keys?: Readonly<Record<string, string>>;
}

export function createRclone(options: RcloneOptions): Rclone {
  const configPath = `${options.home}/rclone.conf`;
  const rclone: Rclone = {
    configPath,
    run: (args, runOptions = {}) => runRclone(options, [...args, "--config", configPath], runOptions),
    must: async (args, runOptions) =>
      mustSucceed(`rclone ${args.join(" ")}`, await rclone.run(args, runOptions)),
    configure: (section) => Deno.writeTextFile(configPath, formatSection(section), { mode: 0o600 }),
  };
  return rclone;
}

/** The text of a config file as rclone and jottash both read it. */
export function formatSection(
  { tokens, encoding = CURRENT_ENCODING, keys = {} }: RemoteSection,
): string {
  const token = {
    access_token: tokens.accessToken,
    token_type: "Bearer",
    refresh_token: tokens.refreshToken,
    expiry: new Date(tokens.expiresAtMs).toISOString(),
  };
  const lines = Object.entries({
    type: "jottacloud",
    configVersion: "1",
    client_id: "jottacli",
    tokenURL: "https://id.jottacloud.com/auth/realms/jottacloud/protocol/openid-connect/token",
    token: JSON.stringify(token),
    encoding,
    ...keys,
  }).map(([key, value]) => `${key} = ${value}\n`);
  return `[jotta]\n${lines.join("")}`;
}

function runRclone(
  { path, home, bridge }: RcloneOptions,
  args: readonly string[],
  { stdin, env }: RunOptions,
): Promise<ProcessResult> {
  return runProcess(path, {
    // One try of the whole and short waits: a fault must show as what it is, a hanging answer must end the
    // test.
    args: ["--ca-cert", bridge.caPath, "--retries", "1", "--timeout", "30s", ...args],
    env: { HOME: home, XDG_CACHE_HOME: `${home}/cache`, TZ: "UTC", HTTPS_PROXY: bridge.proxyUrl, ...env },
    stdin,
  });
}
