/** Places of a config that can be made unwritable, and writable again. */
import { join } from "node:path";

const IS_ROOT = Deno.build.os !== "windows" && Deno.uid() === 0;

/** Runs a program that may be missing; false unless it ended well. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output()
    .catch(() => ({ success: false }));
  return success;
}

/** Programs to put in front, so that permissions bind root too; undefined when there is no way. */
export async function boundByPermissions(): Promise<readonly string[] | undefined> {
  if (Deno.build.os === "windows") return undefined;
  if (!IS_ROOT) return [];
  const wrapper = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"];
  return await succeeds("setpriv", ...wrapper.slice(1), "true") ? wrapper : undefined;
}

/** A directory for the config and a switch that forbids to write there. */
export interface UnwritablePlace extends AsyncDisposable {
  readonly configPath: string;
  forbid(): Promise<void>;
  allow(): Promise<void>;
}

type PlaceMaker = (directory: string) => Promise<UnwritablePlace>;

/** All of them make `directory`; whoever makes one disposes it. Each throws where the system cannot do it. */
export const UNWRITABLE_PLACES: Readonly<Record<string, PlaceMaker>> = {
  "a file and a directory without the right to write": async (directory) => {
    await Deno.mkdir(directory);
    const configPath = join(directory, "jottash.conf");
    const set = async (fileMode: number, directoryMode: number) => {
      await Deno.chmod(configPath, fileMode).catch(() => {});
      await Deno.chmod(directory, directoryMode);
    };
    return placeOf(configPath, () => set(0o400, 0o500), () => set(0o600, 0o700));
  },
  "a file that may not be replaced": async (directory) => {
    await Deno.mkdir(directory);
    const configPath = join(directory, "jottash.conf");
    return placeOf(
      configPath,
      () => must("chattr", "+i", configPath),
      () => must("chattr", "-i", configPath),
    );
  },
  "one file mounted to be read only, as containers do it": async (directory) => {
    await Deno.mkdir(directory);
    const configPath = join(directory, "jottash.conf");
    const forbid = async () => {
      await must("mount", "--bind", configPath, configPath);
      if (await succeeds("mount", "-o", "remount,bind,ro", configPath)) return;
      await must("umount", configPath);
      throw new Error("a mounted file cannot be made read only here");
    };
    return placeOf(configPath, forbid, () => must("umount", configPath));
  },
  "a disk mounted to be read only": async (directory) => {
    await mountSmallDisk(directory);
    const remount = (how: string) => () => must("mount", "-o", `remount,${how}`, directory);
    return {
      ...placeOf(join(directory, "jottash.conf"), remount("ro"), remount("rw")),
      [Symbol.asyncDispose]: () => must("umount", directory),
    };
  },
  "a full disk": async (directory) => {
    await mountSmallDisk(directory);
    const filler = join(directory, "filler");
    return {
      ...placeOf(join(directory, "jottash.conf"), () => fill(filler), () => Deno.remove(filler)),
      [Symbol.asyncDispose]: () => must("umount", directory),
    };
  },
};

/** The places that this system and this user can make; the others as undefined. */
export async function findPlaces(): Promise<ReadonlyMap<string, PlaceMaker | undefined>> {
  const found = new Map<string, PlaceMaker | undefined>();
  for (const [name, make] of Object.entries(UNWRITABLE_PLACES)) {
    found.set(name, await isPossible(make) ? make : undefined);
  }
  return found;
}

async function isPossible(make: PlaceMaker): Promise<boolean> {
  if (Deno.build.os === "windows") return false;
  const root = await Deno.makeTempDir({ prefix: "jottash-place-" });
  try {
    await using place = await make(join(root, "place"));
    await Deno.writeTextFile(place.configPath, "text");
    await place.forbid();
    await place.allow();
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function placeOf(
  configPath: string,
  forbid: () => Promise<void>,
  allow: () => Promise<void>,
): UnwritablePlace {
  let isForbidden = false;
  const place: UnwritablePlace = {
    configPath,
    forbid: async () => {
      await forbid();
      isForbidden = true;
    },
    allow: async () => {
      if (isForbidden) await allow();
      isForbidden = false;
    },
    // So that the directory can be removed.
    [Symbol.asyncDispose]: () => place.allow(),
  };
  return place;
}

async function mountSmallDisk(directory: string): Promise<void> {
  await Deno.mkdir(directory);
  await must("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", directory);
}

/** Writes until nothing more fits. */
async function fill(path: string): Promise<void> {
  using file = await Deno.open(path, { create: true, append: true });
  for (const size of [16_384, 1]) {
    try {
      for (;;) await file.write(new Uint8Array(size));
    } catch {
      // Full.
    }
  }
}

async function must(program: string, ...args: string[]): Promise<void> {
  if (!await succeeds(program, ...args)) throw new Error(`"${program} ${args.join(" ")}" has failed`);
}
