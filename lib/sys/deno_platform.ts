/** What this process runs on. */
import type { Platform } from "../edges.ts";
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
    machineId: () => readMachineId(os),
    currentDirectory: () => Deno.cwd(),
  };
}
