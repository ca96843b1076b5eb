/** What this process runs on. */
import type { Platform } from "../edges.ts";
import { DirectoryNotFoundError } from "../errors.ts";
import { readMachineId } from "./machine_id.ts";

export function createDenoPlatform(): Platform {
  const { os, arch } = Deno.build;
  return {
    // Other Unix systems behave like Linux in all that we ask.
    os: os === "windows" || os === "darwin" ? os : "linux",
    architecture: arch,
    runtime: `deno ${Deno.version.deno}`,
    get hostname() {
      return Deno.hostname();
    },
    processId: Deno.pid,
    machineId: () => readMachineId(os),
    currentDirectory: () => Deno.cwd(),
    changeDirectory,
  };
}

function changeDirectory(path: string): void {
  try {
    Deno.chdir(path);
  } catch (cause) {
    throw new DirectoryNotFoundError(`Cannot go to "${path}": it is no directory that can be entered`, {
      cause,
    });
  }
}
