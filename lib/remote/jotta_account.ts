/**
 * One signed-in account: its internal user name, its devices and mountpoints, its space. The user name is asked
 * for once, on first use: every JFS path begins with it, and the e-mail address does not do (API reference 0.2).
 */
import type { ApiClient, Customer, PurgedTrash } from "../api/client.ts";
import { Lazy } from "../async/single_flight.ts";
import { ConflictError, FileNotFoundError } from "../errors.ts";
import type { HttpClient } from "../http/client.ts";
import { JfsClient } from "../jfs/client.ts";
import type { JfsDevice, JfsItem, JfsMountpoint, JfsUser } from "../jfs/types.ts";

export const DEFAULT_DEVICE = "Jotta";
export const DEFAULT_MOUNTPOINT = "Archive";
/** Views of the built-in device in which nothing can be stored (API reference 3.5). */
const VIEW_MOUNTPOINTS: ReadonlySet<string> = new Set(["latest", "links", "shared", "trash"]);

export interface AccountOptions {
  readonly http: HttpClient;
  readonly api: ApiClient;
  /** Base URL of JFS. */
  readonly jfsBase: string;
  /** Base URL of public links; that of the service by default. */
  readonly wwwBase?: string;
}

export class JottaAccount {
  readonly api: ApiClient;
  readonly wwwBase: string;
  readonly #http: HttpClient;
  readonly #customer: Lazy<Customer>;
  readonly #jfs: Lazy<JfsClient>;

  constructor(options: AccountOptions) {
    this.api = options.api;
    this.wwwBase = options.wwwBase ?? "https://www.jottacloud.com";
    this.#http = options.http;
    this.#customer = new Lazy((signal) =>
      this.#http.repeating(() => this.api.customer({ action: "look up the account", signal }), signal)
    );
    this.#jfs = new Lazy(async (signal) => {
      const { username } = await this.#customer.get(signal);
      return new JfsClient(options.http, options.jfsBase, username);
    });
  }

  customer(signal?: AbortSignal): Promise<Customer> {
    return this.#customer.get(signal);
  }

  jfs(signal?: AbortSignal): Promise<JfsClient> {
    return this.#jfs.get(signal);
  }

  async user(signal?: AbortSignal): Promise<JfsUser> {
    const jfs = await this.jfs(signal);
    const document = await jfs.open({ segments: [], action: "ask for the space of the account", signal });
    for await (const _device of document.items) { /* devices are not asked for */ }
    return document.user();
  }

  /** What the trash lists: the tops of what was deleted, on all devices. One at a time, whatever their number. */
  async countTrash(signal?: AbortSignal): Promise<PurgedTrash> {
    const jfs = await this.jfs(signal);
    const request = { segments: [DEFAULT_DEVICE, "Trash"], action: "look into the trash", signal };
    return await this.#http.repeating(async () => {
      const count = { files: 0, folders: 0 };
      for await (const item of (await jfs.open(request)).items) {
        if (item.kind === "file") count.files++;
        else if (item.kind === "folder") count.folders++;
      }
      return count;
    }, signal);
  }

  /** Destroys what is in the trash, on all devices, and says how much that was. */
  async emptyTrash(signal?: AbortSignal): Promise<PurgedTrash> {
    const empty = () => this.api.purgeTrash({ action: "empty the trash", signal });
    // A try whose answer was lost has done it all the same: the next one counts nothing.
    return await this.#http.repeating(empty, signal);
  }

  /** The devices, the built-in one first. */
  async devices(signal?: AbortSignal): Promise<JfsDevice[]> {
    const items = await this.#items([], "list the devices", signal);
    const devices = items.filter((item) => item.kind === "device");
    const rank = (device: JfsDevice) => isBuiltIn(device.name) ? 0 : 1;
    return devices.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  }

  /** The mountpoints of a device that can hold files. Throws `FileNotFoundError` when there is no such device. */
  async mountpoints(device: string, signal?: AbortSignal): Promise<JfsMountpoint[]> {
    const items = await this.#items([device], `list the mountpoints of device "${device}"`, signal);
    return items
      .filter((item) => item.kind === "mountpoint")
      .filter((item) =>
        !item.isDeleted && !(isBuiltIn(device) && VIEW_MOUNTPOINTS.has(item.name.toLowerCase()))
      );
  }

  /** The existing spelling of a device name, whatever its case; makes the device when there is none. */
  async ensureDevice(name: string): Promise<string> {
    const known = (await this.devices()).find((device) => isSameName(device.name, name));
    if (known !== undefined) return known.name;
    await (await this.jfs()).createDevice({ segments: [name], action: `create the device "${name}"` });
    return name;
  }

  /**
   * The existing spelling of a mountpoint name, whatever its case; makes the mountpoint when there is none. On the
   * built-in device only existing ones can be used (API reference 3.4): throws `ConflictError` otherwise.
   */
  async ensureMountpoint(device: string, name: string): Promise<string> {
    const existing = await this.mountpoints(device);
    const known = existing.find((mountpoint) => isSameName(mountpoint.name, name));
    if (known !== undefined) return known.name;
    if (isBuiltIn(device)) {
      const names = existing.map((mountpoint) => `"${mountpoint.name}"`).join(", ");
      throw new ConflictError(
        `Cannot use the mountpoint "${name}": the device "${device}" has only ${names}`,
        {
          hint: "Choose one of them, or another device: own mountpoints are possible there",
        },
      );
    }
    const action = `create the mountpoint "${name}" on device "${device}"`;
    await (await this.jfs()).createMountpoint({ segments: [device, name], action });
    return name;
  }

  /** Throws `FileNotFoundError` unless device and mountpoint exist. */
  async requireMountpoint(device: string, name: string): Promise<void> {
    const found = (await this.mountpoints(device)).some((mountpoint) => isSameName(mountpoint.name, name));
    if (!found) {
      throw new FileNotFoundError(
        `Cannot use the mountpoint "${name}": device "${device}" has none of that name`,
      );
    }
  }

  async #items(segments: readonly string[], action: string, signal?: AbortSignal): Promise<JfsItem[]> {
    const jfs = await this.jfs(signal);
    return await this.#http.repeating(async () => {
      const document = await jfs.open({ segments, action, signal });
      return await Array.fromAsync(document.items);
    }, signal);
  }
}

/** The device that every account has; it takes no new mountpoints. */
export function isBuiltIn(device: string): boolean {
  return isSameName(device, DEFAULT_DEVICE);
}

/** Devices and mountpoints are the same whatever the case of their letters (API reference 3.3). */
function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
