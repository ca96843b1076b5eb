/** Which process holds the other end of a connection on loopback: Linux tells it under /proc. */

const LOOPBACK = "0100007F";

/** The one of `candidates` whose socket has this local port; undefined when none has, and on other systems. */
export function processAtPort(port: number, candidates: Iterable<number>): number | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const inode = inodeOf(port);
  if (inode === undefined) return undefined;
  for (const pid of candidates) if (holds(pid, `socket:[${inode}]`)) return pid;
  return undefined;
}

function inodeOf(port: number): string | undefined {
  const local = `${LOOPBACK}:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  for (const line of Deno.readTextFileSync("/proc/net/tcp").split("\n")) {
    const columns = line.trim().split(/\s+/);
    // A socket whose process has died has no inode any more.
    if (columns[1] === local && columns[9] !== "0") return columns[9];
  }
  return undefined;
}

function holds(pid: number, socket: string): boolean {
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
      if (linkAt(`/proc/${pid}/fd/${name}`) === socket) return true;
    }
  } catch {
    // It has ended meanwhile.
  }
  return false;
}

function linkAt(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined;
  }
}
