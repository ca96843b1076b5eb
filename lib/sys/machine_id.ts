/** What tells this machine from others. Linux keeps it in a file; macOS and Windows tell it through a program. */

const FILES: readonly string[] = ["/etc/machine-id", "/var/lib/dbus/machine-id"];

interface Source {
  readonly words: readonly [program: string, ...rest: string[]];
  readonly id: RegExp;
}

const PROGRAMS: Readonly<Record<string, Source>> = {
  darwin: {
    words: ["/usr/sbin/ioreg", "-rd1", "-c", "IOPlatformExpertDevice"],
    id: /"IOPlatformUUID"\s*=\s*"([0-9A-F-]{36})"/i,
  },
  windows: {
    words: ["reg", "query", "HKLM\\SOFTWARE\\Microsoft\\Cryptography", "/v", "MachineGuid", "/reg:64"],
    id: /\bMachineGuid\s+REG_SZ\s+([0-9A-F-]{36})/i,
  },
};

/** "uninitialized" stands there while a machine starts for the first time. */
const FILE_ID = /^\s*([0-9a-f]{32})\s*$/i;

/** The id in what the source of this system says, in lower case; undefined where there is none. */
export function parseMachineId(os: string, text: string): string | undefined {
  return (PROGRAMS[os]?.id ?? FILE_ID).exec(text)?.[1]?.toLowerCase();
}

/** Undefined where the system has no such thing, or does not tell. */
export async function readMachineId(
  os: string,
  files: readonly string[] = FILES,
): Promise<string | undefined> {
  const program = PROGRAMS[os];
  if (program !== undefined) return parseMachineId(os, await outputOf(program.words));
  for (const path of files) {
    const id = parseMachineId(os, await Deno.readTextFile(path).catch(() => ""));
    if (id !== undefined) return id;
  }
  return undefined;
}

async function outputOf([program, ...args]: Source["words"]): Promise<string> {
  try {
    const { stdout } = await new Deno.Command(program, { args, stdin: "null", stderr: "null" }).output();
    return new TextDecoder().decode(stdout);
  } catch {
    return "";
  }
}
